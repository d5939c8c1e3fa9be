import { expect, it } from "vitest";
import { shared } from "./shared.ts";

it("keeps what every list has, as the first one has it", () => {
  const lists = [[{ id: "a", name: "one" }, { id: "b", name: "two" }, { id: "c", name: "three" }], [{ id: "c", name: "3" }, { id: "a", name: "1" }]];
  expect(shared(lists)).toEqual([{ id: "a", name: "one" }, { id: "c", name: "three" }]);
  expect(shared(lists.slice(0, 1))).toHaveLength(3);
  expect(shared([])).toEqual([]);
  expect(shared([...lists, []])).toEqual([]);
});
