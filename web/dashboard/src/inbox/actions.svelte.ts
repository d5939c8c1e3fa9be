// What agents do with tickets: shown at once, taken back with an explanation when the server refuses, and undone on wish.
import { ApiError } from "@hark/api-client";
import { toasts } from "@hark/ui";
import { batches, MANY } from "../app/batch.svelte.ts";
import { whyOf } from "../app/failures.ts";
import { api } from "../app/session.svelte.ts";
import type { Inbox } from "./store.svelte.ts";
import { t } from "./text.ts";
import type { Person, Team, Ticket } from "./types.ts";

/** Calls that are made at the same time for many tickets. */
const AT_ONCE = 5;
/** How often a change is tried on a ticket that others change at the same moment. */
const TRIES = 3;
/** Tickets that are named when something could not be done with them. */
const NAMED = 3;

/** A change of one ticket: what the server is told, and what is shown until it has answered. */
interface Change {
  id: string;
  shown: Partial<Ticket>;
  tell: () => Promise<unknown>;
}

/** The last thing that can be undone. */
let last: (() => void) | undefined;

/** Undoes what was done last, if that is still possible. */
export function undoLast(): void {
  const undo = last;
  last = undefined;
  if (undo) undo();
  else toasts.show(t("undo.nothing"));
}

/** Lets the key undo something that shows its own offer to. */
export function undoableByKey(undo: () => void): void {
  last = undo;
}

/** Offers to undo something: in a line that passes, and with the key. */
export function undoable(text: string, undo: () => void): void {
  const close = toasts.show(text, {
    action: {
      label: t("undo"),
      run: () => {
        last = undefined;
        undo();
      },
    },
  });
  last = () => {
    close();
    undo();
  };
}

/**
 * Offers to undo what is still being done: by the key at once, and in a line when it is done. Undoing waits until then.
 * `back` is given the ids of the tickets that the server took.
 */
function undoing(running: Promise<string[]>, said: (count: number) => string, back: (done: string[]) => void): void {
  let undone = false;
  const undo = () => {
    if (undone) return;
    undone = true;
    void running.then((done) => done.length && back(done));
  };
  last = undo;
  void running.then((done) => {
    const newest = last === undo;
    if (done.length === 0) {
      if (newest) last = undefined;
    } else if (!undone) {
      const other = last;
      undoable(said(done.length), undo);
      // The key undoes what was begun last, not what was finished last.
      if (!newest) last = other;
    }
  });
}

export class Actions {
  /** `of` says in which project a ticket is, where there are tickets of several. */
  constructor(
    inbox: Inbox,
    private readonly of: (id: string) => Inbox = () => inbox,
  ) {}

  /** Gives tickets to somebody, or to nobody. */
  assign(ids: string[], user: Person | null): void {
    const person: Person | null = user && { id: user.id, email: user.email ?? null, firstName: user.firstName ?? null, lastName: user.lastName ?? null, profileImageUrl: user.profileImageUrl ?? null };
    this.set(ids, { processingUser: user?.id ?? null }, { processingUser: person }, "processingUser", user ? "done.assigned" : "done.unassigned");
  }

  /** Gives tickets to a team, or to none. */
  assignTeam(ids: string[], team: Pick<Team, "id" | "name"> | null): void {
    const shown = team ? { id: team.id, name: team.name ?? "" } : null;
    this.set(ids, { processingTeam: team?.id ?? null }, { processingTeam: shown }, "processingTeam", "done.team");
  }

  priority(ids: string[], priority: string): void {
    this.set(ids, { priority }, { priority }, "priority", "done.priority");
  }

  type(ids: string[], type: string): void {
    this.set(ids, { type }, { type }, "type", "done.type");
  }

  /** `closes` says whether the status is one of those that end a ticket; types can end with different ones. */
  status(ids: string[], status: string | ((id: string) => string), closes: boolean): void {
    const next = typeof status === "string" ? () => status : status;
    const closedAt = closes ? new Date().toISOString() : undefined;
    const shown = (id: string) => ({ status: next(id), closedAt }) as Partial<Ticket>;
    this.set(ids, (id) => ({ status: next(id) }), shown, "status", closes ? "done.closed" : "done.status", ["closedAt"]);
  }

  archive(ids: string[], archived: boolean): void {
    this.set(ids, { archived }, { archived }, "archived", archived ? "done.archived" : "done.unarchived");
  }

  spam(ids: string[], isSpam: boolean): void {
    this.set(ids, { isSpam }, { isSpam }, "isSpam", isSpam ? "done.spam" : "done.notSpam");
  }

  title(id: string, title: string): void {
    this.set([id], { title }, { title }, "title", "done.title");
  }

  read(ids: string[], read: boolean): void {
    this.set(ids, { notificationsUnread: !read }, { notificationsUnread: !read }, "notificationsUnread", read ? "done.read" : "done.unread");
  }

  /** Notes in silence that a ticket was read. */
  async seen(id: string): Promise<void> {
    const back = this.of(id).patch(id, { notificationsUnread: false });
    try {
      this.keep(await this.put(id, { notificationsUnread: false }));
    } catch {
      // It stays unread, and is noted when something happens next.
    }
    back();
  }

  tags(ids: string[], add: string[], remove: string[]): void {
    // What was really added and taken is known when the server has answered; undoing touches nothing else.
    const made = new Map<string, { added: string[]; removed: string[] }>();
    const changed = (id: string, more: string[], less: string[]): Change => ({
      id,
      shown: { tags: retagged(this.of(id).ticket(id)?.tags ?? [], more, less) },
      tell: () =>
        this.amend(id, ({ tags = [] }) => {
          const added = more.filter((tag) => !tags.includes(tag));
          const removed = less.filter((tag) => tags.includes(tag));
          made.set(id, { added, removed });
          return added.length || removed.length ? { tags: retagged(tags, added, removed) } : undefined;
        }),
    });
    this.change(
      ids.map((id) => changed(id, add, remove)),
      (count) => t("done.tags", { count }),
      (done) =>
        done.map((id) => {
          const { added = [], removed = [] } = made.get(id) ?? {};
          return changed(id, removed, added);
        }),
    );
  }

  /** Lets tickets sleep until a moment; without one they wake. */
  snooze(ids: string[], until: Date | undefined): void {
    const before = this.before(ids, ["snoozed", "snoozedUntil"]);
    const after = new Map<string, unknown>();
    const changed = (id: string, moment: string | undefined, first: boolean): Change => ({
      id,
      shown: { snoozed: Boolean(moment), snoozedUntil: moment } as Partial<Ticket>,
      tell: async () => {
        if (!first) this.unlessOvertaken(id, await this.of(id).read(id), "snoozedUntil", after);
        const body = moment ? { snoozedUntil: moment } : { duration: 0 };
        const ticket = await api.put("/v3/tickets/{ticketId}/snooze", { path: { ticketId: id }, body, ...this.of(id).of });
        after.set(id, plain(ticket, "snoozedUntil"));
        return ticket;
      },
    });
    this.change(
      ids.map((id) => changed(id, until?.toISOString(), true)),
      (count) => t(until ? "done.snoozed" : "done.woken", { count }),
      (done) => done.map((id) => changed(id, before.get(id)?.snoozed ? before.get(id)?.snoozedUntil : undefined, false)),
    );
  }

  /** Makes one ticket of several of the same project; the result is the one that stays. */
  async merge(target: string, sources: string[]): Promise<void> {
    const inbox = this.of(target);
    await api.put("/v3/tickets/merge", {
      body: { ticketsToMergeIds: sources, targetTicketId: target },
      ...inbox.of,
    });
    inbox.refresh();
    for (const id of [target, ...sources]) inbox.conversation(id).outdated();
    // It is done, even if nobody says how it is undone.
    const merges = await api.get("/v3/tickets/{ticketId}/merges", { path: { ticketId: target }, ...inbox.of }).catch(() => []);
    const merge = merges.find((one) => !one.undoneAt);
    const done = t("done.merged", { count: sources.length });
    if (merge) undoable(done, () => void this.unmerge(target, merge.id, sources));
    else toasts.show(done, { tone: "good" });
  }

  async unmerge(target: string, merge: string, sources: string[]): Promise<void> {
    const inbox = this.of(target);
    await this.told(async () => {
      await api.post("/v3/tickets/{ticketId}/merges/{mergeId}/undo", { path: { ticketId: target, mergeId: merge }, ...inbox.of });
      toasts.show(t("done.unmerged"), { tone: "good" });
    });
    for (const id of [target, ...sources]) inbox.conversation(id).outdated();
    inbox.refresh();
  }

  async link(id: string, other: string, linked: boolean): Promise<void> {
    const inbox = this.of(id);
    const path = linked ? ("/v3/tickets/{ticketId}/link" as const) : ("/v3/tickets/{ticketId}/unlink" as const);
    await this.told(async () => {
      await api.put(path, { path: { ticketId: id }, body: { targetTicketId: other }, ...inbox.of });
      await inbox.read(id);
      undoable(t(linked ? "done.linked" : "done.unlinked"), () => void this.link(id, other, !linked));
    });
  }

  /** Deletes tickets for good, and names those that could not be deleted. */
  async remove(ids: string[]): Promise<void> {
    const work = async (id: string) => {
      try {
        await api.delete("/v3/tickets/{ticketId}", { path: { ticketId: id }, ...this.of(id).of });
      } catch (error) {
        // Somebody else was faster.
        if (!(error instanceof ApiError && error.kind === "missing")) throw error;
      }
    };
    const said = (count: number) => t("done.deleted", { count });
    if (ids.length >= MANY) {
      await batches.start({ entries: ids, work, said, named: (id) => this.named(id) }).ended;
    } else {
      const failures: { id: string; error: unknown }[] = [];
      for (const id of ids) await work(id).catch((error: unknown) => failures.push({ id, error }));
      if (failures.length < ids.length) toasts.show(said(ids.length - failures.length));
      if (failures.length) {
        const names = failures.slice(0, NAMED).map(({ id }) => this.named(id)).join(", ");
        toasts.fail(t("failed.deleted", { count: failures.length, names: failures.length > NAMED ? `${names} …` : names, why: whyOf(failures[0]?.error) }));
      }
    }
    this.refresh(ids);
  }

  /** What a message template does beside its text. */
  ofTemplate(id: string, type: string, data: unknown): void {
    const given = (data ?? {}) as { tag?: string; tags?: string[]; user?: string; team?: string; priority?: string; status?: string; hours?: number };
    const tags = given.tags ?? (given.tag ? [given.tag] : []);
    if (type === "close") this.status([id], given.status ?? "DONE", true);
    else if (type === "status" && given.status) this.status([id], given.status, false);
    else if (type === "tag" && tags.length) this.tags([id], tags, []);
    else if (type === "priority" && given.priority) this.priority([id], given.priority);
    else if (type === "assign") {
      // Somebody who has left, or who is not known yet, is not the same as nobody.
      const user = given.user ? this.of(id).members.find((one) => one.id === given.user) : null;
      if (user !== undefined) this.assign([id], user);
    } else if (type === "team") {
      const team = given.team ? this.of(id).teams.find((one) => one.id === given.team) : null;
      if (team !== undefined) this.assignTeam([id], team);
    }
    else if (type === "snooze" && given.hours) this.snooze([id], new Date(Date.now() + given.hours * 3_600_000));
  }

  /** Does something and says what went wrong. */
  async told(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      toasts.fail(whyOf(error));
      return false;
    }
  }

  /** Does something with a message that has not left; `act` tells whether that was still so. */
  async unlessSent(act: () => Promise<boolean>): Promise<void> {
    await this.told(async () => {
      if (!(await act())) toasts.show(t("composer.tooLate"));
    });
  }

  /** Sets properties of tickets, with undo. */
  private set(
    ids: string[],
    values: PerTicket<Record<string, unknown>>,
    shown: PerTicket<Partial<Ticket>>,
    property: keyof Ticket & string,
    done: Parameters<typeof t>[0],
    more: (keyof Ticket & string)[] = [],
  ): void {
    const before = this.before(ids, [property, ...more]);
    const after = new Map<string, unknown>();
    const changes = ids.map((id) => ({
      id,
      shown: own(shown, id),
      tell: async () => {
        const ticket = await this.put(id, own(values, id));
        after.set(id, plain(ticket, property));
        return ticket;
      },
    }));
    this.change(
      changes,
      (count) => t(done, { count }),
      (finished) =>
        finished.map((id) => {
          const old = before.get(id) ?? {};
          const tell = () =>
            this.amend(id, (now) => {
              this.unlessOvertaken(id, now, property, after);
              return { [property]: plain(old, property) };
            });
          return { id, shown: old, tell };
        }),
    );
  }

  /** Makes changes, with undo: few show at once, of many it shows how far they are. */
  private change(changes: Change[], said: (count: number) => string, back: (done: string[]) => Change[]): void {
    if (changes.length < MANY) {
      undoing(this.run(changes), said, (done) => void this.run(back(done)));
      return;
    }
    const undo = (done: Change[]) => this.many(back(done.map(({ id }) => id)), (count) => t("done.undone", { count }));
    const batch = this.many(changes, said, undo);
    undoableByKey(() => void batches.undo(batch));
  }

  private many(changes: Change[], said: (count: number) => string, back?: (done: Change[]) => unknown) {
    const work = async ({ tell }: Change) => {
      this.keep(await tell());
    };
    const named = ({ id }: Change) => this.named(id);
    const batch = batches.start({ entries: changes, work, said, named, ...(back && { back }) });
    void batch.ended.then(() => this.refresh(changes.map(({ id }) => id)));
    return batch;
  }

  private named(id: string): string {
    const ticket = this.of(id).ticket(id);
    return ticket ? `#${ticket.bugId} ${ticket.title || t("row.untitled")}` : id;
  }

  private before(ids: string[], properties: (keyof Ticket & string)[]): Map<string, Partial<Ticket>> {
    return new Map(
      ids.map((id) => {
        const ticket = this.of(id).ticket(id);
        return [id, Object.fromEntries(properties.map((name) => [name, ticket?.[name]])) as Partial<Ticket>];
      }),
    );
  }

  private put(id: string, body: Record<string, unknown>, ifMatch?: string): Promise<unknown> {
    return api.put("/v3/tickets/{ticketId}", { path: { ticketId: id }, body, ifMatch, ...this.of(id).of });
  }

  /**
   * Changes a ticket as it is now: what `change` makes of it counts only if nobody has changed it in between, otherwise
   * it is read again. Without a result of `change` the ticket stays as it is.
   */
  private async amend(id: string, change: (ticket: Ticket) => Record<string, unknown> | undefined): Promise<unknown> {
    for (let tries = 1; ; tries++) {
      const { data, etag } = await api.call("get", "/v3/tickets/{ticketId}", { path: { ticketId: id }, ...this.of(id).of });
      const body = change(data as Ticket);
      if (!body) return data;
      try {
        return await this.put(id, body, etag);
      } catch (error) {
        if (tries === TRIES || !(error instanceof ApiError && error.kind === "conflict")) throw error;
      }
    }
  }

  /** Fails if a property is not any more what an action has made of it: taking that back would undo somebody else's. */
  private unlessOvertaken(id: string, now: Ticket, property: string, after: Map<string, unknown>): void {
    if (plain(now, property) === after.get(id)) return;
    this.keep(now);
    throw new ApiError("conflict", t("undo.overtaken", { name: this.named(id) }));
  }

  private keep(ticket: unknown): void {
    if (isTicket(ticket)) this.of(ticket.id).keep([ticket]);
  }

  /** Lists of the projects of these tickets may have changed. */
  private refresh(ids: string[]): void {
    for (const inbox of new Set(ids.map((id) => this.of(id)))) inbox.refresh();
  }

  /** Makes changes, a few at a time; answers the ids of those that the server took. */
  private async run(changes: Change[]): Promise<string[]> {
    const backs = new Map(changes.map(({ id, shown }) => [id, this.of(id).patch(id, shown)]));
    const done: string[] = [];
    const failures: unknown[] = [];
    const queue = [...changes];
    const work = async () => {
      for (let change = queue.shift(); change; change = queue.shift()) {
        try {
          this.keep(await change.tell());
          done.push(change.id);
        } catch (error) {
          failures.push(error);
        }
        backs.get(change.id)?.();
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, changes.length) }, work));
    if (failures.length) {
      const why = whyOf(failures[0]);
      toasts.fail(changes.length === 1 ? t("failed.one", { why }) : t("failed.many", { count: failures.length, of: changes.length, why }));
    }
    this.refresh(changes.map(({ id }) => id));
    return done;
  }
}

/** The same for all tickets, or what each of them gets. */
type PerTicket<T extends object> = T | ((id: string) => T);

function own<T extends object>(value: PerTicket<T>, id: string): T {
  return typeof value === "function" ? value(id) : value;
}

/** What a property of a ticket is, as it is written: the id of what it names, null for nothing. */
function plain(ticket: unknown, property: string): unknown {
  const value = (ticket as Record<string, unknown>)[property];
  return value && typeof value === "object" && "id" in value ? value.id : (value ?? null);
}

function retagged(tags: readonly string[], add: readonly string[], remove: readonly string[]): string[] {
  return [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag));
}

function isTicket(value: unknown): value is Ticket {
  return typeof value === "object" && value !== null && "bugId" in value && "linkedTickets" in value;
}
