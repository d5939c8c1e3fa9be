// Asking somebody to prove again who they are, before something that must not happen behind their back.
import { ApiError } from "@hark/api-client";
import { t } from "./text.ts";

class ProofAsked {
  /** Whether the question is on the screen. */
  open = $state(false);
  private answer: ((proved: boolean) => void) | undefined;

  /** Does something that may want a fresh proof first; `undefined` when the person gave up. */
  async before<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "reauthenticate") throw error;
      return (await this.ask()) ? work() : undefined;
    }
  }

  /** The same for a form, which keeps what is in its fields when the person gave up. */
  async need<T>(work: () => Promise<T>): Promise<T> {
    const done = await this.before(work);
    if (done === undefined) throw new ApiError("forbidden", t("proof.unproved"));
    return done;
  }

  /** Closes the question with its answer. */
  done(proved: boolean): void {
    this.open = false;
    this.answer?.(proved);
    this.answer = undefined;
  }

  private ask(): Promise<boolean> {
    this.answer?.(false);
    this.open = true;
    return new Promise((answer) => (this.answer = answer));
  }
}

/** The question of this page; `ProofDialog.svelte` shows it. */
export const proof = new ProofAsked();
