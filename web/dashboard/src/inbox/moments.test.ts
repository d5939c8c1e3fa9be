import { describe, expect, it } from "vitest";
import { atLocal, localOf, moments, nextMorning } from "./moments.ts";

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

  it("are the same after a field for day and time had them, in the reader's own time zone", () => {
    const morning = nextMorning(new Date(2026, 11, 31, 23, 59));
    expect(localOf(morning)).toBe("2027-01-01T09:00");
    expect(atLocal(localOf(morning))).toEqual(morning);
    expect(atLocal("")).toBeUndefined();
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
