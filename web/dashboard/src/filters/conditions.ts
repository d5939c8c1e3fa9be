// Between the query language's conditions and the rows that people edit.
import { operatorsOf, shapeOf, type FieldKind, type FilterField, type Operator } from "./fields.ts";

/** A condition as JSON, as segments and views store it. */
export type Conditions = { [key: string]: unknown };

/** How far back a relative moment is. */
export interface Age {
  amount: number;
  unit: "minutes" | "hours" | "days";
}

export type RowValue = null | string | number | boolean | Age | (string | number | boolean)[];

/** One test of one property. */
export interface Row {
  kind: "row";
  path: string;
  op: Operator;
  value: RowValue;
}

/** A condition that the builder shows but cannot edit: written by hand through the API. */
export interface Custom {
  kind: "custom";
  condition: Conditions;
}

/** Several tests of which all or one must hold. */
export interface Group {
  kind: "group";
  mode: "all" | "any";
  items: (Row | Group | Custom)[];
}

/** Groups within groups that the builder shows; what is deeper stays as it was written. */
const DEPTH_MAX = 2;
const KNOWN: ReadonlySet<string> = new Set<Operator>([
  ...operatorsOf("text"),
  ...operatorsOf("number"),
  ...operatorsOf("date"),
  ...operatorsOf("choice"),
]);
const UNIT_MS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;

/** A group without tests: everything. */
export function emptyGroup(): Group {
  return { kind: "group", mode: "all", items: [] };
}

/** Whether conditions choose anything at all. */
export function isEverything(conditions: Conditions | undefined | null): boolean {
  return toTree(conditions).items.length === 0;
}

/** The rows of stored conditions. */
export function toTree(conditions: Conditions | undefined | null): Group {
  if (!conditions || Object.keys(conditions).length === 0) return emptyGroup();
  const read = group(conditions, 1);
  if (read) return read;
  return { kind: "group", mode: "all", items: [row(conditions) ?? { kind: "custom", condition: conditions }] };
}

function group(condition: Conditions, depth: number): Group | undefined {
  for (const mode of ["all", "any"] as const) {
    const list = condition[mode];
    if (Object.keys(condition).length === 1 && Array.isArray(list)) {
      return { kind: "group", mode, items: list.map((inner) => item(inner as Conditions, depth + 1)) };
    }
  }
  return undefined;
}

function item(condition: Conditions, depth: number): Row | Group | Custom {
  const inner = depth <= DEPTH_MAX ? group(condition, depth) : undefined;
  return inner ?? row(condition) ?? { kind: "custom", condition };
}

function row(condition: Conditions): Row | undefined {
  const { path, op, value } = condition;
  if (typeof path !== "string" || typeof op !== "string") return undefined;
  if (op === "exists" && typeof value === "boolean") return { kind: "row", path, op: value ? "notempty" : "empty", value: null };
  if (!KNOWN.has(op)) return undefined;
  const read = valueOf(op as Operator, value);
  return read === undefined ? undefined : { kind: "row", path, op: op as Operator, value: read };
}

function valueOf(op: Operator, value: unknown): RowValue | undefined {
  if (op === "empty" || op === "notempty") return null;
  if (op === "in" || op === "notin") return Array.isArray(value) && value.every(isPlain) ? value : undefined;
  if (op === "olderthan" || op === "newerthan") return age(value);
  const plain = isMoment(value) ? value.date : value;
  return isPlain(plain) ? plain : undefined;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isMoment(value: unknown): value is { date: string } {
  return typeof value === "object" && value !== null && typeof (value as { date?: unknown }).date === "string";
}

function age(value: unknown): Age | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value);
  const [unit, amount] = entries[0] ?? [];
  if (entries.length !== 1 || typeof amount !== "number" || !(unit === "days" || unit === "hours" || unit === "minutes")) {
    return undefined;
  }
  return { amount, unit };
}

/** Whether a value is an age. */
export function isAge(value: RowValue): value is Age {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a row says enough to be asked; rows that do not are left out while they are being written. */
export function isComplete(row: Row): boolean {
  if (row.path === "") return false;
  const { op, value } = row;
  if (op === "empty" || op === "notempty") return true;
  if (Array.isArray(value)) return value.length > 0;
  if (isAge(value)) return Number.isFinite(value.amount) && value.amount > 0;
  if (typeof value === "number") return Number.isFinite(value);
  if (op === "before" || op === "after") return typeof value === "string" && !Number.isNaN(Date.parse(value));
  return value !== null && value !== "";
}

/** The conditions that rows stand for; what is not complete yet is left out. */
export function fromTree(tree: Group): Conditions {
  const items = tree.items.flatMap((item): Conditions[] => {
    if (item.kind === "custom") return [item.condition];
    if (item.kind === "row") return isComplete(item) ? [fromRow(item)] : [];
    const inner = fromTree(item);
    return Object.keys(inner).length === 0 ? [] : [inner];
  });
  if (items.length === 0) return {};
  if (items.length === 1 && tree.mode === "any") return { all: items };
  return { [tree.mode]: items };
}

function fromRow({ path, op, value }: Row): Conditions {
  if (op === "empty" || op === "notempty") return { path, op };
  if (isAge(value)) return { path, op, value: { [value.unit]: value.amount } };
  if (op === "before" || op === "after") return { path, op, value: { date: new Date(value as string).toISOString() } };
  return { path, op, value: Array.isArray(value) ? [...value] : value };
}

/** A new test of a property, with the usual operator and no value yet. */
export function newRow(field: FilterField): Row {
  const op = operatorsOf(field.kind)[0] as Operator;
  return { kind: "row", path: field.path, op, value: startValue(field.kind, op) };
}

/** The row with another operator; its value stays where it still makes sense. */
export function withOperator(row: Row, kind: FieldKind, op: Operator): Row {
  const same = shapeOf(kind, row.op) === shapeOf(kind, op);
  return { ...row, op, value: same ? row.value : startValue(kind, op) };
}

function startValue(kind: FieldKind, op: Operator): RowValue {
  switch (shapeOf(kind, op)) {
    case "many":
      return [];
    case "age":
      return { amount: 7, unit: "days" };
    case "bool":
      return true;
    case "text":
      return "";
    default:
      return null;
  }
}

/**
 * Conditions for a query string, where moments are absolute: `olderthan` and `newerthan` are counted
 * back from `now` (unix milliseconds), to the minute so that pages of a list agree.
 */
export function resolveRelative(conditions: Conditions, now: number): Conditions {
  const minute = Math.floor(now / 60_000) * 60_000;
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    const condition = value as Conditions;
    if (condition["op"] === "olderthan" || condition["op"] === "newerthan") {
      const back = age(condition["value"]);
      if (back) {
        const date = new Date(minute - back.amount * UNIT_MS[back.unit]).toISOString();
        return { path: condition["path"], op: condition["op"] === "olderthan" ? "before" : "after", value: { date } };
      }
    }
    const copy: Conditions = {};
    for (const [key, inner] of Object.entries(condition)) {
      copy[key] = key === "all" || key === "any" || key === "not" ? walk(inner) : inner;
    }
    return copy;
  };
  return walk(conditions) as Conditions;
}

/** Both conditions at once. */
export function both(left: Conditions, right: Conditions): Conditions {
  if (Object.keys(left).length === 0) return right;
  if (Object.keys(right).length === 0) return left;
  return { all: [left, right] };
}

/** How many tests there are. */
export function countTests(tree: Group): number {
  return tree.items.reduce((sum, item) => {
    if (item.kind === "group") return sum + countTests(item);
    return sum + (item.kind === "custom" || isComplete(item) ? 1 : 0);
  }, 0);
}
