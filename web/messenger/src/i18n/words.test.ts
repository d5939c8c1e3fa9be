// Words and times in the visitor's language.
import { expect, test } from "vitest";
import { ago, clock, day } from "../lib/time";
import { de } from "./de";
import { en } from "./en";
import "./later";
import { laterDe } from "./later.de";
import { laterEn } from "./later.en";
import { base, localeOf, wordsOf, type Word } from "./words";

test("every language has the placeholders of English", () => {
  const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  const [english, german] = [{ ...en, ...laterEn }, { ...de, ...laterDe }];
  for (const word of Object.keys(english) as Word[]) expect(holes(german[word]), word).toEqual(holes(english[word]));
});

test("a region falls back to its language, and that to English; the project's words come first", () => {
  expect(wordsOf("de-ch", {})("send")).toBe("Senden");
  expect(wordsOf("fr", {})("send")).toBe("Send");
  expect(wordsOf("fr", { send: "Envoyer", home: "", back: 4 })("send")).toBe("Envoyer");
  expect(wordsOf("fr", { home: "" })("home")).toBe("Home");
  expect(wordsOf("en", {})("typing", { name: "Ada" })).toBe("Ada is typing");
  expect(base("pt_BR")).toBe("pt");
  expect(localeOf("de_CH")).toBe("de-CH");
  expect(localeOf("not a language")).toBe("en");
});

test("clocks and dates follow the region of the visitor, in the language that is spoken", () => {
  expect(localeOf("en", ["de-DE", "en-GB", "en-US"])).toBe("en-GB");
  expect(localeOf("en-us", ["en-GB"])).toBe("en-US");
  expect(localeOf("en", ["de-DE"])).toBe("en");
  expect(localeOf("en", ["en-not-one"])).toBe("en");
  expect(clock("2026-05-10T17:05:00.000Z", localeOf("en", ["en-GB"]))).not.toMatch(/[AP]M/i);
});

test("times are said as people say them", () => {
  const say = wordsOf("en", {});
  const now = Date.parse("2026-05-10T12:00:00.000Z");
  const past = (ms: number) => ago(new Date(now - ms).toISOString(), "en", say, now);
  expect(past(5_000)).toBe("now");
  expect(past(-5_000)).toBe("now");
  expect(past(5 * 60_000)).toMatch(/5/);
  expect(past(26 * 3_600_000)).toBe("yesterday");
  expect(past(400 * 86_400_000)).toMatch(/2025/);
  expect(ago("never", "en", say, now)).toBe("");
  const noon = new Date(2026, 4, 10, 12).getTime();
  expect(day(new Date(2026, 4, 10, 1).toISOString(), "en", say, noon)).toBe("Today");
  expect(day(new Date(2026, 4, 9, 23).toISOString(), "en", say, noon)).toBe("Yesterday");
  expect(day(new Date(2024, 0, 1).toISOString(), "en", say, noon)).toMatch(/2024/);
});
