import { describe, expect, it } from "vitest";
import { timeline } from "./timeline.ts";
import type { Activity, Message } from "./types.ts";

const message = (id: string, at: string, user = "u1", type = "TEXT") =>
  ({ id, createdAt: `2026-11-20T${at}:00.000Z`, senderType: "agent", type, user: { id: user } }) as Message;
const event = (id: string, at: string, action: string, property?: string) =>
  ({ id, createdAt: `2026-11-20T${at}:00.000Z`, action, property, actorType: "agent" }) as Activity;
const keys = (lines: ReturnType<typeof timeline>) => lines.map((line) => line.key.replace(/^day.*/, "day"));

describe("timeline", () => {
  it("joins what one sender writes closely, and not over a note or an event", () => {
    const lines = timeline(
      [message("a", "12:00"), message("b", "12:02"), message("c", "12:03", "u1", "NOTE"), message("d", "12:30")],
      [event("e", "12:10", "TICKET_STATUS_CHANGE", "status")],
      false,
    );
    expect(keys(lines)).toEqual(["day", "a", "b", "c", "e", "d"]);
    expect(lines.flatMap((line) => (line.kind === "message" ? [line.joined] : []))).toEqual([false, true, false, false]);
  });

  it("leaves out what messages show themselves, and what happened before the first one that is known", () => {
    const events = [
      event("old", "09:00", "CREATE_TICKET"),
      event("r", "12:00", "TICKET_REPLY"),
      event("x", "12:01", "TICKET_UPDATED", "formData"),
      event("t", "12:01", "TICKET_UPDATED", "tags"),
      event("s", "12:01", "TICKET_STATUS_CHANGE", "status"),
    ];
    expect(keys(timeline([message("a", "12:00")], events, true))).toEqual(["day", "a", "t"]);
    expect(keys(timeline([message("a", "12:00")], events, false))).toEqual(["day", "old", "a", "t"]);
    expect(timeline([message("a", "12:00")], events, true).at(-1)).toMatchObject({ events: [{ id: "t" }, { id: "s" }] });
  });
});
