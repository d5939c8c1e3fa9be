import { describe, expect, it } from "vitest";
import { ownAddress, placeOf } from "./router.svelte.ts";

describe("placeOf", () => {
  it("knows the areas of a project", () => {
    expect(placeOf("/p/a1/inbox/open/t2")).toEqual({ area: "inbox", projectId: "a1", rest: ["open", "t2"] });
    expect(placeOf("/p/a1/settings/")).toEqual({ area: "settings", projectId: "a1", rest: [] });
    expect(placeOf("/p/a1")).toEqual({ area: "inbox", projectId: "a1", rest: [] });
  });

  it("keeps the name of a sign-in page and drops the area's own", () => {
    expect(placeOf("/sign-in")).toEqual({ area: "account", projectId: undefined, rest: ["sign-in"] });
    expect(placeOf("/account/security")).toEqual({ area: "account", projectId: undefined, rest: ["security"] });
    expect(placeOf("/inbox/t1")).toEqual({ area: "inbox", projectId: undefined, rest: ["t1"] });
  });

  it("has no area for anything else, broken escapes included", () => {
    expect(placeOf("/v3/tickets").area).toBe("");
    expect(placeOf("/").area).toBe("");
    expect(placeOf("/p/%E0%A4%A/inbox").projectId).toBe("%E0%A4%A");
  });
});

describe("ownAddress", () => {
  const here = "https://hark.example/sign-in?next=x";
  it("keeps where somebody wanted to go", () => {
    expect(ownAddress("/p/a1/inbox?filter=%7B%7D", here)).toBe("/p/a1/inbox?filter=%7B%7D");
  });
  it.each(["/\\evil.example", "//evil.example", "https://evil.example", "/\t/evil.example", "javascript:alert(1)", "", null, "//[", "evil"])("leads nowhere else: %j", (next) => {
    expect(ownAddress(next, here)).toBe("/");
  });
});
