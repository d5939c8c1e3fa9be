// Pages of a conversation become one history without holes.
import { expect, test } from "vitest";
import { PAGE } from "../api/client";
import type { Message, Whole } from "../api/types";
import { withEarlier, withLatest, withWritten } from "./messages";

const message = (index: number, text = "") => ({ id: `m${index}`, index, text }) as Message;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => message(from + at));
const page = (...messages: Message[]) => ({ messages }) as Whole;
const places = (messages: Message[]) => messages.map(({ index }) => index);

test("the first page, and whether there may be more before it", () => {
  expect(withLatest(undefined, page(...range(1, 3))).hasEarlier).toBe(false);
  expect(withLatest(undefined, page(...range(1, PAGE))).hasEarlier).toBe(true);
  expect(withLatest(undefined, page())).toEqual({ messages: [], hasEarlier: false });
});

test("a later page replaces what it covers, so changes and deletions show", () => {
  const known = withLatest(undefined, page(message(1), message(2), message(4)));
  const now = withLatest(known, page(message(1), message(4, "changed"), message(5)));
  expect(places(now.messages)).toEqual([1, 4, 5]);
  expect(now.messages[1]?.text).toBe("changed");
});

test("what was loaded earlier stays in front of a full page", () => {
  const latest = withLatest(undefined, page(...range(31, 30 + PAGE)));
  const all = withEarlier(latest, page(...range(10, 30)));
  expect(places(all.messages)).toEqual(places(range(10, 30 + PAGE)));
  expect(all.hasEarlier).toBe(false);
  const next = withLatest(all, page(...range(33, 32 + PAGE)));
  expect(places(next.messages)).toEqual(places(range(10, 32 + PAGE)));
  expect(next.hasEarlier).toBe(false);
});

test("after a gap only the page stays, and what lies before can be loaded again", () => {
  const known = withLatest(undefined, page(...range(1, 3)));
  const now = withLatest(known, page(...range(50, 49 + PAGE)));
  expect(places(now.messages)).toEqual(places(range(50, 49 + PAGE)));
  expect(now.hasEarlier).toBe(true);
});

test("a written message takes its place once", () => {
  const known = withWritten(withWritten(undefined, message(2)), message(2, "again"));
  expect(known.messages.map(({ text }) => text)).toEqual(["again"]);
  expect(places(withWritten(known, message(1)).messages)).toEqual([1, 2]);
});
