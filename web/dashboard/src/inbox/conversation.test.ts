// What is taken back from the server: nothing of it is lost where the answer is, and nothing is sent twice.
import { ApiError } from "@hark/api-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Outgoing } from "./conversation.svelte.ts";
import type { Inbox } from "./store.svelte.ts";
import type { Scheduled } from "./types.ts";

const server = vi.hoisted(() => ({ waiting: [] as unknown[], messages: [] as unknown[], posted: [] as unknown[], lost: 0, refused: undefined as unknown }));
const kept = vi.hoisted(() => new Map<string, { state: string }>());
vi.mock("../app/session.svelte.ts", () => ({
  session: { user: { id: "u" } },
  api: {
    get: async (path: string) => {
      if (path === "/v3/messages") return { items: server.messages, hasMore: false };
      return path === "/v3/scheduled-messages" ? server.waiting : [];
    },
    post: async (_: string, { body }: { body: unknown }) => {
      server.posted.push(body);
      return { id: "new" };
    },
    delete: async (_: string, { path }: { path: { scheduledMessageId: string } }) => {
      if (server.refused) throw server.refused;
      const there = server.waiting.some((one) => (one as Scheduled).id === path.scheduledMessageId);
      server.waiting = server.waiting.filter((one) => (one as Scheduled).id !== path.scheduledMessageId);
      if (server.lost-- > 0) throw new ApiError("timeout", "the server did not answer in time");
      if (!there) throw new ApiError("missing", "there is no such message");
    },
  },
}));
vi.mock("./outbox.ts", () => ({
  outbox: {
    keep: ({ item }: { item: { id: string; state: string } }) => Boolean(kept.set(item.id, item)),
    drop: (id: string) => void kept.delete(id),
  },
}));

const { Conversation } = await import("./conversation.svelte.ts");

const said = (text: string) => ({ type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text }] }] });
const planned = { id: "s", ticket: "t", user: "u", comment: said("See you"), sendAt: "2026-11-24T09:00:00.000Z" } as unknown as Scheduled;
const message = (createdAt: string) => ({ id: createdAt, index: 0, user: { id: "u" }, createdAt, data: { content: said("See you") }, text: "See you" });
const states = () => [...kept.values()].map((one) => one.state);

async function opened() {
  const conversation = new Conversation({ of: { project: "p" }, project: { id: "p" }, read: async () => undefined } as unknown as Inbox, "t");
  conversation.shown = true;
  await conversation.open();
  return conversation;
}

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(server, { waiting: [planned], messages: [message("2026-11-20T09:00:00.000Z")], posted: [], lost: 0, refused: undefined });
  kept.clear();
});
afterEach(() => vi.useRealTimers());

describe("What is sent later", () => {
  it("is written down while it is taken back, and goes to the composer", async () => {
    const conversation = await opened();
    const taken = conversation.unplan(planned);
    expect(states()).toEqual(["taking"]);
    expect(await taken).toBe(true);
    expect(conversation.collect().map((one) => one.text)).toEqual(["See you"]);
    expect(states()).toEqual([]);
  });

  it("goes to the composer when the answer was lost and it is gone", async () => {
    const conversation = await opened();
    server.lost = 1;
    await expect(conversation.replan(planned)).rejects.toThrow("in time");
    expect(states()).toEqual(["taking"]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(conversation.scheduled).toEqual([]);
    expect(conversation.returned.map((one) => one.text)).toEqual(["See you"]);
    expect(states()).toEqual(["back"]);
    expect(server.posted).toEqual([]);
  });

  it("is done when somebody asks again after a lost answer", async () => {
    const conversation = await opened();
    server.lost = 1;
    await expect(conversation.replan(planned)).rejects.toThrow("in time");
    expect(await conversation.replan(planned, new Date("2026-11-30T09:00:00Z"))).toBe(true);
    expect(server.posted).toMatchObject([{ comment: planned.comment, sendAt: "2026-11-30T09:00:00.000Z" }]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(conversation.returned).toEqual([]);
    expect(states()).toEqual([]);
  });

  it("is not given back as well when it was sent", async () => {
    const conversation = await opened();
    server.lost = 1;
    await expect(conversation.unplan(planned)).rejects.toThrow("in time");
    server.messages = [...server.messages, message("2026-11-24T09:00:00.100Z")];
    expect(await conversation.unplan(planned)).toBe(false);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(conversation.returned).toEqual([]);
    expect(states()).toEqual([]);
  });

  it("stays where it is when the server refuses", async () => {
    const conversation = await opened();
    server.refused = new ApiError("limited", "too many calls");
    await expect(conversation.unplan(planned)).rejects.toThrow("too many");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(conversation.scheduled).toEqual([planned]);
    expect(states()).toEqual([]);
  });

  it("is found by the next page when this one ended before the answer", async () => {
    const conversation = await opened();
    server.waiting = [];
    conversation.adopt({ id: "i", state: "taking", scheduled: "s", dueAt: planned.sendAt, text: "See you", startedAt: 0 } as Outgoing);
    await vi.advanceTimersByTimeAsync(10);
    expect(conversation.returned.map((one) => one.text)).toEqual(["See you"]);
  });
});
