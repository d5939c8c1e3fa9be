// Texts by language: what is shown, added, taken away and sent.
import { expect, test } from "vitest";
import { change, nameOf, offered, withLanguage, withoutLanguage, wordsFor, written, type Translations } from "./languages.ts";

const known: Translations = { de: { home: "Anfang", welcomeText: "Servus" }, fr: { next: "Suite" } };

test("languages with own texts are shown, and others offered", () => {
  expect(written(known)).toEqual(["de"]);
  expect(offered(written(known), "en")).not.toContain("de");
  expect(offered(written(known), "en").slice(0, 2)).toEqual(["ar", "bn"]);
  expect(nameOf("pt", "de")).toBe("Portugiesisch");
});

test("a language is added with empty texts, and taken away without its other words", () => {
  const more = withLanguage(known, "fr");
  expect(more.fr).toEqual({ next: "Suite", welcomeText: "", subtitleText: "", widgetButtonText: "" });
  expect(written(more)).toEqual(["de", "fr"]);
  expect(change(more)).toEqual({ de: known.de, fr: { next: "Suite" } });
  const less = withoutLanguage(withoutLanguage(known, "de"), "es");
  expect(change(less)).toEqual({ de: { home: "Anfang" }, fr: { next: "Suite" }, es: null });
});

test("a visitor gets its language's texts, then English ones", () => {
  const all: Translations = { en: { welcomeText: "Hi", subtitleText: "Soon" }, de: { welcomeText: "Servus", subtitleText: " " }, "de-at": { welcomeText: "Griaß di" } };
  expect(wordsFor(all, "de-at")).toEqual({ welcomeText: "Griaß di", subtitleText: "Soon" });
  expect(wordsFor(all, "ar")).toEqual({ welcomeText: "Hi", subtitleText: "Soon" });
});
