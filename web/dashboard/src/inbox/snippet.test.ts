import { describe, expect, it } from "vitest";
import { snippet } from "./snippet.ts";

describe("snippet", () => {
  it("shows the words where they stand and marks them all", () => {
    const long = `${"a lot of text before ".repeat(10)}the Export stops at 50 rows and the export is lost`;
    const shown = snippet(long, "export rows");
    expect(shown.startsWith("…")).toBe(true);
    expect(shown).toContain("‹Export› stops at 50 ‹rows› and the ‹export›");
  });

  it("takes nothing for a pattern or a mark of its own", () => {
    expect(snippet("what (is ‹this›) a+b", "(is a+b")).toBe("what ‹(is› this ) ‹a+b›");
    expect(snippet("short", "x")).toBe("short");
  });
});
