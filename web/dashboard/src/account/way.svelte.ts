// Where signing in stands: what was answered, what is still missing, and where somebody wants to go afterwards.
import { ApiError } from "@hark/api-client";
import { router } from "../app/router.svelte.ts";
import { session } from "../app/session.svelte.ts";
import type { Challenge, Outcome } from "./calls.ts";

class Way {
  /** A second factor that is asked for. */
  challenge = $state.raw<Challenge>();

  /** Goes on with what a sign-in answered. */
  async take(outcome: Outcome): Promise<void> {
    if ("secondFactor" in outcome) {
      this.challenge = outcome.secondFactor;
      return;
    }
    this.challenge = undefined;
    await session.enter(outcome.token);
  }
}

/** Where signing in stands on this page. */
export const way = new Way();

/** An address of a sign-in page that keeps where somebody wants to go. */
export function towards(page: string): string {
  const next = router.query.get("next");
  return next ? `${page}?next=${encodeURIComponent(next)}` : page;
}

/** The state of something that is sent by a press on a button. */
export class Attempt {
  busy = $state(false);
  /** A sentence about the whole. */
  problem = $state<string>();
  /** Sentences at fields. */
  errors = $state<Record<string, string>>({});

  /** Runs it; what goes wrong is said at the field, or below all if it is not one of these. */
  async run<T>(work: () => Promise<T>, fields: readonly string[] = []): Promise<T | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.problem = undefined;
    this.errors = {};
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.field && fields.includes(error.field)) this.errors = { [error.field]: error.sentence };
      else this.problem = error.sentence;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
