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

it("says in German that nobody is signed in or a permission is missing, but not of other refusals", () => {
  i18n.language = "de";
  const said = (kind: "unauthenticated" | "forbidden" | "fault", message: string) => new ApiError(kind, message).sentence;
  expect(said("unauthenticated", "the bearer token is not valid, it may have expired or been revoked")).toBe("Sie sind nicht mehr angemeldet.");
  expect(said("unauthenticated", "the address or the password is wrong")).toBe("The address or the password is wrong.");
  expect(said("forbidden", "this needs the permission tickets.write, ask an administrator of the project for a role that has it")).toBe("Ihre Rolle erlaubt das nicht.");
  expect(said("forbidden", "only a higher role than agent may do this")).toBe("Only a higher role than agent may do this.");
  expect(said("fault", "the server's answer could not be read")).toBe("The server's answer could not be read.");
});
