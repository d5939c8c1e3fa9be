// What the socket tells.
import { afterEach, expect, test, vi } from "vitest";
import { Live, readFrame, type News } from "./live";

const notification = (shareToken: unknown) => ({ actionType: "notification", data: { conversation: { shareToken } } });

test("messages, reads and changes name their conversation once", () => {
  const frame = { name: "update", data: { a: [notification("a"), notification("a"), notification("b"), { actionType: "banner" }, 3], rc: "c", c: "a", u: 2 } };
  expect(readFrame(JSON.stringify(frame))).toEqual([
    { kind: "conversation", shareToken: "a", isMessage: true },
    { kind: "conversation", shareToken: "b", isMessage: true },
    { kind: "conversation", shareToken: "c", isMessage: false },
  ]);
});

test("typing", () => {
  const data = { shareToken: "a", typing: true, sender: { name: "Ada", profileImageUrl: 4 } };
  expect(readFrame(JSON.stringify({ name: "typing", data }))).toEqual([
    { kind: "typing", shareToken: "a", typing: true, sender: { name: "Ada", profileImageUrl: "" } },
  ]);
  expect(readFrame(JSON.stringify({ name: "typing", data: {} }))).toEqual([]);
});

test("anything else tells nothing", () => {
  for (const text of ["", "{", "null", '{"name":"update"}', '{"name":"checklist","data":{}}', '{"name":"update","data":{"a":5}}', 7]) {
    expect(readFrame(text)).toEqual([]);
  }
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A socket that is refused, or opened and closed again, as soon as it is asked for. */
function socketThat(opens: boolean): unknown {
  return class {
    static readonly OPEN = 1;
    readyState = 0;
    onopen?: () => void;
    onclose?: () => void;
    constructor() {
      setTimeout(() => {
        if (opens) {
          this.readyState = 1;
          this.onopen?.();
        }
        this.readyState = 3;
        this.onclose?.();
      });
    }
    close(): void {}
  };
}

/** A listener on a page that is looked at, by a clock of the test's. */
function listener(socket: unknown, hear: (news: News) => void, on: (name: string, hear: (event: Event) => void) => void = () => {}): Live {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", socket);
  vi.stubGlobal("document", { visibilityState: "visible", addEventListener: on, removeEventListener: () => {} });
  vi.stubGlobal("addEventListener", on);
  vi.stubGlobal("removeEventListener", () => {});
  const live = new Live({ apiUrl: "https://api.example.com", sdkKey: "k", data: { gleapId: "g", gleapHash: "h" } } as never, hear);
  live.start();
  return live;
}

for (const opens of [false, true]) {
  test(`without a socket the question is asked by the clock, ${opens ? "also when sockets open and close" : "whatever the attempts"}`, async () => {
    const asked: number[] = [];
    const hear = ({ kind }: News) => kind === "check" && asked.push(performance.now());
    const live = listener(socketThat(opens), hear);
    const started = performance.now();
    await vi.advanceTimersByTimeAsync(60_000);
    live.stop();
    const gaps = asked.map((at, index) => at - (asked[index - 1] ?? started));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5_001);
    expect(asked.length).toBeLessThan(30);
  });
}

test("what arrives before the first socket is open is asked for when it is", async () => {
  const heard: News[] = [];
  const slow = class {
    static readonly OPEN = 1;
    readyState = 0;
    onopen?: () => void;
    constructor() {
      setTimeout(() => {
        this.readyState = 1;
        this.onopen?.();
      }, 300);
    }
    close(): void {}
  };
  const live = listener(slow, (news) => heard.push(news));
  await vi.advanceTimersByTimeAsync(299);
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(2);
  expect(heard).toEqual([{ kind: "check" }]);
  live.stop();
});

/** Sockets that open at once, and say what they are told to. */
function talking(): { sockets: Talking[]; Socket: unknown } {
  const sockets: Talking[] = [];
  const Socket = class implements Talking {
    static readonly OPEN = 1;
    readyState = 0;
    sent: string[] = [];
    isClosed = false;
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    onclose?: () => void;
    constructor() {
      sockets.push(this);
      setTimeout(() => {
        this.readyState = 1;
        this.onopen?.();
      });
    }
    send(text: string): void {
      this.sent.push(text);
    }
    close(): void {
      this.isClosed = true;
    }
    say(text: string): void {
      this.onmessage?.({ data: text });
    }
  };
  return { sockets, Socket };
}

interface Talking {
  sent: string[];
  isClosed: boolean;
  say(text: string): void;
}

test("a server that is silent is asked, and left when it does not answer", async () => {
  const { sockets, Socket } = talking();
  const live = listener(Socket, () => {});
  await vi.advanceTimersByTimeAsync(20_000);
  const first = sockets[0]!;
  // Whatever it says is a sign of life.
  first.say('{"name":"update","data":{"u":0}}');
  await vi.advanceTimersByTimeAsync(24_000);
  expect(first.sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(first.sent).toEqual(['{"name":"ping"}']);
  first.say('{"name":"pong"}');
  await vi.advanceTimersByTimeAsync(26_000);
  expect([first.sent.length, sockets.length]).toEqual([2, 1]);
  await vi.advanceTimersByTimeAsync(25_000);
  expect([first.isClosed, sockets.length]).toEqual([true, 2]);
  live.stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect([sockets.length, sockets[1]!.isClosed]).toEqual([2, true]);
});

test("whoever comes back is answered soon or takes another socket, and another line is never trusted", async () => {
  const listeners = new Map<string, (event: Event) => void>();
  const { sockets, Socket } = talking();
  const heard: News[] = [];
  const live = listener(Socket, (news) => heard.push(news), (name, hear) => listeners.set(name, hear));
  await vi.advanceTimersByTimeAsync(1);
  const see = (visibilityState: string) => {
    Object.assign(document, { visibilityState });
    listeners.get("visibilitychange")!({ type: "visibilitychange" } as Event);
  };
  expect(heard.length).toBe(1);
  see("hidden");
  see("visible");
  expect([heard.length, sockets[0]!.sent.length]).toEqual([2, 1]);
  sockets[0]!.say('{"name":"pong"}');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sockets.length).toBe(1);
  see("hidden");
  see("visible");
  await vi.advanceTimersByTimeAsync(3_900);
  expect(sockets.length).toBe(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(sockets.length).toBe(2);
  listeners.get("online")!({ type: "online" } as Event);
  expect(sockets.length).toBe(3);
  live.stop();
});
