// What happened before a report, from all logs, in one order.
import { asText, moment, type Line } from "./console.ts";
import type { Call } from "./network.ts";

export type Sort = "event" | "click" | "error" | "call" | "page";

/** Something that happened. */
export interface Moment {
  id: string;
  sort: Sort;
  at: number | undefined;
  title: string;
  /** What belongs to it, as text. */
  detail: string;
}

/** An entry of the log of events. */
export interface Tracked {
  index: number;
  name: string;
  at: number | undefined;
  data: unknown;
}

/** The tracked events of a report. */
export function readEvents(body: unknown): Tracked[] {
  if (!Array.isArray(body)) return [];
  return body.flatMap((entry: unknown, index): Tracked[] => {
    if (typeof entry !== "object" || entry === null) return [];
    const { name, date, data } = entry as Record<string, unknown>;
    return [{ index, name: asText(name), at: moment(date), data }];
  });
}

/** Everything in one order; what has no date stands where its own log has it. */
export function tell(events: readonly Tracked[], lines: readonly Line[], calls: readonly Call[]): Moment[] {
  const logs = [
    events.map(fromEvent),
    lines.filter(({ level }) => level === "error" || level === "click").map(fromLine),
    calls.filter(({ outcome }) => outcome === "failed").map(fromCall),
  ];
  const keyed = logs.flatMap((log) => {
    let last = 0;
    return log.map((moment) => ({ moment, at: (last = moment.at ?? last) }));
  });
  return keyed.sort((a, b) => a.at - b.at).map(({ moment }) => moment);
}

function fromEvent({ index, name, at, data }: Tracked): Moment {
  const page = typeof data === "object" && data !== null ? (data as { page?: unknown }).page : undefined;
  if (name === "pageView" && typeof page === "string") return { id: `e${index}`, sort: "page", at, title: page, detail: "" };
  const empty = data === undefined || data === null || (typeof data === "object" && Object.keys(data).length === 0);
  return { id: `e${index}`, sort: "event", at, title: name, detail: empty ? "" : asText(data) };
}

function fromLine({ index, level, at, text }: Line): Moment {
  const [title = "", ...rest] = text.split("\n");
  return { id: `l${index}`, sort: level === "click" ? "click" : "error", at, title, detail: rest.join("\n") };
}

function fromCall({ index, at, method, name, status, error, url }: Call): Moment {
  const what = [method, name, status ?? error].filter((part) => part !== "").join(" ");
  return { id: `c${index}`, sort: "call", at, title: what, detail: url };
}
