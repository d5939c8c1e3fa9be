// Captures: what is kept while the visitor is away, and who hears of them.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Session } from "../bridge/protocol";
import "../i18n/later";
import { wordsOf } from "../i18n/words";
import { Captures, readRequest, type Around, type Place } from "./captures.svelte";

const MINUTE = 60_000;
const flow: Place = { name: "flow", flow: "f", step: 1, answers: { a: "b" } };
const talk = { name: "conversation" as const, token: "t", text: "x", files: [] };
const session = (gleapId: string) => ({ apiUrl: "https://api.example", sdkKey: "k", data: { gleapId } }) as Session;

const kept = new Map<string, string>();
beforeEach(() => {
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => {
  kept.clear();
  vi.unstubAllGlobals();
});

/** Captures in a messenger of which is noted what it is asked. */
function captures(filmId: Around["filmId"] = () => Promise.resolve("film-1"), who = "g") {
  const sent: [string, any][] = [];
  const shown: Place[] = [];
  const filmed: string[] = [];
  const bridge = { send: (name: string, data: unknown) => sent.push([name, data]) } as unknown as Around["bridge"];
  const around: Around = { bridge, say: () => wordsOf("en", {}), left: () => {}, show: (place) => shown.push(place), filmId, filmed: (token) => filmed.push(token) };
  const made = new Captures(around);
  made.meet(session(who));
  return { captures: made, sent, shown, filmed };
}

test("what was begun is kept for as long as SDKs keep a picture", () => {
  const request = { id: "r", place: flow, at: 1_000 };
  expect(readRequest(request, 1_000)).toEqual(request);
  expect(readRequest(request, 1_000 + 9 * MINUTE)).toEqual(request);
  expect(readRequest(request, 1_000 + 10 * MINUTE)).toBeUndefined();
  expect(readRequest(request, 999)).toBeUndefined();
  for (const odd of [null, "r", {}, { ...request, id: 1 }, { ...request, place: { name: "home" } }, { ...request, at: "now" }]) {
    expect(readRequest(odd, 1_000)).toBeUndefined();
  }
});

test("another document of the same contact goes on, that of another does not", () => {
  const first = captures();
  first.captures.picture(flow);
  const requestId = first.sent[0]![1].requestId as string;
  const image = { name: "capture-image", requestId, dataUrl: "data:image/jpeg;base64,x" } as const;
  const stranger = captures(undefined, "h");
  stranger.captures.hear(image);
  expect([stranger.shown, kept.size]).toEqual([[], 1]);

  const next = captures();
  next.captures.hear({ ...image, requestId: "another" });
  expect(next.shown).toEqual([]);
  next.captures.hear(image);
  expect(next.shown).toEqual([flow]);
  expect(next.captures.editing).toMatchObject({ request: requestId, place: flow });
  expect(kept.size).toBe(0);
  next.captures.finish("data:image/png;base64,y");
  expect(next.captures.ready).toEqual({ place: flow, image: "data:image/png;base64,y" });
  expect(next.sent.map(([name]) => name)).toEqual(["capture-editor", "capture-editor", "capture-done"]);
});

test("a guest who gets a name keeps what was begun", () => {
  const { captures: made, sent, shown } = captures();
  made.picture(flow);
  made.meet(session("named"));
  expect([...kept.keys()]).toEqual(["hark-messenger:capture:https://api.example:k:named"]);
  made.hear({ name: "capture-state", requestId: sent[0]![1].requestId, state: "cancelled" });
  expect([shown, kept.size, made.hasFailed]).toEqual([[flow], 0, false]);
});

test("a film is asked for under the server's id, once, and only while the visitor is there", async () => {
  const { captures: made, sent, filmed } = captures();
  await Promise.all([made.film(talk), made.film(talk)]);
  expect(sent.map(([name, data]) => [name, data.requestId, data.kind])).toEqual([["capture-start", "film-1", "recording"]]);
  made.hear({ name: "capture-state", requestId: "film-1", state: "done" });
  expect(filmed).toEqual(["t"]);

  const away = captures();
  const asked = away.captures.film(talk);
  away.captures.forget();
  away.captures.meet(session("other"));
  await asked;
  expect(away.sent).toEqual([]);

  const refused = captures(() => Promise.reject(new Error("no line")));
  await refused.captures.film(talk);
  expect([refused.captures.hasFailed, refused.sent]).toEqual([true, []]);
});

test("whoever leaves takes back what was asked for", () => {
  const { captures: made, sent } = captures();
  made.forget();
  expect(sent).toEqual([]);
  made.picture(flow);
  made.forget();
  expect(sent.map(([name]) => name)).toEqual(["capture-start", "capture-cancel"]);
  expect([kept.size, made.editing]).toEqual([0, undefined]);
});
