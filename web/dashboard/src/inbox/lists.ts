// The lists of the inbox: what each shows, as conditions of the query language.
import type { Conditions } from "../filters/conditions.ts";
import type { IconName } from "@hark/ui";
import type { SavedView, Team } from "./types.ts";

/** A list that the inbox can show. */
export interface TicketListInfo {
  /** Its name in addresses. */
  id: string;
  /** The key of its name among the texts; saved views, teams and types have names of their own. */
  text?: "list.mine" | "list.unassigned" | "list.mentions" | "list.all" | "list.snoozed" | "list.scheduled" | "list.closed" | "list.archived" | "list.spam";
  name?: string;
  icon: IconName;
  conditions: Conditions;
  sort: string;
  keys?: string;
  /** Which part of the lists it belongs to. */
  group: "main" | "teams" | "types" | "views" | "rest";
  view?: SavedView;
}

/** How lists are sorted unless somebody chose otherwise: what happened last comes first. */
export const SORT = "-lastNotification";
/** The ways to sort a list. */
export const SORTS = [SORT, "lastNotification", "-createdAt", "createdAt", "-priority"] as const;

const is = (path: string, value: unknown): Conditions => ({ path, op: "is", value });
const empty = (path: string): Conditions => ({ path, op: "empty" });
const all = (...parts: Conditions[]): Conditions => ({ all: parts });

const kept = [is("archived", false), is("isSpam", false)];
/** Tickets that wait for somebody. */
export const open: Conditions[] = [...kept, empty("closedAt"), is("snoozed", false)];

/** The lists that everybody has. */
export function ownLists(user: string): TicketListInfo[] {
  const list = (
    id: NonNullable<TicketListInfo["text"]> extends `list.${infer Id}` ? Id : never,
    icon: IconName,
    conditions: Conditions,
    more: Partial<TicketListInfo> = {},
  ): TicketListInfo => ({ id, text: `list.${id}`, icon, conditions, sort: SORT, group: "main", ...more });
  return [
    list("mine", "user", all(...open, is("processingUser", user)), { keys: "g m" }),
    list("unassigned", "inbox", all(...open, empty("processingUser")), { keys: "g u" }),
    list("mentions", "at", all(...kept, { path: "mentions", op: "in", value: [user] }), { keys: "g e" }),
    list("all", "chat", all(...open), { keys: "g a" }),
    list("snoozed", "snooze", all(...kept, empty("closedAt"), is("snoozed", true)), { group: "rest", sort: "snoozedUntil", keys: "g z" }),
    list("closed", "circle-check", all(...kept, { path: "closedAt", op: "notempty" }), { group: "rest", sort: "-closedAt", keys: "g x" }),
    list("archived", "archive", all(is("archived", true)), { group: "rest" }),
    list("spam", "spam", all(is("isSpam", true), is("archived", false)), { group: "rest" }),
  ];
}

/** The name of the list of tickets in which messages wait that are sent later. */
export const PLANNED = "scheduled";
/** Tickets that it has at most: they are in the address of each call, of which proxies take 8 KB. */
const PLANNED_MAX = 200;

/** The tickets in which messages wait that are sent later. */
export function plannedList(tickets: readonly string[]): TicketListInfo {
  const conditions: Conditions = { path: "id", op: "in", value: tickets.slice(0, PLANNED_MAX) };
  return { id: PLANNED, text: "list.scheduled", icon: "clock", conditions, sort: SORT, group: "rest" };
}

/** The list of a team. */
export function teamList(team: Team): TicketListInfo {
  return { id: `team-${team.id}`, name: team.name ?? "", icon: "team", conditions: all(...open, is("processingTeam", team.id)), sort: SORT, group: "teams" };
}

/** The list of a ticket type. */
export function typeList(type: string, name: string, icon: IconName): TicketListInfo {
  return { id: `type-${type}`, name, icon, conditions: all(...open, is("type", type)), sort: SORT, group: "types" };
}

/** What a view keeps of a list and a filter upon it: one level, without what views mean anyway. */
export function conditionsOfView(list: TicketListInfo, asked: Conditions): Conditions {
  const parts = [list.conditions, asked].flatMap((one) => (Array.isArray(one.all) ? (one.all as Conditions[]) : Object.keys(one).length ? [one] : []));
  const own = parts.filter((one) => !(["archived", "isSpam"].includes(String(one.path)) && one.op === "is" && one.value === false));
  return { all: own };
}

/** The list of a saved view. */
export function viewList(view: SavedView): TicketListInfo {
  const types: Conditions[] = view.dataSources?.length ? [{ path: "type", op: "in", value: view.dataSources }] : [];
  const own = (view.conditions ?? {}) as Conditions;
  const parts = [...(Object.keys(own).length ? [own] : []), ...types];
  const asked = JSON.stringify(own);
  // A view that says nothing of the archive or of spam means neither.
  for (const flag of ["archived", "isSpam"]) if (!asked.includes(`"${flag}"`)) parts.push(is(flag, false));
  return {
    id: `view-${view.id}`,
    name: view.name ?? "",
    icon: view.isPublic ? "users" : "star",
    conditions: all(...parts),
    sort: typeof view.sortBy === "string" ? view.sortBy : SORT,
    group: "views",
    view,
  };
}
