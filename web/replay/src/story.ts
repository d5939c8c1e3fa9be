// What can be told of a recording from its events: when, how long, where, and when nothing happened.
import type { Idle, Story, Visited } from "./protocol.ts";

/** The parts of an event that are read here. */
export interface Recorded {
  type: number;
  timestamp: number;
  data?: unknown;
}

const META = 4;
const INCREMENTAL = 3;
/** Sources of an incremental event that a person is behind: pointer, touch, scroll, input, media, drag. */
const PERSON = new Set([1, 2, 3, 5, 6, 7, 12]);
/** A pause that is worth passing over, in milliseconds. */
const IDLE_MS = 6000;
/** What is left of a pause at its end, so that people see what comes. */
const LEAD_MS = 800;

/** The events of a recording that are ones, in their order; some SDKs send text in between. */
export function readEvents(recording: unknown): Recorded[] {
  const events = (recording as { events?: unknown } | null)?.events;
  if (!Array.isArray(events)) return [];
  const read = events.filter((event): event is Recorded => {
    const { type, timestamp } = (event ?? {}) as Partial<Recorded>;
    return typeof type === "number" && typeof timestamp === "number" && Number.isFinite(timestamp);
  });
  return read.sort((a, b) => a.timestamp - b.timestamp);
}

/** Tells the story; undefined when there are too few events to play. */
export function tell(events: readonly Recorded[]): Story | undefined {
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last || events.length < 2) return undefined;
  const start = first.timestamp;
  const pages: Visited[] = [];
  let size = { width: 0, height: 0 };
  const idle: Idle[] = [];
  let active = start;
  for (const event of events) {
    if (event.type === META) {
      const { href, width, height } = (event.data ?? {}) as { href?: unknown; width?: unknown; height?: unknown };
      if (size.width === 0 && typeof width === "number" && typeof height === "number") size = { width, height };
      if (typeof href === "string" && pages.at(-1)?.href !== href) pages.push({ ms: event.timestamp - start, href });
    }
    if (event.type === INCREMENTAL && PERSON.has((event.data as { source?: number } | undefined)?.source ?? -1)) {
      pause(idle, active - start, event.timestamp - start);
      active = event.timestamp;
    }
  }
  pause(idle, active - start, last.timestamp - start);
  return { start, length: last.timestamp - start, ...size, idle, pages };
}

function pause(idle: Idle[], from: number, to: number): void {
  if (to - from >= IDLE_MS) idle.push([from + LEAD_MS, to - LEAD_MS]);
}
