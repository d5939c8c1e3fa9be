//! A text that cannot be printed: passwords, tokens, signing keys.

use std::fmt;

use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};

/// A secret text. Formatting it prints dots, it cannot be serialised, and its memory is
/// overwritten when it is dropped. [`Secret::expose`] is the only way to the value, so a
/// search for that word finds every use.
#[derive(Clone, Default)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself. Hand it to the one function that needs it, never to a log or an error.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it, as when a configuration line was left blank.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.0).into_bytes();
        bytes.fill(0);
        // Keeps the compiler from leaving out a write that nobody reads.
        std::hint::black_box(&bytes);
    }
}

/// Written by hand because the derived one quotes the value when its type is wrong, for
/// instance a password of digits without quotation marks in a configuration file.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Value {
            Text(String),
            Other(IgnoredAny),
        }

        match Value::deserialize(deserializer)? {
            Value::Text(text) => Ok(Self(text)),
            Value::Other(_) => Err(D::Error::custom("a secret must be a text in quotation marks")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatting_never_shows_the_value() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "••• ••• Some(•••)");
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn a_wrong_type_is_reported_without_the_value() {
        for wrong in [
            "8714423",
            "-8714423",
            "87144.23",
            "8714423000000000000000",
            "true",
            "[8714423]",
            "{\"8714423\":1}",
            "null",
        ] {
            let error = serde_json::from_str::<Secret>(wrong).expect_err(wrong).to_string();
            assert!(!error.contains("87144"), "{wrong}: {error}");
        }
        let read: Secret = serde_json::from_str("\"8714423\"").expect("a text is a secret");
        assert_eq!(read.expose(), "8714423");
    }
}
