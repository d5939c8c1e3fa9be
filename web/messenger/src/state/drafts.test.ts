// What was begun and not sent: kept for the tab, for its writer alone.
import { beforeEach, expect, test, vi } from "vitest";
import { Drafts, readKept } from "./drafts";
import type { Uploads } from "./uploads.svelte";

const FILE = { name: "a.png", url: "https://files.example/a.png" };
/** Chosen files of which one is there already. */
const uploads = { done: [FILE] } as unknown as Uploads;

/** What a browser keeps for a tab. */
let tab: Map<string, string>;

beforeEach(() => {
  tab = new Map();
  vi.stubGlobal("sessionStorage", {
    get length() {
      return tab.size;
    },
    key: (index: number) => [...tab.keys()][index] ?? null,
    getItem: (key: string) => tab.get(key) ?? null,
    setItem: (key: string, value: string) => tab.set(key, value),
    removeItem: (key: string) => tab.delete(key),
  });
});

function of(place: string): Drafts {
  const drafts = new Drafts();
  drafts.moveTo(place);
  return drafts;
}

test("the next document finds what was written, and nothing of what was sent", () => {
  const first = of("ada");
  first.note("t1", "half a sen", []);
  first.put("", { text: "", uploads });
  expect(of("ada").recall("t1")).toEqual({ text: "half a sen", files: [] });
  expect(of("ada").recall("")).toEqual({ text: "", files: [FILE] });
  first.note("t1", "", []);
  expect(of("ada").recall("t1")).toBeUndefined();
  expect(first.take("")?.uploads).toBe(uploads);
  expect(first.take("")).toBeUndefined();
});

test("a guest who gets a name keeps it, somebody else finds nothing", () => {
  const drafts = of("guest");
  drafts.note("t1", "mine", []);
  drafts.moveTo("ada");
  expect([...tab.keys()]).toEqual(["ada:t1"]);
  expect(drafts.recall("t1")).toMatchObject({ text: "mine" });
  drafts.end();
  expect(tab.size).toBe(0);
  // What is on the screen still is not kept any more.
  drafts.note("t1", "mine again", []);
  expect(tab.size).toBe(0);
});

test("what is kept is not trusted, and no storage is no harm", () => {
  for (const wrong of [null, 1, [], { text: 1, files: [] }, { text: "x" }]) expect(readKept(wrong)).toBeUndefined();
  expect(readKept({ text: "x", files: [FILE, null, { name: "b" }] })).toEqual({ text: "x", files: [FILE] });
  vi.stubGlobal("sessionStorage", undefined);
  const drafts = of("ada");
  drafts.note("t1", "mine", []);
  expect(drafts.recall("t1")).toBeUndefined();
  drafts.end();
});
