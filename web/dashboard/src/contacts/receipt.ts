// What proves a deletion: the entry of the audit log about it.
import { api } from "../app/session.svelte.ts";

/** What is kept of a deletion; it names nobody. */
export interface Receipt {
  deletedAt: string;
  deletedBy: string;
  /** How much of each was deleted. */
  counts: Record<string, number>;
  seq: number;
  hash: string;
}

/** How many entries may have been written since. */
const NEWER_MAX = 200;

/** Finds the receipt of a contact that was deleted a moment ago; undefined when it is not among the newest entries. */
export async function receiptOf(contactId: string): Promise<Receipt | undefined> {
  // The log is read from its start on; its length says where its end begins.
  const { entries } = await api.get("/v3/audit-log/verify");
  const newest = await api.get("/v3/audit-log", { query: { cursor: Math.max(0, entries - NEWER_MAX), limit: 2 * NEWER_MAX } });
  const entry = newest.findLast((one) => one.action === "contact.deleted" && one.target === contactId);
  if (!entry) return undefined;
  return { deletedAt: entry.createdAt, deletedBy: entry.actor, counts: (entry.detail ?? {}) as Record<string, number>, seq: entry.seq, hash: entry.hash };
}
