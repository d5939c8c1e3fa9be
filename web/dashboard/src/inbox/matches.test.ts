import { describe, expect, it } from "vitest";
import { matches } from "./matches.ts";

const ticket = { status: "OPEN", archived: false, processingUser: { id: "u1" }, tags: ["billing"], formData: { plan: "pro" } };

describe("matches", () => {
  it("knows equality, membership and emptiness, references by their ids", () => {
    expect(matches({ path: "processingUser", op: "is", value: "u1" }, ticket)).toBe(true);
    expect(matches({ path: "processingTeam", op: "empty" }, ticket)).toBe(true);
    expect(matches({ path: "status", op: "notin", value: ["DONE"] }, ticket)).toBe(true);
    expect(matches({ path: "tags", op: "in", value: ["billing", "bug"] }, ticket)).toBe(true);
    expect(matches({ path: "formData.plan", op: "is", value: "team" }, ticket)).toBe(false);
    expect(matches({}, ticket)).toBe(true);
  });

  it("leaves what it does not know to the server, unless the rest decides", () => {
    const unknown = { path: "title", op: "contains", value: "x" };
    expect(matches({ all: [unknown, { path: "archived", op: "is", value: false }] }, ticket)).toBeUndefined();
    expect(matches({ all: [unknown, { path: "archived", op: "is", value: true }] }, ticket)).toBe(false);
    expect(matches({ any: [unknown, { path: "archived", op: "is", value: false }] }, ticket)).toBe(true);
    expect(matches({ not: unknown }, ticket)).toBeUndefined();
  });
});
