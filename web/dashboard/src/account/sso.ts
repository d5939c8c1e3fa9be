// The way to an organisation's own sign-in and back: what has to be remembered while the page is away.
import { router } from "../app/router.svelte.ts";
import type { Departure } from "./calls.ts";

const KEY = "hark.sso";

/** What was remembered. */
export interface Memory {
  handle: string;
  /** Signing in, or connecting the account of somebody who is. */
  purpose: "sign-in" | "connect";
  next: string | null;
}

/** Goes to the provider. */
export function depart({ url, handle }: Departure, purpose: Memory["purpose"]): void {
  const memory: Memory = { handle, purpose, next: router.query.get("next") };
  sessionStorage.setItem(KEY, JSON.stringify(memory));
  location.assign(url);
}

/** What was remembered on the way out; good for one return. */
export function recall(): Memory | undefined {
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return text ? (JSON.parse(text) as Memory) : undefined;
}
