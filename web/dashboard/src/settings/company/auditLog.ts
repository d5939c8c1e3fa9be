// The audit log as people read it: newest first and filtered. The server tells it from its beginning, in pages.
import type { Schemas } from "@hark/api-client";
import { api } from "../../app/session.svelte.ts";

export type Entry = Schemas["EntryView"];

/** Entries of a page, and pages at most: nobody reads on from there, the export has everything. */
const PAGE = 1_000;
const PAGES_MAX = 100;

/** Whose log: the project's of the address, or an organisation's. */
export type Log = "project" | { organisation: string };

/** Reads what is new behind the entries that are known. */
export async function readOn(log: Log, known: readonly Entry[], signal: AbortSignal): Promise<Entry[]> {
  const entries = [...known];
  // The number of an entry is the cursor behind it.
  let cursor = known.length ? String(known.at(-1)!.seq) : undefined;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const query = { limit: PAGE, cursor };
    const page =
      log === "project"
        ? await api.call("get", "/v3/audit-log", { query, signal })
        : await api.call("get", "/v3/organisations/{organisationId}/audit-log", { path: { organisationId: log.organisation }, query, signal, project: null });
    entries.push(...page.data);
    cursor = page.cursor;
    if (!cursor) break;
  }
  return entries;
}

export interface Filter {
  /** A user's id; empty for anybody. */
  actor: string;
  /** The kind of what was done, such as `token`; empty for anything. */
  kind: string;
  /** Days as date fields write them; empty for no bound. */
  from: string;
  to: string;
}

/** What fits, the newest first. */
export function newest(entries: readonly Entry[], { actor, kind, from, to }: Filter): Entry[] {
  const since = from ? new Date(`${from}T00:00`).getTime() : -Infinity;
  const until = to ? new Date(`${to}T23:59:59.999`).getTime() : Infinity;
  return entries
    .filter(
      (entry) =>
        (!actor || entry.actor === `user:${actor}`) &&
        (!kind || kindOf(entry.action) === kind) &&
        entry.at >= since &&
        entry.at <= until,
    )
    .reverse();
}

/** `token` of `token.created` and of `tokens.revoked`. */
export function kindOf(action: string): string {
  return (action.split(".")[0] ?? "").replace(/s$/, "");
}
