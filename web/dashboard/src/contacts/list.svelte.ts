// The list of contacts: what it is asked, the pages that are here, and changes that show at once.
import { toasts } from "@hark/ui";
import { readAll } from "../app/batch.svelte.ts";
import { whyOf } from "../app/failures.ts";
import { api } from "../app/session.svelte.ts";
import { both, resolveRelative, type Conditions } from "../filters/conditions.ts";
import type { Contact } from "./contact.ts";
import { Pages } from "./pages.ts";
import { t } from "./text.ts";

export const DEFAULT_SORT = "-lastActivity";
/** Hits that a ranked search answers at most. */
const HITS_MAX = 100;
/** How long the list must rest before its rows are loaded, in milliseconds. */
const REST_MS = 60;
const SEARCHED = ["name", "email", "userId", "phone", "companyName"];

/** What a list is asked. */
export interface Question {
  conditions: Conditions;
  search: string;
  sort: string;
}

/** The parameters of a call for a question. */
export function queryOf({ conditions, search, sort }: Question, now: number): { sort: string; filter?: string } {
  const words = search.trim();
  const found = words === "" ? {} : { any: SEARCHED.map((path) => ({ path, op: "contains", value: words })) };
  const all = both(resolveRelative(conditions, now), found);
  return { sort, ...(Object.keys(all).length > 0 ? { filter: JSON.stringify(all) } : {}) };
}

export class ContactList {
  question = $state.raw<Question>({ conditions: {}, search: "", sort: DEFAULT_SORT });
  total = $state<number>();
  trouble = $state("");
  /** Counts up with each change of what is here, so that what shows it is drawn anew. */
  version = $state(0);
  private pages = this.fresh();
  private asked = false;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private later: ReturnType<typeof setTimeout> | undefined;

  /** Asks something else. */
  ask(question: Question): void {
    this.question = question;
    this.asked = true;
    this.reload();
  }

  /** Asks again from the start. */
  reload(): void {
    this.pages.end();
    this.trouble = "";
    this.total = undefined;
    this.pages = this.fresh();
    this.version += 1;
    this.pages.want(0, 40);
  }

  /** Loads some rows once the list rests there for a moment: rows that fly past are not asked for. */
  want(from: number, to: number): void {
    clearTimeout(this.resting);
    // What is drawn before the list is asked something would be read for nothing.
    if (!this.asked) return;
    if (this.pages.total === undefined) this.pages.want(from, to);
    else this.resting = setTimeout(() => this.pages.want(from, to), REST_MS);
  }

  at(index: number): Contact | undefined {
    void this.version;
    return this.pages.at(index);
  }

  /** The one contact that there is, once it is here. */
  get only(): Contact | undefined {
    return this.total === 1 ? this.at(0) : undefined;
  }

  find(id: string): Contact | undefined {
    void this.version;
    return this.pages.find(id);
  }

  here(): Contact[] {
    void this.version;
    return this.pages.here();
  }

  /** Reads what is seen again, soon and once for many changes. */
  refreshSoon(): void {
    this.later ??= setTimeout(() => {
      this.later = undefined;
      void this.pages.refresh();
    }, 1200);
  }

  /** Reads a contact that changed elsewhere. */
  async reread(id: string): Promise<void> {
    if (!this.pages.find(id)) return;
    try {
      this.pages.put(await api.get("/v3/sessions/{sessionId}", { path: { sessionId: id } }));
    } catch {
      this.refreshSoon();
    }
  }

  put(contact: Contact): void {
    this.pages.put(contact);
  }

  /** Takes a contact out of sight; returns what puts it back. */
  remove(id: string): () => void {
    return this.pages.remove(id);
  }

  /** Reads every contact that the list has, up to a bound; `onstep` is told how many are here. */
  async everything(onstep: (count: number) => void, signal: AbortSignal): Promise<Contact[]> {
    if (this.isRanked) return (await this.load(0, HITS_MAX, signal)).entries;
    const { filter } = queryOf(this.question, Date.now());
    // By when they were made: an order that does not change while it is read.
    const all = await readAll(async (cursor, limit) => {
      const page = await api.call("get", "/v3/sessions", { query: { filter, sort: "createdAt", limit, cursor }, signal });
      return { entries: page.data, cursor: page.cursor };
    }, onstep);
    return [...new Map(all.map((contact) => [contact.id, contact])).values()];
  }

  end(): void {
    clearTimeout(this.later);
    clearTimeout(this.resting);
    this.pages.end();
  }

  /** A search alone is ranked by the index; with filters or another order it is one of the filters. */
  private get isRanked(): boolean {
    const { conditions, search, sort } = this.question;
    return search.trim() !== "" && Object.keys(conditions).length === 0 && sort === DEFAULT_SORT;
  }

  private fresh(): Pages<Contact> {
    const pages: Pages<Contact> = new Pages<Contact>({
      load: (skip, limit, signal) => this.load(skip, limit, signal),
      onchange: () => {
        if (pages !== this.pages) return;
        this.trouble = "";
        this.total = pages.total;
        this.version += 1;
      },
      onerror: (error) => {
        if (this.total === undefined) this.trouble = whyOf(error);
        else toasts.fail(`${t("failed")}: ${whyOf(error)}`);
      },
    });
    return pages;
  }

  private async load(skip: number, limit: number, signal: AbortSignal): Promise<{ entries: Contact[]; total: number }> {
    const { search } = this.question;
    if (this.isRanked) {
      const hits = await api.get("/v3/sessions/search", { query: { searchTerm: search.trim(), limit: HITS_MAX }, signal });
      return { entries: hits.slice(skip, skip + limit), total: hits.length };
    }
    const query = { ...queryOf(this.question, Date.now()), skip, limit };
    const { data, total } = await api.call("get", "/v3/sessions", { query, signal });
    return { entries: data, total: total ?? skip + data.length };
  }
}

/**
 * Changes a contact at once and tells the server; when that fails the old values are back, with an explanation.
 * `local` is what shows meanwhile, `send` what the server is told.
 */
export async function change(
  contact: Contact,
  local: Partial<Contact>,
  send: () => Promise<Contact>,
  show: (contact: Contact) => void,
  what: string,
): Promise<boolean> {
  show({ ...contact, ...local });
  try {
    show(await send());
    return true;
  } catch (error) {
    show(contact);
    toasts.fail(t("notSaved", { name: what, why: whyOf(error) }));
    return false;
  }
}
