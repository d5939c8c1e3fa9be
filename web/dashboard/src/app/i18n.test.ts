import { describe, expect, it } from "vitest";
import { number, say, type Language } from "./i18n.svelte.ts";

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

  it.each<Language>(["en", "de"])("chooses the plural as %s does", (language) => {
    const rules = new Intl.PluralRules(language);
    for (const count of [0, 1, -1, 2, 1.5, 11, 21, 101, 1e6]) {
      expect(say({ one: "one", other: "other" }, language, { count }), String(count)).toBe(rules.select(count));
    }
  });
});

describe("number", () => {
  it.each<Language>(["en", "de"])("writes numbers as %s does", (language) => {
    const format = new Intl.NumberFormat(language);
    for (const value of [0, 7, 999, 1000, -1000, 12_345, 999_999, -1_234_567, 2 ** 53 - 1, 2 ** 60, 0.5, 1234.567, Number.NaN, Infinity]) {
      expect(number(value, language), String(value)).toBe(format.format(value));
    }
  });
});
