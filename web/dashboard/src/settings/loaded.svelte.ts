// Something that is read from the server: its state while it comes, and what to say when it does not.
import { ApiError } from "@hark/api-client";

export class Loaded<T> {
  data = $state.raw<T>();
  error = $state.raw<ApiError>();
  busy = $state(false);
  private turn = 0;

  constructor(private readonly read: (signal: AbortSignal) => Promise<T>) {}

  private ending: AbortController | undefined;

  /** Reads it, again if need be; only the last reading counts. */
  async load(): Promise<void> {
    this.ending?.abort();
    const ending = (this.ending = new AbortController());
    const turn = ++this.turn;
    this.busy = true;
    try {
      const data = await this.read(ending.signal);
      if (turn !== this.turn) return;
      this.data = data;
      this.error = undefined;
    } catch (error) {
      if (turn !== this.turn || ending.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.error = error;
    } finally {
      if (turn === this.turn) this.busy = false;
    }
  }

  /** Ends a reading that nobody waits for. */
  end(): void {
    this.turn++;
    this.ending?.abort();
  }
}

/** Reads something when a component appears. */
export function loaded<T>(read: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const it = new Loaded(read);
  $effect(() => {
    void it.load();
    return () => it.end();
  });
  return it;
}
