// Who is led to a second factor.
import { expect, test } from "vitest";
import { factorWantedBy } from "./factor.ts";

const lumen = { id: "l", name: "Lumen" };
const own = { hasPassword: true, secondFactor: false, requiredBy: [lumen], sso: [] };

test("a second factor is wanted of those who have none, unless the organisation's provider vouches for them", () => {
  const sso = [{ organisation: "l", name: "Lumen", email: "a@lumen.example" }];
  expect(factorWantedBy(own)).toEqual([lumen]);
  expect(factorWantedBy({ ...own, secondFactor: true })).toEqual([]);
  expect(factorWantedBy({ ...own, hasPassword: false, sso })).toEqual([]);
  // Who has a password, too, can come in without the provider.
  expect(factorWantedBy({ ...own, sso })).toEqual([lumen]);
});
