// How types, statuses and priorities of tickets are named and shown.
import type { IconName } from "@hark/ui";
import { typeTitle, USUAL_TYPES } from "../app/ticketTypes.ts";
import type { Inbox } from "./store.svelte.ts";
import { t } from "./text.ts";
import type { Ticket } from "./types.ts";

/** A status as it is shown. */
export interface Lane {
  id: string;
  title: string;
  closed: boolean;
  colour: string;
}

const COLOURS = ["var(--info)", "var(--warn)", "var(--accent)", "#8f6bd1", "#c4648f"];
const BUILT_IN: Lane[] = [
  { id: "OPEN", title: "", closed: false, colour: "var(--info)" },
  { id: "INPROGRESS", title: "", closed: false, colour: "var(--warn)" },
  { id: "DONE", title: "", closed: true, colour: "var(--good)" },
];
const ICONS: Record<string, IconName> = { INQUIRY: "chat", BUG: "bug", CRASH: "bolt", FEATURE_REQUEST: "sparkle", BOT: "sparkle" };

/** The lanes of a ticket type, from left to right. */
export function lanesOf(inbox: Inbox, type: string): Lane[] {
  const lanes = inbox.types.find((one) => one.type === type)?.lanes ?? [];
  if (lanes.length === 0) return BUILT_IN.map((lane) => ({ ...lane, title: t(`status.${lane.id as "OPEN" | "INPROGRESS" | "DONE"}`) }));
  return lanes.map((lane, at) => ({
    id: lane.id ?? "",
    title: builtInTitle(lane.id, lane.title) ?? lane.title,
    closed: lane.closed ?? false,
    colour: lane.color || (lane.closed ? "var(--good)" : (COLOURS[at % COLOURS.length] ?? "var(--info)")),
  }));
}

/** The name of a usual status in the reader's language, unless somebody renamed it. */
function builtInTitle(id: string | null | undefined, title: string): string | undefined {
  const usual: Record<string, string> = { OPEN: "Open", INPROGRESS: "In progress", DONE: "Done" };
  return id && usual[id] === title ? t(`status.${id as "OPEN" | "INPROGRESS" | "DONE"}`) : undefined;
}

/** The status of a ticket as it is shown. */
export function laneOf(inbox: Inbox, ticket: Pick<Ticket, "type" | "status">): Lane {
  const found = lanesOf(inbox, ticket.type).find((lane) => lane.id === ticket.status);
  return found ?? { id: ticket.status, title: ticket.status, closed: false, colour: "var(--line-control)" };
}

/** The status with which tickets of a type end. */
export function closingOf(inbox: Inbox, type: string): string {
  return lanesOf(inbox, type).find((lane) => lane.closed)?.id ?? "DONE";
}

/** The status with which tickets of a type begin. */
export function openingOf(inbox: Inbox, type: string): string {
  return lanesOf(inbox, type).find((lane) => !lane.closed)?.id ?? "OPEN";
}

/** A type of tickets as it is shown. */
export interface Kind {
  id: string;
  title: string;
  icon: IconName;
}

/** All types that tickets can have. */
export function kindsOf(inbox: Inbox): Kind[] {
  const own = inbox.types.filter((one) => one.enabled !== false && !USUAL_TYPES.some((type) => type === one.type));
  return [...USUAL_TYPES.map((type) => kindOf(inbox, type)), ...own.map((one) => kindOf(inbox, one.type ?? ""))];
}

export function kindOf(inbox: Inbox, type: string): Kind {
  const title = typeTitle(type, inbox.types.find((one) => one.type === type)?.title);
  return { id: type, title, icon: ICONS[type] ?? "tag" };
}

export const PRIORITIES = ["HIGH", "MEDIUM", "LOW"] as const;
export type Priority = (typeof PRIORITIES)[number];
export const priorityColour: Record<string, string> = { HIGH: "var(--bad)", MEDIUM: "var(--warn)", LOW: "var(--line-control)" };

/** Whether there is something to see beside the conversation: a screenshot, logs, a replay. */
export function isReport(ticket: Ticket): boolean {
  return ["BUG", "CRASH"].includes(ticket.type) || Boolean(ticket.screenshotUrl) || Boolean(ticket.metaData && Object.keys(ticket.metaData).length > 0);
}
