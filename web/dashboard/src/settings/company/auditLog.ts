// The audit log as people ask for it: newest first and filtered, page by page.
import type { Schemas } from "@hark/api-client";
import { texts } from "../../app/i18n.svelte.ts";
import { api } from "../../app/session.svelte.ts";
import de from "../../locales/de/audit.ts";
import en from "../../locales/en/audit.ts";
import type { PageOf } from "../paged.svelte.ts";

export type Entry = Schemas["EntryView"];

/** Entries of a page. */
const PAGE = 100;

/** Whose log: the project's of the address, or an organisation's. */
export type Log = "project" | { organisation: string };

export interface Filter {
  /** Who did it: a user's id, or a text as in the entries; empty for anybody. */
  actor: string;
  /** How the action begins, such as `token`; empty for anything. */
  action: string;
  /** What it was done to; empty for anything. */
  target: string;
  /** Days as date fields write them; empty for no bound. */
  from: string;
  to: string;
}

/** What can be asked for by name: how the actions about it begin. */
export const KINDS = ["member", "role", "team", "token", "invitation", "project", "webhook", "workflow", "sla_policy", "contact", "ticket", "message", "organisation", "user", "property", "channel", "billing"] as const;

const t = texts({ en, de });

/** What an action means, as it goes on behind the name of whoever did it. */
export function deed(action: string): string {
  return Object.hasOwn(en, action) ? t(action as keyof typeof en) : t("unknown", { action });
}

/** The parameters that ask for this: days are those of the reader, and the last one is whole. */
export function queryOf({ actor, action, target, from, to }: Filter): Record<string, string | undefined> {
  return {
    order: "newest",
    actor: actor || undefined,
    action: action || undefined,
    target: target.trim() || undefined,
    from: from ? startOf(from, 0) : undefined,
    to: to ? startOf(to, 1) : undefined,
  };
}

/** Reads a page. */
export async function readPage(log: Log, filter: Filter, cursor: string | undefined, signal: AbortSignal): Promise<PageOf<Entry>> {
  const query = { ...queryOf(filter), limit: PAGE, cursor };
  const page =
    log === "project"
      ? await api.call("get", "/v3/audit-log", { query, signal })
      : await api.call("get", "/v3/organisations/{organisationId}/audit-log", { path: { organisationId: log.organisation }, query, signal, project: null });
  return { entries: page.data, cursor: page.cursor };
}

/** When a day begins, or one some days behind it. */
function startOf(day: string, later: number): string | undefined {
  const moment = new Date(`${day}T00:00`);
  moment.setDate(moment.getDate() + later);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
