//! Object ids: 12 bytes, 24 lower-case hex digits on the wire, ordered by time of creation.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An object id: 4 bytes of unix seconds, 5 bytes random per process, 3 bytes counter.
///
/// The layout is that of a MongoDB ObjectId, because clients of the REST API
/// sort by it and read the creation time out of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 12]);

impl Id {
    /// The partition that holds what belongs to the instance and to no project.
    pub const INSTANCE: Id = Id([0; 12]);

    /// Reads 24 hex digits of either case; anything else is `None`.
    pub fn parse(text: &str) -> Option<Id> {
        let mut bytes = [0; 12];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Id(bytes))
    }
}

/// Writes bytes as lower-case hex digits, of which `text` has two for each.
///
/// By hand, because every statement names its project, every call hashes its token, and `hex` goes
/// digit by digit.
pub(crate) fn digits<'t>(bytes: &[u8], text: &'t mut [u8]) -> &'t str {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    std::str::from_utf8(text).unwrap_or_default()
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 24];
        f.write_str(digits(&self.0, &mut text))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Id, Self::Err> {
        Id::parse(text).ok_or("an id is 24 hex digits")
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Id {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9a-f]{24}$"})
    }
}

/// Hands out ids that no other call of this or another process hands out.
#[derive(Debug)]
pub(crate) struct IdSource {
    process: [u8; 5],
    counter: AtomicU32,
}

impl IdSource {
    pub(crate) fn new() -> IdSource {
        IdSource { process: rand::random(), counter: AtomicU32::new(rand::random::<u32>() >> 9) }
    }

    /// The next id for the time `now_ms` (unix milliseconds).
    pub(crate) fn next(&self, now_ms: i64) -> Id {
        let seconds = u32::try_from(now_ms / 1000).unwrap_or(u32::MAX);
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        let mut bytes = [0; 12];
        bytes[..4].copy_from_slice(&seconds.to_be_bytes());
        bytes[4..9].copy_from_slice(&self.process);
        bytes[9..].copy_from_slice(&count.to_be_bytes()[1..]);
        Id(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        let id = IdSource::new().next(1_750_000_000_000);
        assert_eq!(Id::parse(&id.to_string()), Some(id));
        assert_eq!(Id::parse("68"), None);
        assert_eq!(Id::parse("zz0000000000000000000000"), None);
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let source = IdSource::new();
        let early = source.next(1_750_000_000_000);
        let late = source.next(1_750_000_001_000);
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
    }
}
