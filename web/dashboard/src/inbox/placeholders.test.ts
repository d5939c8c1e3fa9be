import { describe, expect, it } from "vitest";
import { PLACEHOLDERS, valuesOf } from "./placeholders.ts";
import type { Ticket } from "./types.ts";

const ticket = { bugId: 12, title: "The export stops", session: { id: "c1", name: "Ada Keller", email: "ada@lumen.example" } } as Ticket;

describe("placeholders", () => {
  it("stand for something, all that are offered and those of the API", () => {
    const values = valuesOf(ticket, { name: "Noah Brandt", firstName: null }, "Guest");
    expect(PLACEHOLDERS.filter((name) => !values[name])).toEqual([]);
    expect(values).toMatchObject({ "contact.firstName": "Ada", "session.name": "Ada Keller", "agent.firstName": "Noah Brandt", "ticket.id": "12", name: "Ada Keller" });
  });

  it("call a contact without a name a guest", () => {
    expect(valuesOf({ ...ticket, session: null }, { name: "Noah" }, "Guest")["contact.firstName"]).toBe("Guest");
  });
});
