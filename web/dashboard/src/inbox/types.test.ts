import { describe, expect, it } from "vitest";
import { contactFacts } from "./types.ts";

describe("the facts of a contact", () => {
  it("are its own ones and then the project's, without what says nothing", () => {
    const contact = { id: "1", plan: "Orchard", companyName: " ", value: 0, customData: { beds: 0, deep: { no: 1 }, newsletter: false } };
    expect(contactFacts(contact)).toEqual({
      shown: [
        { key: "plan", value: "Orchard" },
        { key: "custom beds", label: "beds", value: 0 },
        { key: "custom newsletter", label: "newsletter", value: false },
      ],
      more: 0,
    });
  });

  it("are few, and say how many more there are", () => {
    const customData = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`p${at}`, at]));
    const { shown, more } = contactFacts({ id: "1", phone: "+43 1", customData });
    expect(shown).toHaveLength(6);
    expect(shown[0]).toEqual({ key: "phone", value: "+43 1" });
    expect(more).toBe(4);
  });
});
