// What the server refuses, where it says so in words for programs: what is said to people in their place. Its other sentences stay.

const refusals: Record<string, string> = {
  "no {what} with the id {id}": "This is not there any more, or you may not see it",
  "no single sign-on with the id {id}": "No company's sign-in is set up for this address",
  "no invitation with the id of this link, ask for a new one": "This invitation is not good any more. Ask for a new one",
  "this {what} was changed by someone else, read it again and repeat your change": "Somebody else has changed this meanwhile. Load it again and repeat your change",
  "send your api key in the header `Authorization: Bearer <api key>`": "You are not signed in any more",
  "confirm that it is you first, with POST /v3/users/me/reauthenticate or by signing in again": "Confirm first that it is you",
  "there is no password to change, set one with the code from /v3/users/forgot-password": "This account has no password yet. Set one with “Forgot password”",
  "this account is disabled, ask the operator": "This account is disabled. Ask whoever runs this server",
  "this account signs in at its organisation's provider, choose single sign-on": "This account signs in at its company. Choose single sign-on",
  "the provider did not confirm your address (`email_verified`), ask your administrator: if the provider says so of nobody, an owner can trust its addresses in the settings of single sign-on":
    "Your company's sign-in did not confirm your address. Ask your administrator: an owner can trust its addresses in the settings of single sign-on",
  "send `sendAt`, a moment ahead, or `delay`, seconds from now, up to a year": "Choose a moment that is still to come, within a year",
  "`duration` is hours from now, up to five years; `snoozedUntil` is a moment ahead": "Choose a moment that is still to come, within five years",
  "tickets of the type {type} need `{label}`, send it in `formData.{name}`": "This type of ticket needs “{label}”",
  "the message is empty, send `comment` or `attachments`": "The message is empty",
  "`translations.{language}.{key}` has to be a text of at most {max} characters without markup":
    "A text in another language ({language}) has more than {max} characters or angle brackets",
  "{name} is not connected to this project: set `{property}` with PUT /v3/projects/billing": "{name} is not connected to this project",
};

export default refusals;
