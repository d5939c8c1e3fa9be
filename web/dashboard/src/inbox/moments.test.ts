import { describe, expect, it } from "vitest";
import { moments } from "./moments.ts";

describe("moments", () => {
  it("are ahead, in order, and never named twice", () => {
    for (let day = 1; day <= 7; day++) {
      for (const hour of [0, 9, 14, 17, 23]) {
        const now = new Date(2026, 10, day, hour, 30);
        const times = moments(now).map((moment) => moment.at.getTime());
        expect(times.every((time) => time > now.getTime())).toBe(true);
        expect(new Set(times).size).toBe(times.length);
      }
    }
  });

  it("know the next morning and Monday", () => {
    const friday = new Date(2026, 10, 20, 10);
    expect(moments(friday).map((moment) => [moment.text, moment.at.getDate(), moment.at.getHours()])).toEqual([
      ["later.hours", 20, 13],
      ["later.evening", 20, 18],
      ["later.tomorrow", 21, 9],
      ["later.monday", 23, 9],
      ["later.week", 27, 9],
    ]);
  });
});
