// The clock of a replay: where it stands, and which entries of the logs belong to that moment.

/** A clock that runs at a speed between 0 and a length; it reads no time itself, so it is told `now`. */
export class ReplayClock {
  private position = 0;
  private since: number | undefined;
  private rate = 1;

  constructor(readonly length: number) {}

  get isRunning(): boolean {
    return this.since !== undefined;
  }

  get speed(): number {
    return this.rate;
  }

  /** The position in milliseconds. A clock that reaches its end stops there. */
  at(now: number): number {
    if (this.since === undefined) return this.position;
    const position = this.position + (now - this.since) * this.rate;
    if (position < this.length) return Math.max(0, position);
    this.position = this.length;
    this.since = undefined;
    return this.length;
  }

  /** Starts; from the beginning when it stands at its end. */
  play(now: number): void {
    if (this.since !== undefined) return;
    if (this.position >= this.length) this.position = 0;
    this.since = now;
  }

  pause(now: number): void {
    this.position = this.at(now);
    this.since = undefined;
  }

  seek(position: number, now: number): void {
    this.position = Math.min(Math.max(0, position), this.length);
    if (this.since !== undefined) this.since = now;
  }

  setSpeed(rate: number, now: number): void {
    this.position = this.at(now);
    if (this.since !== undefined) this.since = now;
    this.rate = rate;
  }
}

/** The index of the last moment that is not after `at`, -1 before the first; `moments` ascend. */
export function lastUpTo(moments: readonly number[], at: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Ascending moments for entries of which some have none: those stand where the one before them stands. */
export function ascending(moments: readonly (number | undefined)[]): number[] {
  let last = Number.NEGATIVE_INFINITY;
  return moments.map((moment) => (last = Math.max(last, moment ?? last)));
}

/** A mark on the bar of a player. */
export interface Mark {
  /** Where, 0 to 1. */
  place: number;
  /** Milliseconds since the start. */
  ms: number;
  kind: "error" | "call" | "event" | "click";
  label: string;
}

/** Marks that fall on the same pixel are shown as one; the gravest wins. */
const GRAVITY = ["error", "call", "click", "event"] as const;

/** The marks within a recording, at most one for each of `slots` places. */
export function placeMarks(
  moments: readonly { at: number | undefined; kind: Mark["kind"]; label: string }[],
  start: number,
  length: number,
  slots = 240,
): Mark[] {
  if (length <= 0) return [];
  const taken = new Map<number, Mark>();
  for (const { at, kind, label } of moments) {
    if (at === undefined || at < start || at > start + length) continue;
    const ms = at - start;
    const slot = Math.min(slots - 1, Math.floor((ms / length) * slots));
    const other = taken.get(slot);
    if (!other || GRAVITY.indexOf(kind) < GRAVITY.indexOf(other.kind)) taken.set(slot, { place: ms / length, ms, kind, label });
  }
  return [...taken.values()].sort((a, b) => a.ms - b.ms);
}
