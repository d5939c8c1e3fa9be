import { describe, expect, it } from "vitest";
import { icons } from "./icons.ts";

describe("icons", () => {
  // Icon.svelte joins the paths of an icon, which holds only for paths that begin where they say.
  it.each(Object.entries(icons))("%s has paths that begin with a move", (_, paths) => {
    for (const path of paths) expect(path).toMatch(/^!?[Mm]/);
  });
});
