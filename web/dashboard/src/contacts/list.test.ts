// The list of contacts, as the page asks it.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ContactList, DEFAULT_SORT } from "./list.svelte.ts";

const api = vi.hoisted(() => ({ get: vi.fn(), call: vi.fn() }));
vi.mock("../app/session.svelte.ts", () => ({ api }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("has one contact alone only while that is here", () => {
  const list = new ContactList();
  expect(list.only).toBeUndefined();
  // So many there are, but none has been read yet.
  list.total = 1;
  expect(list.only).toBeUndefined();
});

it("knows the one contact that was read", async () => {
  const ada = { id: "1", name: "Ada" };
  for (const call of [api.get, api.call]) call.mockResolvedValue({ data: [ada], entries: [ada], sessions: [ada], total: 1, totalCount: 1, headers: new Headers() });
  const list = new ContactList();
  list.ask({ conditions: { path: "plan", op: "is", value: "team" } as never, search: "", sort: DEFAULT_SORT });
  await vi.advanceTimersByTimeAsync(200);
  expect([list.total, list.only?.id]).toEqual([1, "1"]);
  list.end();
});
