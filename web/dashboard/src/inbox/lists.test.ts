import { describe, expect, it } from "vitest";
import { conditionsOfView, ownLists, plannedList, viewList } from "./lists.ts";
import { matches } from "./matches.ts";
import type { SavedView } from "./types.ts";

const ticket = { archived: false, isSpam: false, snoozed: false, processingUser: { id: "me" }, mentions: [{ id: "me" }], type: "BUG" };
const shows = (document: object) => ownLists("me").filter((list) => matches(list.conditions, document)).map((list) => list.id);

describe("ownLists", () => {
  it("shows each ticket where it belongs", () => {
    expect(shows(ticket)).toEqual(["mine", "mentions", "all"]);
    expect(shows({ ...ticket, processingUser: null, mentions: [] })).toEqual(["unassigned", "all"]);
    expect(shows({ ...ticket, closedAt: "2026-01-01", mentions: [] })).toEqual(["closed"]);
    expect(shows({ ...ticket, snoozed: true, mentions: [] })).toEqual(["snoozed"]);
    expect(shows({ ...ticket, archived: true })).toEqual(["archived"]);
    expect(shows({ ...ticket, isSpam: true })).toEqual(["spam"]);
  });
});

describe("conditionsOfView", () => {
  it("joins list and filter on one level and leaves out what views mean anyway", () => {
    const all = ownLists("me").find((list) => list.id === "all")!;
    const tags = { path: "tags", op: "in", value: ["a"] };
    expect(conditionsOfView(all, { all: [tags] })).toEqual({
      all: [{ path: "closedAt", op: "empty" }, { path: "snoozed", op: "is", value: false }, tags],
    });
    expect(conditionsOfView(all, {}).all).toHaveLength(2);
  });
});

describe("plannedList", () => {
  it("has no more tickets than an address holds, and none of none", () => {
    const ids = Array.from({ length: 450 }, (_, at) => at.toString(16).padStart(24, "0"));
    const filter = JSON.stringify(plannedList(ids).conditions);
    expect(new URLSearchParams({ filter }).toString().length).toBeLessThan(7_000);
    expect(matches(plannedList(ids).conditions, { id: ids[0] })).toBe(true);
    expect(matches(plannedList([]).conditions, { id: ids[0] })).toBe(false);
  });
});

describe("viewList", () => {
  it("leaves out archive and spam unless the view asks for them", () => {
    const view = { id: "v", conditions: {}, dataSources: ["BUG"] } as unknown as SavedView;
    expect(matches(viewList(view).conditions, ticket)).toBe(true);
    expect(matches(viewList(view).conditions, { ...ticket, archived: true })).toBe(false);
    expect(matches(viewList(view).conditions, { ...ticket, type: "CRASH" })).toBe(false);
    const archived = { ...view, conditions: { path: "archived", op: "is", value: true } } as unknown as SavedView;
    expect(matches(viewList(archived).conditions, { ...ticket, archived: true })).toBe(true);
  });
});
