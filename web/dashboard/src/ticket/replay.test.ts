import { describe, expect, it } from "vitest";
import { ascending, lastUpTo, placeMarks, ReplayClock } from "./clock.ts";
import { placeOf, readFrames, touchesAt } from "./frames.ts";

describe("the clock of a replay", () => {
  it("runs at its speed, stops at its end and starts again from the beginning", () => {
    const clock = new ReplayClock(1000);
    expect(clock.at(5)).toBe(0);
    clock.play(100);
    expect(clock.at(300)).toBe(200);
    clock.setSpeed(4, 300);
    expect(clock.at(400)).toBe(600);
    clock.seek(900, 400);
    expect(clock.at(420)).toBe(980);
    expect(clock.at(900)).toBe(1000);
    expect(clock.isRunning).toBe(false);
    clock.play(1000);
    expect(clock.at(1010)).toBe(40);
    clock.pause(1010);
    expect(clock.at(9999)).toBe(40);
    clock.seek(-5, 0);
    expect(clock.at(0)).toBe(0);
    clock.seek(5000, 0);
    expect(clock.at(0)).toBe(1000);
  });

  it("finds what belongs to a moment", () => {
    const moments = [10, 20, 20, 30];
    expect([5, 10, 20, 25, 99].map((at) => lastUpTo(moments, at))).toEqual([-1, 0, 2, 2, 3]);
    expect(lastUpTo([], 1)).toBe(-1);
    expect(ascending([10, undefined, 5, 30])).toEqual([10, 10, 10, 30]);
    expect(lastUpTo(ascending([undefined, 10]), 3)).toBe(0);
  });

  it("shows one mark a place, the gravest", () => {
    const marks = placeMarks(
      [
        { at: 1000, kind: "event", label: "a" },
        { at: 1001, kind: "error", label: "b" },
        { at: 1900, kind: "call", label: "c" },
        { at: 999, kind: "error", label: "before" },
        { at: undefined, kind: "error", label: "undated" },
        { at: 2001, kind: "error", label: "behind" },
      ],
      1000,
      1000,
      100,
    );
    expect(marks.map((mark) => [mark.kind, mark.ms])).toEqual([["error", 1], ["call", 900]]);
    expect(placeMarks([{ at: 0, kind: "error", label: "" }], 0, 0)).toEqual([]);
  });
});

describe("the frames of an app", () => {
  const frame = (seconds: number, more = {}) => ({ url: `https://m/${seconds}.png`, date: new Date(1e12 + seconds * 1000).toISOString(), ...more });

  it("stand at their dates, undated ones at the interval", () => {
    const replay = readFrames({ interval: 500, frames: [frame(0), { url: "https://m/x.png" }, frame(3), null] });
    expect(replay?.frames.map(({ ms }) => ms)).toEqual([0, 500, 3000]);
    expect([replay?.start, replay?.length]).toEqual([1e12, 3500]);
    expect(readFrames({})).toBeUndefined();
    expect(readFrames({ frames: [{}] })).toBeUndefined();
  });

  it("show touches for a moment, in parts of the picture or in points", () => {
    const touch = (x: number, y: number) => ({ x, y, type: "TD", date: new Date(1e12 + 1200).toISOString() });
    const parts = readFrames({ frames: [frame(0), frame(1, { interactions: [touch(0.5, 0.25), { x: 1 }] })] });
    expect(parts?.arePartsOfPicture).toBe(true);
    expect(touchesAt(parts!, 1100)).toEqual([]);
    const [seen] = touchesAt(parts!, 1500);
    expect(seen).toMatchObject({ x: 0.5, y: 0.25, faded: 0.5, phase: "down" });
    const picture = { width: 100, height: 200 };
    expect(placeOf(seen!, parts!, picture, undefined)).toEqual({ x: 0.5, y: 0.25 });
    const points = readFrames({ frames: [frame(0), frame(1, { interactions: [touch(200, 100)] })] })!;
    const [point] = touchesAt(points, 1200);
    expect(placeOf(point!, points, picture, { width: 400, height: 800 })).toEqual({ x: 0.5, y: 0.125 });
    expect(placeOf(point!, points, picture, undefined)).toEqual({ x: 1, y: 0.5 });
  });
});
