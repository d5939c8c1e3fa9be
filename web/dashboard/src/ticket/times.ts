// Times of entries: from the start of the replay where there is one, else the time of day with seconds.
import { i18n } from "../app/i18n.svelte.ts";
import { clockText } from "./waterfall.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** `0:07` into the replay, or `14:03:09`; nothing for entries without a date. */
export function timeText(at: number | undefined, start: number | undefined): string {
  if (at === undefined) return "";
  if (start !== undefined) return clockText(at - start);
  let format = formats.get(i18n.language);
  if (!format) {
    format = new Intl.DateTimeFormat(i18n.language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    formats.set(i18n.language, format);
  }
  return format.format(at);
}
