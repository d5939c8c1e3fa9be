// The draft of a message, kept on the server while somebody writes.
import { ApiError } from "@hark/api-client";
import { api } from "../app/session.svelte.ts";
import { isEmpty } from "./rich.ts";
import type { Inbox } from "./store.svelte.ts";
import type { Attachment } from "./types.ts";

/** How long somebody must pause before what is written is kept, in milliseconds. */
const REST_MS = 900;

/** What is kept. */
export interface Drafted {
  content: unknown;
  note: boolean;
  attachments: Attachment[];
}

export class Draft {
  state = $state<"no" | "saving" | "kept" | "failed">("no");
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly inbox: Inbox,
    private readonly ticket: string,
    /** What is written now; undefined before somebody can write. */
    private readonly written: () => Drafted | undefined,
  ) {}

  /** Reads what was kept; undefined when nothing was. */
  async read(): Promise<Drafted | undefined> {
    try {
      const { comment, isNote, attachments } = await api.get("/v3/tickets/{ticketId}/draft", this.call);
      return { content: comment, note: Boolean(isNote), attachments: (attachments ?? []) as Attachment[] };
    } catch (error) {
      if (!(error instanceof ApiError && error.kind === "missing")) console.warn(error);
      return undefined;
    }
  }

  /** Something was written: it is kept soon. */
  soon(): void {
    this.state = "saving";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(false), REST_MS);
  }

  /** What was to be kept is not any more. */
  forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Keeps at once what waits for it, as when somebody leaves. */
  end(): void {
    if (this.timer) void this.save(true);
    this.forget();
  }

  /** Takes the draft away, as after it was sent. */
  drop(): void {
    this.state = "no";
    void api.delete("/v3/tickets/{ticketId}/draft", this.call).catch(() => undefined);
  }

  private async save(leaving: boolean): Promise<void> {
    this.forget();
    const written = this.written();
    if (!written) return;
    const { content, note, attachments } = written;
    const call = { ...this.call, keepalive: leaving };
    try {
      if (isEmpty(content) && attachments.length === 0) {
        await api.delete("/v3/tickets/{ticketId}/draft", call).catch((error: unknown) => {
          if (!(error instanceof ApiError && error.kind === "missing")) throw error;
        });
        this.state = "no";
      } else {
        await api.put("/v3/tickets/{ticketId}/draft", { ...call, body: { comment: content, isNote: note, attachments } });
        this.state = "kept";
      }
    } catch {
      this.state = "failed";
    }
  }

  private get call() {
    return { path: { ticketId: this.ticket }, ...this.inbox.of };
  }
}
