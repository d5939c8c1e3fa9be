// What the inbox knows of a project: its tickets, people, teams, types, templates and views, kept up to date live.
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { breath, toasts } from "@hark/ui";
import type { Change, Followed, Live } from "@hark/api-client";
import { resolveRelative, type Conditions } from "../filters/conditions.ts";
import { readAll } from "../app/batch.svelte.ts";
import { api, session, type Project } from "../app/session.svelte.ts";
import { Conversation } from "./conversation.svelte.ts";
import { matches } from "./matches.ts";
import { outbox } from "./outbox.ts";
import { t } from "./text.ts";
import { TicketList } from "./ticketlist.svelte.ts";
import type { Member, Property, SavedView, Team, Template, Ticket, TicketType } from "./types.ts";

/** Conversations that are kept in memory. */
const CONVERSATIONS_MAX = 60;
/** The shortest time between two counts of all lists, in milliseconds. */
const COUNT_MS = 2_500;
const COUNT_MAX_MS = 60_000;
/** How long changes of single tickets are collected, in milliseconds. */
const COLLECT_MS = 80;

/** Messages for later that are looked through. */
const PLANNED_MAX = 500;
/** What waits longer than this was planned, in milliseconds. */
const LATER_MS = 60_000;
/** How long changes of such messages are collected at least, and the shortest time between two looks, in milliseconds. */
const PLANNED_MS = 1_000;
const PLANNED_PAUSE_MS = 5_000;

/** A change of properties that is shown before the server has confirmed it. */
interface Patch {
  id: number;
  values: Partial<Ticket>;
}

/** What a list has; a function where that changes with what is planned while the list is shown. */
type Listed = Conditions | (() => Conditions);
const now = (listed: Listed) => (typeof listed === "function" ? (listed as () => Conditions)() : listed);

export class Inbox {
  members = $state.raw<Member[]>([]);
  teams = $state.raw<Team[]>([]);
  types = $state.raw<TicketType[]>([]);
  templates = $state.raw<Template[]>([]);
  views = $state.raw<SavedView[]>([]);
  properties = $state.raw<Property[]>([]);
  /** Tickets in which messages wait that are sent later, the next one first. */
  planned = $state.raw<string[]>([]);
  /** Whether people, teams, types and views are known. */
  ready = $state(false);
  /** How many tickets a list has. */
  readonly counts = new SvelteMap<string, number>();
  /** Tags that were seen, for suggestions. */
  readonly tags = new SvelteSet<string>();
  readonly live: Live;
  private readonly tickets = new SvelteMap<string, Ticket>();
  private readonly patches = new SvelteMap<string, Patch[]>();
  private readonly conversations = new Map<string, Conversation>();
  private readonly lists = new Map<TicketList, Listed>();
  private counted: { id: string; conditions: Conditions }[] = [];
  private countTimer: ReturnType<typeof setTimeout> | undefined;
  private countedAt = 0;
  private countPause = COUNT_MS;
  private countAgain = false;
  private readonly touched = new Set<string>();
  private touchTimer: ReturnType<typeof setTimeout> | undefined;
  private plannedTimer: ReturnType<typeof setTimeout> | undefined;
  private plannedAt = 0;
  private followed: Followed | undefined;
  private wasFollowed = false;
  private users = 0;
  private lastPatch = 0;

  /** Settles when what an earlier page has left unsent is in its conversations again. */
  readonly adopted: Promise<void>;

  constructor(readonly project: Project) {
    this.live = session.live(project);
    this.adopted = this.adopt();
    this.live.onState((state) => state === "live" && this.retry());
  }

  /** Options of a call that name the project, whatever the address says. */
  get of(): { project: string } {
    return { project: this.project.id };
  }

  /** Somebody shows this inbox; returns what ends that. */
  use(): () => void {
    this.users++;
    if (this.users === 1) this.follow();
    return () => {
      this.users--;
      if (this.users > 0) return;
      this.followed?.stop();
      this.followed = undefined;
      document.removeEventListener("visibilitychange", this.looked);
    };
  }

  /** A ticket with what is being changed about it. */
  ticket(id: string): Ticket | undefined {
    const stored = this.tickets.get(id);
    const patches = this.patches.get(id);
    if (!stored || !patches) return stored;
    return Object.assign({}, stored, ...patches.map((patch) => patch.values)) as Ticket;
  }

  /** Takes over what the server said about tickets. */
  keep(tickets: Ticket[]): void {
    for (const ticket of tickets) {
      const known = this.tickets.get(ticket.id);
      if (known?.updatedAt === ticket.updatedAt && known.latestComment?.id === ticket.latestComment?.id) {
        if (known.closedAt === ticket.closedAt && known.notificationsUnread === ticket.notificationsUnread) continue;
      }
      // Lists carry linked tickets as bare ids; what is known of them stays.
      const links = known?.linkedTickets.filter((one) => typeof one === "object") ?? [];
      const same = ticket.linkedTickets.every((one) => typeof one === "string" && links.some((link) => link.id === one));
      this.tickets.set(ticket.id, same && links.length ? { ...ticket, linkedTickets: links } : ticket);
      for (const tag of ticket.tags ?? []) this.tags.add(tag);
    }
  }

  /** Reads a ticket whole. */
  async read(id: string): Promise<Ticket> {
    const ticket = (await api.get("/v3/tickets/{ticketId}", { path: { ticketId: id }, ...this.of })) as Ticket;
    this.tickets.set(id, ticket);
    for (const tag of ticket.tags ?? []) this.tags.add(tag);
    return ticket;
  }

  /** Shows a change at once; the result takes it back. */
  patch(id: string, values: Partial<Ticket>): () => void {
    const patch: Patch = { id: ++this.lastPatch, values };
    this.patches.set(id, [...(this.patches.get(id) ?? []), patch]);
    for (const [list, conditions] of this.lists) {
      const ticket = this.ticket(id);
      if (ticket && matches(now(conditions), ticket) === false) list.drop(new Set([id]));
    }
    return () => {
      const left = (this.patches.get(id) ?? []).filter((one) => one.id !== patch.id);
      if (left.length) this.patches.set(id, left);
      else this.patches.delete(id);
    };
  }

  /** A list of tickets that stays up to date until it is closed. */
  list(conditions: Listed, sort: string): { list: TicketList; close: () => void } {
    const list = new TicketList(
      async (skip, limit, signal) => {
        const filter = JSON.stringify(resolveRelative(now(conditions), Date.now()));
        const page = await api.get("/v3/tickets", { query: { filter, sort, skip, limit }, signal, ...this.of });
        return { tickets: page.tickets as Ticket[], total: page.totalCount };
      },
      (tickets) => this.keep(tickets),
    );
    this.lists.set(list, conditions);
    return {
      list,
      close: () => {
        this.lists.delete(list);
        list.close();
      },
    };
  }

  /** Reads every ticket that matches, up to a bound, and answers their ids; `onstep` is told how many are here. */
  async everything(conditions: Conditions, onstep: (count: number) => void, signal: AbortSignal): Promise<string[]> {
    const filter = JSON.stringify(resolveRelative(conditions, Date.now()));
    // By when they were made: an order that does not change while it is read.
    const all = await readAll(async (cursor, limit) => {
      const query = { filter, sort: "createdAt", limit, cursor };
      const page: { tickets: unknown[]; nextCursor?: string } = await api.get("/v3/tickets", { query, signal, ...this.of });
      const tickets = page.tickets as Ticket[];
      this.keep(tickets);
      return { entries: tickets.map(({ id }) => id), cursor: page.nextCursor };
    }, onstep);
    return [...new Set(all)];
  }

  /** Keeps a list that is read elsewhere up to date with this project; returns what ends that. */
  attach(list: TicketList, conditions: Conditions): () => void {
    this.lists.set(list, conditions);
    return () => this.lists.delete(list);
  }

  /** The conversation of a ticket. */
  conversation(id: string): Conversation {
    let conversation = this.conversations.get(id);
    if (!conversation) conversation = new Conversation(this, id);
    // The one that was used last goes to the end.
    this.conversations.delete(id);
    this.conversations.set(id, conversation);
    for (const [oldest, old] of this.conversations) {
      if (this.conversations.size <= CONVERSATIONS_MAX) break;
      if (!old.waits) this.conversations.delete(oldest);
    }
    return conversation;
  }

  /** Tries again what was not sent. */
  retry(): void {
    for (const conversation of this.conversations.values()) conversation.retry();
  }

  /** Counts these lists, now and after changes. */
  count(lists: { id: string; conditions: Conditions }[]): void {
    this.counted = lists;
    this.countedAt = 0;
    this.countSoon();
  }

  /** Everything that lists show may have changed. */
  refresh(): void {
    for (const list of this.lists.keys()) list.refresh();
    this.countSoon();
  }

  async readViews(): Promise<void> {
    this.views = await api.get("/v3/ticket-views", { query: { limit: 200, sort: "name" }, ...this.of });
  }

  async readTemplates(): Promise<void> {
    this.templates = (await api.get("/v3/message-templates", { query: { limit: 500 }, ...this.of })) as Template[];
  }

  /** Reads in which tickets messages wait: those that can still be taken back for a few seconds do not count. */
  async readPlanned(): Promise<void> {
    const list = await api.get("/v3/scheduled-messages", { query: { limit: PLANNED_MAX, sort: "sendAt" }, ...this.of });
    const later = list.filter((one) => new Date(one.sendAt ?? one.createdAt).getTime() - new Date(one.createdAt).getTime() > LATER_MS);
    const tickets = [...new Set(later.map((one) => String(one.ticket)))];
    if (tickets.join() === this.planned.join()) return;
    this.planned = tickets;
    for (const [list, conditions] of this.lists) if (typeof conditions === "function") list.refresh();
  }

  private async adopt(): Promise<void> {
    for (const { ticket, item } of await outbox.take(session.user?.id ?? "", this.project.id)) this.conversation(ticket).adopt(item);
    this.retry();
  }

  private follow(): void {
    document.addEventListener("visibilitychange", this.looked);
    this.followed = this.live.follow({
      change: (change) => this.changed(change),
      reset: () => {
        this.outdated();
        void this.readAll();
      },
    });
    // What was read while nobody followed may have changed since, and what is read before following begins until then.
    if (this.wasFollowed) this.outdated();
    this.wasFollowed = true;
    if (!this.followed.begun) void this.followed.ready.then(() => this.outdated());
    void this.readAll();
  }

  /** All that is shown is read again. */
  private outdated(): void {
    this.refresh();
    for (const conversation of this.conversations.values()) conversation.outdated();
  }

  private async readAll(): Promise<void> {
    // What is looked at comes first.
    await breath();
    const all = { query: { limit: 500 }, ...this.of };
    const results = await Promise.allSettled([
      api.get("/v3/projects/users", all).then((list) => (this.members = list)),
      api.get("/v3/teams", all).then((list) => (this.teams = list)),
      api.get("/v3/ticket-types", all).then((list) => (this.types = list)),
      api.get("/v3/properties", all).then((list) => (this.properties = list)),
      this.readViews(),
      this.readTemplates(),
      this.readPlanned(),
    ]);
    const failed = results.find((result) => result.status === "rejected");
    if (failed && results.every((result) => result.status === "rejected")) toasts.fail(t("error.read"));
    this.ready = true;
  }

  private changed(change: Change): void {
    const [kind, what] = change.event.split(".");
    const id = change.id ?? "";
    switch (kind) {
      case "ticket":
        if (what === "event") return this.conversations.get(String(change.ticket))?.outdated();
        if (what === "deleted") return this.gone(id);
        this.touch(id);
        return this.refresh();
      case "message":
        // New messages are told by the ticket's event, which names the ticket.
        if (what === "created") return;
        for (const conversation of this.conversations.values()) if (conversation.has(id)) conversation.outdated();
        return;
      case "ticket view":
      case "ticket_view":
        return void this.readViews().catch(() => undefined);
      case "scheduled message":
        // Each reply waits there for a moment.
        this.plannedTimer ??= setTimeout(
          () => {
            this.plannedTimer = undefined;
            this.plannedAt = Date.now();
            void this.readPlanned().catch(() => undefined);
          },
          Math.max(PLANNED_MS, this.plannedAt + PLANNED_PAUSE_MS - Date.now()),
        );
        return;
      case "message template":
      case "message_template":
        return void this.readTemplates().catch(() => undefined);
    }
  }

  /** What was not counted while nobody looked is counted now. */
  private readonly looked = () => {
    if (document.visibilityState === "visible" && this.countAgain) this.countSoon();
  };

  private gone(id: string): void {
    this.tickets.delete(id);
    for (const list of this.lists.keys()) list.drop(new Set([id]));
    this.conversations.delete(id);
    this.countSoon();
  }

  /** Reads tickets again that somebody looks at. */
  private touch(id: string): void {
    const conversation = this.conversations.get(id);
    if (!conversation) return;
    if (!conversation.shown) return conversation.outdated();
    this.touched.add(id);
    this.touchTimer ??= setTimeout(() => {
      this.touchTimer = undefined;
      for (const one of this.touched) void this.read(one).catch(() => undefined);
      this.touched.clear();
    }, COLLECT_MS);
  }

  private countSoon(): void {
    this.countAgain = true;
    if (this.countTimer !== undefined || this.counted.length === 0 || document.visibilityState === "hidden") return;
    const wait = Math.max(50, this.countPause - (Date.now() - this.countedAt));
    this.countTimer = setTimeout(async () => {
      const lists = this.counted;
      this.countAgain = false;
      this.countedAt = Date.now();
      // One after the other, so that what the agent does is not kept waiting.
      for (const { id, conditions } of lists) {
        const filter = JSON.stringify(resolveRelative(conditions, Date.now()));
        await api
          .get("/v3/tickets/ticketscount", { query: { filter }, ...this.of })
          .then(({ count }) => this.counts.set(id, count))
          .catch(() => undefined);
      }
      // Where counting takes long, it is done less often.
      this.countPause = Math.min(COUNT_MAX_MS, Math.max(COUNT_MS, (Date.now() - this.countedAt) * 5));
      this.countTimer = undefined;
      if (this.countAgain || lists !== this.counted) this.countSoon();
    }, wait);
  }
}

const inboxes = new Map<string, Inbox>();
globalThis.addEventListener?.("online", () => {
  for (const inbox of inboxes.values()) inbox.retry();
});

/** The inbox of a project, the same one for everybody on this page. */
export function inboxOf(project: Project): Inbox {
  let inbox = inboxes.get(project.id);
  if (!inbox || inbox.live.state === "ended") inboxes.set(project.id, (inbox = new Inbox(project)));
  return inbox;
}
