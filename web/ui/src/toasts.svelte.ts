// What the page says in passing: a line with at most one action, gone after a while.

/** A line that is shown. */
export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "good" | "bad";
  action?: { label: string; run: () => void } | undefined;
}

/** How a line is to be shown. */
export interface ToastOptions {
  tone?: Toast["tone"];
  action?: Toast["action"];
  /** Milliseconds until it goes by itself. */
  stays?: number;
}

const SHOWN_MAX = 4;
const STAYS_MS = 6000;

class Toasts {
  list = $state<Toast[]>([]);
  private last = 0;
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Says something; returns what takes it back. */
  show(text: string, { tone = "plain", action, stays = STAYS_MS }: ToastOptions = {}): () => void {
    const id = ++this.last;
    this.list = [...this.list.slice(1 - SHOWN_MAX), { id, text, tone, action }];
    this.start(id, stays);
    return () => this.close(id);
  }

  /** Says that something went wrong; stays longer. */
  fail(text: string, options: ToastOptions = {}): () => void {
    return this.show(text, { tone: "bad", stays: 10_000, ...options });
  }

  close(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  private start(id: number, after: number): void {
    this.timers.set(
      id,
      setTimeout(() => this.close(id), after),
    );
  }
}

/** The one place where the page says things. */
export const toasts = new Toasts();
