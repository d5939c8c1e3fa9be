// The calls of signing in and of somebody's own account, with the shapes that they answer.
import type { Schemas } from "@hark/api-client";
import { api } from "../app/session.svelte.ts";

export type SignedIn = Schemas["SignedIn"];
export type Method = "totp" | "passkey" | "recoveryCode";

/** What is still missing to sign in, or to prove again who one is. */
export interface Challenge {
  challenge: string;
  expiresAt: string;
  methods: Method[];
  publicKey?: PublicKeyCredentialRequestOptionsJSON;
}

/** A sign-in that is done, or one that wants a second factor. */
export type Outcome = SignedIn | { secondFactor: Challenge };

/** A proof for a challenge: one of these. */
export interface Proof {
  code?: string;
  recoveryCode?: string;
  passkey?: unknown;
}

export interface Passkey {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt?: string;
}

/** How somebody can sign in. */
export interface Methods {
  hasPassword: boolean;
  secondFactor: boolean;
  totp?: { enabledAt: string };
  passkeys: Passkey[];
  recoveryCodesLeft: number;
  sso: { organisation: string; name: string; email: string }[];
  /** Organisations and projects that want a second factor. */
  requiredBy: { id: string; name: string }[];
  /** Whether the session proved itself a moment ago. */
  recent: boolean;
}

/** A way out to another provider and back. */
export interface Departure {
  url: string;
  handle: string;
  expiresAt: string;
}

/** What a new second factor brings with it. */
export interface Fresh {
  /** Shown once, with the first second factor. */
  recoveryCodes?: string[];
}

/** The server's addresses and what it offers to strangers. */
export interface Server {
  openSignUp: boolean;
  passkeys: boolean;
  mail: boolean;
  urls: { api: string; socket: string; messenger: string; banner: string; modal: string };
}

const none = { project: null } as const;
// Calls that the description gets with the server's next version.
const soon = api as unknown as Record<"get" | "post" | "put" | "delete", <T>(path: string, options?: object) => Promise<T>>;

export const login = (email: string, password: string) =>
  soon.post<Outcome>("/v3/users/login", { ...none, body: { email, password } });
export const prove = (challenge: string, proof: Proof) =>
  soon.post<SignedIn>("/v3/users/login/second-factor", { ...none, body: { challenge, ...proof } });
export const passkeyOptions = () => soon.post<Challenge>("/v3/users/login/passkey/options", none);
export const passkeyLogin = (challenge: string, passkey: unknown) =>
  soon.post<SignedIn>("/v3/users/login/passkey", { ...none, body: { challenge, passkey } });
export const verify = (email: string, code: string) => soon.post<Outcome>("/v3/users/verify", { ...none, body: { email, code } });
export const reset = (email: string, code: string, password: string) =>
  soon.post<Outcome>("/v3/users/reset-password", { ...none, body: { email, code, password } });

export const leaveForSso = (email: string) => soon.post<Departure>("/v3/users/login/sso", { ...none, body: { email } });
export const returnFromSso = (code: string, state: string, handle: string) =>
  soon.post<Outcome>("/v3/users/login/sso/complete", { ...none, body: { code, state, handle } });
export const connectSso = (organisation: string) => soon.post<Departure>("/v3/users/me/sso", { ...none, body: { organisation } });
export const connectedSso = (code: string, state: string, handle: string) =>
  soon.post<boolean>("/v3/users/me/sso/complete", { ...none, body: { code, state, handle } });
export const disconnectSso = (organisation: string) =>
  soon.delete<boolean>("/v3/users/me/sso/{organisationId}", { ...none, path: { organisationId: organisation } });

export const methods = () => soon.get<Methods>("/v3/users/me/sign-in-methods", none);
export const againOptions = () => soon.post<Challenge>("/v3/users/me/reauthenticate/options", none);
export const again = (proof: Proof & { password?: string; challenge?: string }) =>
  soon.post<boolean>("/v3/users/me/reauthenticate", { ...none, body: proof });
export const beginTotp = () => soon.post<{ secret: string; uri: string; expiresAt: string }>("/v3/users/me/totp", none);
export const confirmTotp = (code: string) => soon.post<Fresh>("/v3/users/me/totp/confirm", { ...none, body: { code } });
export const endTotp = () => soon.delete<boolean>("/v3/users/me/totp", none);
export const newRecoveryCodes = () => soon.post<Fresh>("/v3/users/me/recovery-codes", none);
export const newPasskeyOptions = () =>
  soon.post<{ challenge: string; publicKey: PublicKeyCredentialCreationOptionsJSON }>("/v3/users/me/passkeys/options", none);
export const addPasskey = (challenge: string, name: string, passkey: unknown) =>
  soon.post<{ passkey: Passkey } & Fresh>("/v3/users/me/passkeys", { ...none, body: { challenge, name, passkey } });
export const renamePasskey = (passkeyId: string, name: string) =>
  soon.put<Passkey>("/v3/users/me/passkeys/{passkeyId}", { ...none, path: { passkeyId }, body: { name } });
export const removePasskey = (passkeyId: string) =>
  soon.delete<boolean>("/v3/users/me/passkeys/{passkeyId}", { ...none, path: { passkeyId } });

/** What the server says about itself; what an older one is assumed to be where it says nothing. */
export async function server(): Promise<Server> {
  return soon.get<Server>("/v3/server", none).catch(() => {
    const { protocol, host, origin } = location;
    const socket = protocol === "https:" ? "wss:" : "ws:";
    return {
      openSignUp: true,
      passkeys: true,
      mail: true,
      urls: {
        api: origin,
        socket: `${socket}//${host}/ws`,
        messenger: `${protocol}//messenger.${host}`,
        banner: `${protocol}//media.${host}/banner`,
        modal: `${protocol}//media.${host}/modal`,
      },
    };
  });
}
