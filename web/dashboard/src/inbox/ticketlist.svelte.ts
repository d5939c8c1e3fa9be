// A list of tickets of any length: pages are read when they come into sight, and again when something changed.
import { whyOf } from "../app/failures.ts";
import type { Ticket } from "./types.ts";

/** Reads a page: the tickets from a place on, and how many there are altogether. */
export type PageReader = (skip: number, limit: number, signal: AbortSignal) => Promise<{ tickets: Ticket[]; total: number }>;

const PAGE = 50;
/** How often a list that changes all the time is read, in milliseconds. */
const REFRESH_MS = 500;
/** How long the list must stay before the pages in sight are read. */
const SETTLE_MS = 50;

/** A list with the tickets that are known of it. */
export class TicketList {
  /** How many tickets there are. */
  total = $state(0);
  /** `loading` only before the first page. */
  state = $state<"loading" | "ready" | "failed">("loading");
  trouble = $state("");
  private version = $state(0);
  private ids: (string | undefined)[] = [];
  /** The pages that were read since the last change. */
  private fresh = new Set<number>();
  private reading = new Map<number, AbortController>();
  private from = 0;
  private to = PAGE;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private refreshing: ReturnType<typeof setTimeout> | undefined;
  private readAt = 0;

  constructor(
    private readonly read: PageReader,
    private readonly keep: (tickets: Ticket[]) => void,
  ) {}

  /** The ticket at a place, if its page was read. */
  at(index: number): string | undefined {
    void this.version;
    return this.ids[index];
  }

  /** The place of a ticket, or -1. */
  indexOf(id: string): number {
    void this.version;
    return this.ids.indexOf(id);
  }

  /** The tickets that are known, in their order. */
  get known(): string[] {
    void this.version;
    return this.ids.filter((id): id is string => id !== undefined);
  }

  /** These rows are in sight. */
  look(from: number, to: number): void {
    this.from = from;
    this.to = to;
    this.schedule(this.state === "loading" ? 0 : SETTLE_MS);
  }

  /** Something changed: what is in sight is read again soon, the rest when it comes into sight. */
  refresh(): void {
    this.fresh.clear();
    if (this.refreshing !== undefined) return;
    const wait = Math.max(60, REFRESH_MS - (Date.now() - this.readAt));
    this.refreshing = setTimeout(() => {
      this.refreshing = undefined;
      this.readAt = Date.now();
      void this.ensure();
    }, wait);
  }

  /** Takes tickets out, before the server says so. */
  drop(ids: ReadonlySet<string>): void {
    // What is on its way may have been read before they were gone.
    for (const page of this.reading.keys()) this.fresh.delete(page);
    const before = this.ids.length;
    const first = this.ids.findIndex((id) => id !== undefined && ids.has(id));
    if (first < 0) return;
    // What follows has moved up: it is read again when it comes into sight.
    for (const page of [...this.fresh]) if (page >= Math.floor(first / PAGE)) this.fresh.delete(page);
    this.ids = this.ids.filter((id) => id === undefined || !ids.has(id));
    this.total -= before - this.ids.length;
    this.version++;
  }

  /** Nobody looks at it any more. */
  close(): void {
    clearTimeout(this.timer);
    clearTimeout(this.refreshing);
    for (const reading of this.reading.values()) reading.abort();
    this.reading.clear();
  }

  private schedule(after: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ensure(), after);
  }

  private async ensure(): Promise<void> {
    const length = this.state === "ready" ? this.total : PAGE;
    const first = Math.floor(Math.min(this.from, Math.max(0, length - 1)) / PAGE);
    const last = Math.max(first, Math.ceil(Math.min(this.to, length) / PAGE) - 1);
    for (const [page, reading] of this.reading) {
      if (page >= first && page <= last) continue;
      reading.abort();
      // It may be wanted again before the reading has noticed.
      this.reading.delete(page);
      this.fresh.delete(page);
    }
    const wanted: number[] = [];
    for (let page = first; page <= last; page++) {
      if (!this.fresh.has(page) && !this.reading.has(page)) wanted.push(page);
    }
    await Promise.all(wanted.map((page) => this.readPage(page)));
  }

  private async readPage(page: number): Promise<void> {
    const ending = new AbortController();
    this.reading.set(page, ending);
    this.fresh.add(page);
    try {
      const { tickets, total } = await this.read(page * PAGE, PAGE, ending.signal);
      this.keep(tickets);
      this.place(page, tickets, total);
      this.state = "ready";
      this.trouble = "";
    } catch (error) {
      if (ending.signal.aborted) return;
      this.fresh.delete(page);
      this.trouble = whyOf(error);
      if (this.state === "loading") this.state = "failed";
      // What is seen stays; it is read again with the next change, or soon.
      else this.schedule(5_000);
    } finally {
      if (this.reading.get(page) === ending) this.reading.delete(page);
    }
  }

  private place(page: number, tickets: Ticket[], total: number): void {
    const start = page * PAGE;
    this.ids.length = total;
    const here = new Set(tickets.map((ticket) => ticket.id));
    // A ticket that moved is not seen twice.
    for (let index = 0; index < total; index++) {
      const id = this.ids[index];
      if (id === undefined || !here.has(id)) continue;
      this.ids[index] = undefined;
      if (Math.floor(index / PAGE) !== page) this.fresh.delete(Math.floor(index / PAGE));
    }
    for (let offset = 0; offset < PAGE && start + offset < total; offset++) this.ids[start + offset] = tickets[offset]?.id;
    this.total = total;
    this.version++;
    // More is in sight than was known when the list was short.
    this.schedule(SETTLE_MS);
  }
}
