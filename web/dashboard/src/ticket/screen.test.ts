import { describe, expect, it } from "vitest";
import { fitted, windowSizeOf } from "./screen.ts";

describe("the captured page", () => {
  it("is as large as the visitor's window", () => {
    expect(windowSizeOf({ metaData: { innerWidth: 1280, innerHeight: "720" } })).toEqual({ width: 1280, height: 720 });
    for (const metaData of [undefined, {}, { innerWidth: 1280 }, { innerWidth: -5, innerHeight: 720 }, { innerWidth: 1e9, innerHeight: 720 }]) {
      expect(windowSizeOf({ metaData })).toBeUndefined();
    }
  });

  it("is made small enough in both directions, and never larger", () => {
    expect(fitted({ width: 1280, height: 720 }, { width: 640, height: 700 })).toBe(0.5);
    expect(fitted({ width: 1280, height: 720 }, { width: 1280, height: 180 })).toBe(0.25);
    expect(fitted({ width: 390, height: 700 }, { width: 1000, height: 900 })).toBe(1);
    expect(fitted({ width: 390, height: 700 }, { width: 0, height: 0 })).toBeGreaterThan(0);
  });
});
