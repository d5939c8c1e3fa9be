import { ApiError } from "@hark/api-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Draft } from "./drafts.svelte.ts";

const server = vi.hoisted(() => ({ draft: undefined as unknown, away: false, slow: 0, reading: undefined as Promise<unknown> | undefined }));
vi.mock("../app/session.svelte.ts", () => {
  const reached = async (slow = 0) => {
    if (server.away) throw new ApiError("offline", "the server cannot be reached");
    if (slow) await new Promise((resolve) => setTimeout(resolve, slow));
  };
  return {
    api: {
      get: async () => {
        await reached(1);
        const there = server.draft;
        await server.reading;
        return there ? [there] : [];
      },
      put: async (_: string, { body }: { body: unknown }) => {
        await reached(server.slow);
        server.draft = body;
      },
      delete: async () => {
        await reached();
        server.draft = undefined;
      },
    },
  };
});

const { Drafts, sameDraft } = await import("./drafts.svelte.ts");

const of = (comment: string, more: Partial<Draft> = {}): Draft => ({ comment, isNote: false, attachments: [], ...more });
let shown: Draft | undefined;
/** What a composer has when it opens. */
async function opened() {
  const drafts = new Drafts({ user: "u", ticket: "t", of: { project: "p" } }, () => shown);
  const reading = drafts.begin();
  await vi.advanceTimersByTimeAsync(10);
  const begun = await reading;
  shown = begun.draft;
  if (begun.stale) drafts.now();
  await vi.advanceTimersByTimeAsync(1);
  return drafts;
}
const write = (drafts: InstanceType<typeof Drafts>, draft: Draft | undefined) => {
  shown = draft;
  drafts.soon();
};
const free = () => true;
async function looked(drafts: InstanceType<typeof Drafts>) {
  const newer = drafts.newer(free);
  await vi.advanceTimersByTimeAsync(10);
  return newer;
}

beforeEach(() => {
  vi.useFakeTimers();
  const map = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  });
  Object.assign(server, { draft: undefined, away: false, slow: 0, reading: undefined });
  shown = undefined;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("two drafts are the same when they say the same among the same people", () => {
  expect(sameDraft(of("a"), { comment: "a" })).toBe(true);
  expect(sameDraft(of("a"), of("a", { isNote: true }))).toBe(false);
  expect(sameDraft(of("a"), of("a", { attachments: [{ name: "n", url: "/f" }] }))).toBe(false);
  expect(sameDraft(of("a"), undefined)).toBe(false);
  expect(sameDraft(undefined, undefined)).toBe(true);
});

describe("A draft", () => {
  it("is kept after a moment", async () => {
    const drafts = await opened();
    write(drafts, of("a"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.draft).toEqual(of("a"));
    expect(drafts.state).toBe("kept");
  });

  it("takes over what became of it elsewhere: a note of it, a file, or that it is gone", async () => {
    const drafts = await opened();
    write(drafts, of("a"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await looked(drafts)).toBeUndefined();
    for (const next of [of("a", { isNote: true }), of("a", { attachments: [{ name: "n", url: "/f" }] })]) {
      server.draft = next;
      expect(await looked(drafts)).toEqual({ draft: next });
      shown = next;
    }
    server.draft = undefined;
    expect(await looked(drafts)).toEqual({ draft: undefined });
    expect(drafts.state).toBe("no");
  });

  it("stays as it is without an answer", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    const drafts = await opened();
    write(drafts, of("a"));
    await vi.advanceTimersByTimeAsync(1_000);
    server.away = true;
    expect(await looked(drafts)).toBeUndefined();
  });

  it("is not replaced by an older state of itself that is still being kept", async () => {
    const drafts = await opened();
    server.slow = 3_000;
    write(drafts, of("a"));
    await vi.advanceTimersByTimeAsync(1_000);
    write(drafts, of("ab"));
    // The second waits behind the first and the third behind that, while somebody looks.
    await vi.advanceTimersByTimeAsync(2_950);
    const newer = drafts.newer(free);
    write(drafts, of("abc"));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await newer).toBeUndefined();
    expect(server.draft).toEqual(of("abc"));
  });

  it("is not replaced where something was written while the server was asked", async () => {
    const drafts = await opened();
    server.draft = of("elsewhere");
    let answer: (value: unknown) => void = () => undefined;
    server.reading = new Promise((resolve) => (answer = resolve));
    const newer = drafts.newer(free);
    await vi.advanceTimersByTimeAsync(1);
    shown = of("here");
    drafts.now();
    answer(undefined);
    expect(await newer).toBeUndefined();
  });

  it("that was sent does not come back when the server could not be told, neither here nor on the next page", async () => {
    for (const reopened of [false, true]) {
      let drafts = await opened();
      write(drafts, of("sent"));
      await vi.advanceTimersByTimeAsync(1_000);
      server.away = true;
      shown = undefined;
      drafts.now();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(drafts.state).toBe("no");
      server.away = false;
      if (reopened) drafts = await opened();
      else expect(await looked(drafts)).toBeUndefined();
      await vi.advanceTimersByTimeAsync(1_000);
      expect([shown, server.draft]).toEqual([undefined, undefined]);
    }
  });

  it("of another device stays where one was sent that the server could not be told of", async () => {
    let drafts = await opened();
    write(drafts, of("sent"));
    await vi.advanceTimersByTimeAsync(1_000);
    server.away = true;
    shown = undefined;
    drafts.now();
    await vi.advanceTimersByTimeAsync(1_000);
    server.away = false;
    server.draft = of("new");
    drafts = await opened();
    expect(shown).toEqual(of("new"));
    expect(server.draft).toEqual(of("new"));
  });

  it("that the server could not be given is kept here", async () => {
    const drafts = await opened();
    server.away = true;
    write(drafts, of("half"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(drafts.state).toBe("failed");
    server.away = false;
    shown = undefined;
    await opened();
    expect(shown).toEqual(of("half"));
    expect(server.draft).toEqual(of("half"));
  });
});
