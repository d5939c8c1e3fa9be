// What was begun in conversations and not sent. The browser keeps it for its tab, so that a page that is loaded anew,
// or the next page of the site, has it still.
import type { Attachment } from "../api/types";
import { isFields } from "../bridge/protocol";
import { inTab, keep, moveAll, recall } from "../lib/storage";
import type { Uploads } from "./uploads.svelte";

/** What was begun in a conversation. */
export interface Draft {
  text: string;
  uploads: Uploads;
}

/** What the browser has of it: files that are still on their way are not among it. */
export interface Kept {
  text: string;
  files: Attachment[];
}

/** Those of one person, by the name of the conversation; that of a new one has none. */
export class Drafts {
  private readonly here = new Map<string, Draft>();
  private place = "";
  private ended = false;

  /** From here on the browser keeps them in this place, with what it has from the same person in the one before. */
  moveTo(place: string): void {
    if (place === this.place) return;
    if (this.place) moveAll(`${this.place}:`, `${place}:`, inTab);
    this.place = place;
  }

  /** Takes out what was begun in this document. */
  take(token: string): Draft | undefined {
    const draft = this.here.get(token);
    this.here.delete(token);
    return draft;
  }

  /** What the browser has of an earlier document. */
  recall(token: string): Kept | undefined {
    return this.place ? readKept(recall(this.key(token), inTab)) : undefined;
  }

  /** Puts back what was begun, while it is not on the screen. */
  put(token: string, draft: Draft): void {
    this.here.set(token, draft);
    this.note(token, draft.text, draft.uploads.done);
  }

  /** Lets the browser keep what is being written; nothing is not kept. */
  note(token: string, text: string, files: Attachment[]): void {
    if (!this.place || this.ended) return;
    keep(this.key(token), text || files.length > 0 ? ({ text, files } satisfies Kept) : undefined, inTab);
  }

  /** Somebody else is here, and finds nothing. */
  end(): void {
    this.ended = true;
    this.here.clear();
    if (this.place) moveAll(`${this.place}:`, undefined, inTab);
  }

  private key(token: string): string {
    return `${this.place}:${token}`;
  }
}

/** What the browser kept, as far as it is what we keep. */
export function readKept(value: unknown): Kept | undefined {
  if (!isFields(value) || typeof value.text !== "string" || !Array.isArray(value.files)) return undefined;
  const isFile = (file: unknown): file is Attachment => isFields(file) && typeof file.name === "string" && typeof file.url === "string";
  return { text: value.text, files: value.files.filter(isFile) };
}
