import { expect, it } from "vitest";
import { ago, short } from "./time.svelte.ts";

it("says how long ago something was, in sentences and in lists", () => {
  const now = Date.UTC(2026, 10, 23, 12);
  const before = (minutes: number) => now - minutes * 60_000;
  expect([short(before(5), now, "en"), ago(before(5), now, "en"), ago(before(5), now, "de")]).toEqual(["5 min", "5 min ago", "vor 5 min"]);
  expect([ago(before(0), now, "en"), ago(before(180), now, "en"), ago(before(3 * 1440), now, "en")]).toEqual(["now", "3 h ago", "Fri"]);
  expect(ago(undefined, now, "en")).toBe("");
});
