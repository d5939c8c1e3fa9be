// Moments as people say them: short in lists, whole in tips, and always of this minute.
import { i18n, type Language } from "./i18n.svelte.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

class Clock {
  /** Now, as of the last half minute. */
  now = $state(Date.now());

  constructor() {
    if (typeof document === "undefined") return;
    setInterval(() => document.visibilityState === "visible" && this.tick(), MINUTE / 2);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.tick());
  }

  private tick(): void {
    this.now = Date.now();
  }
}

/** A clock that shows what depends on it anew. */
export const clock = new Clock();

/** The reader's own way of writing dates where it is a way of the language: British days for British readers. */
function localeOf(language: Language): string {
  const own = globalThis.navigator?.languages ?? [];
  return own.find((one) => one.toLowerCase().startsWith(language)) ?? language;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`;
  let own = formats.get(key);
  if (!own) formats.set(key, (own = new Intl.DateTimeFormat(localeOf(language), options)));
  return own;
}

type Moment = string | number | Date | undefined | null;

function milliseconds(moment: Moment): number {
  return moment === undefined || moment === null ? Number.NaN : new Date(moment).getTime();
}

/** `now`, `4m`, `3h`, `Tue`, `12 Mar`, `12 Mar 2024`: as short as a list needs. */
export function short(moment: Moment, now: number = clock.now, language: Language = i18n.language): string {
  const at = milliseconds(moment);
  if (Number.isNaN(at)) return "";
  const ago = now - at;
  if (ago < MINUTE && ago > -MINUTE) return language === "de" ? "jetzt" : "now";
  if (ago >= 0 && ago < HOUR) return `${Math.floor(ago / MINUTE)} min`;
  if (ago >= 0 && ago < DAY) return `${Math.floor(ago / HOUR)} h`;
  if (ago >= 0 && ago < 6 * DAY) return format(language, "weekday", { weekday: "short" }).format(at);
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) {
    return format(language, "day", { day: "numeric", month: "short" }).format(at);
  }
  return format(language, "year", { day: "numeric", month: "short", year: "numeric" }).format(at);
}

/** How long ago something was, for sentences: `5 min ago`; from a day on the weekday or the date. */
export function ago(moment: Moment, now: number = clock.now, language: Language = i18n.language): string {
  const text = short(moment, now, language);
  const past = now - milliseconds(moment);
  if (!(past >= MINUTE && past < DAY)) return text;
  return language === "de" ? `vor ${text}` : `${text} ago`;
}

/** The whole moment: day, month, year, hour and minute. */
export function full(moment: Moment, language: Language = i18n.language): string {
  const at = milliseconds(moment);
  return Number.isNaN(at) ? "" : format(language, "full", { dateStyle: "full", timeStyle: "short" }).format(at);
}

/** Day and time, without the year when it is this one. */
export function stamp(moment: Moment, language: Language = i18n.language): string {
  const at = milliseconds(moment);
  if (Number.isNaN(at)) return "";
  const sameYear = new Date(at).getFullYear() === new Date(clock.now).getFullYear();
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  return format(language, `stamp${sameYear}`, sameYear ? options : { ...options, year: "numeric" }).format(at);
}

/** The day with its weekday. */
export function wholeDay(moment: Moment, language: Language = i18n.language): string {
  const at = milliseconds(moment);
  return Number.isNaN(at) ? "" : format(language, "wholeday", { dateStyle: "full" }).format(at);
}

/** The day without its weekday. */
export function date(moment: Moment, language: Language = i18n.language): string {
  const at = milliseconds(moment);
  return Number.isNaN(at) ? "" : format(language, "date", { dateStyle: "medium" }).format(at);
}

/** Hour and minute. */
export function hour(moment: Moment, language: Language = i18n.language): string {
  const at = milliseconds(moment);
  return Number.isNaN(at) ? "" : format(language, "hour", { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** The day: today and yesterday by name. */
export function day(moment: Moment, language: Language = i18n.language): string {
  const at = milliseconds(moment);
  if (Number.isNaN(at)) return "";
  const start = new Date(clock.now).setHours(0, 0, 0, 0);
  if (at >= start && at < start + DAY) return language === "de" ? "Heute" : "Today";
  if (at >= start - DAY && at < start) return language === "de" ? "Gestern" : "Yesterday";
  return format(language, "longday", { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(at);
}

/** A length of time in its two largest units: `2 h 5 min`, `3 d`. */
export function span(ms: number, language: Language = i18n.language): string {
  const size = Math.abs(ms);
  const d = language === "de" ? "T" : "d";
  if (size < MINUTE) return "<1 min";
  if (size < HOUR) return `${Math.floor(size / MINUTE)} min`;
  if (size < DAY) {
    const minutes = Math.floor((size % HOUR) / MINUTE);
    return `${Math.floor(size / HOUR)} h${minutes ? ` ${minutes} min` : ""}`;
  }
  const hours = Math.floor((size % DAY) / HOUR);
  return `${Math.floor(size / DAY)} ${d}${hours && size < 3 * DAY ? ` ${hours} h` : ""}`;
}
