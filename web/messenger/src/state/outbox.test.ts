// What waits is sent in order, survives, and is never sent under two names.
import { beforeEach, expect, test, vi } from "vitest";
import { Failure } from "../api/client";
import type { Draft, Written } from "../api/types";
import { Outbox } from "./outbox";

class Store {
  private readonly map = new Map<string, string>();
  get length(): number {
    return this.map.size;
  }
  key = (index: number) => [...this.map.keys()][index] ?? null;
  getItem = (key: string) => this.map.get(key) ?? null;
  setItem = (key: string, value: string) => void this.map.set(key, value);
  removeItem = (key: string) => void this.map.delete(key);
}

/** A server that knows what it took by id, like ours, and may lose its answers. */
class Server {
  readonly log: string[] = [];
  readonly conversations = new Map<string, string[]>();
  answers: (Failure | "lost")[] = [];

  open = async (draft: Draft) => this.take(`token-${draft.id}`, draft);
  write = async (token: string, draft: Draft) => {
    if (!this.conversations.has(token)) throw new Failure(404, "no such conversation");
    return this.take(token, draft);
  };

  private take(token: string, draft: Draft): Written {
    const failure = this.answers.shift();
    this.log.push(draft.comment);
    if (failure instanceof Failure) throw failure;
    const ids = this.conversations.get(token) ?? [];
    if (!ids.includes(draft.id)) ids.push(draft.id);
    this.conversations.set(token, ids);
    if (failure === "lost") throw new Failure(0, "lost");
    return { conversation: { shareToken: token }, message: { id: draft.id } } as unknown as Written;
  }
}

let store: Store;
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  store = new Store();
  vi.stubGlobal("localStorage", store);
});

function outbox(server: Server) {
  const sent: string[] = [];
  const box = new Outbox(server, "place", (_, waited) => sent.push(waited.comment), () => {});
  return { box, sent };
}

test("a conversation opens, and what was written meanwhile follows under its name", async () => {
  const server = new Server();
  const { box, sent } = outbox(server);
  const id = box.open("one", []);
  box.write(id, "two", []);
  expect(box.of(id).map((item) => item.comment)).toEqual(["one", "two"]);
  await settled();
  expect(sent).toEqual(["one", "two"]);
  expect(server.conversations.get(`token-${id}`)).toHaveLength(2);
  expect(box.items).toEqual([]);
  expect(store.length).toBe(0);
});

test("a lost answer is asked for again under the same id, so it is written once", async () => {
  const server = new Server();
  server.answers = ["lost", new Failure(503, "busy"), "lost"];
  const { box, sent } = outbox(server);
  const id = box.open("one", []);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.log).toEqual(["one", "one", "one", "one"]);
  expect(sent).toEqual(["one"]);
  expect(server.conversations.get(`token-${id}`)).toEqual([id]);
});

test("what waits outlives the page, is sent by the next one, and those of another tab stay", async () => {
  const server = new Server();
  server.answers = [new Failure(0, "offline"), new Failure(0, "offline")];
  const first = outbox(server).box;
  const id = first.open("one", []);
  const second = outbox(server).box;
  first.write(id, "two", []);
  second.open("three", []);
  await settled();
  first.end();
  second.end();
  expect(store.length).toBe(3);
  const { box, sent } = outbox(server);
  box.kick();
  await settled();
  expect(sent.toSorted()).toEqual(["one", "three", "two"]);
  expect(sent.indexOf("one")).toBeLessThan(sent.indexOf("two"));
  expect(store.length).toBe(0);
});

test("the server's wish to wait is heard", async () => {
  const server = new Server();
  server.answers = [new Failure(429, "too many", 50_000)];
  const { box, sent } = outbox(server);
  box.open("one", []);
  await vi.advanceTimersByTimeAsync(49_000);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent).toEqual(["one"]);
});

test("what is refused stays with its reason and lets others pass, until it is tried again or taken back", async () => {
  const server = new Server();
  server.answers = [new Failure(400, "empty")];
  const { box, sent } = outbox(server);
  const refused = box.open("bad", []);
  box.write(refused, "after bad", []);
  box.open("good", []);
  await settled();
  expect(sent).toEqual(["good"]);
  expect(box.items[0]?.refused).toBe("empty");
  server.answers = [new Failure(400, "still")];
  box.retry(refused);
  await settled();
  expect(box.items.map((item) => item.comment)).toEqual(["bad", "after bad"]);
  box.forget(refused);
  expect(box.items).toEqual([]);
  expect(store.length).toBe(0);
});

test("what a browser kept is not trusted, and a browser may keep nothing", async () => {
  store.setItem("place:1", "{");
  store.setItem("place:2", JSON.stringify({ id: 3 }));
  store.setItem("place:3", "null");
  expect(outbox(new Server()).box.items).toEqual([]);
  vi.stubGlobal("localStorage", {
    get length(): number {
      throw new Error("denied");
    },
    setItem() {
      throw new Error("denied");
    },
  });
  const { box, sent } = outbox(new Server());
  box.open("one", []);
  await settled();
  expect(sent).toEqual(["one"]);
});

test("what a guest wrote is sent by whom it turns out to be, also what another tab keeps, and only once", async () => {
  const server = new Server();
  server.answers = [new Failure(0, "offline"), new Failure(0, "offline")];
  const guest = outbox(server).box;
  const id = guest.open("one", []);
  guest.write(id, "two", []);
  const otherTab = outbox(server).box;
  otherTab.open("three", []);
  await settled();
  const known = new Outbox(server, "known", () => {}, () => {});
  known.inherit(guest.handOver());
  expect(guest.items).toEqual([]);
  expect(known.items.map((item) => item.comment)).toEqual(["one", "two", "three"]);
  expect([0, 1, 2].map((index) => store.key(index)?.split(":")[0])).toEqual(["known", "known", "known"]);
  known.kick();
  otherTab.kick();
  await settled();
  expect([...server.conversations.values()].map((ids) => ids.length).toSorted()).toEqual([1, 2]);
  expect(known.items).toEqual([]);
  expect(store.length).toBe(0);
});

test("an answer that comes after the handing over changes nothing", async () => {
  let answer = (_: Written): void => {};
  const slow = { ...new Server(), open: () => new Promise<Written>((resolve) => (answer = resolve)) };
  const guest = new Outbox(slow as never, "place", () => {}, () => {});
  const id = guest.open("one", []);
  guest.write(id, "two", []);
  const items = guest.handOver();
  answer({ conversation: { shareToken: "token" } } as Written);
  await settled();
  expect(items.map((item) => item.to)).toEqual([id, id]);
  expect(store.length).toBe(0);
});
