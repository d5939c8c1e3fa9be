import { ApiError } from "@hark/api-client";
import { afterEach, expect, it } from "vitest";
import "../app/failures.ts";
import { i18n } from "../app/i18n.svelte.ts";
import { REFUSALS, sentenceOf } from "./refusals.ts";

afterEach(() => {
  i18n.language = "en";
});

it("says in the reader's language why somebody does not come in", () => {
  const wrong = new ApiError("unauthenticated", "the address or the password is wrong", { status: 401 });
  const missing = new ApiError("invalid", "`email` is missing or empty", { status: 400 });
  expect([sentenceOf(wrong), sentenceOf(missing)]).toEqual(["The address or the password is wrong.", "Email is missing or empty."]);
  i18n.language = "de";
  expect([sentenceOf(wrong), sentenceOf(missing)]).toEqual(["Die Adresse oder das Passwort ist falsch.", "Email is missing or empty."]);
});

it("knows sentences that the server says", () => {
  const files = import.meta.glob<string>("../../../../crates/hark-core/src/access/**/*.rs", { query: "?raw", import: "default", eager: true });
  // Long ones are broken over lines.
  const sources = Object.values(files).join("\n").replaceAll(/\\\n\s*/g, "");
  expect(Object.keys(REFUSALS).filter((sentence) => !sources.includes(`"${sentence}"`))).toEqual([]);
});
