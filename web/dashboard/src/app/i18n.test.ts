import { describe, expect, it } from "vitest";
import { say } from "./i18n.svelte.ts";

describe("say", () => {
  it("fills places and leaves unknown ones", () => {
    expect(say("{who} in {what}", "en", { who: "Ada" })).toBe("Ada in {what}");
  });

  it("chooses the plural and writes numbers as the language does", () => {
    const text = { one: "{count} ticket", other: "{count} tickets" };
    expect(say(text, "en", { count: 1 })).toBe("1 ticket");
    expect(say(text, "en", { count: 1200 })).toBe("1,200 tickets");
    expect(say(text, "de", { count: 1200 })).toBe("1.200 tickets");
  });
});
