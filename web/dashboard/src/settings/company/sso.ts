// The calls of an organisation's single sign-on and of its rule about second factors.
import type { Schemas } from "@hark/api-client";
import { api } from "../../app/session.svelte.ts";

export type Sso = Schemas["SsoView"];
export type SsoInput = Schemas["SsoInput"];

const one = (id: string) => ({ path: { organisationId: id }, project: null });

export const readSso = (id: string, signal: AbortSignal) =>
  api.get("/v3/organisations/{organisationId}/sso", { ...one(id), signal });
export const saveSso = (id: string, body: SsoInput) => api.put("/v3/organisations/{organisationId}/sso", { ...one(id), body });
export const removeSso = (id: string) => api.delete("/v3/organisations/{organisationId}/sso", one(id));
export const readSecurity = (id: string, signal: AbortSignal) =>
  api.get("/v3/organisations/{organisationId}/security", { ...one(id), signal });
export const saveSecurity = (id: string, requireSecondFactor: boolean) =>
  api.put("/v3/organisations/{organisationId}/security", { ...one(id), body: { requireSecondFactor } });
