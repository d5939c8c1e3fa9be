// What agents do with tickets: shown at once, taken back with an explanation when the server refuses, and undone on wish.
import { ApiError } from "@hark/api-client";
import { toasts } from "@hark/ui";
import { batches, MANY } from "../app/batch.svelte.ts";
import { api } from "../app/session.svelte.ts";
import type { Inbox } from "./store.svelte.ts";
import { t } from "./text.ts";
import type { Member, Team, Ticket } from "./types.ts";

/** Calls that are made at the same time for many tickets. */
const AT_ONCE = 5;

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
  constructor(private readonly inbox: Inbox) {}

  assign(ids: string[], user: Member | undefined): void {
    const person = user && { id: user.id, email: user.email, firstName: user.firstName ?? null, lastName: user.lastName ?? null, profileImageUrl: user.profileImageUrl ?? null };
    this.set(ids, { processingUser: user?.id ?? null }, { processingUser: person ?? null }, "processingUser", user ? "done.assigned" : "done.unassigned");
  }

  assignTeam(ids: string[], team: Team | undefined): void {
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
    const of = typeof status === "string" ? () => status : status;
    const closedAt = closes ? new Date().toISOString() : undefined;
    const shown = (id: string) => ({ status: of(id), closedAt }) as Partial<Ticket>;
    this.set(ids, (id) => ({ status: of(id) }), shown, "status", closes ? "done.closed" : "done.status", ["closedAt"]);
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
    const back = this.inbox.patch(id, { notificationsUnread: false });
    try {
      const ticket = await this.put(id, { notificationsUnread: false });
      if (isTicket(ticket)) this.inbox.keep([ticket]);
    } catch {
      // It stays unread, and is noted when something happens next.
    }
    back();
  }

  tags(ids: string[], add: string[], remove: string[]): void {
    const before = this.before(ids, ["tags"]);
    const had = (id: string, tag: string) => before.get(id)?.tags?.includes(tag) ?? false;
    // What else changes meanwhile stays: tags are added to those of the moment, and taken from them.
    const changed = (id: string, more: string[], less: string[]) => {
      const tags = () => [...new Set([...(this.inbox.ticket(id)?.tags ?? []), ...more])].filter((tag) => !less.includes(tag));
      return { id, shown: { tags: tags() }, tell: () => this.put(id, { tags: tags() }) };
    };
    this.change(
      ids.map((id) => changed(id, add, remove)),
      (count) => t("done.tags", { count }),
      (done) => done.map((id) => changed(id, remove.filter((tag) => had(id, tag)), add.filter((tag) => !had(id, tag)))),
    );
  }

  /** Lets tickets sleep until a moment; without one they wake. */
  snooze(ids: string[], until: Date | undefined): void {
    const before = this.before(ids, ["snoozed", "snoozedUntil"]);
    const changed = (id: string, moment: string | undefined) => {
      const body = moment ? { snoozedUntil: moment } : { duration: 0 };
      return {
        id,
        shown: { snoozed: Boolean(moment), snoozedUntil: moment } as Partial<Ticket>,
        tell: () => api.put("/v3/tickets/{ticketId}/snooze", { path: { ticketId: id }, body, ...this.inbox.of }),
      };
    };
    this.change(
      ids.map((id) => changed(id, until?.toISOString())),
      (count) => t(until ? "done.snoozed" : "done.woken", { count }),
      (done) => done.map((id) => changed(id, before.get(id)?.snoozed ? before.get(id)?.snoozedUntil : undefined)),
    );
  }

  /** Makes one ticket of several; the result is the one that stays. */
  async merge(target: string, sources: string[]): Promise<void> {
    await api.put("/v3/tickets/merge", {
      body: { ticketsToMergeIds: sources, targetTicketId: target },
      ...this.inbox.of,
    });
    this.inbox.refresh();
    this.inbox.conversation(target).outdated();
    const merges = await api.get("/v3/tickets/{ticketId}/merges", { path: { ticketId: target }, ...this.inbox.of });
    const merge = merges.find((one) => !one.undoneAt);
    if (merge) undoable(t("done.merged", { count: sources.length }), () => void this.unmerge(target, merge.id));
  }

  async unmerge(target: string, merge: string): Promise<void> {
    await this.told(async () => {
      await api.post("/v3/tickets/{ticketId}/merges/{mergeId}/undo", { path: { ticketId: target, mergeId: merge }, ...this.inbox.of });
      toasts.show(t("done.unmerged"), { tone: "good" });
    });
    this.inbox.conversation(target).outdated();
    this.inbox.refresh();
  }

  async link(id: string, other: string, linked: boolean): Promise<void> {
    const path = linked ? ("/v3/tickets/{ticketId}/link" as const) : ("/v3/tickets/{ticketId}/unlink" as const);
    await this.told(async () => {
      await api.put(path, { path: { ticketId: id }, body: { targetTicketId: other }, ...this.inbox.of });
      await this.inbox.read(id);
      undoable(t(linked ? "done.linked" : "done.unlinked"), () => void this.link(id, other, !linked));
    });
  }

  async remove(ids: string[]): Promise<void> {
    const gone = (id: string) => api.delete("/v3/tickets/{ticketId}", { path: { ticketId: id }, ...this.inbox.of });
    if (ids.length >= MANY) {
      const named = (id: string) => this.named(id);
      await batches.start({ entries: ids, work: gone, named, said: (count) => t("done.deleted", { count }) }).ended;
    } else {
      await this.told(async () => {
        for (const id of ids) await gone(id);
        toasts.show(t("done.deleted", { count: ids.length }));
      });
    }
    this.inbox.refresh();
  }

  /** What a message template does beside its text. */
  ofTemplate(id: string, type: string, data: unknown): void {
    const given = (data ?? {}) as { tag?: string; tags?: string[]; user?: string; team?: string; priority?: string; status?: string; hours?: number };
    const tags = given.tags ?? (given.tag ? [given.tag] : []);
    if (type === "close") this.status([id], given.status ?? "DONE", true);
    else if (type === "status" && given.status) this.status([id], given.status, false);
    else if (type === "tag" && tags.length) this.tags([id], tags, []);
    else if (type === "priority" && given.priority) this.priority([id], given.priority);
    else if (type === "assign") this.assign([id], this.inbox.members.find((one) => one.id === given.user));
    else if (type === "team") this.assignTeam([id], this.inbox.teams.find((one) => one.id === given.team));
    else if (type === "snooze" && given.hours) this.snooze([id], new Date(Date.now() + given.hours * 3_600_000));
  }

  /** Does something and says what went wrong. */
  async told(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      toasts.fail(reason(error));
      return false;
    }
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
    const changes = ids.map((id) => ({ id, shown: own(shown, id), tell: () => this.put(id, own(values, id)) }));
    this.change(
      changes,
      (count) => t(done, { count }),
      (finished) =>
        finished.map((id) => {
          const old = before.get(id) ?? {};
          const value = old[property] as unknown;
          const plain = value && typeof value === "object" && "id" in value ? value.id : (value ?? null);
          return { id, shown: old, tell: () => this.put(id, { [property]: plain }) };
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
      const ticket = await tell();
      if (isTicket(ticket)) this.inbox.keep([ticket]);
    };
    const named = ({ id }: Change) => this.named(id);
    const batch = batches.start({ entries: changes, work, said, named, ...(back && { back }) });
    void batch.ended.then(() => this.inbox.refresh());
    return batch;
  }

  private named(id: string): string {
    const ticket = this.inbox.ticket(id);
    return ticket ? `#${ticket.bugId} ${ticket.title || t("row.untitled")}` : id;
  }

  private before(ids: string[], properties: (keyof Ticket & string)[]): Map<string, Partial<Ticket>> {
    return new Map(
      ids.map((id) => {
        const ticket = this.inbox.ticket(id);
        return [id, Object.fromEntries(properties.map((name) => [name, ticket?.[name]])) as Partial<Ticket>];
      }),
    );
  }

  private put(id: string, body: Record<string, unknown>): Promise<unknown> {
    return api.put("/v3/tickets/{ticketId}", { path: { ticketId: id }, body, ...this.inbox.of });
  }

  /** Makes changes, a few at a time; answers the ids of those that the server took. */
  private async run(changes: Change[]): Promise<string[]> {
    const backs = new Map(changes.map(({ id, shown }) => [id, this.inbox.patch(id, shown)]));
    const done: string[] = [];
    const failures: unknown[] = [];
    const queue = [...changes];
    const work = async () => {
      for (let change = queue.shift(); change; change = queue.shift()) {
        try {
          const ticket = await change.tell();
          if (isTicket(ticket)) this.inbox.keep([ticket]);
          done.push(change.id);
        } catch (error) {
          failures.push(error);
        }
        backs.get(change.id)?.();
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, changes.length) }, work));
    if (failures.length) {
      const why = reason(failures[0]);
      toasts.fail(changes.length === 1 ? t("failed.one", { why }) : t("failed.many", { count: failures.length, of: changes.length, why }));
    }
    this.inbox.refresh();
    return done;
  }
}

/** The same for all tickets, or what each of them gets. */
type PerTicket<T extends object> = T | ((id: string) => T);

function own<T extends object>(value: PerTicket<T>, id: string): T {
  return typeof value === "function" ? value(id) : value;
}

/** Why something failed, as a sentence. */
export function reason(error: unknown): string {
  return error instanceof ApiError ? error.sentence : String(error);
}

function isTicket(value: unknown): value is Ticket {
  return typeof value === "object" && value !== null && "bugId" in value && "linkedTickets" in value;
}
