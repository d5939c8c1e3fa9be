// The conversation of a ticket: its messages and what happened to it, what is being sent, the draft and the clocks.
import { ApiError, type Schemas } from "@hark/api-client";
import { api } from "../app/session.svelte.ts";
import type { Inbox } from "./store.svelte.ts";
import type { Activity, Attachment, Message, Scheduled } from "./types.ts";

/** Messages of a page. */
const PAGE = 40;
const EVENTS = 60;
/** Seconds within which a reply can be taken back. */
export const UNDO_SECONDS = 6;

/** What somebody writes. */
export interface Written {
  /** A TipTap document. */
  content: unknown;
  /** The same as plain text, to be shown until the server has answered. */
  text: string;
  note: boolean;
  attachments: Attachment[];
  /** When it is to be sent, for messages that are sent later. */
  sendAt?: string | undefined;
}

/** Something that is on its way. */
export interface Outgoing extends Written {
  id: string;
  state: "sending" | "waiting" | "failed";
  trouble?: string;
  /** The server's name for it while it can be taken back. */
  scheduled?: string;
  /** When it goes out, in milliseconds. */
  leaves?: number;
  startedAt: number;
}

export type Clock = { dueAt?: string | null; metAt?: string | null; breachedAt?: string | null; targetSeconds: number; spentMs: number };
export type Sla = { firstResponse?: Clock | null; resolution?: Clock | null };

export class Conversation {
  messages = $state.raw<Message[]>([]);
  activity = $state.raw<Activity[]>([]);
  scheduled = $state.raw<Scheduled[]>([]);
  outgoing = $state.raw<Outgoing[]>([]);
  merges = $state.raw<Schemas["MergeView"][]>([]);
  sla = $state.raw<Sla>({});
  state = $state<"new" | "loading" | "ready" | "failed">("new");
  trouble = $state("");
  more = $state(false);
  readingOlder = $state(false);
  /** Whether somebody looks at it now. */
  shown = false;
  private before: string | undefined;
  private stale = false;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly inbox: Inbox,
    readonly id: string,
  ) {}

  /** Whether something of it is not on the server yet. */
  get waits(): boolean {
    return this.outgoing.length > 0;
  }

  has(message: string): boolean {
    return this.messages.some((one) => one.id === message);
  }

  /** Something happened: what is shown is read again now, the rest when it is shown. */
  outdated(): void {
    this.stale = true;
    if (this.shown) void this.open();
  }

  /** Reads what is not known yet. */
  async open(): Promise<void> {
    if (this.state === "ready" && !this.stale) return;
    if (this.reading) return this.reading;
    this.reading = this.read().finally(() => {
      this.reading = undefined;
      // Something happened while it was read.
      if (this.stale && this.shown && this.state === "ready") void this.open();
    });
    return this.reading;
  }

  /** Reads what was written before. */
  async older(): Promise<void> {
    if (!this.more || !this.before || this.readingOlder) return;
    this.readingOlder = true;
    try {
      const page = await this.page(this.before);
      const known = new Set(this.messages.map((one) => one.id));
      this.messages = [...page.items.filter((one) => !known.has(one.id)), ...this.messages];
      this.more = page.hasMore;
      this.before = page.nextBefore ?? undefined;
    } finally {
      this.readingOlder = false;
    }
  }

  /** Sends what was written: replies leave after a few seconds in which they can be taken back. */
  async send(written: Written): Promise<Outgoing> {
    const item: Outgoing = { ...written, id: crypto.randomUUID(), state: "sending", startedAt: Date.now() };
    this.outgoing = [...this.outgoing, item];
    return this.submit(item);
  }

  /** Tries again what was not sent. */
  async again(id: string): Promise<Outgoing | undefined> {
    const item = this.outgoing.find((one) => one.id === id);
    return item && this.submit(this.replace({ ...item, state: "sending" }));
  }

  /** Takes something back that has not left yet; undefined when it was too late. */
  async takeBack(id: string): Promise<Outgoing | undefined> {
    const item = this.outgoing.find((one) => one.id === id);
    if (!item) return undefined;
    if (item.scheduled) {
      try {
        await api.delete("/v3/scheduled-messages/{scheduledMessageId}", { path: { scheduledMessageId: item.scheduled }, ...this.inbox.of });
      } catch (error) {
        if (!(error instanceof ApiError) || error.kind !== "missing") throw error;
        this.outdated();
        return undefined;
      }
    }
    this.outgoing = this.outgoing.filter((one) => one.id !== id);
    return item;
  }

  /** Takes back what was to be sent later. */
  async cancel(scheduled: Scheduled): Promise<void> {
    await api.delete("/v3/scheduled-messages/{scheduledMessageId}", { path: { scheduledMessageId: scheduled.id }, ...this.inbox.of });
    this.scheduled = this.scheduled.filter((one) => one.id !== scheduled.id);
  }

  async change(message: Message, content: unknown): Promise<void> {
    await api.put("/v3/messages/{messageId}", { path: { messageId: message.id }, body: { comment: content }, ...this.inbox.of });
    this.outdated();
  }

  async remove(message: Message): Promise<void> {
    const before = this.messages;
    this.messages = before.filter((one) => one.id !== message.id);
    try {
      await api.delete("/v3/messages/{messageId}", { path: { messageId: message.id }, ...this.inbox.of });
    } catch (error) {
      this.messages = before;
      throw error;
    }
  }

  private async submit(item: Outgoing): Promise<Outgoing> {
    const body = { ticket: this.id, comment: item.content, isNote: item.note, attachments: item.attachments };
    try {
      if (item.sendAt) {
        await api.post("/v3/scheduled-messages", { body: { ...body, sendAt: item.sendAt }, ...this.inbox.of });
        this.outgoing = this.outgoing.filter((one) => one.id !== item.id);
        this.outdated();
      } else if (item.note) {
        await api.post("/v3/messages", { body, ...this.inbox.of });
        this.outdated();
        await this.open();
        this.outgoing = this.outgoing.filter((one) => one.id !== item.id);
      } else {
        const waiting = await api.post("/v3/scheduled-messages", { body: { ...body, delay: UNDO_SECONDS }, ...this.inbox.of });
        const leaves = Date.now() + UNDO_SECONDS * 1000;
        item = this.replace({ ...item, state: "waiting", scheduled: waiting.id, leaves });
        setTimeout(() => this.outdated(), UNDO_SECONDS * 1000 + 400);
      }
    } catch (error) {
      const trouble = error instanceof ApiError ? error.sentence : String(error);
      item = this.replace({ ...item, state: "failed", trouble });
    }
    return item;
  }

  private replace(item: Outgoing): Outgoing {
    this.outgoing = this.outgoing.map((one) => (one.id === item.id ? item : one));
    return item;
  }

  private async read(): Promise<void> {
    this.stale = false;
    if (this.state !== "ready") this.state = "loading";
    const path = { ticketId: this.id };
    try {
      const [page] = await Promise.all([
        this.page(),
        this.inbox.read(this.id),
        api
          .get("/v3/tickets/{ticketId}/activity-logs", { path, query: { limit: EVENTS }, ...this.inbox.of })
          .then((events) => (this.activity = events.toReversed())),
        api.get("/v3/tickets/{ticketId}/sla", { path, ...this.inbox.of }).then((sla) => (this.sla = sla as Sla)),
        api
          .get("/v3/scheduled-messages", { query: { ticket: this.id, limit: 50 }, ...this.inbox.of })
          .then((list) => this.waiting(list)),
      ]);
      this.take(page);
      this.state = "ready";
      this.trouble = "";
    } catch (error) {
      this.stale = true;
      this.trouble = error instanceof ApiError ? error.sentence : String(error);
      if (this.state === "loading") this.state = "failed";
    }
  }

  private take(page: { items: Message[]; hasMore: boolean; nextBefore?: string | null }): void {
    const first = page.items[0];
    const kept = first ? this.messages.filter((one) => one.index < first.index) : [];
    const last = kept.at(-1);
    // Older messages stay when they join the page without a gap.
    if (first && last && last.index === first.index - 1) {
      this.messages = [...kept, ...page.items];
      return;
    }
    this.messages = page.items;
    this.more = page.hasMore;
    this.before = page.nextBefore ?? undefined;
  }

  /** What waits on the server: what left since is dropped here, as it is among the messages now. */
  private waiting(list: Scheduled[]): void {
    const ids = new Set(list.map((one) => one.id));
    const own = new Set(this.outgoing.map((one) => one.scheduled));
    this.scheduled = list.filter((one) => !own.has(one.id));
    this.outgoing = this.outgoing.filter((one) => !one.scheduled || ids.has(one.scheduled));
  }

  private async page(before?: string): Promise<{ items: Message[]; hasMore: boolean; nextBefore?: string | null }> {
    const query = { ticket: this.id, paginated: "true", limit: PAGE, before };
    return (await api.get("/v3/messages", { query, ...this.inbox.of })) as unknown as {
      items: Message[];
      hasMore: boolean;
      nextBefore?: string | null;
    };
  }
}
