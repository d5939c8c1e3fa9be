//! What is wrong with a query, told to the person who wrote it.

/// A query that cannot be understood. Its text names the place and says what is allowed there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` {message}")]
pub struct QueryError {
    /// The parameter of the query string, or the place inside the conditions (`conditions/all/0/op`).
    pub key: String,
    /// The rest of the sentence, which the key begins.
    pub message: String,
}

/// Characters of a key that are repeated in a message.
const KEY_CHARS_MAX: usize = 80;

impl QueryError {
    /// An error about `key`, which is shortened and freed of control characters.
    pub(crate) fn new(key: &str, message: impl Into<String>) -> Self {
        let mut shown: String = key.chars().take(KEY_CHARS_MAX).flat_map(printable).collect();
        if key.chars().nth(KEY_CHARS_MAX).is_some() {
            shown.push('…');
        }
        Self { key: shown, message: message.into() }
    }

    /// The same error, seen from one level further out.
    pub(crate) fn inside(mut self, outer: impl std::fmt::Display) -> Self {
        let separator = if self.key.is_empty() { "" } else { "/" };
        self.key = format!("{outer}{separator}{}", self.key);
        self
    }

    /// The same complaint about another key.
    pub(crate) fn about(self, key: &str) -> Self {
        Self::new(key, self.message)
    }
}

fn printable(character: char) -> impl Iterator<Item = char> {
    let shown = if character.is_control() { char::REPLACEMENT_CHARACTER } else { character };
    std::iter::once(shown)
}
