// The conversation of a ticket: its messages and what happened to it, what is being sent, the draft and the clocks.
import { ApiError, type Schemas } from "@hark/api-client";
import { toasts } from "@hark/ui";
import { whyOf } from "../app/failures.ts";
import { api, session } from "../app/session.svelte.ts";
import { Actions } from "./actions.svelte.ts";
import { outbox } from "./outbox.ts";
import { plainOf } from "./rich.ts";
import type { Inbox } from "./store.svelte.ts";
import { t } from "./text.ts";
import type { Activity, Attachment, Message, Scheduled } from "./types.ts";

/** Messages of a page. */
const PAGE = 40;
const EVENTS = 60;
/** Seconds within which a reply can be taken back. */
export const UNDO_SECONDS = 6;
/** Pauses between tries of what was not sent, in milliseconds. */
const PAUSE_MS = 2_000;
const PAUSE_MAX_MS = 60_000;
/** What was left longer ago is sent when somebody says so, and not by itself. */
const FRESH_MS = 12 * 3_600_000;

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
  /** The status that the ticket gets once the server has it. */
  closes?: string | undefined;
}

/** Something that is on its way. */
export interface Outgoing extends Written {
  /** Names it in each try, so that the server takes it once. */
  id: string;
  /** `taking` is what the server is asked to give back, `back` what it gave and the composer has not been given yet. */
  state: "sending" | "waiting" | "failed" | "taking" | "back";
  trouble?: string | undefined;
  /** Whether it may go out when it is tried again, as it is. */
  passing?: boolean;
  /** Whether the server may have it although nobody heard so. */
  perhaps?: boolean;
  /** The server's name for it while it can be taken back. */
  scheduled?: string | undefined;
  /** When the server sends it, by its clock. */
  dueAt?: string | null | undefined;
  /** When it goes out, in milliseconds. */
  leaves?: number;
  startedAt: number;
  /** When the server has taken it, in milliseconds. */
  takenAt?: number;
}

export type Clock = { dueAt?: string | null; metAt?: string | null; breachedAt?: string | null; targetSeconds: number; spentMs: number };
export type Sla = { firstResponse?: Clock | null; resolution?: Clock | null };

export class Conversation {
  messages = $state.raw<Message[]>([]);
  activity = $state.raw<Activity[]>([]);
  scheduled = $state.raw<Scheduled[]>([]);
  outgoing = $state.raw<Outgoing[]>([]);
  /** What was taken back, until the composer has it. */
  returned = $state.raw<Outgoing[]>([]);
  merges = $state.raw<Schemas["MergeView"][]>([]);
  sla = $state.raw<Sla>({});
  state = $state<"new" | "loading" | "ready" | "failed">("new");
  trouble = $state("");
  more = $state(false);
  readingOlder = $state(false);
  /** Whether somebody looks at it now. */
  shown = false;
  private before: string | undefined;
  /** The event that told of a merge last when merges were read. */
  private mergesAt = "";
  private stale = false;
  private reading: Promise<void> | undefined;
  private delivering: Promise<void> = Promise.resolve();
  /** What the server was asked to give back without an answer, by its name there: it may have done so. */
  private readonly asked = new Map<string, Outgoing>();
  private tries = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly inbox: Inbox,
    readonly id: string,
  ) {}

  /** Whether something of it is not on the server yet. */
  get waits(): boolean {
    return this.outgoing.length + this.returned.length + this.asked.size > 0;
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

  /** Takes what was written and is to be sent; `deliver` sends it. Says whether it outlives the page. */
  add(written: Written): { item: Outgoing; safe: boolean } {
    const item: Outgoing = { ...written, id: crypto.randomUUID(), state: "sending", startedAt: Date.now() };
    this.outgoing = [...this.outgoing, item];
    return { item, safe: this.keep(item) };
  }

  /** Takes up what an earlier page has left. */
  adopt(item: Outgoing): void {
    if (this.outgoing.some((one) => one.id === item.id)) return;
    if (item.state === "back") {
      this.returned = [...this.returned, item];
      return;
    }
    if (item.state === "taking") {
      if (item.scheduled) this.asked.set(item.scheduled, item);
      this.stale = true;
      void this.open();
      return;
    }
    const fresh = item.startedAt > Date.now() - FRESH_MS;
    // A page that ended while it sent has not heard what became of it.
    const perhaps = item.perhaps || item.state === "sending";
    this.outgoing = [...this.outgoing, { ...item, state: "failed", passing: fresh && (item.passing ?? true), perhaps, trouble: item.trouble ?? "" }];
  }

  /**
   * Sends in turn what is to be sent, and answers what became of one of them. Replies leave after a few seconds in which
   * they can be taken back.
   */
  async deliver(id: string): Promise<Outgoing | undefined> {
    let item: Outgoing | undefined;
    this.delivering = this.delivering.then(async () => {
      for (const next of this.outgoing.filter((one) => one.state === "sending")) {
        const tried = await this.submit(next);
        if (next.id === id) item = tried;
      }
    });
    await this.delivering;
    this.retryLater();
    return item;
  }

  /** Tries again what was not sent. */
  async again(id: string): Promise<Outgoing | undefined> {
    const item = this.outgoing.find((one) => one.id === id);
    if (!item || item.state !== "failed") return item;
    this.replace({ ...item, state: "sending" });
    return this.deliver(id);
  }

  /** Tries again, in turn, what did not go out for reasons that pass. */
  retry(): void {
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    if (this.asked.size > 0) {
      this.stale = true;
      void this.open();
    }
    const due = this.outgoing.filter((one) => one.state === "failed" && one.passing);
    for (const item of due) this.replace({ ...item, state: "sending" });
    if (due[0]) void this.deliver(due[0].id);
  }

  /** Takes something back that has not left yet, into `returned`; false when it was too late. */
  async takeBack(id: string): Promise<boolean> {
    const known = () => this.outgoing.find((one) => one.id === id);
    if (known()?.state === "sending") await this.deliver(id);
    // The server may have it: trying again tells what it calls it.
    if (known()?.state === "failed" && known()?.perhaps) {
      const tried = await this.again(id);
      if (tried?.state === "failed" && tried.passing) throw new ApiError("offline", tried.trouble ?? "");
    }
    const item = known();
    if (!item) return false;
    if (item.scheduled && !(await this.withdraw(item, item.scheduled))) return false;
    this.outgoing = this.outgoing.filter((one) => one.id !== id);
    this.giveBack(item);
    return true;
  }

  /** Hands over what was taken back. */
  collect(): Outgoing[] {
    const list = this.returned;
    this.returned = [];
    for (const item of list) outbox.drop(item.id);
    return list;
  }

  /** Takes back what was to be sent later, into `returned`; false when it was too late. */
  async unplan(planned: Scheduled): Promise<boolean> {
    const taken = await this.withdraw(plannedItem(planned), planned.id);
    if (taken) this.giveBack(taken);
    return taken !== undefined;
  }

  /** Sends what was to be sent later at another moment, or now; false when it was too late. */
  async replan(planned: Scheduled, at?: Date): Promise<boolean> {
    const taken = await this.withdraw(plannedItem(planned), planned.id);
    if (!taken) return false;
    const { item } = this.add({ ...writtenOf(planned), sendAt: at?.toISOString() });
    outbox.drop(taken.id);
    await this.deliver(item.id);
    return true;
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

  /**
   * Takes a message from the server that waits there, and answers it, or nothing when it has left. From then on nobody else
   * has it, and so it is written down before: the caller keeps it elsewhere or drops it.
   */
  private async withdraw(item: Outgoing, id: string): Promise<Outgoing | undefined> {
    const before = this.asked.get(id);
    const taken: Outgoing = before ?? { ...item, state: "taking", scheduled: id };
    const away = globalThis.navigator?.onLine === false;
    this.keep(taken);
    try {
      await api.delete("/v3/scheduled-messages/{scheduledMessageId}", { path: { scheduledMessageId: id }, ...this.inbox.of });
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind !== "missing") {
        if (unheard(error, away)) {
          this.asked.set(id, taken);
          setTimeout(() => this.outdated(), PAUSE_MS);
        } else if (!before) outbox.drop(taken.id);
        throw error;
      }
      // It is gone because it was sent, or because the server was asked before.
      if (!before || (await this.hasLeft(before)) || !this.asked.has(id)) {
        this.asked.delete(id);
        outbox.drop(taken.id);
        this.outdated();
        return undefined;
      }
    }
    this.asked.delete(id);
    this.scheduled = this.scheduled.filter((one) => one.id !== id);
    return taken;
  }

  /** Finds out what became of what the server was asked for, by what waits there now. */
  private async settle(waiting: Set<string>): Promise<void> {
    for (const [id, item] of this.asked) {
      if (waiting.has(id)) {
        // It goes out at its time, unless somebody asks again.
        outbox.drop(item.id);
        continue;
      }
      const left = await this.hasLeft(item);
      if (!this.asked.delete(id)) continue;
      if (left) outbox.drop(item.id);
      else this.giveBack(item);
    }
  }

  /** Whether something that no longer waits on the server has been sent. */
  private async hasLeft(item: Outgoing): Promise<boolean> {
    const { items } = await this.page();
    const user = session.user?.id;
    return items.some((one) => one.user?.id === user && one.createdAt >= (item.dueAt ?? "") && plainOf(one.data.content) === item.text);
  }

  /** Hands something over to the composer, and keeps it until that has it. */
  private giveBack(item: Outgoing): void {
    const back: Outgoing = { ...item, state: "back" };
    this.keep(back);
    this.returned = [...this.returned, back];
  }

  private async submit(item: Outgoing): Promise<Outgoing> {
    // A browser that knows of no line has sent nothing.
    const away = globalThis.navigator?.onLine === false;
    let scheduled: { id: string; sendAt?: string | null } | undefined;
    try {
      scheduled = await this.post(item);
    } catch (error) {
      return this.failed(item, error, away);
    }
    this.tries = 0;
    outbox.drop(item.id);
    if (item.closes) new Actions(this.inbox).status([this.id], item.closes, true);
    const taken: Outgoing = { ...item, state: "waiting", scheduled: scheduled?.id, dueAt: scheduled?.sendAt, takenAt: Date.now() };
    if (!item.note && !item.sendAt) {
      setTimeout(() => this.outdated(), UNDO_SECONDS * 1000 + 400);
      // What was taken before may have left by now.
      if (item.perhaps) this.outdated();
      return this.replace({ ...taken, leaves: Date.now() + UNDO_SECONDS * 1000 });
    }
    this.outdated();
    if (item.note) await this.open();
    this.outgoing = this.outgoing.filter((one) => one.id !== item.id);
    return taken;
  }

  /** Gives something to the server, which takes it once however often it is given; answers what waits there. */
  private async post(item: Outgoing): Promise<{ id: string; sendAt?: string | null } | undefined> {
    const body = { ticket: this.id, comment: item.content, isNote: item.note, attachments: item.attachments };
    const options = { headers: { "Idempotency-Key": item.id }, ...this.inbox.of };
    if (item.note && !item.sendAt) {
      await api.post("/v3/messages", { body, ...options });
      return undefined;
    }
    const when = item.sendAt ? { sendAt: item.sendAt } : { delay: UNDO_SECONDS };
    return api.post("/v3/scheduled-messages", { body: { ...body, ...when }, ...options });
  }

  private failed(item: Outgoing, error: unknown, away: boolean): Outgoing {
    const problem = error instanceof ApiError ? error : new ApiError("fault", String(error));
    // A conflict is an earlier try that is still at work; 422 says that no try will do.
    const passes = ["offline", "timeout", "limited", "fault", "unauthenticated", "conflict"];
    const passing = passes.includes(problem.kind) && problem.status !== 422;
    const perhaps = item.perhaps || problem.kind === "conflict" || unheard(problem, away);
    const failed = this.replace({ ...item, state: "failed", trouble: problem.sentence, passing, perhaps });
    // There is nowhere to send it to any more.
    if (problem.kind === "missing") outbox.drop(item.id);
    else this.keep(failed);
    if (!this.shown && item.trouble === undefined) {
      toasts.fail(t("outgoing.lost", { title: this.inbox.ticket(this.id)?.title || t("row.untitled"), why: problem.sentence }));
    }
    return failed;
  }

  /** What did not go out for reasons that pass is tried again after a while, less and less often. */
  private retryLater(): void {
    if (this.retryTimer !== undefined || !this.outgoing.some((one) => one.state === "failed" && one.passing)) return;
    this.retryTimer = setTimeout(() => this.retry(), Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** this.tries++));
  }

  /** Writes down what became of something; says whether it outlives the page. */
  private keep(item: Outgoing): boolean {
    return outbox.keep({ user: session.user?.id ?? "", project: this.inbox.project.id, ticket: this.id, item });
  }

  private replace(item: Outgoing): Outgoing {
    this.outgoing = this.outgoing.map((one) => (one.id === item.id ? item : one));
    return item;
  }

  private async read(): Promise<void> {
    const begun = Date.now();
    this.stale = false;
    if (this.state !== "ready") this.state = "loading";
    const path = { ticketId: this.id };
    try {
      const [page] = await Promise.all([
        this.page(),
        this.inbox.read(this.id),
        api
          .get("/v3/tickets/{ticketId}/activity-logs", { path, query: { limit: EVENTS }, ...this.inbox.of })
          .then((events) => this.happened(events)),
        api.get("/v3/tickets/{ticketId}/sla", { path, ...this.inbox.of }).then((sla) => (this.sla = sla as Sla)),
        api
          .get("/v3/scheduled-messages", { query: { ticket: this.id, limit: 50 }, ...this.inbox.of })
          .then((list) => {
            this.waiting(list, begun);
            return this.settle(new Set(list.map((one) => one.id)));
          }),
      ]);
      this.take(page);
      this.state = "ready";
      this.trouble = "";
    } catch (error) {
      this.stale = true;
      this.trouble = whyOf(error);
      if (this.state === "loading") this.state = "failed";
    }
  }

  /** Takes what happened to the ticket, the newest first; merges are read when that tells something new of them. */
  private happened(events: Activity[]): void {
    this.activity = events.toReversed();
    const newest = events.find((one) => one.action.includes("MERGE"))?.id ?? (events.length === EVENTS ? "before" : "");
    if (newest === this.mergesAt) return;
    this.mergesAt = newest;
    void api
      .get("/v3/tickets/{ticketId}/merges", { path: { ticketId: this.id }, ...this.inbox.of })
      .then((merges) => (this.merges = merges))
      .catch(() => (this.mergesAt = ""));
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

  /** What waited on the server when it was asked: what left since is dropped here, as it is among the messages now. */
  private waiting(list: Scheduled[], asked: number): void {
    const ids = new Set(list.map((one) => one.id));
    const own = new Set(this.outgoing.map((one) => one.scheduled));
    this.scheduled = list.filter((one) => !own.has(one.id));
    this.outgoing = this.outgoing.filter((one) => !one.scheduled || ids.has(one.scheduled) || (one.takenAt ?? 0) >= asked);
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

/** Whether a call may have been carried out although it failed: without an answer, or with one of what stands before the server. */
function unheard(error: unknown, away: boolean): boolean {
  if (!(error instanceof ApiError)) return true;
  return error.kind === "timeout" || error.kind === "fault" || (error.kind === "offline" && !away);
}

/** A message that waits on the server, as what is taken back. */
function plannedItem(planned: Scheduled): Outgoing {
  return { ...writtenOf(planned), id: crypto.randomUUID(), state: "taking", scheduled: planned.id, dueAt: planned.sendAt, startedAt: Date.now() };
}

/** What a message that waits on the server says. */
function writtenOf(planned: Scheduled): Written {
  const attachments = (planned.attachments ?? []) as Attachment[];
  return { content: planned.comment, text: plainOf(planned.comment), note: planned.isNote === true, attachments };
}
