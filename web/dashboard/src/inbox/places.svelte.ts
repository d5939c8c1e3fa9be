// Where the tickets of the inbox are: in one project, or in all of somebody's, each of which has an inbox of its own.
import { SvelteMap } from "svelte/reactivity";
import { api, session } from "../app/session.svelte.ts";
import { open as openConditions } from "./lists.ts";
import { inboxOf, type Inbox } from "./store.svelte.ts";
import { TicketList } from "./ticketlist.svelte.ts";
import type { Ticket } from "./types.ts";

/** Projects that the inbox over all projects follows live. */
const PROJECTS_MAX = 20;
/** How often its list is read again for the sake of further ones, in milliseconds. */
const REREAD_MS = 60_000;

export class Places {
  /** The project where new conversations begin. */
  readonly home: Inbox;
  /** Whether tickets of all projects are shown. */
  readonly unified: boolean;
  /** How addresses of the inbox begin. */
  readonly base: string;
  private readonly projects;
  private readonly inboxes;
  /** In which project a ticket of the inbox over all projects is. */
  private readonly where = new SvelteMap<string, string>();
  /** The lists over all projects that are shown: each hears of what changes in an inbox, also in one that is made later. */
  private readonly listeners = new Set<(inbox: Inbox) => void>();
  /** Projects that were not known when a ticket of theirs was read. */
  private readonly strangers = new Set<string>();

  constructor(projectId: string | undefined) {
    this.unified = projectId === undefined;
    this.projects = this.unified ? session.projects.slice(0, PROJECTS_MAX) : session.projects.filter((one) => one.id === projectId);
    this.inboxes = new Map(this.projects.map((project) => [project.id, inboxOf(project)]));
    this.home = [...this.inboxes.values()][0] as Inbox;
    this.base = this.unified ? "/inbox" : `/p/${this.home.project.id}/inbox`;
  }

  /** Somebody shows these projects; returns what ends that. */
  use(): () => void {
    const ends = this.projects.map((project) => inboxOf(project).use());
    return () => ends.forEach((end) => end());
  }

  /** The inbox that a ticket is in. */
  of(ticket: string): Inbox {
    return this.unified ? (this.inboxIn(this.where.get(ticket) ?? "") ?? this.home) : this.home;
  }

  /** Whether it is known where a ticket is. */
  knows(ticket: string): boolean {
    return !this.unified || this.where.has(ticket);
  }

  /** Notes in which project a ticket is. */
  note(ticket: string, project: string): void {
    this.where.set(ticket, project);
  }

  /** Learns in which project a ticket is that was opened by its address. */
  async find(id: string): Promise<void> {
    try {
      const ticket = await api.get("/v3/users/unified-inbox/{ticketId}", { path: { ticketId: id }, project: null });
      this.note(id, ticket.project);
    } catch {
      // Nothing is shown of a ticket that is nowhere.
    }
  }

  /** The open tickets of all projects, live until it is closed. */
  everywhere(): { list: TicketList; close: () => void } {
    const list = new TicketList(
      async (skip, limit, signal) => {
        const page = await api.get("/v3/users/unified-inbox", { project: null, query: { page: skip / limit + 1, limit }, signal });
        return { tickets: page.tickets as Ticket[], total: page.totalCount };
      },
      (tickets) => this.keep(tickets, list),
    );
    const ends: (() => void)[] = [];
    const listen = (inbox: Inbox) => void ends.push(inbox.attach(list, { all: openConditions }));
    this.inboxes.forEach(listen);
    this.listeners.add(listen);
    const clock = session.projects.length <= PROJECTS_MAX ? undefined : setInterval(() => list.refresh(), REREAD_MS);
    return {
      list,
      close: () => {
        clearInterval(clock);
        this.listeners.delete(listen);
        ends.forEach((end) => end());
        list.close();
      },
    };
  }

  private keep(tickets: Ticket[], list: TicketList): void {
    for (const ticket of tickets) {
      this.note(ticket.id, ticket.project);
      this.inboxIn(ticket.project)?.keep([ticket]);
    }
    const stranger = tickets.find((ticket) => !this.inboxIn(ticket.project) && !this.strangers.has(ticket.project));
    if (!stranger) return;
    // Its project is newer than this page.
    this.strangers.add(stranger.project);
    void session.refresh().then(() => list.refresh());
  }

  /** The inbox of a project, made when the first ticket of it is seen. */
  private inboxIn(id: string): Inbox | undefined {
    const project = this.inboxes.has(id) ? undefined : session.projects.find((one) => one.id === id);
    if (project) {
      const inbox = inboxOf(project);
      this.inboxes.set(id, inbox);
      this.listeners.forEach((listen) => listen(inbox));
    }
    return this.inboxes.get(id);
  }
}
