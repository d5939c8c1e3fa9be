import { ApiError } from "@hark/api-client";
import { afterEach, beforeAll, expect, it } from "vitest";
import deTable from "../locales/de/refusals.ts";
import enTable from "../locales/en/refusals.ts";
import { ready, translated } from "./failures.ts";
import { i18n } from "./i18n.svelte.ts";
import { inWords, patternOf } from "./refusals.ts";

const STATUS = { offline: 0, timeout: 0, unauthenticated: 401, forbidden: 403, missing: 404, conflict: 409, invalid: 400, limited: 429, fault: 500 };
/** What is said of the server's refusals. */
const said = (kind: keyof typeof STATUS, message: string) => new ApiError(kind, message, { status: STATUS[kind] }).sentence;

beforeAll(ready);
afterEach(() => {
  i18n.language = "en";
});

it("says what has nothing to do with the input in words of its own", () => {
  i18n.language = "de";
  expect(said("offline", "the server cannot be reached")).toBe("Der Server ist nicht erreichbar.");
  expect(said("fault", "the disk is full")).toBe("Der Server konnte es nicht ausführen (500).");
  expect(said("limited", "too many calls")).toBe("Das war zu viel auf einmal. Versuchen Sie es gleich noch einmal.");
});

it("says the server's refusals in German, with the names that people know and numbers as they are written", () => {
  i18n.language = "de";
  const told: [keyof typeof STATUS, string, string][] = [
    ["invalid", "`name` is missing or empty", "„Name“ fehlt oder ist leer."],
    ["invalid", "`flowConfig.welcomeText` is longer than 12000 characters", "„Begrüßung“ hat mehr als 12.000 Zeichen."],
    ["invalid", "`strange[2].thing` is missing or empty", "Diese Angabe fehlt oder ist leer."],
    ["unauthenticated", "the address or the password is wrong", "Die Adresse oder das Passwort ist falsch."],
    ["unauthenticated", "the bearer token is not valid, it may have expired or been revoked", "Sie sind nicht mehr angemeldet."],
    ["forbidden", "this needs the permission tickets.write, ask an administrator of the project for a role that has it", "Ihre Rolle erlaubt das nicht."],
    ["missing", "no ticket with the id 0123456789abcdef01234567", "Das gibt es nicht mehr, oder Sie dürfen es nicht sehen."],
    ["conflict", "another team already has this name", "Das gibt es schon: Wählen Sie etwas anderes."],
    ["conflict", "another role already has this alias", "Eine andere Rolle hat diesen Kurznamen schon."],
    ["limited", "all database connections are busy, repeat the call", "Der Server ist gerade ausgelastet. Versuchen Sie es gleich noch einmal."],
    // A refusal within another one.
    ["invalid", "`projectActions.order`: question `kind`: `options` has between 1 and 60 entries", "Frage „kind“: Zwischen 1 und 60 Antworten sind möglich."],
  ];
  expect(told.map(([kind, message]) => said(kind, message))).toEqual(told.map(([, , german]) => german));
});

it("keeps what has no translation as a detail, behind what is wrong and where", () => {
  i18n.language = "de";
  const kinds = ["unauthenticated", "forbidden", "conflict", "invalid"] as const;
  for (const kind of kinds) expect(said(kind, "the moon is in the way")).toMatch(/^(Das|So) .+ Der Server sagt dazu: the moon is in the way\.$/);
  expect(said("missing", "there is nothing at this path, see /docs")).toBe("Das gibt es nicht mehr, oder Sie dürfen es nicht sehen.");
  expect(said("invalid", "`timezone` is on the moon")).toBe("„Zeitzone“ wird so nicht angenommen. Der Server sagt dazu: timezone is on the moon.");
});

it("leaves English to the server, without names of properties and paths", () => {
  const told = [
    ["`clientSecret` is missing, another provider or client has another one", "Client secret is missing, another provider or client has another one."],
    ["`strange` is missing or empty", "Strange is missing or empty."],
    ["say `name: key` in `color`", "Say name: key in colour."],
    ["send your api key in the header `Authorization: Bearer <api key>`", "You are not signed in any more."],
    ["there is no password to change, set one with the code from /v3/users/forgot-password", "This account has no password yet. Set one with “Forgot password”."],
  ];
  expect(told.map(([message]) => said("invalid", message!))).toEqual(told.map(([, english]) => english));
});

it("says what the page makes up itself as it is", () => {
  i18n.language = "de";
  expect(new ApiError("conflict", "jemand war schneller").sentence).toBe("Jemand war schneller.");
});

it("translates sentences within an answer as well", () => {
  i18n.language = "de";
  expect(translated("the moon is in the way")).toBe("the moon is in the way");
  expect(translated("the row has 3 columns, the head has 4")).toBe("Die Zeile hat 3 Spalten, die erste Zeile 4");
});

it("waits for its words before a refusal is thrown, and knows the property that is taken", async () => {
  i18n.language = "de";
  const body = JSON.stringify({ message: "another project already has this name", error: {} });
  const error = await ApiError.of(new Response(body, { status: 409 }));
  expect([error.field, error.sentence]).toEqual(["name", "Das gibt es schon: Wählen Sie etwas anderes."]);
});

it("fills every gap of a sentence, and only those that there are", () => {
  const wrong = Object.entries({ ...enTable, ...deTable }).filter(([sentence, text]) => {
    const gaps = patternOf(sentence).gaps;
    return new Set(gaps).size < gaps.length || [...text.matchAll(/\{(\w+)\}/g)].some(([, gap]) => !gaps.includes(gap!));
  });
  expect(wrong).toEqual([]);
});

it("knows sentences that the server says", () => {
  const files = import.meta.glob<string>("../../../../crates/*/src/**/*.rs", { query: "?raw", import: "default", eager: true });
  // Long ones are broken over lines; gaps have other names there.
  const sources = Object.values(files).join("\n").replaceAll(/\\\n\s*/g, "").replaceAll(/\{[^{}\n"]*\}/g, "{}");
  const there = (sentence: string) => sources.includes(`${sentence.replaceAll(/\{\w+\}/g, "{}")}`);
  const all = [...new Set([...Object.keys(enTable), ...Object.keys(deTable)])];
  const strange = all.filter((sentence) => {
    if (there(sentence)) return false;
    // The name of a property may be in front of it or in it, and what is missing or taken is part of the sentence.
    const rest = sentence.replace(/^`(\{\w+\}|projectActions\.\{id\})`:? /, "");
    const gap = sentence.replace(/^(another|no) (.+?) (already has this|with the id) .+$/, "$1 {} $3 {}");
    const named = new RegExp(patternOf(sentence).pattern.source.slice(1, -1).replace(/^`\(\[\^\]\+\?\)`/, "`\\w+`").replaceAll("[^]+?", '[^"\\n]+?'));
    return !(rest !== sentence && (rest === "{problem}" || there(rest))) && !there(gap) && !named.test(sources);
  });
  expect(strange).toEqual([]);
});

it("finds the narrower of two that fit", () => {
  expect(inWords("no invitation with the id of this link, ask for a new one", "de")).toBe("Diese Einladung gilt nicht mehr. Bitten Sie um eine neue");
});
