//! The tree that every query becomes.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::dates;
use crate::error::QueryError;
use crate::limits::{PATH_SEGMENTS_MAX, SEGMENT_CHARS_MAX, TEXT_CHARS_MAX};

/// A condition on a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these; an empty list is true of everything.
    All(Vec<Filter>),
    /// At least one of these; an empty list is true of nothing.
    Any(Vec<Filter>),
    /// The opposite.
    Not(Box<Filter>),
    /// One property, tested.
    Test {
        /// Which property.
        path: Path,
        /// The test.
        op: Op,
    },
}

/// A test of one value. The crate's documentation defines each.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// The same type and value.
    Equal(Literal),
    /// Equal to one of these; an empty list is true of nothing.
    OneOf(Vec<Literal>),
    /// Before the literal, which is a number, a text or a date.
    Less(Literal),
    /// Not after the literal.
    LessOrEqual(Literal),
    /// After the literal.
    Greater(Literal),
    /// Not before the literal.
    GreaterOrEqual(Literal),
    /// Whether there is a value other than null.
    Exists(bool),
    /// A string with this text in it.
    Contains(String),
    /// A string that begins so.
    StartsWith(String),
    /// A string that ends so.
    EndsWith(String),
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// JSON null, or no value at all.
    Null,
    /// A boolean.
    Bool(bool),
    /// A finite number.
    Number(f64),
    /// A text without NUL, which PostgreSQL cannot hold.
    Text(String),
    /// A moment, in milliseconds since 1970 (UTC).
    Date(i64),
}

/// The type of a property, for catalogues of properties and the forms made from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// Strings.
    Text,
    /// Numbers.
    Number,
    /// Booleans.
    Bool,
    /// Strings that are moments in the canonical form.
    Date,
    /// Different types, or lists and objects.
    Any,
}

impl FieldType {
    /// The type of a stored value; null tells nothing.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Bool(_) => Some(Self::Bool),
            Value::Number(_) => Some(Self::Number),
            Value::String(text) if dates::is_canonical(text) => Some(Self::Date),
            Value::String(_) => Some(Self::Text),
            Value::Array(_) | Value::Object(_) => Some(Self::Any),
        }
    }
}

impl Filter {
    /// True of every document.
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// True of no document.
    pub fn nothing() -> Self {
        Self::Any(Vec::new())
    }

    /// One property, tested.
    pub fn test(path: Path, op: Op) -> Self {
        Self::Test { path, op }
    }

    /// The property equals the literal.
    pub fn equal(path: Path, literal: impl Into<Literal>) -> Self {
        Self::test(path, Op::Equal(literal.into()))
    }

    /// The property equals one of the literals.
    pub fn one_of(path: Path, literals: impl IntoIterator<Item = impl Into<Literal>>) -> Self {
        Self::test(path, Op::OneOf(literals.into_iter().map(Into::into).collect()))
    }

    /// The property has a value other than null, or has none.
    pub fn exists(path: Path, wanted: bool) -> Self {
        Self::test(path, Op::Exists(wanted))
    }

    /// The opposite of this.
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// This and the other, without needless nesting.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All(mut left), Self::All(right)) => {
                left.extend(right);
                Self::All(left)
            }
            (Self::All(mut several), one) if !several.is_empty() => {
                several.push(one);
                Self::All(several)
            }
            (one, Self::All(mut several)) if !several.is_empty() => {
                several.insert(0, one);
                Self::All(several)
            }
            (Self::All(_), one) | (one, Self::All(_)) => one,
            (left, right) => Self::All(vec![left, right]),
        }
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self::everything()
    }
}

impl Literal {
    /// A text from a caller, if it is within the bounds.
    pub(crate) fn text(text: &str, key: &str) -> Result<String, QueryError> {
        if text.chars().nth(TEXT_CHARS_MAX).is_some() {
            let message =
                format!("has a text that is too long, at most {TEXT_CHARS_MAX} characters are allowed");
            return Err(QueryError::new(key, message));
        }
        if text.contains('\0') {
            return Err(QueryError::new(key, "has a NUL character in its text, remove it"));
        }
        Ok(text.to_owned())
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Literal {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Literal {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Literal {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// The way to a property: keys of objects, outermost first.
///
/// Only checked paths exist: one to eight segments without control characters, `"` and `\` (which
/// SQLite's JSON paths cannot express), none of which could be taken for an operator or for an
/// object's own machinery in a JavaScript client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Vec<String>);

/// Keys with a meaning of their own in JavaScript.
const FORBIDDEN_SEGMENTS: [&str; 3] = ["__proto__", "constructor", "prototype"];

impl Path {
    /// Reads a dotted path such as `customData.plan`.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let refuse = |message: String| Err(QueryError::new(text, message));
        let segments: Vec<&str> = text.split('.').take(PATH_SEGMENTS_MAX + 1).collect();
        if segments.len() > PATH_SEGMENTS_MAX {
            return refuse(format!(
                "is nested too deeply, at most {PATH_SEGMENTS_MAX} names with dots between them are allowed"
            ));
        }
        for segment in &segments {
            if segment.is_empty() {
                return refuse(
                    "is not a property, write names with single dots between them, such as customData.plan"
                        .into(),
                );
            }
            if segment.chars().nth(SEGMENT_CHARS_MAX).is_some() {
                return refuse(format!(
                    "has a name that is too long, at most {SEGMENT_CHARS_MAX} characters are allowed"
                ));
            }
            if segment.starts_with('$') || FORBIDDEN_SEGMENTS.contains(segment) {
                return refuse("is not a property that can be asked for: a name must not begin with $ nor be __proto__, constructor or prototype".into());
            }
            if segment.chars().any(|character| character.is_control() || matches!(character, '"' | '\\')) {
                return refuse("has a character that is not allowed in a property: no control characters, double quotes or backslashes".into());
            }
        }
        Ok(Self(segments.into_iter().map(str::to_owned).collect()))
    }

    /// A path that is written in the program.
    ///
    /// # Panics
    /// If it is not a valid path. Never give it anything that a caller sent: that is for [`Path::parse`].
    pub fn known(text: &'static str) -> Self {
        match Self::parse(text) {
            Ok(path) => path,
            Err(error) => panic!("a path in the program is wrong: {error}"),
        }
    }

    /// The keys, outermost first.
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// The value at this path; nothing if it is missing or null.
    pub fn lookup<'doc>(&self, doc: &'doc Value) -> Option<&'doc Value> {
        let found = self.0.iter().try_fold(doc, |value, key| value.as_object()?.get(key))?;
        (!found.is_null()).then_some(found)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join("."))
    }
}
