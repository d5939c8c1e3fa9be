import { expect, it } from "vitest";
import { withChosen } from "./choice.ts";

const choices = [
  { value: "BUG", label: "Bug" },
  { value: "CRASH", label: "Crash" },
];

it("keeps the choices as they are where all that is chosen is among them", () => {
  expect(withChosen(choices, ["CRASH"])).toBe(choices);
  expect(withChosen(choices, [])).toBe(choices);
  expect(withChosen(choices, [""])).toBe(choices);
});

it("adds what is chosen and no choice any more, so that it can be taken out", () => {
  expect(withChosen(choices, ["CRASH", "RETIRED"])).toEqual([...choices, { value: "RETIRED", label: "RETIRED" }]);
});
