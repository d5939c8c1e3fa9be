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
function listener(socket: unknown, hear: (news: News) => void): Live {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", socket);
  vi.stubGlobal("document", { visibilityState: "visible", addEventListener: () => {}, removeEventListener: () => {} });
  vi.stubGlobal("addEventListener", () => {});
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
