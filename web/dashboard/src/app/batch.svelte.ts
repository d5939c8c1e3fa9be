// Changes of many things: a few calls at a time, with how far it is, a way to stop, what failed, and undo.
import { ApiError } from "@hark/api-client";
import { whyOf } from "./failures.ts";

/** Calls that are made at the same time. */
const AT_ONCE = 5;
/** From so many things on, it shows how far a change is. */
export const MANY = 20;
/** Things that one change may have; whoever has more does it again. */
export const MOST = 10_000;
/** Entries of a page when everything that matches is read. */
export const PAGE = 500;
/** Seconds that are waited at most when the server has had enough calls, and how often. */
const WAIT_MAX_S = 60;
const WAITS_MAX = 10;

export interface Failure<T> {
  entry: T;
  why: string;
}

export interface BatchOptions<T> {
  entries: readonly T[];
  work: (entry: T) => Promise<unknown>;
  /** What was done, for so many. */
  said: (count: number) => string;
  /** How an entry is called in the list of those that failed. */
  named?: (entry: T) => string;
  /** Takes back what was done. */
  back?: (done: T[]) => unknown;
  /** For tests: waits some milliseconds. */
  pause?: (ms: number) => Promise<void>;
}

/** One change of many things. */
export class Batch<T = any> {
  readonly id = crypto.randomUUID();
  state = $state<"waiting" | "running" | "ended">("waiting");
  through = $state(0);
  failed = $state.raw<readonly Failure<T>[]>([]);
  stopped = $state(false);
  undone = $state(false);
  /** What the server took. */
  readonly done: T[] = [];
  readonly ended: Promise<void>;
  private tellEnded: () => void = () => undefined;

  constructor(readonly options: BatchOptions<T>) {
    this.ended = new Promise((resolve) => (this.tellEnded = resolve));
  }

  get all(): number {
    return this.options.entries.length;
  }

  /** Changes everything, or what comes before somebody stops it. */
  async run(): Promise<void> {
    this.state = "running";
    let next = 0;
    const worker = async () => {
      while (next < this.all && !this.stopped) {
        const entry = this.options.entries[next++] as T;
        try {
          if (!(await this.patiently(entry))) break;
          this.done.push(entry);
        } catch (error) {
          this.failed = [...this.failed, { entry, why: whyOf(error) }];
        }
        this.through++;
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, this.all) }, worker));
    this.state = "ended";
    this.tellEnded();
  }

  /** Begins no further calls; those that are under way end. */
  stop(): void {
    if (this.state === "ended") return;
    this.stopped = true;
    if (this.state === "waiting") {
      this.state = "ended";
      this.tellEnded();
    }
  }

  /** Takes back what was done, once; what is not done yet is not begun. */
  async undo(): Promise<void> {
    const { back } = this.options;
    if (!back || this.undone) return;
    this.undone = true;
    this.stop();
    await this.ended;
    if (this.done.length) await back(this.done);
  }

  /** Does the work for an entry, and waits when there were too many calls; false when it was stopped meanwhile. */
  private async patiently(entry: T): Promise<boolean> {
    const pause = this.options.pause ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    for (let waits = 0; ; waits++) {
      try {
        await this.options.work(entry);
        return true;
      } catch (error) {
        const limited = error instanceof ApiError && error.kind === "limited";
        if (!limited || waits === WAITS_MAX) throw error;
        if (!this.stopped) await pause(Math.min(WAIT_MAX_S, error.retryAfter ?? 1) * 1000);
        if (this.stopped) return false;
      }
    }
  }
}

/** The changes that run or that have something to say still; one runs at a time, in the order of their beginning. */
class Batches {
  list = $state.raw<readonly Batch[]>([]);
  private last: Promise<void> = Promise.resolve();

  start<T>(options: BatchOptions<T>): Batch<T> {
    const batch = new Batch(options);
    this.list = [...this.list, batch];
    this.last = this.last.then(() => (batch.state === "waiting" ? batch.run() : undefined));
    return batch;
  }

  close(batch: Batch): void {
    this.list = this.list.filter((one) => one !== batch);
  }

  /** Takes back what a change has done so far. */
  async undo(batch: Batch): Promise<void> {
    this.close(batch);
    await batch.undo();
  }

  /** Tries again what failed. */
  again(batch: Batch): void {
    this.close(batch);
    this.start({ ...batch.options, entries: batch.failed.map(({ entry }) => entry) });
  }

  /** Whether leaving the page would lose something. */
  get busy(): boolean {
    return this.list.some((one) => one.state !== "ended");
  }
}

export const batches = new Batches();

/** Reads all pages of a list, up to `MOST` entries; `onstep` is told how many are here. */
export async function readAll<T>(
  read: (cursor: string | undefined, limit: number) => Promise<{ entries: readonly T[]; cursor: string | undefined }>,
  onstep: (count: number) => void,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor, Math.min(PAGE, MOST - all.length));
    all.push(...page.entries);
    cursor = page.entries.length ? page.cursor : undefined;
    onstep(all.length);
  } while (cursor && all.length < MOST);
  return all;
}
