// What a contact asks the server when it hears news.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../api/types";
import { Contact } from "./contact.svelte";

const conversation = (shareToken: string, lastNotification: string): Conversation => ({
  shareToken,
  type: "INQUIRY",
  title: shareToken,
  status: "OPEN",
  closed: false,
  unread: 0,
  createdAt: "2026-01-01T00:00:00.000Z",
  lastNotification,
});

/** The socket that was opened last. */
let socket: { onmessage?: (event: { data: string }) => void } | undefined;
let asked: string[];
let answers: Record<string, unknown>;

beforeEach(() => {
  asked = [];
  answers = {
    "/conversations": [conversation("a", "2026-01-02T00:00:00.000Z"), conversation("b", "2026-01-01T00:00:00.000Z")],
    "/conversations/b": { conversation: { ...conversation("b", "2026-01-03T00:00:00.000Z"), closed: true }, messages: [] },
  };
  vi.stubGlobal(
    "WebSocket",
    class {
      static readonly OPEN = 1;
      readyState = 1;
      onmessage?: (event: { data: string }) => void;
      constructor() {
        socket = this;
      }
      close(): void {}
    },
  );
  vi.stubGlobal("document", { visibilityState: "visible", addEventListener: () => {}, removeEventListener: () => {} });
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("removeEventListener", () => {});
  vi.stubGlobal("fetch", async (url: string) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    const answer = answers[pathname];
    return answer === undefined ? new Response("{}", { status: 404 }) : Response.json(answer);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A contact with its socket open, and the conversations that it was told somebody wrote in. */
async function contact(): Promise<{ contact: Contact; arrived: string[] }> {
  const arrived: string[] = [];
  const session = { apiUrl: "https://api.example.com", sdkKey: "k", data: { gleapId: "g", gleapHash: "h" } };
  const around = { ticketData: async () => undefined, named: () => {}, arrived: (token: string) => arrived.push(token) };
  const contact = new Contact(session as never, around, []);
  contact.setOpen(true);
  await vi.waitFor(() => expect(contact.list?.map((one) => one.shareToken)).toEqual(["a", "b"]));
  asked = [];
  return { contact, arrived };
}

const tell = (frame: unknown) => socket?.onmessage?.({ data: JSON.stringify(frame) });

test("a conversation that changed is asked for by itself, and takes its place in the list", async () => {
  const { contact: one, arrived } = await contact();
  tell({ name: "update", data: { a: [], u: 0, c: "b" } });
  await vi.waitFor(() => expect(one.list?.map((conversation) => conversation.shareToken)).toEqual(["b", "a"]));
  expect(one.conversation("b")?.closed).toBe(true);
  expect(asked).toEqual(["/conversations/b"]);
  expect(arrived).toEqual([]);
  one.end();
});

test("a message in a conversation that was never opened rings, and one that is gone does no harm", async () => {
  const { contact: one, arrived } = await contact();
  const written = (shareToken: string) => ({ actionType: "notification", data: { conversation: { shareToken } } });
  tell({ name: "update", data: { a: [written("b"), written("x")], u: 1 } });
  await vi.waitFor(() => expect(one.missing.has("x")).toBe(true));
  expect(asked).toEqual(["/conversations/b", "/conversations/x"]);
  expect(arrived).toEqual(["b", "x"]);
  one.end();
});

test("who types is forgotten when nothing more is heard", async () => {
  const { contact: one } = await contact();
  vi.useFakeTimers();
  const typing = (types: boolean) => tell({ name: "typing", data: { shareToken: "a", typing: types, sender: { name: "Ada", profileImageUrl: "" } } });
  typing(true);
  expect(one.typing).toEqual({ shareToken: "a", sender: { name: "Ada", profileImageUrl: "" } });
  typing(false);
  expect(one.typing).toBeUndefined();
  typing(true);
  vi.advanceTimersByTime(8_000);
  expect(one.typing).toBeUndefined();
  expect(asked).toEqual([]);
  one.end();
});
