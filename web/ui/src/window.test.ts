import { describe, expect, it } from "vitest";
import { HEIGHT_MAX, scrollTo, windowOf } from "./window.ts";

describe("windowOf", () => {
  it("draws the seen rows and a few more", () => {
    expect(windowOf(1000, 50, 500, 5000, 2)).toEqual({ from: 98, to: 112, offset: 4900, height: 50_000 });
  });

  it("draws nothing of nothing", () => {
    expect(windowOf(0, 50, 500, 0)).toEqual({ from: 0, to: 0, offset: 0, height: 0 });
  });

  it("reaches the first and the last row of a list that is taller than elements can be", () => {
    const count = 1_000_000;
    expect(windowOf(count, 72, 600, 0).from).toBe(0);
    const end = windowOf(count, 72, 600, HEIGHT_MAX - 600, 0);
    expect(end.to).toBe(count);
    // The last row ends where the content ends.
    expect(end.offset + (end.to - end.from) * 72).toBeCloseTo(HEIGHT_MAX, 3);
  });
});

describe("scrollTo", () => {
  it("stays when the row is seen and moves as little as it must", () => {
    expect(scrollTo(5, 100, 50, 500, 100)).toBe(100);
    expect(scrollTo(0, 100, 50, 500, 100)).toBe(0);
    expect(scrollTo(20, 100, 50, 500, 0)).toBe(550);
  });

  it("shows every row of a very long list", () => {
    for (const index of [0, 1, 499_999, 999_999]) {
      const scroll = scrollTo(index, 1_000_000, 72, 600, 3_000_000);
      const seen = windowOf(1_000_000, 72, 600, scroll, 0);
      expect(seen.from).toBeLessThanOrEqual(index);
      expect(seen.to).toBeGreaterThan(index);
    }
  });
});
