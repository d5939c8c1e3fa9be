// What the inbox reads when it comes up: each thing once, unless something may have changed meanwhile.
import { beforeEach, afterEach, expect, it, vi } from "vitest";
import type { Project } from "../app/session.svelte.ts";

const get = vi.hoisted(() => vi.fn());
const followed = vi.hoisted(() => ({ begun: true, ready: Promise.resolve() as Promise<unknown>, stop: () => undefined }));
const told = vi.hoisted(() => ({ change: (_: { event: string }) => undefined as void }));
vi.mock("../app/session.svelte.ts", () => ({
  api: { get },
  session: { user: { id: "u" }, live: () => ({ state: "live", onState: () => () => undefined, follow: (handlers: typeof told) => Object.assign(told, handlers) && followed }) },
}));
vi.mock("./outbox.ts", () => ({ outbox: { take: async () => [] } }));

const { Inbox } = await import("./store.svelte.ts");

const paths = () => get.mock.calls.map(([path]) => path as string);
const count = (path: string) => paths().filter((one) => one === path).length;

/** Shows a list and a conversation, as the page does when it comes up. */
async function shown() {
  const inbox = new Inbox({ id: "p" } as Project);
  const conversation = inbox.conversation("t");
  conversation.shown = true;
  void conversation.open();
  inbox.use();
  inbox.list({}, "-lastNotification").list.look(0, 20);
  await vi.advanceTimersByTimeAsync(3_000);
  return inbox;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  get.mockImplementation(async (path: string) => {
    if (path === "/v3/tickets") return { tickets: [], totalCount: 0 };
    if (path === "/v3/messages") return { items: [], hasMore: false };
    if (path === "/v3/tickets/{ticketId}") return { id: "t", linkedTickets: [], tags: [] };
    return [];
  });
});

afterEach(() => {
  get.mockReset();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("reads what is shown once where following had begun before", async () => {
  followed.begun = true;
  await shown();
  expect(count("/v3/tickets")).toBe(1);
  expect(count("/v3/messages")).toBe(1);
  expect(count("/v3/teams")).toBe(1);
});

it("reads what is shown again once following has begun", async () => {
  followed.begun = false;
  followed.ready = new Promise((resolve) => setTimeout(resolve, 1_000));
  await shown();
  expect(count("/v3/tickets")).toBe(2);
  expect(count("/v3/messages")).toBe(2);
});

it("reads what is shown again for those who come back", async () => {
  followed.begun = true;
  const inbox = new Inbox({ id: "p" } as Project);
  inbox.list({}, "-lastNotification").list.look(0, 20);
  inbox.use()();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(count("/v3/tickets")).toBe(1);
  inbox.use();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(count("/v3/tickets")).toBe(2);
});

it("reads what is planned once in a while, however many replies are sent", async () => {
  followed.begun = true;
  const inbox = new Inbox({ id: "p" } as Project);
  inbox.use();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(count("/v3/scheduled-messages")).toBe(1);
  told.change({ event: "scheduled message.created" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(count("/v3/scheduled-messages")).toBe(2);
  for (let second = 0; second < 20; second++) {
    told.change({ event: "scheduled message.deleted" });
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(count("/v3/scheduled-messages")).toBe(6);
});

it("reads a list of what is planned again when that changes, and no other", async () => {
  const inbox = new Inbox({ id: "p" } as Project);
  inbox.list({}, "-lastNotification").list.look(0, 20);
  const planned = inbox.list(() => ({ path: "id", op: "in", value: inbox.planned }), "-lastNotification");
  planned.list.look(0, 20);
  await vi.advanceTimersByTimeAsync(1_000);
  get.mockClear();
  const message = { ticket: "t", createdAt: "2026-01-01T00:00:00Z", sendAt: "2026-01-02T00:00:00Z" };
  const tickets = get.getMockImplementation()!;
  get.mockImplementation(async (path: string) => (path === "/v3/scheduled-messages" ? [message] : tickets(path)));
  await inbox.readPlanned();
  await vi.advanceTimersByTimeAsync(1_000);
  await inbox.readPlanned();
  await vi.advanceTimersByTimeAsync(1_000);
  const filters = get.mock.calls.flatMap(([path, options]) => (path === "/v3/tickets" ? [JSON.parse(options.query.filter)] : []));
  expect(filters).toEqual([{ path: "id", op: "in", value: ["t"] }]);
});
