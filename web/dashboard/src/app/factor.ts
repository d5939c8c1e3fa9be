// Which organisations wait for somebody's second factor.
import type { Schemas } from "@hark/api-client";

type Methods = Pick<Schemas["SignInMethods"], "hasPassword" | "secondFactor" | "requiredBy" | "sso">;

/** The organisations that want one; those whose own provider brought somebody are content with what it checks. */
export function factorWantedBy({ hasPassword, secondFactor, requiredBy, sso }: Methods): Methods["requiredBy"] {
  if (secondFactor) return [];
  return requiredBy.filter(({ id }) => hasPassword || !sso.some((one) => one.organisation === id));
}
