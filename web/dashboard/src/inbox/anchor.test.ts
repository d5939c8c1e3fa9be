import { describe, expect, it } from "vitest";
import { rowsMoved } from "./anchor.ts";

const before = ["e", "f", "g", "h", "i"];
const moved = (at: number, now: string) => rowsMoved(before, 4, at, (id) => now.indexOf(id));

describe("the place of a row while its list changes", () => {
  it("follows the rows when one comes above them", () => {
    expect(moved(5, "xabcdefghi")).toBe(1);
    expect(moved(5, "iabcdefgh")).toBe(1);
  });

  it("follows them when some above them go", () => {
    expect(moved(6, "cdefghi")).toBe(-2);
  });

  it("stays when something changes below", () => {
    expect(moved(4, "abcdefghxi")).toBe(0);
  });

  it("does not follow a row that is moved itself, or is gone", () => {
    expect(moved(5, "fabcdeghi")).toBe(0);
    expect(moved(5, "abcdeghi")).toBe(-1);
    expect(moved(8, "abcd")).toBe(0);
  });
});
