// What follows notifications: what is noted as read, what other tabs and former users hear of, and what does not go round.
import type { Change } from "@hark/api-client";
import { ApiError } from "@hark/api-client";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

type Hears = { change: (change: Change) => void };

const seen = vi.hoisted(() => ({
  get: vi.fn(),
  put: vi.fn(),
  fail: vi.fn(),
  show: vi.fn(),
  hears: [] as Hears[],
  user: { id: "ada" } as { id: string } | undefined,
}));

vi.mock("@hark/ui", () => ({ toasts: { fail: seen.fail, show: seen.show } }));
vi.mock("../app/router.svelte.ts", () => ({ router: { go: vi.fn(), place: { area: "board", rest: [] } } }));
vi.mock("./text.ts", () => ({ t: (key: string) => key }));
vi.mock("../app/session.svelte.ts", () => ({
  api: { get: seen.get, put: seen.put },
  session: {
    get user() {
      return seen.user;
    },
    live: () => ({
      followUser: (_: string, hears: Hears) => {
        seen.hears.push(hears);
        return { ready: Promise.resolve(), stop: () => undefined };
      },
      joinProject: () => ({ leave: () => undefined }),
    }),
  },
}));

const project = { id: "p" } as never;
const notice = (id: string, ticket = "t") => ({ id, ticket, project: "p", reason: "personal-mention", title: "A title", createdAt: `2026-01-01T00:00:0${id}Z`, count: 1, read: false });
const page = (...list: unknown[]) => ({ notifications: list, unread: list.length, mailOnly: [] as unknown[] });

/** Everything that waits for promises is done. */
const settled = () => vi.advanceTimersByTimeAsync(0);

/** The locks of a browser, which its tabs share. */
class Locks {
  private readonly held = new Set<string>();
  async request(name: string, _: object, work: (lock: object | null) => Promise<void>): Promise<void> {
    if (this.held.has(name)) return work(null);
    this.held.add(name);
    await work({});
    this.held.delete(name);
  }
}

/** What the desktop shows. */
let shown: string[];
let watched: boolean;

// Where the machine is busy, reading the modules for the first time takes longer than a test may.
beforeAll(async () => void (await import("./notifications.svelte.ts")), 60_000);
beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  for (const mock of [seen.get, seen.put, seen.fail, seen.show]) mock.mockReset();
  seen.hears.length = 0;
  seen.user = { id: "ada" };
  [shown, watched] = [[], false];
  class Shown {
    static permission = "granted";
    onclose?: () => void;
    constructor(text: string) {
      shown.push(text);
    }
    close() {}
  }
  vi.stubGlobal("Notification", Shown);
  vi.stubGlobal("navigator", { locks: new Locks() });
  vi.stubGlobal("localStorage", { getItem: (name: string) => (name === "hark.desktop.ada" ? "yes" : null) });
  vi.stubGlobal("document", { get visibilityState() { return watched ? "visible" : "hidden"; }, hasFocus: () => watched });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A tab of its own, with modules of its own. */
async function tab() {
  vi.resetModules();
  const { notifications } = await import("./notifications.svelte.ts");
  return notifications;
}

/** Tells the newest page that follows of a piece of news, and waits until it was read. */
async function news(id: string, at = seen.hears.length - 1): Promise<void> {
  seen.hears[at]!.change({ notification: id } as unknown as Change);
  await vi.advanceTimersByTimeAsync(200);
}

test("what could not be noted as read is not noted again and again", async () => {
  const notifications = await tab();
  seen.get.mockImplementation(async () => page(notice("1")));
  seen.put.mockRejectedValue(new ApiError("invalid", "the server is away"));
  notifications.follow([project], "ada");
  await settled();
  // The page says that the conversation is on the screen whenever the list is another one, as an effect does.
  for (let round = 0; round < 5; round++) {
    notifications.seen("t");
    await settled();
  }
  expect(seen.put).toHaveBeenCalledTimes(1);
  expect(seen.fail).toHaveBeenCalledTimes(1);
  expect(notifications.list[0]).toMatchObject({ id: "1", read: false });
  // Further news are noted, with what was before.
  seen.get.mockImplementation(async () => page(notice("2"), notice("1")));
  seen.put.mockResolvedValue({ unread: 0 });
  await news("2");
  notifications.seen("t");
  await settled();
  expect(seen.put).toHaveBeenCalledTimes(2);
  expect([notifications.unread, notifications.list.every((one) => one.read)]).toEqual([0, true]);
});

test("a conversation that is looked at needs no mail", async () => {
  const notifications = await tab();
  seen.get.mockResolvedValue({ ...page(), mailOnly: [{ id: "1", ticket: "t" }] });
  seen.put.mockResolvedValue({ unread: 0 });
  notifications.follow([project], "ada");
  await settled();
  notifications.seen("another");
  expect(seen.put).not.toHaveBeenCalled();
  notifications.seen("t");
  await settled();
  notifications.seen("t");
  expect(seen.put.mock.calls.map(([, options]) => options.body)).toEqual([{ ticket: "t" }]);
});

test("what was asked for by a user who signed out is shown to nobody", async () => {
  const notifications = await tab();
  let answer: (page: unknown) => void = () => undefined;
  seen.get.mockImplementationOnce(async () => page());
  const end = notifications.follow([project], "ada");
  await settled();
  seen.get.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  await news("1");
  end();
  seen.user = { id: "bob" };
  seen.get.mockImplementation(async () => page());
  notifications.follow([project], "bob");
  await settled();
  // Bob looks at the page when the answer comes.
  watched = true;
  answer(page(notice("1")));
  await vi.advanceTimersByTimeAsync(1_000);
  expect([notifications.list, notifications.unread, shown]).toEqual([[], 0, []]);
  expect(seen.show).not.toHaveBeenCalled();
});

test("what waits to be told when its user signs out is told to nobody", async () => {
  const notifications = await tab();
  seen.get.mockImplementation(async () => page(notice("1")));
  notifications.follow([project], "ada");
  await settled();
  await news("1");
  seen.user = { id: "bob" };
  vi.stubGlobal("localStorage", { getItem: () => "yes" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(shown).toEqual([]);
});

test("one tab tells of what came, and none of what another shows", async () => {
  seen.get.mockImplementation(async () => page(notice("1")));
  const [first, second] = [await tab(), await tab()];
  first.follow([project], "ada");
  second.follow([project], "ada");
  await settled();
  // Nobody looks at either.
  for (const hears of seen.hears) hears.change({ notification: "1" } as unknown as Change);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(shown).toHaveLength(1);
  // The first is looked at: it shows a line, and the second tells of nothing, though it hears of it a little later.
  seen.get.mockImplementation(async () => page(notice("2"), notice("1")));
  watched = true;
  await news("2", 0);
  watched = false;
  await news("2", 1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(seen.show).toHaveBeenCalledTimes(1);
  expect(shown).toHaveLength(1);
});
