// What was begun and not sent: kept for the tab, for its writer alone.
import { beforeEach, expect, test, vi } from "vitest";
import type { Attachment } from "../api/types";
import type { Session } from "../bridge/protocol";
import type { App } from "./app.svelte";
import { BESIDE_QUESTION, Drafts, readKept } from "./drafts.svelte";
import { Uploads } from "./uploads.svelte";

const FILE = { name: "a.png", url: "https://files.example/a.png" };
const PLACE = "hark-messenger:draft:https://api.example:key:";

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

function session(gleapId: string, sdkKey = "key"): Session {
  return { apiUrl: "https://api.example", sdkKey, data: { gleapId } } as unknown as Session;
}

function blank(): Drafts {
  return new Drafts((files?: Attachment[]) => new Uploads({} as App, 10, files));
}

/** Those of somebody, in a document of their own. */
function of(gleapId: string, guest?: string): Drafts {
  const drafts = blank();
  drafts.belongTo(session(gleapId), guest);
  return drafts;
}

/** Writes as somebody does on the screen. */
function write(drafts: Drafts, token: string, text: string): void {
  drafts.of(token).text = text;
  drafts.note(token);
}

test("the next document finds what was written, and nothing of what was sent", () => {
  const first = of("ada");
  write(first, "t1", "half a sen");
  first.of("").fill("", [FILE]);
  first.note("");
  expect(of("ada").of("t1").text).toBe("half a sen");
  expect(of("ada").of("").uploads.done).toEqual([FILE]);
  first.clear("t1");
  expect(of("ada").of("t1").isEmpty).toBe(true);
  write(first, "t1", "  ");
  expect([...tab.keys()]).toEqual([`${PLACE}ada:`]);
});

test("every screen of a conversation has the same one, also under its new name", () => {
  const drafts = of("ada");
  const begun = drafts.of("t1");
  begun.text = "half";
  expect(drafts.of("t1")).toBe(begun);
  drafts.clear("t1");
  expect(begun.isEmpty).toBe(true);

  write(drafts, "", "for later");
  write(drafts, BESIDE_QUESTION, "and please");
  drafts.rename(BESIDE_QUESTION, "id");
  drafts.rename("id", "t2");
  expect(drafts.of("t2").text).toBe("and please");
  expect(drafts.of(BESIDE_QUESTION).isEmpty).toBe(true);
  expect([...tab.keys()]).toEqual([`${PLACE}ada:`, `${PLACE}ada:t2`]);
  // A conversation that got its name while nothing was begun has what was begun under that name.
  drafts.rename("id", "t2");
  expect(drafts.of("t2").text).toBe("and please");
});

test("what was begun before anybody is known is kept for whoever it is, and what is kept fills what is empty", () => {
  write(of("ada"), "t1", "from before");
  const drafts = blank();
  const shown = drafts.of("t1");
  write(drafts, "", "early");
  expect(tab.size).toBe(1);
  drafts.belongTo(session("ada"));
  expect(shown.text).toBe("from before");
  expect(of("ada").of("").text).toBe("early");
});

test("a guest who gets a name keeps it, somebody else finds nothing", () => {
  const drafts = of("guest");
  write(drafts, "t1", "mine");
  drafts.of("");
  // What the person wrote under the name before, and the guest did not touch.
  tab.set(`${PLACE}ada:`, JSON.stringify({ text: "as Ada", files: [] }));
  drafts.belongTo(session("ada"));
  expect([...tab.keys()].toSorted()).toEqual([`${PLACE}ada:`, `${PLACE}ada:t1`]);
  expect(drafts.of("t1").text).toBe("mine");
  expect(drafts.of("").text).toBe("as Ada");
  drafts.end();
  expect(tab.size).toBe(0);
  // What is on the screen still is not kept any more.
  write(drafts, "t1", "mine again");
  expect(tab.size).toBe(0);
});

test("a guest who gets a name with a page keeps it, and nobody else's stays in the tab", () => {
  write(of("guest"), "t1", "mine");
  expect(of("ada", "guest").of("t1").text).toBe("mine");
  expect([...tab.keys()]).toEqual([`${PLACE}ada:t1`]);
  const other = blank();
  other.belongTo(session("guest", "other-key"));
  write(other, "t1", "elsewhere");
  expect(of("bea").of("t1").isEmpty).toBe(true);
  expect([...tab.keys()]).toEqual([`${PLACE.replace(":key:", ":other-key:")}guest:t1`]);
});

test("what is kept is not trusted, and no storage is no harm", () => {
  for (const wrong of [null, 1, [], { text: 1, files: [] }, { text: "x" }]) expect(readKept(wrong)).toBeUndefined();
  expect(readKept({ text: "x", files: [FILE, null, { name: "b" }] })).toEqual({ text: "x", files: [FILE] });
  vi.stubGlobal("sessionStorage", undefined);
  const drafts = of("ada");
  write(drafts, "t1", "mine");
  expect(of("ada").of("t1").isEmpty).toBe(true);
  drafts.end();
});
