// Why the server lets nobody in, in the reader's language: its sentences are English, and these everybody has to understand.
import type { ApiError } from "@hark/api-client";
import { t } from "./text.ts";

/** The server's sentences, and what is said in their place. */
export const REFUSALS = {
  "the address or the password is wrong": "refused.password",
  "the code is wrong, out of time or used already": "refused.factor",
  "the code is wrong or no longer good, ask for a new one": "refused.code",
  "this sign-in took too long or was used already, begin again": "refused.over",
  "nobody here has this passkey": "refused.passkey",
  "this account is disabled, ask the operator": "refused.disabled",
  "confirm your address first with the code from the mail, or sign up again for another one": "refused.unconfirmed",
  "this account signs in at its organisation's provider, choose single sign-on": "refused.sso",
  "the provider did not confirm your address (`email_verified`), ask your administrator: if the provider says so of nobody, an owner can trust its addresses in the settings of single sign-on":
    "refused.unverified",
  "your address is of a domain that this organisation does not sign in": "refused.domain",
  "you do not work for this organisation any more, ask its administrators to invite you": "refused.gone",
  "your address is that of another account of this organisation, ask its administrators": "refused.taken",
} as const;

/** What to say about a failure on the way in. */
export function sentenceOf(error: ApiError): string {
  const known = Object.hasOwn(REFUSALS, error.message) ? REFUSALS[error.message as keyof typeof REFUSALS] : undefined;
  return known ? t(known) : error.sentence;
}
