// What the inbox does by keys, and what of it the palette offers.
import type { Command } from "../app/commands.svelte.ts";
import { commands } from "../app/commands.svelte.ts";
import type { Shortcut } from "../app/keys.svelte.ts";
import { router } from "../app/router.svelte.ts";
import { undoLast } from "./actions.svelte.ts";
import type { Doing } from "./doing.svelte.ts";
import type { TicketListInfo } from "./lists.ts";
import { t } from "./text.ts";

/** What the keys find on the page. */
export interface Going {
  doing: Doing;
  /** The ticket that is open. */
  open: () => string | undefined;
  /** The tickets of the list that are known, in their order. */
  known: () => readonly string[];
  /** Goes up or down in the list. */
  step: (by: 1 | -1) => void;
  /** Leaves the conversation for its place in the list. */
  back: () => void;
  /** Shows what filters the list, or hides it; without it the list cannot be filtered. */
  filter: (() => void) | undefined;
  details: () => void;
  make: () => void;
}

/** The keys of the inbox. */
export function shortcutsOf({ doing, open, known, step, back, filter, details, make }: Going): Shortcut[] {
  const { selection } = doing;
  const some = () => doing.targets.length > 0;
  const one = () => open() !== undefined;
  // Elsewhere the arrows scroll what is read.
  const listed = () => !document.activeElement?.closest(".messages, aside");
  const select = (range: boolean) => selection.toggle(open()!, range, known());
  const escape = () => (selection.size ? selection.clear() : open() ? back() : undefined);
  const inList: Omit<Shortcut, "group">[] = [
    { keys: "j", label: t("keys.next"), run: () => step(1) },
    { keys: "k", label: t("keys.previous"), run: () => step(-1) },
    { keys: "ArrowDown", label: t("keys.next"), hidden: true, when: listed, run: () => step(1) },
    { keys: "ArrowUp", label: t("keys.previous"), hidden: true, when: listed, run: () => step(-1) },
    { keys: "x", label: t("keys.select"), when: one, run: () => select(false) },
    { keys: "Shift+x", label: t("keys.selectRange"), when: one, run: () => select(true) },
    { keys: "Mod+a", label: t("keys.selectAll"), run: () => selection.all(known()) },
    { keys: "Escape", label: t("keys.back"), run: escape },
    ...(filter ? [{ keys: "f", label: t("keys.filter"), run: filter }] : []),
    { keys: "/", label: t("keys.search"), run: () => commands.show() },
  ];
  const acting: Omit<Shortcut, "group">[] = [
    { keys: "c", label: t("new.title"), run: make },
    { keys: "a", label: t("act.assign"), when: some, run: () => doing.ask("assign") },
    { keys: "i", label: t("act.assignMe"), when: some, run: () => doing.assignMe() },
    { keys: "Shift+t", label: t("act.team"), when: some, run: () => doing.ask("team") },
    { keys: "Shift+s", label: t("act.status"), when: some, run: () => doing.ask("status") },
    { keys: "d", label: t("keys.close"), when: some, run: () => doing.toggleClosed() },
    { keys: "s", label: t("act.snooze"), when: some, run: () => doing.ask("snooze") },
    { keys: "p", label: t("act.priority"), when: some, run: () => doing.ask("priority") },
    { keys: "l", label: t("act.tags"), when: some, run: () => doing.ask("tags") },
    { keys: "t", label: t("act.type"), when: some, run: () => doing.ask("type") },
    { keys: "m", label: t("act.merge"), when: some, run: () => doing.ask("merge") },
    { keys: "Shift+l", label: t("act.link"), when: some, run: () => doing.ask("link") },
    { keys: "e", label: t("act.archive"), when: some, run: () => doing.archive() },
    { keys: "!", label: t("act.spam"), when: some, run: () => doing.spam() },
    { keys: "Shift+u", label: t("keys.unread"), when: some, run: () => doing.toggleRead() },
    { keys: "#", label: t("act.delete"), when: some, run: () => doing.remove() },
    { keys: "v", label: t("thread.details"), when: one, run: details },
    { keys: "z", label: t("undo"), run: undoLast },
    { keys: "Mod+z", label: t("undo"), hidden: true, run: undoLast },
  ];
  return [...inList.map((key) => ({ ...key, group: t("keys.list") })), ...acting.map((key) => ({ ...key, group: t("keys.acting") }))];
}

/** The keys that go to lists. */
export function keysOfLists(lists: TicketListInfo[], base: string): Shortcut[] {
  return lists.flatMap((one) => (one.keys ? [{ keys: one.keys, label: nameOfList(one), group: t("keys.lists"), run: () => router.go(`${base}/${one.id}`) }] : []));
}

/** What the palette offers of it. */
export function commandsOf({ doing, make }: Going, lists: TicketListInfo[], base: string): Command[] {
  const group = t("keys.acting");
  const acting: Command[] = [
    { id: "assign", label: t("act.assign"), icon: "user-plus", keys: "a", group, run: () => doing.ask("assign") },
    { id: "assign-me", label: t("act.assignMe"), icon: "user", keys: "i", group, run: () => doing.assignMe() },
    { id: "close", label: t("keys.close"), icon: "check", keys: "d", group, run: () => doing.toggleClosed() },
    { id: "snooze", label: t("act.snooze"), icon: "snooze", keys: "s", group, run: () => doing.ask("snooze") },
    { id: "tags", label: t("act.tags"), icon: "tag", keys: "l", group, run: () => doing.ask("tags") },
    { id: "priority", label: t("act.priority"), icon: "flag", keys: "p", group, run: () => doing.ask("priority") },
    { id: "merge", label: t("act.merge"), icon: "merge", keys: "m", group, run: () => doing.ask("merge") },
    { id: "link", label: t("act.link"), icon: "link", keys: "Shift+L", group, run: () => doing.ask("link") },
    { id: "archive", label: t("act.archive"), icon: "archive", keys: "e", group, run: () => doing.archive() },
  ];
  return [
    { id: "new", label: t("new.title"), icon: "edit", keys: "c", group: t("inbox"), run: make },
    ...(doing.targets.length ? acting : []),
    ...lists.map((one) => ({ id: `list-${one.id}`, label: nameOfList(one), icon: one.icon, keys: one.keys, group: t("keys.lists"), run: () => router.go(`${base}/${one.id}`) })),
  ];
}

/** The name of a list in the reader's language. */
export function nameOfList(list: TicketListInfo): string {
  return list.text ? t(list.text) : (list.name ?? "");
}
