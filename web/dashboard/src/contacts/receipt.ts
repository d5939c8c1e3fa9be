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

/** Finds the receipt of a contact that was deleted; undefined when there is none. */
export async function receiptOf(contactId: string): Promise<Receipt | undefined> {
  const query = { action: "contact.deleted", target: contactId, order: "newest", limit: 1 };
  const [entry] = await api.get("/v3/audit-log", { query });
  if (!entry) return undefined;
  return { deletedAt: entry.createdAt, deletedBy: entry.actor, counts: (entry.detail ?? {}) as Record<string, number>, seq: entry.seq, hash: entry.hash };
}
