// Words of the settings that come from the platform: days, lengths of time.
import { i18n } from "../app/i18n.svelte.ts";
import { days, type Day } from "./hours.ts";

/** A day's name in the language of the page. */
export function day(name: Day): string {
  // 1 January 2024 was a Monday.
  const date = new Date(Date.UTC(2024, 0, 1 + days.indexOf(name)));
  return new Intl.DateTimeFormat(i18n.language, { weekday: "long", timeZone: "UTC" }).format(date);
}
