// What the visitor wrote and the server has not confirmed: sent in order, again after every loss of the
// line, and never twice, because each has an id by which the server knows it.
import { Failure } from "../api/client";
import type { Attachment, Draft, Written } from "../api/types";
import { isFields } from "../bridge/protocol";
import { newId } from "../lib/id";
import { keep, recallAll } from "../lib/storage";

/** Messages that wait at most. */
const WAITING_MAX = 100;
/** Milliseconds before the first and the last repetition. */
const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 30_000;

/** A message that waits. */
export interface Waiting {
  id: string;
  /** The conversation: its share token, or the id of the message that opens it, which waits as well. */
  to: string;
  /** Whether it opens a conversation. */
  opens: boolean;
  comment: string;
  attachments: Attachment[];
  at: string;
  /** Why the server will never take it. */
  refused?: string;
}

/** What the outbox needs from the rest. */
export interface Post {
  open(draft: Draft): Promise<Written>;
  write(token: string, draft: Draft): Promise<Written>;
}

export class Outbox {
  items: Waiting[] = [];
  private busy = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ended = false;

  /**
   * @param place where the browser keeps what waits: each under a key of its own, because other tabs keep theirs there
   * @param sent is told what the server took, and under which name it was written
   * @param changed is told that `items` are others now
   */
  constructor(
    private readonly post: Post,
    private readonly place: string,
    private readonly sent: (written: Written, waited: Waiting) => void,
    private readonly changed: () => void,
  ) {
    this.items = readItems(recallAll(`${place}:`));
  }

  /** Opens a conversation with a first message; what is written to the id that is returned follows it. */
  open(comment: string, attachments: Attachment[]): string {
    const id = newId();
    this.add({ id, to: id, opens: true, comment, attachments, at: new Date().toISOString() });
    return id;
  }

  /** Writes to a share token, or to a conversation that waits to be opened. */
  write(to: string, comment: string, attachments: Attachment[]): void {
    this.add({ id: newId(), to, opens: false, comment, attachments, at: new Date().toISOString() });
  }

  /** Those that wait for a conversation. */
  of(to: string): Waiting[] {
    return this.items.filter((item) => item.to === to);
  }

  /** Tries one again that was refused. */
  retry(id: string): void {
    const again = this.items.map((item) => {
      if (item.id !== id) return item;
      const { refused: _, ...rest } = item;
      return rest;
    });
    this.become(again);
    this.kick();
  }

  /** Takes one back, and with an opening one those that follow it. */
  forget(id: string): void {
    this.become(this.items.filter((item) => item.id !== id && item.to !== id));
  }

  /** Tries at once: the line is back, or there is a session. */
  kick(): void {
    this.failures = 0;
    clearTimeout(this.timer);
    void this.run();
  }

  /** Sends no more; what waits stays kept. */
  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  /** Ends, and gives away everything that waits, also what other tabs kept in this place. */
  handOver(): Waiting[] {
    this.end();
    const items = united(this.items, takeWaiting(this.place));
    this.items = [];
    return items;
  }

  /** Goes on with what another outbox handed over: the same person under another name. */
  inherit(items: Waiting[]): void {
    if (items.length > 0) this.become(united(items, this.items));
  }

  private add(item: Waiting): void {
    this.become([...this.items, item].slice(-WAITING_MAX));
    void this.run();
  }

  /** Changes what waits, and what is kept of it. */
  private become(items: Waiting[]): void {
    const before = new Map(this.items.map((item) => [item.id, item]));
    for (const item of items) {
      if (before.get(item.id) !== item) keep(`${this.place}:${item.id}`, item);
      before.delete(item.id);
    }
    for (const id of before.keys()) keep(`${this.place}:${id}`, undefined);
    this.items = items;
    this.changed();
  }

  private async run(): Promise<void> {
    if (this.busy || this.ended) return;
    this.busy = true;
    clearTimeout(this.timer);
    try {
      for (let item = this.next(); item && !this.ended; item = this.next()) {
        if (!(await this.deliver(item))) break;
      }
    } finally {
      this.busy = false;
    }
  }

  /** The first that can be sent: not refused, and not behind an opening one that was. */
  private next(): Waiting | undefined {
    const refused = new Set(this.items.filter((item) => item.refused !== undefined).map((item) => item.id));
    return this.items.find((item) => !refused.has(item.id) && !refused.has(item.to));
  }

  /** Whether to go on with the next one. */
  private async deliver(item: Waiting): Promise<boolean> {
    const draft = { id: item.id, comment: item.comment, attachments: item.attachments };
    try {
      const written = item.opens ? await this.post.open(draft) : await this.post.write(item.to, draft);
      this.failures = 0;
      const { shareToken } = written.conversation;
      const rest = this.items.filter((other) => other.id !== item.id);
      this.sent(written, item);
      this.become(rest.map((other) => (item.opens && other.to === item.id ? { ...other, to: shareToken } : other)));
      return true;
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure(0, String(error));
      if (failure.isTemporary) {
        this.later(failure.retryAfter);
        return false;
      }
      this.become(this.items.map((other) => (other.id === item.id ? { ...other, refused: failure.message } : other)));
      return true;
    }
  }

  private later(wanted: number): void {
    if (this.ended) return;
    const pause = Math.min(RETRY_FIRST_MS * 2 ** this.failures, RETRY_LAST_MS) * (0.75 + Math.random() / 2);
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), Math.max(wanted, pause));
  }
}

/** Takes what is kept in a place that nobody sends from any more. */
export function takeWaiting(place: string): Waiting[] {
  const items = readItems(recallAll(`${place}:`));
  for (const { id } of items) keep(`${place}:${id}`, undefined);
  return items;
}

/** Both lists as one, in the order of time, each message once. */
function united(items: Waiting[], others: Waiting[]): Waiting[] {
  const ids = new Set(items.map((item) => item.id));
  const all = [...items, ...others.filter((other) => !ids.has(other.id))];
  return all.sort((a, b) => a.at.localeCompare(b.at)).slice(-WAITING_MAX);
}

/** What the browser kept, as far as it is what we keep. */
function readItems(kept: unknown[]): Waiting[] {
  const good = (item: unknown): item is Waiting =>
    isFields(item) &&
    [item.id, item.to, item.comment, item.at].every((text) => typeof text === "string") &&
    Array.isArray(item.attachments);
  return kept
    .filter(good)
    .sort((a, b) => a.at.localeCompare(b.at))
    .slice(-WAITING_MAX);
}
