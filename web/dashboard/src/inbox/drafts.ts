// Drafts that the server could not be given: they wait in this browser until it can.
import type { Attachment } from "./types.ts";

/** What somebody is about to write. */
export interface Draft {
  comment?: unknown;
  isNote?: boolean;
  attachments?: Attachment[];
}

const key = (user: string, ticket: string) => `hark.draft.${user}.${ticket}`;

/** Keeps a draft here, or forgets it when the server has it. */
export function keepHere(user: string, ticket: string, draft: Draft | undefined): boolean {
  try {
    if (draft) localStorage.setItem(key(user, ticket), JSON.stringify(draft));
    else localStorage.removeItem(key(user, ticket));
    return true;
  } catch {
    return false;
  }
}

/** The draft that was kept here because the server could not be given it. */
export function keptHere(user: string, ticket: string): Draft | undefined {
  try {
    return (JSON.parse(localStorage.getItem(key(user, ticket)) ?? "null") as Draft | null) ?? undefined;
  } catch {
    return undefined;
  }
}
