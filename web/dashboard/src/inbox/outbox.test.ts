import { describe, expect, it } from "vitest";
import type { Outgoing } from "./conversation.svelte.ts";
import { Outbox, type Kept } from "./outbox.ts";

/** What a browser keeps, for all its pages. */
function shelf(): Storage {
  const map = new Map<string, string>();
  return {
    get length() {
      return map.size;
    },
    key: (at) => [...map.keys()][at] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
    clear: () => map.clear(),
  };
}

/** The locks of a browser; `close` is what the end of a page does. */
function locks() {
  const taken = new Map<string, object>();
  const page = () => {
    const own = {};
    return {
      close: () => taken.forEach((owner, name) => owner === own && taken.delete(name)),
      request: async (name: string, _: unknown, use: (lock: unknown) => unknown) => {
        if (taken.has(name)) return use(null);
        taken.set(name, own);
        await use({ name });
        taken.delete(name);
      },
    };
  };
  return page;
}

const kept = (id: string, more: Partial<Kept> = {}, startedAt = Date.now()): Kept => ({
  user: "ada",
  project: "p",
  ticket: "t",
  item: { id, text: id, content: id, note: false, attachments: [], state: "failed", startedAt } as Outgoing,
  ...more,
});
const ids = (list: Kept[]) => list.map((one) => one.item.id);

describe("Outbox", () => {
  it("gives the next page what the last one left, oldest first, and only to whom it belongs", async () => {
    const store = shelf();
    const page = locks();
    const first = page();
    const before = new Outbox(store, first as never);
    before.keep(kept("second", {}, Date.now() - 10));
    before.keep(kept("first", {}, Date.now() - 20));
    before.keep(kept("other project", { project: "q" }));
    before.keep(kept("of somebody else", { user: "eve" }));
    before.keep(kept("sent meanwhile"));
    before.drop("sent meanwhile");
    await Promise.resolve();
    first.close();
    const after = new Outbox(store, page() as never);
    expect(ids(await after.take("ada", "p"))).toEqual(["first", "second"]);
    expect(after.waits).toBe(true);
  });

  it("leaves to another page what that page sends", async () => {
    const store = shelf();
    const page = locks();
    const one = new Outbox(store, page() as never);
    one.keep(kept("mine"));
    const two = new Outbox(store, page() as never);
    expect(await two.take("ada", "p")).toEqual([]);
    expect(two.waits).toBe(false);
    expect(ids(await one.take("ada", "p"))).toEqual(["mine"]);
  });

  it("waits until everything is sent or taken back", () => {
    const outbox = new Outbox(shelf(), undefined);
    expect(outbox.waits).toBe(false);
    expect(outbox.keep(kept("one"))).toBe(true);
    expect(outbox.waits).toBe(true);
    outbox.drop("one");
    expect(outbox.waits).toBe(false);
  });

  it("says so where nothing can be kept, and forgets what is a week old", async () => {
    const full = Object.assign(shelf(), { setItem: () => { throw new Error("full"); } });
    expect(new Outbox(full, undefined).keep(kept("one"))).toBe(false);
    const store = shelf();
    new Outbox(store, undefined).keep(kept("old", {}, Date.now() - 8 * 24 * 3_600_000));
    expect(await new Outbox(store, undefined).take("ada", "p")).toEqual([]);
    expect(store.length).toBe(0);
  });
});
