// What somebody is about to write in a ticket: kept on the server as it is written, in this browser until the server can
// be given it, and taken up from there when it was continued, sent or thrown away on another device.
import { ApiError } from "@hark/api-client";
import { api } from "../app/session.svelte.ts";
import type { Attachment } from "./types.ts";

/** What somebody is about to write. */
export interface Draft {
  comment?: unknown;
  isNote?: boolean;
  attachments?: Attachment[];
}

/** What this browser keeps: a draft that the server has not, or those that the server may still have and is to forget. */
type Kept = Draft & { gone?: Draft[] };

/** Whose draft it is, in which ticket of which project. */
export interface Place {
  user: string;
  ticket: string;
  of: { project: string };
}

const DRAFT_MS = 900;

/** Whether two drafts say the same, among the same people. */
export function sameDraft(left: Draft | undefined, right: Draft | undefined): boolean {
  const said = (one: Draft | undefined) => one && JSON.stringify([one.comment ?? "", one.isNote === true, (one.attachments ?? []).map((file) => file.url)]);
  return said(left) === said(right);
}

export class Drafts {
  /** Whether the server has what is written. */
  state = $state<"no" | "saving" | "kept" | "failed">("no");
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> = Promise.resolve();
  /** What the server has, as far as it is known. */
  private known: Draft | undefined;
  /** What the server was given last, whether or not somebody heard it say so. */
  private tried: Draft | undefined;
  /** What the server may still have of what is gone here. */
  private gone: Draft[] = [];

  constructor(
    private readonly place: Place,
    /** What is written now; undefined for nothing. */
    private readonly written: () => Draft | undefined,
  ) {}

  /** Whether something is about to be kept. */
  get waits(): boolean {
    return this.timer !== undefined;
  }

  /** Whether the server has something else than what is written. */
  get differs(): boolean {
    return !sameDraft(this.written(), this.known);
  }

  /** What was written before, and whether the server's is to be replaced: by what only this browser has, or by nothing. */
  async begin(): Promise<{ draft: Draft | undefined; stale: boolean }> {
    const here = this.keptHere();
    if (here && !here.gone) return { draft: here, stale: true };
    this.gone = here?.gone ?? [];
    const there = await this.read();
    if (here && (!there || this.isGone(there))) return { draft: undefined, stale: true };
    this.take(there ?? undefined);
    return { draft: there ?? undefined, stale: false };
  }

  /** Keeps what is written, after a moment. */
  soon(): void {
    this.state = "saving";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), DRAFT_MS);
  }

  /** Keeps what is written, each state after the one before; at once when the page or the ticket is left. */
  now(leaving = false): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const draft = this.written();
    this.saving = leaving ? this.write(draft, true) : this.saving.then(() => this.write(draft, false));
  }

  /**
   * What takes the place of what is written, because it was continued, sent or thrown away on another device meanwhile;
   * nothing while something is being written here, which `free` says as well.
   */
  async newer(free: () => boolean): Promise<{ draft: Draft | undefined } | undefined> {
    const settled = () => free() && !this.waits && (this.state === "kept" || (this.state === "no" && !this.written()));
    // What is to be kept may have been followed by more of it.
    for (let last; settled() && last !== this.saving; ) await (last = this.saving);
    if (!settled()) return undefined;
    const [before, saving] = [this.written(), this.saving];
    const there = await this.read();
    if (there === undefined || saving !== this.saving || !settled() || !sameDraft(before, this.written())) return undefined;
    if (there && this.isGone(there)) {
      this.now();
      return undefined;
    }
    const draft = there ?? undefined;
    const same = sameDraft(draft, this.known) || sameDraft(draft, before);
    this.take(draft);
    return same ? undefined : { draft };
  }

  private take(draft: Draft | undefined): void {
    this.known = draft;
    this.gone = [];
    this.keepHere(undefined);
    if (!this.waits) this.state = draft ? "kept" : "no";
  }

  private isGone(draft: Draft): boolean {
    return this.gone.some((one) => sameDraft(one, draft));
  }

  /** The server's draft; null where it has none, and undefined without an answer. */
  private async read(): Promise<Draft | null | undefined> {
    const { ticket, of } = this.place;
    try {
      const [draft] = (await api.get("/v3/message-drafts", { query: { ticket, limit: 1 }, ...of })) as Draft[];
      return draft ?? null;
    } catch (error) {
      console.warn(error);
      return undefined;
    }
  }

  private async write(draft: Draft | undefined, keepalive: boolean): Promise<void> {
    const { ticket, of } = this.place;
    const path = { ticketId: ticket };
    if (draft) this.tried = draft;
    try {
      if (draft) await api.put("/v3/tickets/{ticketId}/draft", { path, body: draft as never, keepalive, ...of });
      else {
        await api.delete("/v3/tickets/{ticketId}/draft", { path, keepalive, ...of }).catch((error: unknown) => {
          if (!(error instanceof ApiError && error.kind === "missing")) throw error;
        });
      }
      this.take(draft);
      this.tried = draft;
    } catch {
      if (!draft) {
        for (const one of [this.known, this.tried]) if (one && !this.isGone(one)) this.gone = [...this.gone, one];
        this.known = undefined;
      }
      const kept = draft ?? (this.gone.length ? { gone: this.gone } : undefined);
      this.state = this.keepHere(kept) && !draft ? "no" : "failed";
    }
  }

  private get key(): string {
    return `hark.draft.${this.place.user}.${this.place.ticket}`;
  }

  private keepHere(kept: Kept | undefined): boolean {
    try {
      if (kept) localStorage.setItem(this.key, JSON.stringify(kept));
      else localStorage.removeItem(this.key);
      return true;
    } catch {
      return false;
    }
  }

  private keptHere(): Kept | undefined {
    try {
      return (JSON.parse(localStorage.getItem(this.key) ?? "null") as Kept | null) ?? undefined;
    } catch {
      return undefined;
    }
  }
}
