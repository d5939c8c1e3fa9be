// The files that go with a message: uploaded as they are chosen.
import { toasts } from "@hark/ui";
import { api } from "../app/session.svelte.ts";
import { reason } from "./actions.svelte.ts";
import type { Inbox } from "./store.svelte.ts";
import { t } from "./text.ts";
import type { Attachment } from "./types.ts";

/** Files of one message. */
const MOST = 10;
const UPLOAD_MS = 120_000;

export interface ChosenFile extends Attachment {
  key: string;
  /** It is on its way to the server. */
  busy?: boolean;
}

export class Files {
  list = $state<ChosenFile[]>([]);

  constructor(
    private readonly inbox: Inbox,
    private readonly onchange: () => void,
  ) {}

  get busy(): boolean {
    return this.list.some((one) => one.busy);
  }

  /** Those that are on the server, as messages carry them. */
  get here(): Attachment[] {
    return this.list.filter((one) => !one.busy).map(({ name, url, type }) => ({ name, url, type: type ?? null }));
  }

  /** Puts files in place of those that are chosen. */
  set(files: readonly Attachment[]): void {
    this.list = files.map((one) => ({ ...one, key: one.url }));
  }

  /** Adds files that are on the server already. */
  add(files: readonly Attachment[]): void {
    this.list = [...this.list, ...files.map((one) => ({ ...one, key: `${one.url}#${crypto.randomUUID()}` }))].slice(0, MOST);
  }

  remove(key: string): void {
    this.list = this.list.filter((one) => one.key !== key);
    this.onchange();
  }

  async upload(files: readonly File[]): Promise<void> {
    for (const file of files.slice(0, MOST - this.list.length)) {
      const key = crypto.randomUUID();
      this.list.push({ key, name: file.name, url: "", type: file.type, busy: true });
      try {
        const form = new FormData();
        form.append("file", file, file.name);
        const { fileUrl } = await api.post("/uploads", { raw: form, timeout: UPLOAD_MS, ...this.inbox.of });
        this.list = this.list.map((one) => (one.key === key ? { key, name: file.name, url: fileUrl, type: file.type || null } : one));
        this.onchange();
      } catch (error) {
        this.list = this.list.filter((one) => one.key !== key);
        toasts.fail(t("composer.uploadFailed", { name: file.name, why: reason(error) }));
      }
    }
  }
}
