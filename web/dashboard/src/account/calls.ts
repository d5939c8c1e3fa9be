// The calls of signing in and of somebody's own account, with the shapes that they answer.
import type { Schemas } from "@hark/api-client";
import { api } from "../app/session.svelte.ts";

export type Method = Schemas["Method"];

/** What is still missing to sign in, or to prove again who one is. */
export type Challenge = Schemas["Step"];

/** A sign-in that is done, or one that wants a second factor. */
export type Outcome = Schemas["SignIn"];

/** A proof for a challenge: one of these. */
export type Proof = Omit<Schemas["SecondStep"], "challenge">;

export type Passkey = Schemas["PasskeyView"];

/** How somebody can sign in. */
export type Methods = Schemas["SignInMethods"];

/** A way out to another provider and back. */
export type Departure = Schemas["GoThere"];

/** What a new second factor brings with it: recovery codes with the first one, shown once. */
export type Fresh = Schemas["RecoveryCodes"];

/** The server's addresses and what it offers to strangers. */
export type Server = Schemas["ServerView"];

const none = { project: null } as const;

export const login = (email: string, password: string) =>
  api.post("/v3/users/login", { ...none, body: { email, password } });
export const prove = (challenge: string, proof: Proof) =>
  api.post("/v3/users/login/second-factor", { ...none, body: { challenge, ...proof } });
export const passkeyOptions = () => api.post("/v3/users/login/passkey/options", none);
export const passkeyLogin = (challenge: string, passkey: Schemas["UsedPasskey"]) =>
  api.post("/v3/users/login/passkey", { ...none, body: { challenge, passkey } });
export const verify = (email: string, code: string) => api.post("/v3/users/verify", { ...none, body: { email, code } });
export const reset = (email: string, code: string, password: string) =>
  api.post("/v3/users/reset-password", { ...none, body: { email, code, password } });

export const leaveForSso = (email: string) => api.post("/v3/users/login/sso", { ...none, body: { email } });
export const returnFromSso = (back: Schemas["Returned"]) => api.post("/v3/users/login/sso/complete", { ...none, body: back });
export const connectSso = (organisation: string) => api.post("/v3/users/me/sso", { ...none, body: { organisation } });
export const connectedSso = (back: Schemas["Returned"]) => api.post("/v3/users/me/sso/complete", { ...none, body: back });
export const disconnectSso = (organisation: string) =>
  api.delete("/v3/users/me/sso/{organisationId}", { ...none, path: { organisationId: organisation } });

export const methods = () => api.get("/v3/users/me/sign-in-methods", none);
export const againOptions = () => api.post("/v3/users/me/reauthenticate/options", none);
export const again = (proof: Schemas["AgainInput"]) =>
  api.post("/v3/users/me/reauthenticate", { ...none, body: proof });
export const beginTotp = () => api.post("/v3/users/me/totp", none);
export const confirmTotp = (code: string) => api.post("/v3/users/me/totp/confirm", { ...none, body: { code } });
export const endTotp = () => api.delete("/v3/users/me/totp", none);
export const newRecoveryCodes = () => api.post("/v3/users/me/recovery-codes", none);
export const newPasskeyOptions = () => api.post("/v3/users/me/passkeys/options", none);
export const addPasskey = (challenge: string, name: string, passkey: Schemas["NewPasskey"]) =>
  api.post("/v3/users/me/passkeys", { ...none, body: { challenge, name, passkey } });
export const renamePasskey = (passkeyId: string, name: string) =>
  api.put("/v3/users/me/passkeys/{passkeyId}", { ...none, path: { passkeyId }, body: { name } });
export const removePasskey = (passkeyId: string) =>
  api.delete("/v3/users/me/passkeys/{passkeyId}", { ...none, path: { passkeyId } });

/** What the server says about itself. */
export const server = () => api.get("/v3/server", none);
