// What is done with the tickets that are chosen, or else with the one that is open.
import { toasts } from "@hark/ui";
import { session } from "../app/session.svelte.ts";
import type { Actions } from "./actions.svelte.ts";
import type { Question } from "./Ask.svelte";
import { closingOf, openingOf } from "./kinds.ts";
import type { Places } from "./places.svelte.ts";
import { Selection } from "./selection.svelte.ts";
import { t } from "./text.ts";

/** What the page does around it. */
interface Page {
  places: Places;
  actions: Actions;
  /** The ticket that is open. */
  open: () => string | undefined;
  /** Opens what comes behind the open ticket when that is among those that leave the list. */
  advance: (leaving: string[]) => void;
  /** Shows no ticket any more. */
  close: () => void;
}

export class Doing {
  readonly selection = new Selection();
  /** What somebody is asked, as whom to assign to. */
  question = $state<Question>();
  /** The tickets that are to be deleted, once somebody has said yes. */
  removing = $state.raw<string[]>();
  readonly targets: string[] = $derived.by(() => {
    const open = this.page.open();
    return this.selection.size ? this.selection.list : open ? [open] : [];
  });

  constructor(private readonly page: Page) {}

  /** Asks how to do something with them. */
  ask(what: Question): void {
    const apart = new Set(this.targets.map((id) => this.page.places.of(id))).size > 1;
    if (apart && (what === "merge" || what === "link")) toasts.fail(t("ask.apart"));
    else if (this.targets.length) this.question = what;
  }

  /** Asks how to do something with the open ticket alone. */
  askOpen(what: Question): void {
    this.selection.clear();
    this.question = what;
  }

  asked(): void {
    if (this.selection.size && this.question !== "tags") this.selection.clear();
    this.question = undefined;
  }

  assignMe(): void {
    const me = session.user;
    if (me) this.act((ids) => this.page.actions.assign(ids, me));
  }

  /** Closes tickets, or opens them again when they all are closed. */
  toggleClosed(): void {
    const { places, actions } = this.page;
    const closed = this.targets.every((id) => places.of(id).ticket(id)?.closedAt);
    const status = (id: string) => (closed ? openingOf : closingOf)(places.of(id), places.of(id).ticket(id)?.type ?? "INQUIRY");
    this.act((ids) => actions.status(ids, status, !closed), true);
  }

  /** Whether something holds for all of them. */
  all(property: "archived" | "isSpam" | "notificationsUnread"): boolean {
    return this.targets.every((id) => this.page.places.of(id).ticket(id)?.[property]);
  }

  archive(): void {
    const archived = this.all("archived");
    this.act((ids) => this.page.actions.archive(ids, !archived), true);
  }

  spam(): void {
    const spam = this.all("isSpam");
    this.act((ids) => this.page.actions.spam(ids, !spam), true);
  }

  read(): void {
    this.act((ids) => this.page.actions.read(ids, true));
  }

  /** Marks them as unread, and as read when they all are unread. */
  toggleRead(): void {
    const unread = this.all("notificationsUnread");
    this.act((ids) => this.page.actions.read(ids, unread));
    // What is open is read.
    if (!unread) this.page.close();
  }

  /** Asks whether to delete them. */
  remove(ids = this.targets): void {
    if (ids.length) this.removing = ids;
  }

  removed(): void {
    const ids = this.removing ?? [];
    this.removing = undefined;
    this.page.advance(ids);
    this.selection.clear();
    void this.page.actions.remove(ids);
  }

  /** Does something with them; `leaves` when they leave the list. */
  private act(run: (ids: string[]) => void, leaves = false): void {
    const ids = this.targets;
    if (ids.length === 0) return;
    if (leaves) this.page.advance(ids);
    run(ids);
    if (leaves) this.selection.clear();
  }
}
