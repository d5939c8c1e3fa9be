// Whether a condition of the query language holds for a ticket, as far as that can be told here: the server decides.
import type { Conditions } from "../filters/conditions.ts";

/** What a reference or another value is compared as. */
function plain(value: unknown): unknown {
  if (value && typeof value === "object" && !Array.isArray(value) && "id" in value) return value.id;
  return value ?? null;
}

function at(document: unknown, path: string): unknown {
  let value = document;
  for (const step of path.split(".")) {
    if (value === null || typeof value !== "object") return null;
    value = (value as Record<string, unknown>)[step];
  }
  return plain(value);
}

/** True or false where that is certain, undefined where only the server knows. */
export function matches(conditions: Conditions, document: unknown): boolean | undefined {
  if (Array.isArray(conditions.all)) return join(conditions.all as Conditions[], document, true);
  if (Array.isArray(conditions.any)) return join(conditions.any as Conditions[], document, false);
  if (conditions.not) {
    const inner = matches(conditions.not as Conditions, document);
    return inner === undefined ? undefined : !inner;
  }
  if (typeof conditions.path === "string") return test(at(document, conditions.path), String(conditions.op), conditions.value);
  return Object.keys(conditions).length === 0 ? true : undefined;
}

function join(parts: Conditions[], document: unknown, all: boolean): boolean | undefined {
  const results = parts.map((part) => matches(part, document));
  if (results.includes(!all)) return !all;
  return results.includes(undefined) ? undefined : all;
}

function test(value: unknown, op: string, wanted: unknown): boolean | undefined {
  const values = Array.isArray(value) ? value.map(plain) : [value];
  const list = Array.isArray(wanted) ? wanted : [wanted];
  switch (op) {
    case "is":
    case "in":
      return values.some((one) => list.includes(one));
    case "isnot":
    case "notin":
      return !values.some((one) => list.includes(one));
    case "empty":
      return value === null || value === "" || (Array.isArray(value) && value.length === 0);
    case "notempty":
      return !test(value, "empty", null);
    default:
      return undefined;
  }
}
