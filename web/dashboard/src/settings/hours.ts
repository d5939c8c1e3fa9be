// When people work, as a form shows it and as the API takes it.
import type { Schemas } from "@hark/api-client";

export const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Day = (typeof days)[number];

export interface Times {
  day: Day;
  opens: string;
  closes: string;
}

export interface HoursDraft {
  enabled: boolean;
  timezone: string;
  times: Times[];
  holidays: string[];
}

/** The hours of a document, ready for a form; working days from nine to five where there are none. */
export function hoursOf(hours: Schemas["OperatingHours"] | null | undefined): HoursDraft {
  const times = (hours?.openingTimes ?? []).flatMap(({ day, openingTime, closingTime }): Times[] => {
    const known = days.find((name) => day?.trim().toLowerCase().startsWith(name.slice(0, 3)));
    return known && openingTime && closingTime ? [{ day: known, opens: padded(openingTime), closes: padded(closingTime) }] : [];
  });
  return {
    enabled: hours?.enabled ?? false,
    timezone: hours?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    times: times.length ? times : days.slice(0, 5).map((day) => ({ day, opens: "09:00", closes: "17:00" })),
    holidays: [...(hours?.holidays ?? [])].sort(),
  };
}

/** The same for the API. */
export function hoursBody({ enabled, timezone, times, holidays }: HoursDraft): Schemas["OperatingHours"] {
  const openingTimes = times.map(({ day, opens, closes }) => ({ day, openingTime: opens, closingTime: closes }));
  return { enabled, timezone, openingTimes, holidays };
}

/** `9:00` as time fields want it. */
function padded(time: string): string {
  return time.length === 4 ? `0${time}` : time;
}

/** The time zones that this browser knows. */
export function timezones(): string[] {
  return Intl.supportedValuesOf?.("timeZone") ?? ["UTC"];
}
