// What the socket tells.
import { expect, test } from "vitest";
import { readFrame } from "./live";

const notification = (shareToken: unknown) => ({ actionType: "notification", data: { conversation: { shareToken } } });

test("messages, reads and changes name their conversation once", () => {
  const frame = { name: "update", data: { a: [notification("a"), notification("a"), notification("b"), { actionType: "banner" }, 3], rc: "c", c: "a", u: 2 } };
  expect(readFrame(JSON.stringify(frame))).toEqual([
    { kind: "conversation", shareToken: "a", isMessage: true },
    { kind: "conversation", shareToken: "b", isMessage: true },
    { kind: "conversation", shareToken: "c", isMessage: false },
  ]);
});

test("typing", () => {
  const data = { shareToken: "a", typing: true, sender: { name: "Ada", profileImageUrl: 4 } };
  expect(readFrame(JSON.stringify({ name: "typing", data }))).toEqual([
    { kind: "typing", shareToken: "a", typing: true, sender: { name: "Ada", profileImageUrl: "" } },
  ]);
  expect(readFrame(JSON.stringify({ name: "typing", data: {} }))).toEqual([]);
});

test("anything else tells nothing", () => {
  for (const text of ["", "{", "null", '{"name":"update"}', '{"name":"checklist","data":{}}', '{"name":"update","data":{"a":5}}', 7]) {
    expect(readFrame(text)).toEqual([]);
  }
});
