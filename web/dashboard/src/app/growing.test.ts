import { describe, expect, it } from "vitest";
import { Growing } from "@hark/ui";

describe("Growing", () => {
  it("grows in steps until all fit, and keeps nothing back then", async () => {
    const growing = new Growing(4);
    const seen: number[] = [];
    const needed = () => {
      seen.push(growing.most);
      return 10;
    };
    const grown = growing.begin(needed);
    expect(growing.most).toBe(4);
    await grown;
    expect(seen).toEqual([4, 8, 12]);
    expect(growing.most).toBe(Infinity);
  });

  it("keeps nothing back of what is short", () => {
    const growing = new Growing(4);
    void growing.begin(() => 3);
    expect(growing.most).toBe(Infinity);
  });

  it("ends when everything is wanted, and begins again with the first step", async () => {
    const growing = new Growing(2);
    const first = growing.begin(() => 100);
    growing.all();
    await first;
    expect(growing.most).toBe(Infinity);
    const second = growing.begin(() => 3);
    expect(growing.most).toBe(2);
    await second;
    expect(growing.most).toBe(Infinity);
  });
});
