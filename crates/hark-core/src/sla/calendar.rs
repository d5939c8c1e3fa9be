//! When a team works: opening times in its time zone, holidays, and sums of working time, exact to
//! the millisecond. Pure.

use std::collections::BTreeSet;

use hark_query::dates::parse_date;
use hark_store::Millis;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::teams::{OpeningTime, OperatingHours};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// How far ahead a moment is looked for.
const HORIZON_MS: i64 = 10 * 366 * DAY_MS;

/// When somebody works. Opening times are local: a change of the clocks makes a day's hours longer
/// or shorter as it does for people.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// None when somebody always works.
    hours: Option<Hours>,
}

#[derive(Clone, Debug)]
struct Hours {
    zone: TimeZone,
    /// From Monday on, the times of each day in milliseconds after midnight, sorted by their start. One
    /// that ends after midnight ends after 24 hours.
    week: [Vec<(i64, i64)>; 7],
    /// Days since 1970 on which nobody begins to work.
    holidays: BTreeSet<i64>,
}

impl Calendar {
    /// Somebody always works.
    pub fn always() -> Calendar {
        Calendar { hours: None }
    }

    /// The opening times of a team. Without any that can be read, it always works.
    pub fn of(hours: &OperatingHours) -> Calendar {
        if hours.enabled != Some(true) {
            return Calendar::always();
        }
        let mut week: [Vec<(i64, i64)>; 7] = Default::default();
        for opening in hours.opening_times.iter().flatten() {
            if let Some((day, times)) = read(opening) {
                week[day].push(times);
            }
        }
        week.iter_mut().for_each(|day| day.sort_unstable());
        if week.iter().all(Vec::is_empty) {
            return Calendar::always();
        }
        let zone =
            hours.timezone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
        let holidays = hours.holidays.iter().flatten();
        let holidays = holidays.filter_map(|date| Some(parse_date(date)?.div_euclid(DAY_MS))).collect();
        Calendar { hours: Some(Hours { zone, week, holidays }) }
    }

    /// Working time between two moments, in milliseconds.
    pub fn work_between(&self, from: Millis, to: Millis) -> i64 {
        let mut work = 0;
        self.each_open(from, to, |start, end| {
            work += end - start;
            true
        });
        work
    }

    /// The moment at which so much working time is over, if it comes within ten years.
    pub fn after(&self, from: Millis, work_ms: i64) -> Option<Millis> {
        if work_ms <= 0 {
            return Some(from);
        }
        let mut left = work_ms;
        let mut found = None;
        self.each_open(from, from.saturating_add(HORIZON_MS), |start, end| {
            if end - start >= left {
                found = Some(start + left);
                return false;
            }
            left -= end - start;
            true
        });
        found
    }

    /// Visits the stretches of working time in a span, in order, until `visit` has enough.
    fn each_open(&self, from: Millis, to: Millis, mut visit: impl FnMut(Millis, Millis) -> bool) {
        let Some(hours) = &self.hours else {
            if from < to {
                visit(from, to);
            }
            return;
        };
        let mut cursor = from;
        while cursor < to {
            // Between two changes of the clocks, local time runs evenly.
            let (offset, even_until) = hours.even_stretch(cursor, to);
            let first_day = (cursor + offset).div_euclid(DAY_MS) - 1;
            let last_day = (even_until + offset).div_euclid(DAY_MS);
            for day in first_day..=last_day {
                for (opens, closes) in hours.of_day(day) {
                    let start = (day * DAY_MS + opens - offset).max(cursor);
                    let end = (day * DAY_MS + closes - offset).min(even_until);
                    if start < end {
                        if !visit(start, end) {
                            return;
                        }
                        cursor = end;
                    }
                }
            }
            cursor = even_until;
        }
    }
}

impl Hours {
    /// The offset of local time at a moment in milliseconds, and how long it stays.
    fn even_stretch(&self, at: Millis, to: Millis) -> (i64, Millis) {
        let Ok(timestamp) = Timestamp::from_millisecond(at) else { return (0, to) };
        let offset = i64::from(self.zone.to_offset(timestamp).seconds()) * 1_000;
        let change = self.zone.following(timestamp).next();
        let change = change.map_or(to, |change| change.timestamp().as_millisecond());
        // At least a millisecond, so that every stretch goes on.
        (offset, change.clamp(at + 1, to))
    }

    fn of_day(&self, day: i64) -> &[(i64, i64)] {
        if self.holidays.contains(&day) {
            return &[];
        }
        // 1970 began on a Thursday.
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default();
        &self.week[weekday]
    }
}

/// The day from Monday and the times of an entry.
fn read(opening: &OpeningTime) -> Option<(usize, (i64, i64))> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let name = opening.day.as_deref()?.trim().to_lowercase();
    let day = DAYS.iter().position(|day| name.starts_with(day))?;
    let opens = time(opening.opening_time.as_deref()?)?;
    let closes = time(opening.closing_time.as_deref()?)?;
    Some((day, (opens, if closes <= opens { closes + DAY_MS } else { closes })))
}

/// Milliseconds after midnight of `9:00`, `09:00` or `24:00`.
fn time(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let fits = (0..60).contains(&minutes) && (0..=24).contains(&hours) && hours * 60 + minutes <= 24 * 60;
    fits.then(|| (hours * 60 + minutes) * MINUTE_MS)
}

#[cfg(test)]
mod tests {
    use jiff::civil::Time;
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn hours(zone: &str, times: &[(&str, &str, &str)], holidays: &[&str]) -> OperatingHours {
        let opening = |(day, opens, closes): &(&str, &str, &str)| OpeningTime {
            day: Some((*day).to_owned()),
            opening_time: Some((*opens).to_owned()),
            closing_time: Some((*closes).to_owned()),
            reply_time: None,
        };
        OperatingHours {
            enabled: Some(true),
            timezone: Some(zone.to_owned()),
            opening_times: Some(times.iter().map(opening).collect()),
            holidays: Some(holidays.iter().map(|day| (*day).to_owned()).collect()),
            ..OperatingHours::default()
        }
    }

    fn at(text: &str) -> Millis {
        parse_date(text).expect("a date")
    }

    #[test]
    fn an_answer_is_due_in_working_time() {
        let office = hours(
            "Europe/Vienna",
            &[("monday", "09:00", "17:00"), ("Friday", "9:00", "12:30")],
            &["2026-11-23"],
        );
        let office = Calendar::of(&office);
        for (from, minutes, due) in [
            // Friday, 2026-11-20, in winter: 9:00 is 8:00 UTC.
            ("2026-11-20T08:00:00Z", 60, "2026-11-20T09:00:00Z"),
            ("2026-11-20T11:29:59Z", 1, "2026-11-27T08:00:59Z"),
            ("2026-11-21T00:00:00Z", 210, "2026-11-27T11:30:00Z"),
            ("2026-11-21T00:00:00Z", 211, "2026-11-30T08:01:00Z"),
        ] {
            assert_eq!(
                office.after(at(from), minutes * MINUTE_MS),
                Some(at(due)),
                "{from} and {minutes} minutes"
            );
        }
        assert_eq!(
            office.work_between(at("2026-11-16T00:00:00Z"), at("2026-11-30T00:00:00Z")),
            (8 * 60 + 2 * 210) * MINUTE_MS
        );
    }

    #[test]
    fn days_on_which_the_clocks_change_are_longer_or_shorter() {
        let night = Calendar::of(&hours("Europe/Vienna", &[("Sunday", "00:00", "06:00")], &[]));
        let day = |date: &str| night.work_between(at(date), at(date) + DAY_MS + 12 * 60 * MINUTE_MS);
        assert_eq!(day("2026-03-28T12:00:00Z"), 5 * 60 * MINUTE_MS);
        assert_eq!(day("2026-10-24T12:00:00Z"), 7 * 60 * MINUTE_MS);
    }

    #[test]
    fn hours_may_end_after_midnight_and_overlap() {
        let bar = Calendar::of(&hours("UTC", &[("sat", "20:00", "04:00"), ("sun", "02:00", "05:00")], &[]));
        assert_eq!(bar.work_between(at("2026-11-21"), at("2026-11-23")), 9 * 60 * MINUTE_MS);
        assert_eq!(bar.after(at("2026-11-22T03:59:59Z"), 2_000), Some(at("2026-11-22T04:00:01Z")));
    }

    #[test]
    fn nobody_waits_for_ever() {
        let never = Calendar::of(&hours("UTC", &[("mon", "09:00", "09:01")], &[]));
        assert_eq!(never.after(0, HORIZON_MS), None);
        assert_eq!(Calendar::of(&hours("UTC", &[("noday", "x", "y")], &[])).after(5, 7), Some(12));
        assert_eq!(Calendar::of(&OperatingHours::default()).work_between(10, 5), 0);
        assert_eq!(
            Calendar::of(&hours("No/Where", &[("mon", "0:00", "24:00")], &[]))
                .work_between(at("2026-11-23"), at("2026-11-24")),
            DAY_MS
        );
    }

    /// Whether somebody works in this minute, asked of the local wall clock.
    fn is_open(hours: &OperatingHours, minute: Millis) -> bool {
        let zone = TimeZone::get(hours.timezone.as_deref().expect("a zone")).expect("a zone");
        let local = Timestamp::from_millisecond(minute).expect("a moment").to_zoned(zone).datetime();
        let minutes = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
        let open_on = |date: jiff::civil::Date, minute_of_day: i64| {
            let name = format!("{:?}", date.weekday());
            let is_holiday = hours.holidays.iter().flatten().any(|holiday| *holiday == date.to_string());
            let covers = |opening: &OpeningTime| {
                let (_, (opens, closes)) = read(opening).expect("times");
                name.eq_ignore_ascii_case(opening.day.as_deref().expect("a day"))
                    && (opens..closes).contains(&(minute_of_day * MINUTE_MS))
            };
            !is_holiday && hours.opening_times.iter().flatten().any(covers)
        };
        let today = local.date();
        let yesterday = today.yesterday().expect("a day before");
        open_on(today, minutes(local.time())) || open_on(yesterday, minutes(local.time()) + 24 * 60)
    }

    fn any_hours() -> impl Strategy<Value = OperatingHours> {
        let zones = [
            "UTC",
            "Europe/Vienna",
            "America/New_York",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "Pacific/Apia",
        ];
        let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let time = (0..24, 0..60).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
        let opening = (prop::sample::select(days.to_vec()), time.clone(), time);
        let holiday = prop::sample::select(vec!["2026-03-29", "2026-10-25", "2026-11-01", "2026-03-08"]);
        (
            prop::sample::select(zones.to_vec()),
            prop::collection::vec(opening, 1..6),
            prop::collection::vec(holiday, 0..2),
        )
            .prop_map(|(zone, times, holidays)| {
                let times: Vec<(&str, &str, &str)> = times
                    .iter()
                    .map(|(day, opens, closes)| (*day, opens.as_str(), closes.as_str()))
                    .collect();
                hours(zone, &times, &holidays)
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn sums_are_those_of_counting_minute_by_minute(
            hours in any_hours(),
            // Around the changes of the clocks.
            start in prop::sample::select(vec!["2026-03-27", "2026-10-23", "2026-04-03", "2026-10-30", "2026-03-06"]),
            skip in 0..2_880_i64,
            length in 0..7_200_i64,
        ) {
            let calendar = Calendar::of(&hours);
            let from = at(start) + skip * MINUTE_MS;
            let mut open = 0;
            for minute in 0..length {
                if is_open(&hours, from + minute * MINUTE_MS) {
                    open += 1;
                    // The minute that completes so much work ends where `after` says.
                    let due = calendar.after(from, open * MINUTE_MS);
                    prop_assert_eq!(due, Some(from + (minute + 1) * MINUTE_MS));
                }
            }
            prop_assert_eq!(calendar.work_between(from, from + length * MINUTE_MS), open * MINUTE_MS);
        }
    }
}
