import { afterEach, expect, it } from "vitest";
import { i18n } from "./i18n.svelte.ts";
import { wordsFor } from "./validity.ts";

afterEach(() => {
  i18n.language = "en";
});

it("says what is wrong with a field in the reader's language", () => {
  i18n.language = "de";
  const said = (broken: Partial<ValidityState>, type = "text") => wordsFor({ validity: broken as ValidityState, type, min: "1", max: "9" });
  expect(said({ valueMissing: true })).toBe("Das fehlt noch");
  expect(said({ typeMismatch: true }, "url")).toBe("Das ist keine Webadresse. Sie beginnt mit https://");
  expect(said({ typeMismatch: true }, "email")).toBe("Das ist keine E-Mail-Adresse wie name@beispiel.de");
  expect([said({ rangeUnderflow: true }), said({ rangeOverflow: true })]).toEqual(["Das muss mindestens 1 sein", "Das darf höchstens 9 sein"]);
  expect([said({ badInput: true }), said({ patternMismatch: true })]).toEqual(["Das ist keine Zahl, die hier passt", "Das hat Zeichen, die hier nicht passen"]);
});
