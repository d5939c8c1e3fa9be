// Filters as sentences: what a test asks, in the reader's language.
import de from "../locales/de/filters.ts";
import en from "../locales/en/filters.ts";
import { number, texts } from "../app/i18n.svelte.ts";
import { date } from "../app/time.svelte.ts";
import { isAge, isComplete, toTree, type Conditions, type Custom, type Group, type Row } from "./conditions.ts";
import type { FieldKind, FilterField, Operator } from "./fields.ts";

export const t = texts({ en, de });

const OPERATORS: Record<Operator, Parameters<typeof t>[0]> = {
  is: "opIs",
  isnot: "opIsNot",
  in: "opIn",
  notin: "opNotIn",
  contains: "opContains",
  notcontains: "opNotContains",
  startswith: "opStartsWith",
  endswith: "opEndsWith",
  gt: "opGt",
  gte: "opGte",
  lt: "opLt",
  lte: "opLte",
  before: "opBefore",
  after: "opAfter",
  olderthan: "opOlderThan",
  newerthan: "opNewerThan",
  empty: "opEmpty",
  notempty: "opNotEmpty",
};
const OF_LISTS: Partial<Record<Operator, Parameters<typeof t>[0]>> = { in: "listIn", notin: "listNotIn", contains: "listContains" };

/** An operator as people read it. */
export function operatorText(op: Operator, kind: FieldKind): string {
  return t((kind === "list" ? OF_LISTS[op] : undefined) ?? OPERATORS[op]);
}

/** A test in three parts: property, comparison, value. */
export function rowText(row: Row, field: FilterField): { field: string; op: string; value: string } {
  const { op, value } = row;
  if (!isComplete(row)) return { field: field.label, op: operatorText(op, field.kind), value: t("unset") };
  if (isAge(value)) {
    const age = t(value.unit, { count: value.amount });
    return { field: field.label, op: "", value: t(op === "newerthan" ? "newer" : "older", { age }) };
  }
  if (Array.isArray(value) && value.length === 1 && field.kind === "choice") {
    return { field: field.label, op: t(op === "in" ? "opIs" : "opIsNot"), value: named(value[0], field) };
  }
  return { field: field.label, op: operatorText(op, field.kind), value: valueText(row, field) };
}

function valueText({ op, value }: Row, field: FilterField): string {
  if (value === null) return "";
  if (Array.isArray(value)) {
    const [first, ...others] = value;
    if (others.length <= 1) return value.map((one) => named(one, field)).join(", ");
    return t("more", { first: named(first, field), count: others.length });
  }
  if (op === "before" || op === "after") {
    return date(String(value));
  }
  return named(value as string | number | boolean, field);
}

function named(value: string | number | boolean | undefined, field: FilterField): string {
  const option = field.options?.find((option) => option.value === value);
  if (option) return option.label;
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  return typeof value === "number" ? number(value) : String(value ?? "");
}

/** The property of a row; one that nobody described is shown by its path. */
export function fieldOf(path: string, fields: readonly FilterField[], row?: Row): FilterField {
  const known = fields.find((field) => field.path === path);
  if (known) return known;
  const value = row?.value;
  const kind: FieldKind =
    typeof value === "number" ? "number" : typeof value === "boolean" ? "bool" : row && (isAge(row.value) || row.op === "before" || row.op === "after") ? "date" : Array.isArray(value) ? "choice" : "text";
  return { path, label: path.replace(/^customData\./, ""), kind };
}

/** All of the conditions in one line. */
export function summary(conditions: Conditions | undefined, fields: readonly FilterField[]): string {
  return groupText(toTree(conditions), fields);
}

function groupText(group: Group, fields: readonly FilterField[]): string {
  const parts = group.items.map((item: Row | Group | Custom) => {
    if (item.kind === "group") return `(${groupText(item, fields)})`;
    if (item.kind === "custom") return t("custom");
    const text = rowText(item, fieldOf(item.path, fields, item));
    return [text.field, text.op, text.value].filter((part) => part !== "").join(" ");
  });
  return parts.join(` ${t(group.mode)} `);
}
