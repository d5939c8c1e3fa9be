//! A clock that counts working time towards a target: it pauses, goes on, stops when what it waits
//! for happened, and is late at one exact moment. Pure.

use hark_query::dates::{format_date, parse_date};
use hark_store::Millis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;

/// A clock, as it is stored and answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Clock {
    /// Seconds of working time until it is late.
    pub target_seconds: i64,
    /// Milliseconds of working time that were counted until `countedTo`, or until it paused.
    pub spent_ms: i64,
    /// When it started, ISO 8601.
    pub started_at: String,
    /// Until when it has counted, ISO 8601; absent while it pauses or has stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted_to: Option<String>,
    /// When it will be late, ISO 8601; absent while it pauses or has stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<String>,
    /// When what it waits for happened, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met_at: Option<String>,
    /// When it was late, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breached_at: Option<String>,
    /// Whether that was told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub told: bool,
}

/// What a clock is told of its ticket.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The moment.
    pub at: Millis,
    /// Whether it counts from now on.
    pub runs: bool,
    /// Whether what it waits for has happened.
    pub is_met: bool,
    /// The target from now on, in seconds.
    pub target_seconds: i64,
}

impl Clock {
    /// A clock that starts now.
    pub fn start(calendar: &Calendar, now: Now) -> Clock {
        let mut clock = Clock { started_at: format_date(now.at), ..Clock::default() };
        clock.advance(calendar, now);
        clock
    }

    /// Counts up to now, and goes on as it is told.
    pub fn advance(&mut self, calendar: &Calendar, now: Now) {
        if let Some(counted_to) = self.counted_to.as_deref().and_then(parse_date) {
            self.note_breach(now.at, now.is_met);
            self.spent_ms += calendar.work_between(counted_to, now.at);
        }
        self.target_seconds = now.target_seconds;
        let happened = |known: Option<String>| known.or_else(|| Some(format_date(now.at)));
        self.met_at = if now.is_met { happened(self.met_at.take()) } else { None };
        let counts = now.runs && !now.is_met;
        self.counted_to = counts.then(|| format_date(now.at));
        let left = now.target_seconds.saturating_mul(1_000) - self.spent_ms;
        let due = if counts && self.breached_at.is_none() { calendar.after(now.at, left) } else { None };
        self.due_at = due.map(format_date);
        self.note_breach(now.at, now.is_met);
    }

    /// When it will be late, unless something happens.
    pub fn due(&self) -> Option<Millis> {
        self.due_at.as_deref().and_then(parse_date)
    }

    /// What happens in the very moment in which it is due is in time.
    fn note_breach(&mut self, at: Millis, is_met: bool) {
        let is_late = self.due().is_some_and(|due| due < at || (due == at && !is_met));
        if is_late && self.breached_at.is_none() {
            self.breached_at = self.due_at.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::teams::{OpeningTime, OperatingHours};

    const MINUTE_MS: i64 = 60_000;

    fn office() -> Calendar {
        let opening = |day: &str| OpeningTime {
            day: Some(day.to_owned()),
            opening_time: Some("09:00".to_owned()),
            closing_time: Some("17:30".to_owned()),
            reply_time: None,
        };
        Calendar::of(&OperatingHours {
            enabled: Some(true),
            timezone: Some("America/New_York".to_owned()),
            opening_times: Some(["Monday", "Tuesday", "Thursday"].map(opening).into()),
            ..OperatingHours::default()
        })
    }

    fn told(at: Millis, runs: bool, is_met: bool) -> Now {
        Now { at, runs, is_met, target_seconds: 3_600 }
    }

    #[test]
    fn an_answer_in_the_last_moment_is_in_time_and_a_millisecond_later_is_not() {
        for (late_by, is_late) in [(-1, false), (0, false), (1, true)] {
            let mut clock = Clock::start(&Calendar::always(), told(0, true, false));
            assert_eq!(clock.due(), Some(3_600_000));
            clock.advance(&Calendar::always(), told(3_600_000 + late_by, true, true));
            assert_eq!(clock.breached_at.is_some(), is_late, "{late_by}");
            assert_eq!(clock.due(), None);
        }
    }

    #[test]
    fn a_breach_is_the_moment_it_was_due_however_late_it_is_noticed() {
        let mut clock = Clock::start(&Calendar::always(), told(0, true, false));
        clock.advance(&Calendar::always(), told(9_999_999, true, false));
        assert_eq!(clock.breached_at.as_deref(), Some("1970-01-01T01:00:00.000Z"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        /// Pauses, goes on, and is asked in between, in minutes; compared with counting every minute.
        #[test]
        fn it_is_late_when_a_count_of_minutes_says_so(
            target in 1..600_i64,
            steps in prop::collection::vec((1..2_000_i64, any::<bool>()), 1..8),
        ) {
            // Before the clocks of New York change, 2026-10-30.
            let start = 1_793_318_400_000_i64;
            let calendar = office();
            let mut clock = Clock::start(&calendar, Now { target_seconds: target * 60, ..told(start, true, false) });
            let (mut counted, mut late, mut at, mut runs) = (0, None, start, true);
            for (minutes, runs_then) in steps {
                for _ in 0..minutes {
                    let open = calendar.work_between(at, at + MINUTE_MS) > 0;
                    at += MINUTE_MS;
                    counted += i64::from(runs && open);
                    if counted == target && late.is_none() {
                        late = Some(at);
                    }
                }
                runs = runs_then;
                clock.advance(&calendar, Now { target_seconds: target * 60, ..told(at, runs, false) });
                prop_assert_eq!(clock.breached_at.as_deref().and_then(parse_date), late);
                prop_assert_eq!(clock.spent_ms, counted * MINUTE_MS);
            }
        }
    }
}
