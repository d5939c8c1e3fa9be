// What was written and is not on the server yet, kept in this browser: it outlives the page, and one page at a time sends it.
import type { Outgoing } from "./conversation.svelte.ts";

/** Something that waits to reach the server, and where it belongs. */
export interface Kept {
  user: string;
  project: string;
  ticket: string;
  item: Outgoing;
}

type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "hark.unsent.";
/** How long something is kept that nobody came back for, in milliseconds. */
const KEPT_MS = 7 * 24 * 3_600_000;

export class Outbox {
  /** What this page has to send, with what lets other pages have it. */
  private readonly held = new Map<string, () => void>();

  constructor(
    private readonly shelf: Shelf | undefined,
    private readonly locks: Pick<LockManager, "request"> | undefined,
  ) {}

  /** Whether something of this page is not on the server. */
  get waits(): boolean {
    return this.held.size > 0;
  }

  /** Writes something down, or what became of it; false when this browser keeps nothing. */
  keep(kept: Kept): boolean {
    void this.hold(kept.item.id);
    try {
      this.shelf?.setItem(PREFIX + kept.item.id, JSON.stringify(kept));
      return this.shelf !== undefined;
    } catch {
      return false;
    }
  }

  /** It has reached the server, or somebody took it back. */
  drop(id: string): void {
    try {
      this.shelf?.removeItem(PREFIX + id);
    } finally {
      this.held.get(id)?.();
      this.held.delete(id);
    }
  }

  /** What a user has left unsent in a project, oldest first, without what another open page sends. */
  async take(user: string, project: string): Promise<Kept[]> {
    const taken: Kept[] = [];
    for (const kept of this.all()) {
      if (kept.item.startedAt < Date.now() - KEPT_MS) this.drop(kept.item.id);
      else if (kept.user === user && kept.project === project && (await this.hold(kept.item.id))) taken.push(kept);
    }
    return taken.sort((left, right) => left.item.startedAt - right.item.startedAt);
  }

  private all(): Kept[] {
    const found: Kept[] = [];
    for (let at = 0; at < (this.shelf?.length ?? 0); at++) {
      const key = this.shelf?.key(at);
      if (!key?.startsWith(PREFIX)) continue;
      try {
        const kept = JSON.parse(this.shelf?.getItem(key) ?? "") as Kept;
        if (kept.item.id === key.slice(PREFIX.length)) found.push(kept);
      } catch {
        // Somebody else wrote it.
      }
    }
    return found;
  }

  /** Makes something this page's own; false when another page has it. The browser lets go of what a closed page had. */
  private async hold(id: string): Promise<boolean> {
    if (this.held.has(id)) return true;
    this.held.set(id, () => undefined);
    if (!this.locks) return true;
    return new Promise((done) => {
      void this.locks?.request(PREFIX + id, { ifAvailable: true }, (lock) => {
        if (!lock) this.held.delete(id);
        done(Boolean(lock));
        // Nobody may have wanted it any more by the time it was ours.
        if (!lock || !this.held.has(id)) return undefined;
        return new Promise<void>((free) => this.held.set(id, free));
      });
    });
  }
}

/** The outbox of this page. */
export const outbox = new Outbox(globalThis.localStorage, globalThis.navigator?.locks);

globalThis.addEventListener?.("beforeunload", (event) => {
  if (outbox.waits) event.preventDefault();
});
