// The user's notifications in one project or several: read, followed live, and marked as read.
import { ApiError, type Change, type Schemas } from "@hark/api-client";
import { toasts } from "@hark/ui";
import { whyOf } from "../app/failures.ts";
import { router } from "../app/router.svelte.ts";
import { api, session, type Project } from "../app/session.svelte.ts";
import { desktop, isWatched } from "./desktop.svelte.ts";
import { t } from "./text.ts";

export type Notice = Schemas["NotificationView"];
type MailOnly = Schemas["MailOnly"];

const PAGE = 20;
/** What comes together is read together, in milliseconds. */
const GATHER_MS = 150;

/** The notifications of one project. */
class Shelf {
  list = $state.raw<Notice[]>([]);
  unread = $state(0);
  /** Unread news that are told by mail, and not if their conversation is looked at before that. */
  mailOnly = $state.raw<readonly MailOnly[]>([]);
  /** Where older ones begin. */
  next = $state<string>();
  /** `refused`: the user may not read the project's tickets. */
  state = $state<"reading" | "read" | "failed" | "refused">("reading");
  private asked = 0;
  private soon: ReturnType<typeof setTimeout> | undefined;
  private readonly awaited = new Set<string>();

  constructor(readonly project: Project) {}

  /** Follows what is new; returns what ends that. */
  follow(user: string): () => void {
    const live = session.live(this.project);
    const followed = live.followUser(user, {
      change: (change) => this.heard(change),
      reset: () => this.readSoon(),
      refused: () => this.refuse(),
    });
    // Who has the dashboard open is there: teams assign to whoever is, and mail waits.
    const place = live.joinProject({});
    void followed.ready.then(() => this.read());
    return () => {
      clearTimeout(this.soon);
      // What is still asked for says nothing any more.
      this.asked++;
      followed.stop();
      place.leave();
    };
  }

  /** Reads the newest page. */
  async read(): Promise<void> {
    const asked = ++this.asked;
    const awaited = [...this.awaited];
    try {
      const page = await api.get("/v3/notifications", { query: { limit: PAGE }, project: this.project.id });
      if (asked !== this.asked) return;
      this.list = page.notifications;
      this.unread = page.unread;
      this.mailOnly = page.mailOnly;
      this.next = page.next ?? undefined;
      this.state = "read";
      this.announce(awaited);
    } catch (error) {
      if (asked !== this.asked) return;
      if (error instanceof ApiError && error.kind === "forbidden") this.refuse();
      else this.state = "failed";
    }
  }

  /** The user may not read the project's tickets any more. */
  private refuse(): void {
    this.state = "refused";
    this.list = [];
    this.unread = 0;
    this.mailOnly = [];
    this.next = undefined;
  }

  /** Reads a page of older ones. */
  async more(): Promise<void> {
    if (!this.next) return;
    const asked = this.asked;
    const page = await api.get("/v3/notifications", { query: { limit: PAGE, cursor: this.next }, project: this.project.id });
    if (asked !== this.asked) return;
    const known = new Set(this.list.map((one) => one.id));
    this.list = [...this.list, ...page.notifications.filter((one) => !known.has(one.id))];
    this.next = page.next ?? undefined;
  }

  /** Marks some as read, here at once and then on the server. */
  async mark(which: { ids: string[] } | { ticket: string } | { all: true }): Promise<void> {
    const concerned = (one: Notice) => ("ids" in which ? which.ids.includes(one.id) : "ticket" in which ? one.ticket === which.ticket : true);
    this.list = this.list.map((one) => (concerned(one) ? { ...one, read: true } : one));
    if (!("ids" in which)) this.mailOnly = this.mailOnly.filter((one) => "ticket" in which && one.ticket !== which.ticket);
    try {
      const { unread } = await api.put("/v3/notifications/read", { body: which, project: this.project.id });
      this.unread = unread;
    } catch (error) {
      toasts.fail(t("read.failed", { why: whyOf(error) }));
      void this.read();
    }
  }

  private heard(change: Change): void {
    if (typeof change.notification === "string") this.awaited.add(change.notification);
    this.readSoon();
  }

  private readSoon(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      void this.read();
    }, GATHER_MS);
  }

  /** Says what came since the last look, unless it is about what is looked at. */
  private announce(awaited: string[]): void {
    for (const one of this.list.filter((notice) => awaited.includes(notice.id) && !notice.read).reverse()) {
      const open = () => router.go(addressOf(one));
      if (isShown(one.ticket) && isWatched()) {
        // Read here, so no other tab tells of it.
        void desktop.take(one.id);
        continue;
      }
      if (document.visibilityState === "visible") toasts.show(lineOf(one), { action: { label: t("toast.open"), run: open } });
      void desktop.tell(one.id, sentenceOf(one), [titleOf(one), one.excerpt].filter(Boolean).join("\n"), open);
    }
    for (const id of awaited) this.awaited.delete(id);
  }
}

/** What happened, in a few words. */
export function sentenceOf(one: Notice): string {
  return one.actor ? t(`by.${one.reason}`, { who: one.actor }) : t(`said.${one.reason}`);
}

export function titleOf(one: Notice): string {
  return one.title || t("panel.noTitle");
}

function lineOf(one: Notice): string {
  return `${sentenceOf(one)}: ${titleOf(one)}`;
}

/** Where the conversation of a notification is. */
export function addressOf(one: Notice): string {
  return `/p/${one.project}/inbox/all/${one.ticket}`;
}

/** Whether the conversation of a ticket is on the screen. */
export function isShown(ticket: string): boolean {
  return router.place.area === "inbox" && router.place.rest.at(-1) === ticket;
}

class Notifications {
  private shelves = $state.raw<Shelf[]>([]);
  /** The newest piece of news that was noted as read because its conversation was looked at. */
  private noted = "";
  /** Those of all projects that are followed, the newest first. */
  readonly list = $derived(
    this.shelves.flatMap((shelf) => shelf.list).sort((one, other) => (one.createdAt < other.createdAt ? 1 : one.createdAt > other.createdAt ? -1 : one.id < other.id ? 1 : -1)),
  );
  readonly unread = $derived(this.shelves.reduce((sum, shelf) => sum + shelf.unread, 0));
  readonly hasMore = $derived(this.shelves.some((shelf) => shelf.next !== undefined));
  readonly state = $derived.by(() => {
    const states = this.shelves.map((shelf) => shelf.state).filter((state) => state !== "refused");
    if (!states.length) return "refused";
    return states.includes("failed") ? "failed" : states.includes("reading") ? "reading" : "read";
  });

  /** Follows the notifications of these projects; returns what ends that. */
  follow(projects: readonly Project[], user: string): () => void {
    const shelves = projects.map((project) => new Shelf(project));
    this.shelves = shelves;
    const ends = shelves.map((shelf) => shelf.follow(user));
    return () => {
      ends.forEach((end) => end());
      if (this.shelves === shelves) this.shelves = [];
    };
  }

  async again(): Promise<void> {
    await Promise.all(this.shelves.map((shelf) => shelf.read()));
  }

  async more(): Promise<void> {
    await Promise.all(this.shelves.map((shelf) => shelf.more())).catch(() => undefined);
  }

  async markAll(): Promise<void> {
    await Promise.all(this.shelves.filter((shelf) => shelf.unread > 0).map((shelf) => shelf.mark({ all: true })));
  }

  async mark(one: Notice): Promise<void> {
    if (!one.read) await this.of(one.project)?.mark({ ids: [one.id] });
  }

  /** What is unread about a conversation that somebody looks at is read. */
  seen(ticket: string): void {
    for (const shelf of this.shelves) {
      const unread = [...shelf.list.filter((one) => !one.read), ...shelf.mailOnly].filter((one) => one.ticket === ticket);
      const latest = unread.map((one) => one.id).sort().at(-1);
      // Once for each piece of news: what could not be noted comes back as unread.
      if (!latest || this.noted === latest) continue;
      this.noted = latest;
      void shelf.mark({ ticket });
    }
  }

  private of(project: string): Shelf | undefined {
    return this.shelves.find((shelf) => shelf.project.id === project);
  }
}

/** The notifications of whoever is signed in. */
export const notifications = new Notifications();
