// Reads the lines of a console as SDKs captured them, whatever shape they have.

/** How loud a line is. `click` is what the user touched, `other` a level of the site's own. */
export type Level = "error" | "warning" | "info" | "debug" | "click" | "other";

export const LEVELS: readonly Level[] = ["error", "warning", "info", "debug", "click", "other"];

/** A line of the console. */
export interface Line {
  /** Its place in the log, from 0; what stays the same over filters. */
  index: number;
  text: string;
  level: Level;
  /** The level as the site wrote it. */
  levelText: string;
  /** When it was written, unix milliseconds; undefined when the SDK sent no date that can be read. */
  at: number | undefined;
}

const NAMES: Record<string, Level> = {
  ERROR: "error",
  FATAL: "error",
  CRITICAL: "error",
  WARNING: "warning",
  WARN: "warning",
  INFO: "info",
  LOG: "info",
  DEBUG: "debug",
  TRACE: "debug",
  VERBOSE: "debug",
  CLICK: "click",
};

/** The lines of a captured console, in the order in which they were written. */
export function readConsole(body: unknown): Line[] {
  if (!Array.isArray(body)) return [];
  return body.flatMap((entry: unknown, index): Line[] => {
    if (typeof entry === "string") return [{ index, text: entry, level: "info", levelText: "", at: undefined }];
    if (typeof entry !== "object" || entry === null) return [];
    const { log, priority, date } = entry as { log?: unknown; priority?: unknown; date?: unknown };
    const levelText = typeof priority === "string" ? priority.trim() : "";
    const level = levelText === "" ? "info" : (NAMES[levelText.toUpperCase()] ?? "other");
    return [{ index, text: asText(log), level, levelText, at: moment(date) }];
  });
}

/** Any value as people read it. */
export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  if (typeof value === "object") return JSON.stringify(value, undefined, 2);
  return String(value);
}

/** A date as unix milliseconds; some SDKs send dates that are none. */
export function moment(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value !== "string" || value === "") return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

/** How many lines of each level there are. */
export function countLevels(lines: readonly Line[]): Record<Level, number> {
  const counts = { error: 0, warning: 0, info: 0, debug: 0, click: 0, other: 0 };
  for (const line of lines) counts[line.level] += 1;
  return counts;
}

/** The lines of the wanted levels with all of the words in them, in any case. */
export function filterLines(lines: readonly Line[], wanted: ReadonlySet<Level>, search: string): Line[] {
  const words = wordsOf(search);
  return lines.filter((line) => (wanted.size === 0 || wanted.has(line.level)) && hasWords(line.text, words));
}

/** The words of a search. */
export function wordsOf(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter((word) => word !== "");
}

/** Whether a text has all of the words. */
export function hasWords(text: string, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

/** A piece of a text, and whether it was searched for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** A text cut where the words of a search are. */
export function pieces(text: string, search: string): Piece[] {
  const words = wordsOf(search);
  if (words.length === 0) return [{ text, hit: false }];
  const lower = text.toLowerCase();
  // Lower case can have another length (İ); then nothing is marked rather than the wrong letters.
  if (lower.length !== text.length) return [{ text, hit: false }];
  const cut: Piece[] = [];
  let from = 0;
  while (from < text.length) {
    let at = -1;
    let length = 0;
    for (const word of words) {
      const found = lower.indexOf(word, from);
      if (found !== -1 && (at === -1 || found < at || (found === at && word.length > length))) {
        at = found;
        length = word.length;
      }
    }
    if (at === -1) break;
    if (at > from) cut.push({ text: text.slice(from, at), hit: false });
    cut.push({ text: text.slice(at, at + length), hit: true });
    from = at + length;
  }
  if (from < text.length) cut.push({ text: text.slice(from), hit: false });
  return cut;
}
