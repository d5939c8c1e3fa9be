// Whether a project's SDK was seen on a page or in an app.
import { api } from "../app/session.svelte.ts";

export interface Seen {
  seen: boolean;
  lastSeenAt?: string;
  sdks: { type: string; version: string; host: string; firstSeenAt: string; lastSeenAt: string }[];
}

type Soon = (path: string, options: object) => Promise<Seen>;

export function seen(project: string): Promise<Seen> {
  return (api.get as unknown as Soon)("/v3/projects/sdk", { project });
}
