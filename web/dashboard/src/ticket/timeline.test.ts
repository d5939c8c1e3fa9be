import { describe, expect, it } from "vitest";
import { readConsole } from "./console.ts";
import { readFacts, webAddress } from "./facts.ts";
import { readNetwork } from "./network.ts";
import { readEvents, tell } from "./timeline.ts";

const at = (ms: number) => new Date(1_700_000_000_000 + ms).toISOString();

describe("the timeline", () => {
  it("is one order of all logs, and says only what matters of each", () => {
    const events = readEvents([
      { name: "pageView", date: at(0), data: { page: "https://shop/cart" } },
      { name: "checkout", date: at(30), data: { total: 5 } },
      { name: "undated" },
      { name: "late", date: at(90), data: {} },
      "nothing",
    ]);
    const lines = readConsole([
      { log: "fine", date: at(1), priority: "INFO" },
      { log: "TypeError: x\n at pay", date: at(40), priority: "ERROR" },
      { log: "<button>", date: at(20), priority: "CLICK" },
    ]);
    const calls = readNetwork([
      { type: "GET", url: "https://api/ok", date: at(5), response: { status: 200 } },
      { type: "POST", url: "https://api/pay", date: at(35), response: { status: 502 } },
    ]);
    expect(tell(events, lines, calls).map(({ sort, title, detail }) => [sort, title, detail])).toEqual([
      ["page", "https://shop/cart", ""],
      ["click", "<button>", ""],
      ["event", "checkout", '{\n  "total": 5\n}'],
      ["event", "undated", ""],
      ["call", "POST pay 502", "https://api/pay"],
      ["error", "TypeError: x", " at pay"],
      ["event", "late", ""],
    ]);
  });
});

describe("facts", () => {
  it("stand in groups, joined and in words", () => {
    const facts = readFacts(
      {
        metaData: {
          browserName: "Chrome(156.0.0.0)",
          browser: "Chrome",
          screenWidth: 1280,
          screenHeight: 720,
          currentUrl: "https://shop/cart",
          sessionDuration: 65,
          mobile: false,
          sdkType: "javascript",
          sdkVersion: "16.4.0",
          releaseVersionNumber: "",
          odd: { a: 1 },
        },
        customData: { plan: "pro", trial: true },
        form: { description: { title: "Description", value: "x" }, reportedBy: { title: "Reported by", value: "ann@x.example" } },
      },
      { yes: "ja", no: "nein" },
    );
    expect(facts.map(({ group, facts }) => [group, facts.map(({ name, value }) => `${name}=${value}`)])).toEqual([
      ["factsForm", ["Reported by=ann@x.example"]],
      ["factsPage", ["currentUrl=https://shop/cart", "sessionDuration=1:05 min"]],
      ["factsDevice", ["browserName=Chrome 156", "screen=1280 × 720", "mobile=nein"]],
      ["factsApp", ["sdk=javascript 16.4.0"]],
      ["factsCustom", ["plan=pro", "trial=ja"]],
      ["factsOther", ['odd={\n  "a": 1\n}']],
    ]);
    expect(facts[1]?.facts[0]?.href).toBe("https://shop/cart");
    expect(webAddress("javascript:alert(1)")).toBeUndefined();
    expect(readFacts({}, { yes: "", no: "" })).toEqual([]);
  });
});
