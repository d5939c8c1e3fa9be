// The live socket against a server that is played by the test: nothing missing, nothing twice.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, openLive, type Change, type Client, type Live, type LiveState, type Member, type Position } from "../src/index";

/** A socket whose other end is the test. */
class Wire {
  static all: Wire[] = [];
  static get last(): Wire {
    return Wire.all.at(-1)!;
  }
  readyState = 1;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((closed: { code: number }) => void) | null = null;
  readonly sent: { event: string; channel?: string; data: any }[] = [];
  constructor(readonly url: string) {
    Wire.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  /** The server says something. */
  says(event: string, data: unknown = {}, channel?: string, user_id?: string) {
    this.onmessage?.({ data: JSON.stringify({ event, data: JSON.stringify(data), channel, user_id }) });
  }
  ends(code: number) {
    this.onclose?.({ code });
  }
  /** Connects, and gives away tickets. */
  async connected() {
    this.says("pusher:connection_established", { socket_id: `1.${Wire.all.length}`, activity_timeout: 120 });
    await vi.advanceTimersByTimeAsync(0);
  }
  subscriptions() {
    return this.sent.filter((frame) => frame.event === "pusher:subscribe").map((frame) => frame.data);
  }
}

const stream = "private-project-p";
let live: Live;
let api: { post: ReturnType<typeof vi.fn>; get: ReturnType<typeof vi.fn> };
let told: number[];
let resets: number;

const happens = (seq: number, epoch = "e") =>
  Wire.last.says("ticket.updated", { epoch, seq, id: `t${seq}`, actor: "system", at: "now" }, stream);

function follow() {
  return live.follow({
    change: (change: Change) => told.push(change.seq),
    reset: () => resets++,
  });
}

async function begins(seq = 5) {
  await Wire.last.connected();
  Wire.last.says("pusher_internal:subscription_succeeded", { epoch: "e", seq }, stream);
}

beforeEach(() => {
  vi.useFakeTimers();
  Wire.all = [];
  told = [];
  resets = 0;
  api = { post: vi.fn(async () => ({ auth: "k:s", channel_data: "{}" })), get: vi.fn(async () => Promise.reject(offline())) };
  live = opened();
});

function opened(from?: Position): Live {
  return openLive({
    api: api as unknown as Client,
    sdkKey: "key",
    project: "p",
    base: "https://hark.example",
    from,
    WebSocket: Wire as unknown as typeof WebSocket,
  });
}

afterEach(() => {
  live.close();
  vi.useRealTimers();
});

const offline = () => new ApiError("offline", "the server cannot be reached");

test("following asks for a ticket, and is told what happens", async () => {
  const { ready } = follow();
  expect(Wire.last.url).toBe("wss://hark.example/app/key?protocol=7&client=hark");
  await Wire.last.connected();
  expect(api.post).toHaveBeenCalledWith(
    "/v3/users/me/session-channel-auth",
    expect.objectContaining({ body: { socket_id: "1.1", channel_name: stream }, project: "p" }),
  );
  expect(Wire.last.subscriptions()).toEqual([{ channel: stream, auth: "k:s", channel_data: "{}" }]);
  expect(live.state).toBe("connecting");
  Wire.last.says("pusher_internal:subscription_succeeded", { epoch: "e", seq: 5 }, stream);
  await ready;
  expect(live.state).toBe("live");
  happens(6);
  happens(7);
  expect(told).toEqual([6, 7]);
});

test("following begins at once where the stream stood before, and what happened since is told", async () => {
  live.close();
  live = opened({ epoch: "e", seq: 3 });
  const followed = follow();
  expect(followed.begun).toBe(true);
  await followed.ready;
  await Wire.last.connected();
  expect(Wire.last.subscriptions()[0].resume).toEqual({ epoch: "e", seq: 3 });
  Wire.last.says("pusher_internal:subscription_succeeded", { epoch: "e", seq: 5 }, stream);
  happens(4);
  happens(5);
  expect(told).toEqual([4, 5]);
  // Whoever follows again after everybody left begins anew: what is shown by then was read later.
  followed.stop();
  expect(follow().begun).toBe(false);
});

test("following has not begun before the server says so", async () => {
  const followed = follow();
  expect(followed.begun).toBe(false);
  await begins();
  expect(followed.begun).toBe(true);
});

test("nothing is missing or doubled after a lost connection", async () => {
  follow();
  await begins();
  happens(6);
  Wire.last.ends(1006);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(Wire.all).toHaveLength(2);
  await Wire.last.connected();
  expect(Wire.last.subscriptions()[0].resume).toEqual({ epoch: "e", seq: 6 });
  Wire.last.says("pusher_internal:subscription_succeeded", { epoch: "e", seq: 6 }, stream);
  happens(6);
  happens(7);
  happens(8);
  expect(told).toEqual([6, 7, 8]);
});

test("whoever follows is told once when two do, and no more after leaving", async () => {
  const first = follow();
  await begins();
  const second = follow();
  await second.ready;
  expect(Wire.last.subscriptions()).toHaveLength(1);
  happens(6);
  first.stop();
  happens(7);
  expect(told).toEqual([6, 6, 7]);
  second.stop();
  expect(Wire.last.sent.at(-1)).toEqual({ event: "pusher:unsubscribe", data: { channel: stream } });
  happens(8);
  expect(told).toHaveLength(3);
});

test("a place that is not kept any more is a reset", async () => {
  follow();
  await begins();
  happens(6);
  Wire.last.says("hark:reset", { epoch: "f", seq: 2 }, stream);
  happens(3, "f");
  expect(resets).toBe(1);
  expect(told).toEqual([6, 3]);
});

test("what one handler gets wrong does not keep the others from the news", async () => {
  const complaints = vi.spyOn(console, "error").mockImplementation(() => {});
  live.follow({
    change() {
      throw new Error("a mistake");
    },
  });
  follow();
  await begins();
  happens(6);
  expect(told).toEqual([6]);
  expect(complaints).toHaveBeenCalledOnce();
  complaints.mockRestore();
});

test("without a connection the changes are asked for, and told once", async () => {
  follow();
  await begins();
  happens(6);
  const change = (seq: number) => ({ seq, event: "ticket.updated", id: `t${seq}`, actor: "system", at: "now" });
  api.get.mockImplementation(async (_, { query }) =>
    query.after === 6
      ? { epoch: "e", seq: 8, more: true, reset: false, changes: [change(7), change(8)] }
      : { epoch: "e", seq: 11, more: false, reset: false, changes: [change(9)] },
  );
  const states: LiveState[] = [];
  live.onState((state) => states.push(state));
  const refuse = () => Wire.last.ends(1006);
  refuse();
  for (let n = 0; n < 10; n++) {
    await vi.advanceTimersByTimeAsync(1_000);
    if (Wire.last.onclose) refuse();
  }
  expect(told).toEqual([6, 7, 8, 9]);
  expect(states).toEqual(["live", "connecting", "waiting"]);
  while (!Wire.last.onclose) await vi.advanceTimersByTimeAsync(500);
  await Wire.last.connected();
  // Events 10 and 11 were none that this user may see.
  expect(Wire.last.subscriptions()[0].resume).toEqual({ epoch: "e", seq: 11 });
  Wire.last.says("pusher_internal:subscription_succeeded", { epoch: "e", seq: 11 }, stream);
  happens(12);
  expect(told).toEqual([6, 7, 8, 9, 12]);
  expect(states.at(-1)).toBe("live");
});

test("a dead connection is noticed by its silence", async () => {
  follow();
  await begins();
  await vi.advanceTimersByTimeAsync(36_000);
  expect(Wire.last.sent.at(-1)?.event).toBe("pusher:ping");
  Wire.last.says("pusher:pong");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(Wire.all).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(Wire.all.length).toBeGreaterThan(1);
});

test("after sleep the connection has to prove itself at once", async () => {
  follow();
  await begins();
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(Wire.last.sent.at(-1)?.event).toBe("pusher:ping");
  await vi.advanceTimersByTimeAsync(6_000);
  expect(Wire.all).toHaveLength(2);
});

test("who may not follow is told so, and the rest goes on", async () => {
  const refused = vi.fn();
  api.post.mockImplementationOnce(async () => Promise.reject(new ApiError("forbidden", "you may not follow this channel")));
  live.joinProject({ refused });
  follow();
  await begins();
  expect(refused).toHaveBeenCalledOnce();
  expect(live.state).toBe("live");
  Wire.last.says("pusher:subscription_error", { type: "AuthError", error: "not any more", status: 403 }, stream);
  happens(6);
  expect(told).toEqual([]);
});

test("a ticket that could not be asked for is asked for again", async () => {
  api.post.mockImplementationOnce(async () => Promise.reject(offline()));
  follow();
  await Wire.last.connected();
  expect(Wire.last.subscriptions()).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(Wire.last.subscriptions()).toHaveLength(1);
});

test("without a valid token it is over", async () => {
  api.post.mockImplementation(async () => Promise.reject(new ApiError("unauthenticated", "the token has ended")));
  follow();
  await Wire.last.connected();
  expect(live.state).toBe("ended");
  await vi.advanceTimersByTimeAsync(120_000);
  expect(Wire.all).toHaveLength(1);
});

test("a project that is gone is not asked for again", async () => {
  follow();
  Wire.last.ends(4001);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(live.state).toBe("ended");
  expect(Wire.all).toHaveLength(1);
});

test("an old answer does not count for a new question", async () => {
  const first = follow();
  await Wire.last.connected();
  first.stop();
  const { ready } = follow();
  let begun = false;
  void ready.then(() => (begun = true));
  await vi.advanceTimersByTimeAsync(0);
  expect(Wire.last.subscriptions()).toHaveLength(2);
  Wire.last.says("pusher_internal:subscription_succeeded", { epoch: "e", seq: 5 }, stream);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toBe(false);
  Wire.last.says("pusher_internal:subscription_succeeded", { epoch: "e", seq: 7 }, stream);
  await ready;
  happens(8);
  expect(told).toEqual([8]);
});

test("a place knows who is there, who types and who left", async () => {
  const channel = "presence-ticket-t";
  let names: string[] = [];
  const typed: unknown[] = [];
  const place = live.joinTicket("t", {
    members: (members: readonly Member[]) => (names = members.map((member) => member.name)),
    typing: (who, typing) => typed.push([who, typing]),
  });
  await Wire.last.connected();
  place.typing(true);
  const hash = { u1: { name: "Ada" } };
  Wire.last.says("pusher_internal:subscription_succeeded", { presence: { count: 1, ids: ["u1"], hash } }, channel);
  Wire.last.says("pusher_internal:member_added", { user_id: "u2", user_info: { name: "Bob" } }, channel);
  expect(names).toEqual(["Ada", "Bob"]);
  Wire.last.says("client-typing", { typing: true }, channel, "contact:c");
  expect(typed).toEqual([["contact:c", true]]);
  place.typing(true);
  place.viewing({ part: "log" });
  expect(Wire.last.sent.slice(-2)).toEqual([
    { event: "client-typing", channel, data: { typing: true } },
    { event: "client-viewing", channel, data: { part: "log" } },
  ]);
  expect(Wire.last.sent.filter((frame) => frame.event === "client-typing")).toHaveLength(1);
  Wire.last.says("pusher_internal:member_removed", { user_id: "u1" }, channel);
  expect(names).toEqual(["Bob"]);
  Wire.last.ends(1006);
  expect(names).toEqual([]);
  place.leave();
});
