// Days, groups and the place of what is new.
import { expect, test } from "vitest";
import type { Message } from "../api/types";
import type { Waiting } from "../state/outbox";
import { firstUnread, rowsOf } from "./rows";

const message = (index: number, senderType: string, createdAt: string, more: Partial<Message> = {}): Message => ({
  id: `m${index}`,
  index,
  senderType,
  createdAt,
  sender: { name: senderType === "agent" ? "Ada" : "", profileImageUrl: "" },
  text: "",
  html: "",
  attachments: [],
  ...more,
});
const at = (minute: number, day = 1) => new Date(2026, 4, day, 12, minute).toISOString();

test("messages of one sender within minutes are one group", () => {
  const rows = rowsOf(
    [message(1, "user", at(0)), message(2, "user", at(1)), message(3, "agent", at(2)), message(4, "agent", at(9))],
    [],
    undefined,
  );
  const shape = rows.map((row) => (row.kind === "message" ? [row.isFirst, row.isLast] : row.kind));
  expect(shape).toEqual(["day", [true, false], [false, true], [true, true], [true, true]]);
});

test("each day and the first unread message begin anew", () => {
  const messages = [message(1, "agent", at(0)), message(2, "agent", at(1)), message(3, "agent", at(1, 2))];
  expect(rowsOf(messages, [], 2).map((row) => row.kind)).toEqual(["day", "message", "new", "message", "day", "message"]);
  expect(firstUnread(messages, 2)).toBe(2);
  expect(firstUnread([...messages, message(4, "user", at(3, 2))], 1)).toBe(3);
  expect(firstUnread(messages, 0)).toBeUndefined();
  expect(firstUnread(messages, 9)).toBe(1);
  expect(firstUnread([], 1)).toBeUndefined();
});

test("a waiting message keeps its key when it was sent, and is not shown twice", () => {
  const waiting: Waiting = { id: "w1", to: "t", opens: false, comment: "hi", attachments: [], at: at(0) };
  const key = (rows: ReturnType<typeof rowsOf>) => rows.filter((row) => row.kind === "message").map((row) => row.key);
  expect(key(rowsOf([], [waiting], undefined))).toEqual(["w1"]);
  expect(key(rowsOf([message(1, "user", at(0), { ref: "w1" })], [waiting], undefined))).toEqual(["w1"]);
});
