import { describe, expect, it } from "vitest";
import { shownKeys } from "@hark/ui";
import { isCharacter, keys, normal, strokeOf } from "./keys.svelte.ts";

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  strokeOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe("keys", () => {
  it("spells what was pressed", () => {
    expect(press("k", { ctrlKey: true })).toBe("Mod+k");
    expect(press("E", { shiftKey: true })).toBe("Shift+e");
    expect(press("?", { shiftKey: true })).toBe("?");
    expect(press("Enter", { metaKey: true, shiftKey: true })).toBe("Mod+Shift+Enter");
    expect(press(" ")).toBe("Space");
  });

  it("takes both spellings of a shortcut", () => {
    expect(normal("Mod+K")).toBe("Mod+k");
    expect(normal("g I")).toBe("g i");
    expect(normal("Shift+Enter")).toBe("Shift+Enter");
  });

  it("knows which shortcuts are a single character", () => {
    for (const one of ["j", "Shift+S", "#", "?", "g i"]) expect(isCharacter(one), one).toBe(true);
    for (const one of ["Mod+k", "Escape", "ArrowDown", "Shift+ArrowUp", "Mod+Shift+Enter"]) expect(isCharacter(one), one).toBe(false);
  });

  it("offers what waits for something, too, and of the same keys what works", () => {
    const make = (label: string, when?: () => boolean) => ({ keys: "q", label, group: "", run: () => undefined, ...(when && { when }) });
    const end = keys.add(make("works"), make("waits", () => false), { ...make("waits alone", () => false), keys: "w" }, { ...make("chord"), keys: "Mod+q" });
    expect(keys.shown.map(({ shortcut, works }) => [shortcut.label, works])).toEqual([["works", true], ["waits alone", false], ["chord", true]]);
    end();
  });

  it("tells what shows shortcuts which the reader has switched off", () => {
    keys.characters = false;
    expect([shownKeys("a"), shownKeys("g i"), shownKeys("Mod+K"), shownKeys("Esc")]).toEqual([undefined, undefined, "Mod+K", "Esc"]);
    keys.characters = true;
    expect(shownKeys("a")).toBe("a");
  });
});
