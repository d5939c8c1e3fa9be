// A long list that is read page by page, in the order in which the server tells it.
import { ApiError } from "@hark/api-client";

/** A page, and the cursor behind it when there is more. */
export interface PageOf<T> {
  entries: T[];
  cursor: string | undefined;
}

export class Paged<T> {
  entries = $state.raw<T[]>([]);
  /** `reading` before the first page, and while another one comes. */
  state = $state<"reading" | "ready" | "failed">("reading");
  error = $state.raw<ApiError>();
  /** Whether there is more than what is here. */
  more = $state(false);
  private cursor: string | undefined;
  private ending: AbortController | undefined;

  constructor(private readonly read: (cursor: string | undefined, signal: AbortSignal) => Promise<PageOf<T>>) {}

  /** Begins again with the first page; what is shown stays until it has come. */
  async restart(): Promise<void> {
    this.ending?.abort();
    this.cursor = undefined;
    this.more = false;
    await this.page();
  }

  /** Reads the page behind what is here, unless one is being read. */
  async next(): Promise<void> {
    if (this.more && this.state !== "reading") await this.page();
  }

  /** Tries again what failed. */
  async again(): Promise<void> {
    if (this.state === "failed") await this.page();
  }

  /** Ends a reading that nobody waits for. */
  end(): void {
    this.ending?.abort();
  }

  private async page(): Promise<void> {
    const ending = (this.ending = new AbortController());
    const before = this.cursor;
    this.state = "reading";
    try {
      const { entries, cursor } = await this.read(before, ending.signal);
      if (ending.signal.aborted) return;
      this.entries = before === undefined ? entries : [...this.entries, ...entries];
      this.cursor = cursor;
      this.more = cursor !== undefined;
      this.error = undefined;
      this.state = "ready";
    } catch (error) {
      if (ending.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (before === undefined) this.entries = [];
      this.error = error;
      this.state = "failed";
    }
  }
}
