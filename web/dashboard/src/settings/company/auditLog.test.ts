// Asking for the audit log.
import { afterEach, expect, test, vi } from "vitest";
import { i18n } from "../../app/i18n.svelte.ts";
import en from "../../locales/en/audit.ts";

const call = vi.hoisted(() => vi.fn());
vi.mock("../../app/session.svelte.ts", () => ({ api: { call } }));
const { deed, KINDS, queryOf, readPage } = await import("./auditLog.ts");

const nothing = { actor: "", action: "", target: "", from: "", to: "" };

test("what is not filtered by is not asked for", () => {
  expect(Object.entries(queryOf(nothing)).filter(([, value]) => value !== undefined)).toEqual([["order", "newest"]]);
  expect(queryOf({ ...nothing, actor: "a", action: "token", target: " t " })).toMatchObject({ actor: "a", action: "token", target: "t" });
});

test("days are the reader's, and the last one is whole", () => {
  const { from, to } = queryOf({ ...nothing, from: "2026-03-05", to: "2026-03-05" });
  expect(from).toBe(new Date(2026, 2, 5).toISOString());
  expect(to).toBe(new Date(2026, 2, 6).toISOString());
  expect(queryOf({ ...nothing, from: "nonsense" }).from).toBeUndefined();
});

test("a page is read from the log that is meant, with what is behind it", async () => {
  call.mockResolvedValue({ data: [{ seq: 8 }], cursor: "8" });
  const { signal } = new AbortController();
  expect(await readPage("project", nothing, "9", signal)).toEqual({ entries: [{ seq: 8 }], cursor: "8" });
  expect(call.mock.lastCall?.slice(0, 2)).toEqual(["get", "/v3/audit-log"]);
  expect(call.mock.lastCall?.[2].query).toMatchObject({ cursor: "9", order: "newest" });
  await readPage({ organisation: "o" }, nothing, undefined, signal);
  expect(call.mock.lastCall?.[2]).toMatchObject({ path: { organisationId: "o" }, project: null });
});

afterEach(() => {
  i18n.language = "en";
});

test("actions are said in sentences, and those of newer servers still are", () => {
  expect(deed("token.created")).toBe("created an API key");
  i18n.language = "de";
  expect(deed("token.created")).toBe("hat einen API-Schlüssel angelegt");
  expect(deed("moon.painted")).toBe("hat etwas getan, wofür diese Fassung keine Worte hat: moon.painted");
});

/** Looks like an action where the server writes the log, and is none: files, events and jobs. */
const OTHERS = /\.(csv|json|txt|com|updated|deliver|test|archive)$|^(contact|message|ticket)\.created$|^(ticket\.(merged|unmerged)|agent\.changed)$/;

test("every action that the server writes has a sentence, and can be asked for", () => {
  const files = import.meta.glob<string>("../../../../../crates/hark-{api,core}/src/**/*.rs", { query: "?raw", import: "default", eager: true });
  const written = new Set<string>();
  for (const [name, whole] of Object.entries(files)) {
    const source = whole.split("#[cfg(test)]")[0]!;
    if (name.includes("/testing/")) continue;
    // Resources write for themselves what happens to them.
    for (const [, kind] of source.matchAll(/audited: Some\("(\w+)"\)/g)) for (const what of ["created", "changed", "deleted"]) written.add(`${kind}.${what}`);
    if (!/\baudit(_in)?\(|audit::\w+\(|noted\(tx/.test(source)) continue;
    for (const [, action] of source.matchAll(/"([a-zA-Z_]+(?:\.[a-zA-Z_]+)+)"/g)) if (!OTHERS.test(action!) || action === "user.updated") written.add(action!);
  }
  expect(written.size).toBeGreaterThan(50);
  expect([...written].filter((action) => !Object.hasOwn(en, action))).toEqual([]);
  expect([...written].filter((action) => !KINDS.some((kind) => action.startsWith(kind)))).toEqual([]);
  // And none is kept that no server writes any more.
  expect(Object.keys(en).filter((action) => action !== "unknown" && !written.has(action))).toEqual([]);
});
