// What can be filtered on: a property, how its values are typed, and which tests make sense for it.

/** How the values of a property are typed. `list` holds several texts, such as tags. */
export type FieldKind = "text" | "number" | "bool" | "date" | "choice" | "list";

/** A value to choose from. */
export interface FieldOption {
  value: string | number | boolean;
  label: string;
  /** A second line, such as an address. */
  hint?: string;
}

/** A property that people can filter on. */
export interface FilterField {
  /** The path of the query language: `customData.plan`. */
  path: string;
  /** Its name for people. */
  label: string;
  kind: FieldKind;
  /** The heading it stands under in the list of properties. */
  group?: string;
  /** What it can be, for `choice`; suggestions for the others. */
  options?: FieldOption[];
}

/** The operators of the query language that the builder offers. */
export type Operator =
  | "is"
  | "isnot"
  | "in"
  | "notin"
  | "contains"
  | "notcontains"
  | "startswith"
  | "endswith"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "before"
  | "after"
  | "olderthan"
  | "newerthan"
  | "empty"
  | "notempty";

const OPERATORS: Record<FieldKind, readonly Operator[]> = {
  text: ["contains", "notcontains", "is", "isnot", "startswith", "endswith", "notempty", "empty"],
  number: ["is", "isnot", "gt", "gte", "lt", "lte", "notempty", "empty"],
  bool: ["is"],
  date: ["newerthan", "olderthan", "after", "before", "notempty", "empty"],
  choice: ["in", "notin", "notempty", "empty"],
  list: ["in", "notin", "contains"],
};

/** The tests that make sense for a kind of property, the usual one first. */
export function operatorsOf(kind: FieldKind): readonly Operator[] {
  return OPERATORS[kind];
}

/** What an operator takes beside the property. */
export type ValueShape = "none" | "text" | "number" | "bool" | "date" | "age" | "many";

/** Which input a test needs. */
export function shapeOf(kind: FieldKind, op: Operator): ValueShape {
  switch (op) {
    case "empty":
    case "notempty":
      return "none";
    case "in":
    case "notin":
      return "many";
    case "olderthan":
    case "newerthan":
      return "age";
    case "before":
    case "after":
      return "date";
    default:
      return kind === "number" ? "number" : kind === "bool" ? "bool" : "text";
  }
}
