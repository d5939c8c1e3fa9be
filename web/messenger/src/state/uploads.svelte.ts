// Files on their way to the server, for a message or an answer.
import { Failure } from "../api/client";
import type { Attachment } from "../api/types";
import { newId } from "../lib/id";
import type { App } from "./app.svelte";

/** Files of a message, or of an answer. */
export const FILES_MAX = 10;
/** The status of a server that takes nothing of that size. */
const TOO_LARGE = 413;

/** A file that was chosen. */
export interface Upload {
  id: string;
  file: File;
  /** A picture of it, of files that are pictures. */
  preview: string;
  /** Why it is not there, when it came to nothing: another attempt is of use only where the line was at fault. */
  failed?: "line" | "size";
  attachment?: Attachment;
}

export class Uploads {
  items = $state.raw<Upload[]>([]);

  /** @param uploaded files that are there already */
  constructor(
    private readonly app: App,
    private readonly max: number,
    uploaded: Attachment[] = [],
  ) {
    this.restore(uploaded);
  }

  /** Begins with files that are there already. */
  restore(uploaded: Attachment[]): void {
    this.items = uploaded.map((attachment) => {
      const file = new File([], attachment.name, { type: attachment.type ?? "" });
      return { id: newId(), file, preview: "", attachment };
    });
  }

  /** Asked of whoever shows them: they outlive the composer in which they were chosen. */
  get isBusy(): boolean {
    return this.items.some((item) => !item.attachment && !item.failed);
  }

  get done(): Attachment[] {
    return this.items.flatMap((item) => item.attachment ?? []);
  }

  add(files: Iterable<File>): void {
    for (const file of [...files].slice(0, this.max - this.items.length)) {
      const preview = /^image\/(png|jpe?g|gif|webp)$/.test(file.type) ? URL.createObjectURL(file) : "";
      const item: Upload = { id: newId(), file, preview };
      this.items = [...this.items, item];
      void this.send(item.id);
    }
  }

  async send(id: string): Promise<void> {
    const item = this.items.find((one) => one.id === id);
    const client = this.app.contact?.client;
    if (!item || !client) return this.change(id, { failed: "line" });
    this.change(id, { failed: undefined });
    try {
      this.change(id, { attachment: await client.upload(item.file) });
    } catch (error) {
      this.change(id, { failed: error instanceof Failure && error.status === TOO_LARGE ? "size" : "line" });
    }
  }

  remove(id: string): void {
    const item = this.items.find((one) => one.id === id);
    if (item?.preview) URL.revokeObjectURL(item.preview);
    this.items = this.items.filter((one) => one.id !== id);
  }

  clear(): void {
    this.items.forEach((item) => this.remove(item.id));
  }

  private change(id: string, change: { [K in keyof Upload]?: Upload[K] | undefined }): void {
    this.items = this.items.map((item) => (item.id === id ? ({ ...item, ...change } as Upload) : item));
  }
}
