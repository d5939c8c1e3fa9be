// The configuration of the project, which several pages edit: read and changed with the revision that it had.
import type { Schemas } from "@hark/api-client";
import { api } from "../app/session.svelte.ts";

export type Config = Schemas["Config"];

/** The configuration, or what a page shows of it, with its revision. */
export interface Revised<T> {
  data: T;
  etag: string | undefined;
}

/** Reads the configuration. */
export async function readConfig<T>(shown: (config: Config) => T, signal?: AbortSignal): Promise<Revised<T>> {
  const { data, etag } = await api.call("get", "/v3/projects/config", { signal });
  return { data: shown(data), etag };
}

/** Changes what `body` names, if the configuration still is as it was; without a revision in any case. */
export async function saveConfig<T>(body: Config, etag: string | undefined, shown: (config: Config) => T): Promise<Revised<T>> {
  const saved = await api.call("put", "/v3/projects/config", { body, ifMatch: etag });
  return { data: shown(saved.data), etag: saved.etag };
}
