//! U+0000, which PostgreSQL can store in no text.

use memchr::memchr;

/// What a caller who sends it is told.
pub const NUL_REFUSED: &str = "a text holds the character U+0000, which cannot be stored, leave it out";

/// Whether a text of this JSON has U+0000 in it. In valid JSON it can only be spelled as an escape,
/// which has an odd number of backslashes.
pub fn holds_nul(json: &[u8]) -> bool {
    const ESCAPED: &[u8] = b"u0000";
    let mut from = 0;
    while let Some(backslash) = memchr(b'\\', &json[from..]) {
        // What follows a backslash belongs to it, and is no backslash of another escape.
        let escaped = from + backslash + 1;
        if json[escaped..].starts_with(ESCAPED) {
            return true;
        }
        from = (escaped + 1).min(json.len());
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_escape_counts() {
        for (json, holds) in [
            (r#"{"a":"x\u0000"}"#, true),
            (r#"{"\u0000":1}"#, true),
            (r#"["\\\u0000"]"#, true),
            (r#"["\\u0000"]"#, false),
            (r#"["u0000 \u0001 \n"]"#, false),
            ("\\", false),
            ("", false),
        ] {
            assert_eq!(holds_nul(json.as_bytes()), holds, "{json}");
        }
    }
}
