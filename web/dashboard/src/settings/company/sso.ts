// The calls of an organisation's single sign-on and of its rule about second factors.
import { api } from "../../app/session.svelte.ts";

export interface Sso {
  configured: boolean;
  issuer?: string;
  clientId?: string;
  domains: string[];
  defaultRole: string;
  enabled: boolean;
  redirectUri: string;
}

export interface SsoInput {
  issuer: string;
  clientId: string;
  clientSecret?: string;
  domains: string[];
  defaultRole: string;
  enabled: boolean;
}

export interface Security {
  requireSecondFactor: boolean;
}

// Calls that the description gets with the server's next version.
const soon = api as unknown as Record<"get" | "put" | "delete", <T>(path: string, options?: object) => Promise<T>>;
const one = (id: string) => ({ path: { organisationId: id }, project: null });

export const readSso = (id: string, signal: AbortSignal) =>
  soon.get<Sso>("/v3/organisations/{organisationId}/sso", { ...one(id), signal });
export const saveSso = (id: string, body: SsoInput) => soon.put<Sso>("/v3/organisations/{organisationId}/sso", { ...one(id), body });
export const removeSso = (id: string) => soon.delete<boolean>("/v3/organisations/{organisationId}/sso", one(id));
export const readSecurity = (id: string, signal: AbortSignal) =>
  soon.get<Security>("/v3/organisations/{organisationId}/security", { ...one(id), signal });
export const saveSecurity = (id: string, requireSecondFactor: boolean) =>
  soon.put<Security>("/v3/organisations/{organisationId}/security", { ...one(id), body: { requireSecondFactor } });
