// Which pictures are loaded at once.
import { expect, test } from "vitest";
import { hostOf, isOurs } from "./ours.ts";

const base = "https://hark.example/p/1/inbox";
const origins = ["https://hark.example", "https://files.example:8443"];

test("what this server has, and what is in the page, is shown at once", () => {
  for (const address of ["https://files.example:8443/media/x/a.png", "/media/x/a.png", "https://HARK.example/a.png", "data:image/png;base64,AA==", "blob:https://hark.example/1"]) {
    expect(isOurs(address, origins, base), address).toBe(true);
  }
});

test("every other host would learn who looks", () => {
  for (const address of [
    "https://tracker.invalid/pixel.png",
    "http://files.example:8443/media/x/a.png",
    "https://files.example/media/x/a.png",
    "https://files.example:8443.evil.invalid/media/x/a.png",
    "https://files.example:8443@evil.invalid/media/x/a.png",
    "//evil.invalid/media/x/a.png",
    "/\\evil.invalid/a.png",
    "https://",
    "javascript:alert(1)",
  ]) {
    expect(isOurs(address, origins, base), address).toBe(false);
  }
  expect(hostOf("https://tracker.invalid:81/pixel.png")).toBe("tracker.invalid:81");
  expect(hostOf("pixel")).toBe("");
});
