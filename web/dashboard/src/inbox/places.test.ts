// The inbox over all projects hears of what changes in each, also in those that it does not follow.
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const get = vi.hoisted(() => vi.fn());
vi.mock("../app/session.svelte.ts", () => ({
  api: { get },
  session: {
    user: { id: "u" },
    projects: Array.from({ length: 25 }, (_, number) => ({ id: `p${number}` })),
    live: () => ({ state: "live", onState: () => () => undefined, follow: () => ({ begun: true, ready: Promise.resolve(), stop: () => undefined }) }),
  },
}));
vi.mock("./outbox.ts", () => ({ outbox: { take: async () => [] } }));

const { Places } = await import("./places.svelte.ts");

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("a list over all projects is read again after a change in one of many", async () => {
  const tickets = [{ id: "near", project: "p0" }, { id: "far", project: "p24" }].map((one) => ({ ...one, tags: [], linkedTickets: [], updatedAt: "2026-01-01T00:00:00.000Z" }));
  get.mockImplementation(async (path: string) => (path === "/v3/users/unified-inbox" ? { tickets, totalCount: tickets.length } : []));
  const reads = () => get.mock.calls.filter(([path]) => path === "/v3/users/unified-inbox").length;
  const places = new Places(undefined);
  const { list, close } = places.everywhere();
  list.look(0, 20);
  await vi.advanceTimersByTimeAsync(3_000);
  expect([list.known, list.trouble]).toEqual([["near", "far"], ""]);

  for (const id of ["near", "far"]) {
    const before = reads();
    places.of(id).refresh();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(reads(), id).toBeGreaterThan(before);
  }

  close();
  const before = reads();
  places.of("far").refresh();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(reads()).toBe(before);
});
