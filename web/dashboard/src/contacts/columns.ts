// The columns that the list of contacts can show, and the properties that it can be filtered by.
import type { FieldKind, FilterField } from "../filters/fields.ts";
import type { Contact } from "./contact.ts";
import { t, type Key } from "./text.ts";

/** How a cell is shown. */
export type CellKind = "person" | "text" | "number" | "date" | "bool" | "tags" | "link";

/** A column. */
export interface Column {
  /** The path of the property. */
  id: string;
  label: string;
  kind: CellKind;
  /** The width in pixels. */
  width: number;
}

const KNOWN: [id: string, label: Key, kind: CellKind, width: number][] = [
  ["name", "name", "person", 320],
  ["email", "email", "text", 240],
  ["userId", "userId", "text", 150],
  ["phone", "phone", "text", 140],
  ["companyName", "companyName", "text", 160],
  ["companyId", "companyId", "text", 140],
  ["plan", "plan", "text", 110],
  ["value", "value", "number", 100],
  ["tags", "tags", "tags", 180],
  ["lastActivity", "lastActivity", "date", 130],
  ["createdAt", "createdAt", "date", 130],
  ["firstActivity", "firstActivity", "date", 130],
  ["lastHeardFrom", "lastHeardFrom", "date", 130],
  ["lastFeedbackReport", "lastFeedbackReport", "date", 130],
  ["sessions", "sessions", "number", 90],
  ["countFeedbackReports", "countFeedbackReports", "number", 100],
  ["lang", "lang", "text", 90],
  ["platform", "platform", "text", 100],
  ["deviceType", "deviceType", "text", 100],
  ["lastPageView.page", "lastPage", "link", 240],
  ["location.country", "country", "text", 120],
  ["location.city", "city", "text", 120],
  ["unsubscribed", "unsubscribed", "bool", 120],
  ["blocked", "blocked", "bool", 100],
];

/** The columns of a list whose columns nobody chose. */
export const DEFAULT_COLUMNS = ["name", "companyName", "plan", "value", "tags", "lastActivity", "createdAt"];

/** Every column there can be: our own and those of custom properties. */
export function columnsOf(custom: readonly string[]): Column[] {
  const own = KNOWN.map(([id, label, kind, width]) => ({ id, label: t(label), kind, width }));
  return [...own, ...custom.map((name) => ({ id: `customData.${name}`, label: name, kind: "text" as const, width: 140 }))];
}

/** The chosen columns in their order; the name always comes first, because it names the row. */
export function chosen(ids: readonly string[], all: readonly Column[]): Column[] {
  const picked = ids.flatMap((id) => all.find((column) => column.id === id) ?? unknown(id));
  const name = all.find((column) => column.id === "name") as Column;
  return [name, ...picked.filter((column) => column.id !== "name")];
}

function unknown(id: string): Column | [] {
  return id === "" ? [] : { id, label: id.replace(/^customData\./, ""), kind: "text", width: 140 };
}

/** The value of a contact at a path; names may hold dots themselves. */
export function valueAt(contact: Contact, path: string): unknown {
  if (path in contact) return (contact as Record<string, unknown>)[path];
  const [first = "", ...rest] = path.split(".");
  const inner = (contact as Record<string, unknown>)[first];
  if (typeof inner !== "object" || inner === null) return undefined;
  const name = rest.join(".");
  if (name in inner) return (inner as Record<string, unknown>)[name];
  return rest.reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined), inner);
}

/** Names of custom properties and events that contacts have, the usual ones first. */
export function observed(contacts: readonly Contact[], of: "customData" | "eventData"): string[] {
  const counts = new Map<string, number>();
  for (const contact of contacts) for (const name of Object.keys(contact[of] ?? {})) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
}

const KINDS: Record<CellKind, FieldKind> = { person: "text", text: "text", link: "text", number: "number", date: "date", bool: "bool", tags: "list" };

/** What contacts can be filtered by. `seen` are contacts from which custom properties and events are learnt. */
export function filterFields(seen: readonly Contact[], customNames: readonly string[]): FilterField[] {
  const own = KNOWN.map(([path, label, kind]): FilterField => {
    const field = { path, label: t(label), kind: KINDS[kind], group: t("groupOwn") };
    const values = path === "plan" || path === "lang" || path === "platform" || path === "tags" ? valuesOf(seen, path) : [];
    return values.length > 0 ? { ...field, kind: kind === "tags" ? "list" : "choice", options: values.map((value) => ({ value, label: value })) } : field;
  });
  const custom = customNames.map((name): FilterField => {
    const path = `customData.${name}`;
    const kinds = new Set(seen.map((contact) => typeof (contact.customData as Record<string, unknown>)[name]).filter((kind) => kind !== "undefined"));
    const kind: FieldKind = kinds.size === 1 && kinds.has("number") ? "number" : kinds.size === 1 && kinds.has("boolean") ? "bool" : "text";
    const values = kind === "text" ? valuesOf(seen, path) : [];
    const few = values.length > 0 && values.length <= 12;
    return { path, label: name, kind: few ? "choice" : kind, group: t("groupCustom"), ...(few ? { options: values.map((value) => ({ value, label: value })) } : {}) };
  });
  const events = observed(seen, "eventData").flatMap((name): FilterField[] =>
    name.includes(".")
      ? []
      : [
          { path: `eventData.${name}.count`, label: t("eventCount", { name }), kind: "number", group: t("groupEvents") },
          { path: `eventData.${name}.last`, label: t("eventLast", { name }), kind: "date", group: t("groupEvents") },
        ],
  );
  return [...own, ...custom, ...events];
}

function valuesOf(contacts: readonly Contact[], path: string): string[] {
  const values = new Set(contacts.flatMap((contact) => valueAt(contact, path)).filter((value): value is string => typeof value === "string" && value !== ""));
  return [...values].sort((a, b) => a.localeCompare(b)).slice(0, 50);
}
