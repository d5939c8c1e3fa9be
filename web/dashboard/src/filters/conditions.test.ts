import { describe, expect, it } from "vitest";
import {
  both,
  countTests,
  emptyGroup,
  fromTree,
  isEverything,
  newRow,
  resolveRelative,
  toTree,
  withOperator,
  type Conditions,
} from "./conditions.ts";

describe("conditions and rows", () => {
  const kept: Conditions[] = [
    {},
    { all: [{ path: "plan", op: "in", value: ["pro", "team"] }] },
    { any: [{ path: "name", op: "contains", value: "ann" }, { path: "email", op: "contains", value: "ann" }] },
    { all: [{ path: "lastActivity", op: "newerthan", value: { days: 7 } }, { path: "blocked", op: "is", value: false }] },
    { all: [{ path: "createdAt", op: "after", value: { date: "2026-01-01T00:00:00.000Z" } }] },
    { all: [{ path: "a", op: "empty" }, { any: [{ path: "b", op: "gt", value: 5 }, { path: "c", op: "notempty" }] }] },
    // What the builder cannot edit stays as it was written.
    { all: [{ not: { path: "a", op: "is", value: 1 } }, { path: "b", op: "is", value: null }] },
    { all: [{ any: [{ path: "c", op: "is", value: 1 }, { all: [{ any: [{ path: "d", op: "is", value: 2 }] }] }] }] },
  ];
  for (const conditions of kept) {
    it(`keeps ${JSON.stringify(conditions)}`, () => {
      expect(fromTree(toTree(conditions))).toEqual(conditions);
    });
  }

  it("shows a single test as a row", () => {
    const test = { path: "plan", op: "is", value: "pro" };
    expect(toTree(test)).toEqual({ kind: "group", mode: "all", items: [{ kind: "row", ...test }] });
    expect(fromTree(toTree(test))).toEqual({ all: [test] });
  });

  it("shows `exists` as having a value", () => {
    expect(fromTree(toTree({ path: "email", op: "exists", value: false }))).toEqual({ all: [{ path: "email", op: "empty" }] });
  });

  it("leaves out what is not complete", () => {
    const name = newRow({ path: "name", label: "Name", kind: "text" });
    const value = newRow({ path: "value", label: "Value", kind: "number" });
    const tags = newRow({ path: "tags", label: "Tags", kind: "list" });
    const seen = { ...newRow({ path: "seen", label: "Seen", kind: "date" }), value: { amount: Number.NaN, unit: "days" as const } };
    const tree = { ...emptyGroup(), items: [name, value, tags, seen, { ...emptyGroup(), items: [name] }] };
    expect(fromTree(tree)).toEqual({});
    expect(countTests(tree)).toBe(0);
    expect(countTests(toTree({ any: [{ path: "a", op: "empty" }, { not: {} }] }))).toBe(2);
  });

  it("an `any` of one test is that test, and never nothing", () => {
    const tree = toTree({ any: [{ path: "a", op: "empty" }] });
    expect(fromTree(tree)).toEqual({ all: [{ path: "a", op: "empty" }] });
    expect(fromTree({ ...emptyGroup(), mode: "any" })).toEqual({});
    expect(isEverything({})).toBe(true);
    expect(isEverything({ all: [] })).toBe(true);
  });

  it("keeps a value over a change of operator where it makes sense", () => {
    const row = { ...newRow({ path: "name", label: "Name", kind: "text" }), value: "ann" };
    expect(withOperator(row, "text", "startswith").value).toBe("ann");
    expect(withOperator(row, "text", "empty").value).toBeNull();
    const seen = newRow({ path: "seen", label: "Seen", kind: "date" });
    expect(withOperator(seen, "date", "olderthan").value).toEqual({ amount: 7, unit: "days" });
    expect(withOperator(seen, "date", "before").value).toBeNull();
  });
});

describe("relative moments", () => {
  it("count back from now, to the minute, however deep", () => {
    const now = Date.UTC(2026, 10, 22, 12, 30, 45, 678);
    const conditions = {
      all: [
        { path: "lastActivity", op: "newerthan", value: { days: 1 } },
        { not: { path: "createdAt", op: "olderthan", value: { hours: 2 } } },
        { path: "name", op: "is", value: "olderthan" },
      ],
    };
    expect(resolveRelative(conditions, now)).toEqual({
      all: [
        { path: "lastActivity", op: "after", value: { date: "2026-11-21T12:30:00.000Z" } },
        { not: { path: "createdAt", op: "before", value: { date: "2026-11-22T10:30:00.000Z" } } },
        { path: "name", op: "is", value: "olderthan" },
      ],
    });
  });

  it("two conditions together", () => {
    expect(both({}, { a: 1 })).toEqual({ a: 1 });
    expect(both({ a: 1 }, {})).toEqual({ a: 1 });
    expect(both({ a: 1 }, { b: 1 })).toEqual({ all: [{ a: 1 }, { b: 1 }] });
  });
});
