// The moments that are offered for what is to happen later.

/** A moment with the key of its name. */
export interface Moment {
  text: "later.hours" | "later.evening" | "later.tomorrow" | "later.monday" | "later.week";
  at: Date;
}

const MORNING = 9;
const EVENING = 18;

/** The morning of the day after `now`, in the reader's time zone. */
export function nextMorning(now: Date = new Date()): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING);
}

/** A moment as fields for a day and a time have it: in the reader's time zone, to the minute. */
export function localOf(moment: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** The moment that such a field has, if it is one. */
export function atLocal(text: string): Date | undefined {
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

/** The usual moments ahead of `now`, the nearest first, in the reader's time zone. */
export function moments(now: Date = new Date()): Moment[] {
  const day = (days: number, hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const toMonday = ((8 - now.getDay()) % 7) || 7;
  const list: Moment[] = [{ text: "later.hours", at: new Date(now.getTime() + 3 * 3_600_000) }];
  if (now.getHours() < EVENING - 3) list.push({ text: "later.evening", at: day(0, EVENING) });
  list.push({ text: "later.tomorrow", at: day(1, MORNING) });
  if (toMonday > 1) list.push({ text: "later.monday", at: day(toMonday, MORNING) });
  if (toMonday !== 7) list.push({ text: "later.week", at: day(7, MORNING) });
  return list;
}
