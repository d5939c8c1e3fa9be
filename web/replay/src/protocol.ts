// What the dashboard and the page that plays a recording say to each other through `postMessage`.

/** A part of a recording in which nothing happened, in milliseconds since its start. */
export type Idle = readonly [from: number, to: number];

/** What the dashboard says. */
export type ToPlayer =
  /** `recording` is the answer of `GET /v3/tickets/{ticketId}/replay`, as bytes of JSON. */
  | { type: "load"; recording: ArrayBuffer; scheme: "light" | "dark" }
  | { type: "play" }
  | { type: "pause" }
  | { type: "seek"; ms: number }
  | { type: "speed"; rate: number };

/** A page that was visited in a recording. */
export interface Visited {
  ms: number;
  href: string;
}

/** What is known of a recording once it is loaded. */
export interface Story {
  /** When it starts, unix milliseconds of the visitor's clock, which is the clock of the logs too. */
  start: number;
  /** Its length in milliseconds. */
  length: number;
  width: number;
  height: number;
  idle: Idle[];
  pages: Visited[];
}

/** What the player says. */
export type FromPlayer =
  /** It listens. */
  | { type: "hello" }
  | { type: "loaded"; story: Story }
  /** Where it stands; sent while it plays and after each seek. */
  | { type: "time"; ms: number; playing: boolean }
  /** `empty`: there is nothing to play; `broken`: it cannot be read. */
  | { type: "failed"; reason: "empty" | "broken" };

/** The mark of these messages among others. */
export const MARK = "hark-replay";

/** A message as it is sent. */
export type Marked<M> = M & { mark: typeof MARK };

/** Reads a message of this protocol; undefined when it is something else. */
export function readMessage<M extends { type: string }>(data: unknown): M | undefined {
  const isOurs = typeof data === "object" && data !== null && (data as { mark?: unknown }).mark === MARK;
  return isOurs ? (data as M) : undefined;
}
