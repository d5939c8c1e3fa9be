// Asking for the audit log.
import { expect, test, vi } from "vitest";

const call = vi.hoisted(() => vi.fn());
vi.mock("../../app/session.svelte.ts", () => ({ api: { call } }));
const { queryOf, readPage } = await import("./auditLog.ts");

const nothing = { actor: "", action: "", target: "", from: "", to: "" };

test("what is not filtered by is not asked for", () => {
  expect(Object.entries(queryOf(nothing)).filter(([, value]) => value !== undefined)).toEqual([["order", "newest"]]);
  expect(queryOf({ ...nothing, actor: "a", action: "token", target: " t " })).toMatchObject({ actor: "a", action: "token", target: "t" });
});

test("days are the reader's, and the last one is whole", () => {
  const { from, to } = queryOf({ ...nothing, from: "2026-03-05", to: "2026-03-05" });
  expect(from).toBe(new Date(2026, 2, 5).toISOString());
  expect(to).toBe(new Date(2026, 2, 6).toISOString());
  expect(queryOf({ ...nothing, from: "nonsense" }).from).toBeUndefined();
});

test("a page is read from the log that is meant, with what is behind it", async () => {
  call.mockResolvedValue({ data: [{ seq: 8 }], cursor: "8" });
  const { signal } = new AbortController();
  expect(await readPage("project", nothing, "9", signal)).toEqual({ entries: [{ seq: 8 }], cursor: "8" });
  expect(call.mock.lastCall?.slice(0, 2)).toEqual(["get", "/v3/audit-log"]);
  expect(call.mock.lastCall?.[2].query).toMatchObject({ cursor: "9", order: "newest" });
  await readPage({ organisation: "o" }, nothing, undefined, signal);
  expect(call.mock.lastCall?.[2]).toMatchObject({ path: { organisationId: "o" }, project: null });
});
