// Reading and filtering the audit log.
import { expect, test, vi } from "vitest";

const call = vi.hoisted(() => vi.fn());
vi.mock("../../app/session.svelte.ts", () => ({ api: { call } }));
const { kindOf, newest, readOn } = await import("./auditLog.ts");

const entry = (seq: number, action: string, actor = "user:a", at = seq * 86_400_000) => ({ seq, action, actor, at, createdAt: "", hash: "" });

test("all pages are read, and later only what is new", async () => {
  call.mockResolvedValueOnce({ data: [entry(1, "a.b")], cursor: "1" }).mockResolvedValueOnce({ data: [entry(2, "a.b")] });
  const { signal } = new AbortController();
  const known = await readOn("project", [], signal);
  expect(known.map(({ seq }) => seq)).toEqual([1, 2]);
  call.mockResolvedValueOnce({ data: [entry(3, "a.b")] });
  expect(await readOn("project", known, signal)).toHaveLength(3);
  expect(call.mock.lastCall?.[2].query.cursor).toBe("2");
});

test("filters leave what fits, the newest first", () => {
  const all = [entry(1, "token.created"), entry(2, "tokens.revoked", "user:b"), entry(3, "role.created"), entry(4, "token.created", "system")];
  const filter = { actor: "", kind: "", from: "", to: "" };
  const seqs = (more: object) => newest(all, { ...filter, ...more }).map(({ seq }) => seq);
  expect(seqs({})).toEqual([4, 3, 2, 1]);
  expect(seqs({ kind: "token" })).toEqual([4, 2, 1]);
  expect(seqs({ actor: "b" })).toEqual([2]);
  expect(newest([entry(1, "a", "x", new Date("2026-03-05T12:00").getTime())], { ...filter, from: "2026-03-05", to: "2026-03-05" })).toHaveLength(1);
  expect(newest([entry(1, "a", "x", new Date("2026-03-06T00:00").getTime())], { ...filter, to: "2026-03-05" })).toHaveLength(0);
});

test("kinds have one name, however actions spell them", () => {
  expect([kindOf("tickets.archived"), kindOf("ticketType.created"), kindOf("member.added")]).toEqual(["ticket", "ticketType", "member"]);
});
