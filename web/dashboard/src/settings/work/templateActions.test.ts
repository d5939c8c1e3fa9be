import { describe, expect, it } from "vitest";
import { actionsOf, rowsOf } from "./templateActions.ts";

describe("the actions of a template", () => {
  it("come back as they were", () => {
    const actions = [
      { type: "close" },
      { type: "tag", data: { tags: ["billing", "vip"] } },
      { type: "priority", data: { priority: "HIGH" } },
      { type: "assign", data: { user: "u1" } },
      { type: "team", data: { team: "t1" } },
      { type: "snooze", data: { hours: 48 } },
    ];
    expect(actionsOf(rowsOf(actions))).toEqual(actions);
  });

  it("keep what the editor does not know", () => {
    const actions = [{ type: "close", data: { status: "SHIPPED" } }, { type: "call_webhook", data: { url: "https://x.example" } }, { type: "assign" }];
    expect(rowsOf(actions).map((row) => row.kind)).toEqual(["other", "other", "other"]);
    expect(actionsOf(rowsOf(actions))).toEqual(actions);
  });

  it("are none where nothing was chosen, and tags stand once", () => {
    expect(actionsOf([{ kind: "tag", value: " , " }, { kind: "snooze", value: "-1" }, { kind: "assign", value: "" }])).toEqual([]);
    expect(actionsOf([{ kind: "tag", value: "a, b,a " }])).toEqual([{ type: "tag", data: { tags: ["a", "b"] } }]);
    expect(rowsOf([{ type: "tag", data: { tag: "greeted" } }])).toEqual([{ kind: "tag", value: "greeted" }]);
    expect(rowsOf(null)).toEqual([]);
  });
});
