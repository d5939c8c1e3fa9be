import { describe, expect, it } from "vitest";
import { countLevels, filterLines, pieces, readConsole } from "./console.ts";
import { toCurl } from "./curl.ts";
import { filterCalls, queryOf, readBody, readNetwork, sizeText, type Call } from "./network.ts";
import { clockText, durationText, layOut, ticks } from "./waterfall.ts";

const at = (ms: number) => new Date(1_700_000_000_000 + ms).toISOString();

describe("the console", () => {
  const lines = readConsole([
    { log: "started", date: at(0), priority: "INFO" },
    { log: "TypeError: x is undefined", date: at(10), priority: "ERROR" },
    { log: "slow query", date: "2026-326-11 10:00", priority: "WARNING" },
    { log: "<button id=pay>", date: at(20), priority: "CLICK" },
    { log: { a: 1 }, priority: "audit" },
    "a bare text",
    null,
    7,
  ]);

  it("reads every shape that SDKs send and passes over what is no line", () => {
    expect(lines.map(({ level, at }) => [level, at === undefined])).toEqual([
      ["info", false],
      ["error", false],
      ["warning", true],
      ["click", false],
      ["other", true],
      ["info", true],
    ]);
    expect(lines[4]?.text).toBe('{\n  "a": 1\n}');
    expect(lines.map((line) => line.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(readConsole({})).toEqual([]);
  });

  it("filters by level and by all words in any case", () => {
    expect(countLevels(lines)).toEqual({ error: 1, warning: 1, info: 2, debug: 0, click: 1, other: 1 });
    expect(filterLines(lines, new Set(["error", "click"]), "").map((line) => line.index)).toEqual([1, 3]);
    expect(filterLines(lines, new Set(), "UNDEFINED typeerror").map((line) => line.index)).toEqual([1]);
    expect(filterLines(lines, new Set(["info"]), "typeerror")).toEqual([]);
  });

  it("marks what was searched for", () => {
    expect(pieces("Error in pay, error", "ERROR pay")).toEqual([
      { text: "Error", hit: true },
      { text: " in ", hit: false },
      { text: "pay", hit: true },
      { text: ", ", hit: false },
      { text: "error", hit: true },
    ]);
    expect(pieces("İ error", "error")).toEqual([{ text: "İ error", hit: false }]);
    expect(pieces("", "a")).toEqual([]);
  });
});

describe("the network", () => {
  const calls = readNetwork([
    {
      type: "POST",
      url: "https://api.example.com/v1/orders?x=1&x=2",
      date: at(200),
      duration: 120,
      success: false,
      request: { payload: '{"cart":3}', headers: { "Content-Type": ["application/json"], Accept: ["a", "b"] } },
      response: { status: 500, statusText: "Internal Server Error", responseText: '{"error":"no stock"}' },
    },
    { type: "RESOURCE", url: "https://cdn.example.com/app.js?v=3", date: at(0), duration: 80, initiatorType: "script" },
    { type: "RESOURCE", url: "https://cdn.example.com/hero", date: at(90), duration: 30.5, initiatorType: "img" },
    { type: "GET", url: { href: "https://api.example.com/me" }, date: at(100), duration: 20, success: true, response: { status: "200" } },
    { type: "get", url: "/relative", success: false, request: {}, response: { errorText: "offline" } },
    { type: "GET", url: "https://x.example/open", response: { responseText: "<request_still_open>" } },
    "nothing",
  ]);
  const named = (name: string) => calls.find((call) => call.name.startsWith(name)) as Call;

  it("reads every shape, oldest first, undated behind the one before", () => {
    expect(calls.map((call) => [call.method, call.name, call.kind, call.outcome, call.status])).toEqual([
      ["GET", "app.js?v=3", "script", "ok", undefined],
      ["GET", "hero", "image", "ok", undefined],
      ["GET", "me", "data", "ok", 200],
      ["GET", "relative", "data", "failed", undefined],
      ["GET", "open", "data", "open", undefined],
      ["POST", "orders?x=1&x=2", "data", "failed", 500],
    ]);
    expect(named("orders").requestHeaders).toEqual([
      ["Content-Type", "application/json"],
      ["Accept", "a"],
      ["Accept", "b"],
    ]);
    expect(named("relative").host).toBe("");
    expect(readNetwork(undefined)).toEqual([]);
  });

  it("knows what was noted twice, and tells whole addresses", () => {
    const twice = readNetwork(
      [
        { type: "POST", url: "/api/pay?x=1", date: at(100), response: { status: 502 } },
        { type: "RESOURCE", url: "https://shop.example/api/pay?x=1", date: at(400), initiatorType: "fetch" },
        { type: "RESOURCE", url: "https://shop.example/api/pay?x=1", date: at(600), initiatorType: "fetch" },
        { type: "RESOURCE", url: "https://shop.example/app.js", date: at(100), initiatorType: "script" },
      ],
      "https://shop.example/cart/",
    );
    expect(twice.map((call) => [call.isResource, call.url, call.status])).toEqual([
      [false, "https://shop.example/api/pay?x=1", 502],
      [true, "https://shop.example/app.js", undefined],
      [true, "https://shop.example/api/pay?x=1", undefined],
    ]);
  });

  it("filters by kind, failure and words in address and bodies", () => {
    const none = { search: "", kinds: new Set<never>(), failedOnly: false };
    expect(filterCalls(calls, none)).toHaveLength(6);
    expect(filterCalls(calls, { ...none, failedOnly: true }).map((call) => call.name)).toEqual(["relative", "orders?x=1&x=2"]);
    expect(filterCalls(calls, { ...none, kinds: new Set(["image", "script"]) })).toHaveLength(2);
    expect(filterCalls(calls, { ...none, search: "STOCK post" }).map((call) => call.status)).toEqual([500]);
  });

  it("shows bodies as what they are", () => {
    expect(readBody('{"a":[1]}', "")).toEqual({ kind: "json", text: '{\n  "a": [\n    1\n  ]\n}' });
    expect(readBody('{"a":[1', "application/json")).toEqual({ kind: "text", text: '{"a":[1' });
    expect(readBody("a=1&b=x+y", "application/x-www-form-urlencoded")).toEqual({ kind: "form", text: "a = 1\nb = x y" });
    expect(readBody("<content_too_large>", "")).toEqual({ kind: "left out", text: "content too large" });
    expect(readBody("  ", "")).toEqual({ kind: "nothing", text: "" });
    expect(readBody("<p>hi</p>", "text/html")).toEqual({ kind: "text", text: "<p>hi</p>" });
    expect(queryOf("https://x/?a=1&b=%20#c")).toEqual([["a", "1"], ["b", " "]]);
    expect(sizeText("ü".repeat(600))).toBe("1.2 KB");
  });

  it("becomes a command in which nothing has a meaning for the shell", () => {
    expect(toCurl(named("orders"))).toBe(
      [
        "curl 'https://api.example.com/v1/orders?x=1&x=2'",
        "-H 'Content-Type: application/json'",
        "-H 'Accept: a'",
        "-H 'Accept: b'",
        `--data-raw '{"cart":3}'`,
      ].join(" \\\n  "),
    );
    expect(toCurl({ ...named("me"), method: "DELETE", url: "https://x/it's" })).toBe(`curl 'https://x/it'\\''s' \\\n  -X 'DELETE'`);
    expect(toCurl({ ...named("me"), requestBody: "<content_too_large>", requestHeaders: [["Host", "x"], [":path", "/"]] })).toBe(
      "curl 'https://api.example.com/me'",
    );
  });
});

describe("the waterfall", () => {
  const call = (index: number, at: number | undefined, duration?: number) => ({ index, at, duration }) as Call;

  it("puts bars on one scale, each of them visible and within it", () => {
    const { from, span, bars } = layOut([call(0, 1000, 100), call(1, 1050, 0), call(2, 1200), call(3, undefined, 5)]);
    expect([from, span]).toEqual([1000, 200]);
    expect(bars.get(0)).toEqual({ start: 0, length: 0.5 });
    expect(bars.get(1)?.length).toBeGreaterThan(0);
    const last = bars.get(2) as { start: number; length: number };
    expect(last.start + last.length).toBeLessThanOrEqual(1);
    expect(bars.has(3)).toBe(false);
    expect(layOut([]).bars.size).toBe(0);
    expect(layOut([call(0, 5)]).span).toBe(1);
  });

  it("has a few marks at round times", () => {
    expect(ticks(1000).map((tick) => tick.ms)).toEqual([200, 400, 600, 800]);
    expect(ticks(7300).map((tick) => tick.ms)).toEqual([2000, 4000, 6000]);
    for (const span of [1, 3, 17, 999, 123_456]) expect(ticks(span).length).toBeLessThanOrEqual(5);
  });

  it("writes times for people", () => {
    expect([0.2, 12.4, 1250, 12_340, 65_000].map(durationText)).toEqual(["<1 ms", "12 ms", "1.25 s", "12.3 s", "1:05"]);
    expect([0, 7_900, 3_723_000, -1500].map(clockText)).toEqual(["0:00", "0:07", "1:02:03", "-0:01"]);
  });
});
