// Where the bars of a waterfall stand: when calls began and how long they took, on one scale.
import type { Call } from "./network.ts";

/** A bar; both are parts of the whole, 0 to 1. */
export interface Bar {
  start: number;
  length: number;
}

/** A mark on the scale. */
export interface Tick {
  /** Where, 0 to 1. */
  at: number;
  /** Milliseconds since the start of the scale. */
  ms: number;
}

export interface Waterfall {
  /** The start of the scale, unix milliseconds. */
  from: number;
  /** The length of the scale in milliseconds, at least 1. */
  span: number;
  /** The bars by the index of their call; calls without a date have none. */
  bars: ReadonlyMap<number, Bar>;
  ticks: Tick[];
}

/** The shortest bar that can still be seen. */
const LENGTH_MIN = 0.004;
const TICKS_MAX = 5;

/** Lays out calls on the scale that they need together. */
export function layOut(calls: readonly Call[]): Waterfall {
  const dated = calls.filter((call): call is Call & { at: number } => call.at !== undefined);
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const call of dated) {
    from = Math.min(from, call.at);
    to = Math.max(to, call.at + (call.duration ?? 0));
  }
  if (dated.length === 0) return { from: 0, span: 1, bars: new Map(), ticks: [] };
  const span = Math.max(1, to - from);
  const bars = new Map<number, Bar>();
  for (const call of dated) {
    const start = Math.min((call.at - from) / span, 1 - LENGTH_MIN);
    const length = Math.min(Math.max((call.duration ?? 0) / span, LENGTH_MIN), 1 - start);
    bars.set(call.index, { start, length });
  }
  return { from, span, bars, ticks: ticks(span) };
}

/** Marks at round times, a few of them. */
export function ticks(span: number): Tick[] {
  const rough = span / TICKS_MAX;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? rough;
  const marks: Tick[] = [];
  for (let ms = step; ms < span * 0.98; ms += step) marks.push({ at: ms / span, ms });
  return marks;
}

/** A duration for people: `12 ms`, `1.25 s`, `2:05`. */
export function durationText(ms: number): string {
  if (ms < 1) return "<1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))} s`;
  return clockText(ms);
}

/** A place in a recording: `0:07`, `12:30`, `1:02:03`. */
export function clockText(ms: number): string {
  const negative = ms < 0;
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${negative && seconds > 0 ? "-" : ""}${h > 0 ? `${h}:${two(m)}` : m}:${two(s)}`;
}
