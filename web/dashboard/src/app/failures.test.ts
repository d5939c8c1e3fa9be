import { ApiError } from "@hark/api-client";
import { afterEach, expect, it } from "vitest";
import "./failures.ts";
import { i18n } from "./i18n.svelte.ts";

afterEach(() => {
  i18n.language = "en";
});

it("says in German what has nothing to do with the input, and leaves the rest to the server", () => {
  const away = new ApiError("offline", "the server cannot be reached");
  const broken = new ApiError("fault", "the disk is full", { status: 500 });
  const wrong = new ApiError("invalid", "`name` is missing or empty", { status: 400 });
  expect([away.sentence, broken.sentence, wrong.sentence]).toEqual(["The server cannot be reached.", "The disk is full.", "Name is missing or empty."]);
  i18n.language = "de";
  expect([away.sentence, broken.sentence, wrong.sentence]).toEqual([
    "Der Server ist nicht erreichbar.",
    "Der Server konnte es nicht ausführen (500).",
    "Name is missing or empty.",
  ]);
});
