import { describe, expect, it } from "vitest";
import { Selection } from "./selection.svelte.ts";

describe("Selection", () => {
  const order = ["a", "b", "c", "d", "e"];

  it("takes ranges from the last one that was chosen, in both directions", () => {
    const selection = new Selection();
    selection.toggle("d", false, order);
    selection.toggle("b", true, order);
    expect(selection.list.sort()).toEqual(["b", "c", "d"]);
    selection.toggle("c", false, order);
    expect(selection.has("c")).toBe(false);
    selection.clear();
    selection.toggle("e", true, order);
    expect(selection.list).toEqual(["e"]);
  });
});
