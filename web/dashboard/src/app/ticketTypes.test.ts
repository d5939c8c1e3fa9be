import { afterEach, describe, expect, it } from "vitest";
import { i18n } from "./i18n.svelte.ts";
import { statusOptions, typeOptions, typeTitle } from "./ticketTypes.ts";

afterEach(() => (i18n.language = "en"));

describe("typeTitle", () => {
  it("says the usual types in the reader's language", () => {
    expect(typeTitle("FEATURE_REQUEST", "Idea")).toBe("Idea");
    i18n.language = "de";
    expect(typeTitle("BUG", "Bug")).toBe("Fehler");
    expect(typeTitle("INQUIRY", "Conversation")).toBe("Gespräch");
    expect(typeTitle("FEATURE_REQUEST", "Idea")).toBe("Idee");
    expect(typeTitle("CRASH")).toBe("Absturz");
  });

  it("leaves what somebody called it", () => {
    i18n.language = "de";
    expect(typeTitle("BUG", "Defect")).toBe("Defect");
    expect(typeTitle("BUG", "Crash")).toBe("Crash");
    expect(typeTitle("RETURNS", "Returns")).toBe("Returns");
    expect(typeTitle("RETURNS")).toBe("RETURNS");
  });
});

it("offers every status once, named as the project names it", () => {
  const types = [{ lanes: [{ id: "OPEN", title: "Open" }, { id: "REVIEW", title: "In review" }] }, { lanes: [{ id: "DONE", title: "Shipped" }] }, { lanes: null }];
  expect(statusOptions(types)).toEqual([
    { value: "OPEN", label: "Open" },
    { value: "INPROGRESS", label: "In progress" },
    { value: "DONE", label: "Shipped" },
    { value: "REVIEW", label: "In review" },
  ]);
});

it("offers the usual types and the project's own", () => {
  const options = typeOptions([{ type: "BUG", title: "Defect" }, { type: "RETURN", title: "Return" }]);
  expect(options.map(({ label }) => label)).toEqual(["Conversation", "Defect", "Feature request", "Crash", "Return"]);
});
