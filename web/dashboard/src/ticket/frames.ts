// The frames of an app: pictures taken at an interval, with what was touched between them.
import { asText, moment } from "./console.ts";

/** Something that was touched. */
export interface Touch {
  /** Milliseconds since the first frame. */
  ms: number;
  phase: "down" | "move" | "up";
  x: number;
  y: number;
}

/** A picture. */
export interface Frame {
  url: string;
  screen: string;
  /** Milliseconds since the first frame. */
  ms: number;
  touches: Touch[];
}

export interface FrameReplay {
  frames: Frame[];
  /** When the first frame was taken, unix milliseconds. */
  start: number | undefined;
  /** Milliseconds until the last frame has been seen. */
  length: number;
  /** Whether places are parts of the picture (0 to 1) rather than points of the screen. */
  arePartsOfPicture: boolean;
}

const INTERVAL_DEFAULT = 1000;
const PHASES: Record<string, Touch["phase"]> = { TD: "down", TM: "move", TU: "up" };

/** Reads the replay of an app; undefined when it is none. */
export function readFrames(body: unknown): FrameReplay | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { frames, interval, startDate } = body as { frames?: unknown; interval?: unknown; startDate?: unknown };
  if (!Array.isArray(frames) || frames.length === 0) return undefined;
  const step = typeof interval === "number" && interval > 0 ? interval : INTERVAL_DEFAULT;
  const first = moment((frames[0] as { date?: unknown } | null)?.date) ?? moment(startDate);
  let before = -step;
  const read = frames.flatMap((raw: unknown): Frame[] => {
    const { url, screenname, date, interactions } = (raw ?? {}) as Record<string, unknown>;
    if (typeof url !== "string") return [];
    const at = moment(date);
    // Frames that were not dated follow at the interval; none goes back in time.
    const ms = Math.max(before, at !== undefined && first !== undefined ? at - first : before + step);
    before = ms;
    return [{ url, screen: asText(screenname), ms, touches: touches(interactions, first) }];
  });
  if (read.length === 0) return undefined;
  const places = read.flatMap((frame) => frame.touches);
  return {
    frames: read,
    start: first,
    length: (read.at(-1) as Frame).ms + step,
    arePartsOfPicture: places.every(({ x, y }) => x <= 1 && y <= 1),
  };
}

function touches(list: unknown, first: number | undefined): Touch[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((raw: unknown): Touch[] => {
    const { x, y, date, type } = (raw ?? {}) as Record<string, unknown>;
    const at = moment(date);
    const phase = PHASES[asText(type)];
    if (typeof x !== "number" || typeof y !== "number" || at === undefined || first === undefined || !phase) return [];
    return [{ ms: at - first, phase, x, y }];
  });
}

/** How long a touch stays in sight, in milliseconds. */
const TOUCH_MS = 600;

/** The touches that are in sight at a moment, with how far they have faded (0 to 1). */
export function touchesAt(replay: FrameReplay, ms: number): (Touch & { faded: number })[] {
  return replay.frames.flatMap((frame) => frame.touches).flatMap((touch) => {
    const age = ms - touch.ms;
    return age >= 0 && age < TOUCH_MS ? [{ ...touch, faded: age / TOUCH_MS }] : [];
  });
}

/** Where on a picture a touch is, as parts of its size. Points are of the screen, if its size is known. */
export function placeOf(touch: Touch, replay: FrameReplay, picture: Size, screen: Size | undefined): { x: number; y: number } {
  const part = (value: number, whole: number) => Math.min(1, Math.max(0, whole > 0 ? value / whole : 0));
  if (replay.arePartsOfPicture) return { x: part(touch.x, 1), y: part(touch.y, 1) };
  const whole = screen ?? picture;
  return { x: part(touch.x, whole.width), y: part(touch.y, whole.height) };
}

export interface Size {
  width: number;
  height: number;
}
