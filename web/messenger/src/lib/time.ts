// Times as people say them, in the visitor's language.
import type { Say } from "../i18n/words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago something was, in a word or two: `now`, `5 min. ago`, `yesterday`, a date. */
export function ago(date: string, locale: string, say: Say, now = Date.now()): string {
  const then = Date.parse(date);
  if (Number.isNaN(then)) return "";
  const past = now - then;
  if (past < MINUTE) return say("now");
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "narrow" });
  if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), "minute");
  if (past < DAY) return relative.format(-Math.floor(past / HOUR), "hour");
  if (past < 7 * DAY) return relative.format(-Math.floor(past / DAY), "day");
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" }).format(then);
}

/** The time of day. */
export function clock(date: string, locale: string): string {
  const then = Date.parse(date);
  if (Number.isNaN(then)) return "";
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(then);
}

/** The name of a day: today, yesterday, or its date. */
export function day(date: string, locale: string, say: Say, now = Date.now()): string {
  const then = new Date(date);
  const today = new Date(now);
  const yesterday = new Date(now);
  yesterday.setDate(today.getDate() - 1);
  if (then.toDateString() === today.toDateString()) return say("today");
  if (then.toDateString() === yesterday.toDateString()) return say("yesterday");
  const isThisYear = then.getFullYear() === today.getFullYear();
  const parts: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "long" };
  if (!isThisYear) parts.year = "numeric";
  return new Intl.DateTimeFormat(locale, parts).format(then);
}

/** Whether two messages are of one day. */
export function isSameDay(one: string, other: string): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
