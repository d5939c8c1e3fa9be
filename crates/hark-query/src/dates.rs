//! The project's one way of handling dates: lenient reading, one canonical spelling.
//!
//! A moment is milliseconds since 1970 (UTC) in the program and `YYYY-MM-DDTHH:MM:SS.mmmZ` in
//! documents. That spelling sorts as text, so nothing else ever needs to understand dates.

use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};
use jiff::fmt::temporal::Pieces;

/// The first moment that can be written, `0000-01-01T00:00:00.000Z`.
pub const MS_MIN: i64 = -62_167_219_200_000;
/// The last moment that can be written, `9999-12-31T23:59:59.999Z`.
pub const MS_MAX: i64 = 253_402_300_799_999;

/// The canonical shape for SQLite's `glob`.
pub const CANONICAL_GLOB: &str =
    "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z";
/// The canonical shape for PostgreSQL's `~`.
pub const CANONICAL_REGEX: &str = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z";

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
const CANONICAL: &[u8] = b"0000-00-00T00:00:00.000Z";
/// Enough for every ISO 8601 spelling with an offset, once the fraction is cut.
const TEXT_BYTES_MAX: usize = 64;
/// Digits of a fraction that are read; more are cut.
const FRACTION_DIGITS_MAX: usize = 9;

/// Reads an ISO 8601 date or date-time in its extended form (`2025-09-01`, `2025-09-01T10:00`,
/// `2025-09-01 10:00:00.5+02:00`). Without a time it means midnight, without an offset UTC;
/// fractions below a millisecond are cut off.
pub fn parse_date(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let is_extended = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    if !is_extended || bytes.len() > TEXT_BYTES_MAX || text.contains('[') {
        return None;
    }
    let shortened = cut_fraction(text);
    let pieces = Pieces::parse(&shortened).ok()?;
    let local = pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight()));
    let offset_ms = pieces.to_numeric_offset().map_or(0, |offset| i64::from(offset.seconds()) * 1000);
    // Whole seconds and milliseconds apart, so that a cut fraction never rounds up before 1970.
    let whole = local.with().subsec_nanosecond(0).build().ok()?;
    let ms = whole.duration_since(EPOCH).as_secs() * 1000 + i64::from(local.millisecond()) - offset_ms;
    (MS_MIN..=MS_MAX).contains(&ms).then_some(ms)
}

/// The canonical spelling of a moment; moments outside of the years 0000 to 9999 become the nearest
/// that can be written.
pub fn format_date(ms: i64) -> String {
    let moment = EPOCH.saturating_add(SignedDuration::from_millis(ms.clamp(MS_MIN, MS_MAX)));
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        moment.year(),
        moment.month(),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second(),
        moment.millisecond()
    )
}

/// Whether a text has the canonical shape: its digits and separators are in place. Whether the day
/// exists is not asked, because SQL could not.
pub fn is_canonical(text: &str) -> bool {
    let fits = |(found, wanted): (u8, &u8)| {
        if *wanted == b'0' { found.is_ascii_digit() } else { found == *wanted }
    };
    text.len() == CANONICAL.len() && text.bytes().zip(CANONICAL).all(fits)
}

fn cut_fraction(text: &str) -> String {
    let Some(start) = text.find(['.', ',']).map(|point| point + 1) else {
        return text.to_owned();
    };
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let kept = digits.min(FRACTION_DIGITS_MAX);
    format!("{}{}", &text[..start + kept], &text[start + digits..])
}
