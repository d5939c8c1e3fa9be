// What was captured with a ticket, loaded when it is first looked at.
import { whyOf } from "../app/failures.ts";
import { api } from "../app/session.svelte.ts";
import { readConsole, type Line } from "./console.ts";
import { readNetwork, type Call } from "./network.ts";
import { readEvents, type Tracked } from "./timeline.ts";

/** A log on its way. */
export type Loaded<T> = { state: "loading" } | { state: "failed"; why: string } | { state: "here"; entries: T[] };

/** Logs of a busy page are large, and so is the time that they may take. */
const TIMEOUT_MS = 60_000;

export class Report {
  console = $state.raw<Loaded<Line>>({ state: "loading" });
  network = $state.raw<Loaded<Call>>({ state: "loading" });
  events = $state.raw<Loaded<Tracked>>({ state: "loading" });
  private readonly ending = new AbortController();

  /** `page` is the address that was reported from. */
  constructor(
    readonly ticketId: string,
    private readonly page: string | undefined,
  ) {}

  load(): void {
    void this.loadConsole();
    void this.loadNetwork();
    void this.loadEvents();
  }

  /** Stops what is on its way. */
  end(): void {
    this.ending.abort();
  }

  async loadConsole(): Promise<void> {
    this.console = { state: "loading" };
    await this.read("/v3/tickets/{ticketId}/console-logs", readConsole, (next) => (this.console = next));
  }

  async loadNetwork(): Promise<void> {
    this.network = { state: "loading" };
    await this.read("/v3/tickets/{ticketId}/network-logs", (body) => readNetwork(body, this.page), (next) => (this.network = next));
  }

  async loadEvents(): Promise<void> {
    this.events = { state: "loading" };
    await this.read("/v3/tickets/{ticketId}/event-logs", readEvents, (next) => (this.events = next));
  }

  private async read<T>(
    path: "/v3/tickets/{ticketId}/console-logs" | "/v3/tickets/{ticketId}/network-logs" | "/v3/tickets/{ticketId}/event-logs",
    reader: (body: unknown) => T[],
    set: (next: Loaded<T>) => void,
  ): Promise<void> {
    try {
      const body: unknown = await api.get(path, { path: { ticketId: this.ticketId }, signal: this.ending.signal, timeout: TIMEOUT_MS });
      set({ state: "here", entries: reader(body) });
    } catch (error) {
      if (!this.ending.signal.aborted) set({ state: "failed", why: whyOf(error) });
    }
  }
}

/** The entries that are here already. */
export function entriesOf<T>(log: Loaded<T>): T[] {
  return log.state === "here" ? log.entries : [];
}
