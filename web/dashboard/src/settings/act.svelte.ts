// Something that a press on a button does on the server: busy meanwhile, and said in passing how it went.
import { ApiError } from "@hark/api-client";
import { toasts } from "@hark/ui";

export class Act {
  /** What is being done; the names are of the page's choice. */
  busy = $state("");

  /** Does it; `undefined` when it failed, which was said then. */
  async run<T>(name: string, work: () => Promise<T>, done?: string): Promise<T | undefined> {
    if (this.busy) return undefined;
    this.busy = name;
    try {
      const result = await work();
      if (done) toasts.show(done, { tone: "good" });
      return result;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toasts.fail(error.sentence);
      return undefined;
    } finally {
      this.busy = "";
    }
  }
}
