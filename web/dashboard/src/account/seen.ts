// Whether a project's SDK was seen on a page or in an app.
import type { Data } from "@hark/api-client";
import { api } from "../app/session.svelte.ts";

export type Seen = Data<"get", "/v3/projects/sdk">;

export function seen(project: string): Promise<Seen> {
  return api.get("/v3/projects/sdk", { project });
}
