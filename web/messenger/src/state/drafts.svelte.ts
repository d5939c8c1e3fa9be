// What was begun in conversations and not sent. The browser keeps it for its tab, so that a page that is loaded anew,
// or the next page of the site, has it still.
import type { Attachment } from "../api/types";
import { isFields, type Session } from "../bridge/protocol";
import { inTab, keep, moveAll, placeOf, recall } from "../lib/storage";
import type { Uploads } from "./uploads.svelte";

/** The name of what is begun beside a question of the site, until the question is asked. */
export const BESIDE_QUESTION = "?";

/** What is begun in a conversation: the same for every screen that shows it. */
export class Draft {
  text = $state("");

  constructor(
    text: string,
    readonly uploads: Uploads,
  ) {
    this.text = text;
  }

  get isEmpty(): boolean {
    return this.text.trim() === "" && this.uploads.items.length === 0;
  }

  fill(text: string, files: Attachment[]): void {
    this.text = text;
    this.uploads.restore(files);
  }
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

  /** @param choose makes room for the files of one, of which some are there already */
  constructor(private readonly choose: (files?: Attachment[]) => Uploads) {}

  /**
   * From here on the browser keeps them for this person, with what it has from the same one under another name.
   * Anything else that it has of the project was begun by somebody who is not here any more.
   *
   * @param guest the person's other name, on the page before
   */
  belongTo({ apiUrl, sdkKey, data }: Session, guest?: string): void {
    const all = placeOf("draft", apiUrl, sdkKey, "");
    const own = `${all}${data.gleapId}:`;
    if (own === this.place) return;
    const before = [this.place, guest === undefined ? "" : `${all}${guest}:`];
    this.place = own;
    for (const place of before.filter((one) => one !== "" && one !== own)) moveAll(place, own, inTab);
    moveAll(all, undefined, inTab, own);
    for (const [token, draft] of this.here) {
      const kept = this.recall(token);
      if (draft.isEmpty && kept) draft.fill(kept.text, kept.files);
      else this.note(token);
    }
  }

  /** What is begun in a conversation, in this document or an earlier one. */
  of(token: string): Draft {
    const known = this.here.get(token);
    if (known) return known;
    const kept = this.recall(token);
    const draft = new Draft(kept?.text ?? "", this.choose(kept?.files));
    this.here.set(token, draft);
    return draft;
  }

  /** A conversation has another name now. */
  rename(from: string, to: string): void {
    const draft = this.of(from);
    this.here.delete(from);
    if (this.place) keep(this.place + from, undefined, inTab);
    if (draft.isEmpty) return;
    this.here.set(to, draft);
    this.note(to);
  }

  /** It was sent. */
  clear(token: string): void {
    const draft = this.of(token);
    draft.text = "";
    draft.uploads.clear();
    this.note(token);
  }

  /** Lets the browser keep what it is now; nothing is not kept. */
  note(token: string): void {
    // Asked first, so that whoever repeats this when something changes hears of every change.
    const { text, uploads } = this.of(token);
    const files = uploads.done;
    if (!this.place || this.ended) return;
    keep(this.place + token, text.trim() || files.length > 0 ? ({ text, files } satisfies Kept) : undefined, inTab);
  }

  /** Somebody else is here, and finds nothing. */
  end(): void {
    this.ended = true;
    this.here.clear();
    if (this.place) moveAll(this.place, undefined, inTab);
  }

  private recall(token: string): Kept | undefined {
    return this.place && !this.ended ? readKept(recall(this.place + token, inTab)) : undefined;
  }
}

/** What the browser kept, as far as it is what we keep. */
export function readKept(value: unknown): Kept | undefined {
  if (!isFields(value) || typeof value.text !== "string" || !Array.isArray(value.files)) return undefined;
  const isFile = (file: unknown): file is Attachment => isFields(file) && typeof file.name === "string" && typeof file.url === "string";
  return { text: value.text, files: value.files.filter(isFile) };
}
