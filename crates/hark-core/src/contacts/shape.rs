//! What a property of a contact can hold, and how a value is made to fit or refused.

use hark_query::dates::{format_date, is_canonical, parse_date};
use hark_store::{Body, Error, Result};
use serde_json::{Number, Value as Json};

/// Characters of a custom property's name at most.
pub(super) const CUSTOM_KEY_CHARS_MAX: usize = 64;
/// Characters of a custom text at most.
pub(super) const CUSTOM_TEXT_CHARS_MAX: usize = 1_000;
/// Tags of a contact at most.
pub(super) const TAGS_MAX: usize = 100;
/// Characters of a tag at most.
const TAG_CHARS_MAX: usize = 100;
/// Names that mean something to programs which read objects carelessly.
const FORBIDDEN_KEYS: &[&str] = &["__proto__", "constructor", "prototype"];

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text of so many characters at most.
    Text(usize),
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// A moment, in the canonical spelling.
    Date,
    /// A list of different short texts.
    Tags,
    /// Any JSON of so many bytes at most.
    Json(usize),
}

impl Shape {
    /// The value in this shape, if it can be made one, and whether that is how it came. What came
    /// as an object or a list where neither belongs counts as "as it came": it is dropped whole.
    pub(crate) fn lenient(self, value: &Json) -> (Option<Json>, bool) {
        match (self, value) {
            (Shape::Text(max), Json::String(text)) => (Some(cut(&clean(text), max).into()), true),
            (Shape::Text(max), Json::Number(_) | Json::Bool(_)) => {
                (Some(cut(&value.to_string(), max).into()), false)
            }
            (Shape::Number, Json::Number(_)) | (Shape::Bool, Json::Bool(_)) => (Some(value.clone()), true),
            (Shape::Number, Json::String(text)) => (number(text), false),
            (Shape::Bool, Json::String(text)) => (text.parse().ok().map(Json::Bool), false),
            (Shape::Date, Json::String(text)) if is_canonical(text) && parse_date(text).is_some() => {
                (Some(value.clone()), true)
            }
            (Shape::Date, _) => (moment(value).map(|at| format_date(at).into()), false),
            (Shape::Tags | Shape::Json(_), _) => (self.strict("", value).ok(), true),
            (_, Json::Number(_) | Json::Bool(_)) => (None, false),
            _ => (None, true),
        }
    }

    /// The value, which must have this shape. Numbers that came as text, and user ids that came as
    /// numbers, are what known clients send and are accepted.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the property's name.
    pub(crate) fn strict(self, name: &str, value: &Json) -> Result<Json> {
        let wrong = |wanted: &str| Error::invalid(format!("`{name}` must be {wanted}"));
        match (self, value) {
            (Shape::Text(max), Json::String(text)) => {
                let text = clean(text);
                if text.chars().count() > max {
                    return Err(Error::invalid(format!("`{name}` is longer than {max} characters")));
                }
                Ok(text.into())
            }
            (Shape::Text(_), Json::Number(number)) if name == "userId" => Ok(number.to_string().into()),
            (Shape::Text(_), _) => Err(wrong("a text")),
            (Shape::Number, Json::Number(_)) | (Shape::Bool, Json::Bool(_)) => Ok(value.clone()),
            (Shape::Number, Json::String(text)) => number(text).ok_or_else(|| wrong("a number")),
            (Shape::Number, _) => Err(wrong("a number")),
            (Shape::Bool, _) => Err(wrong("true or false")),
            (Shape::Date, Json::String(text)) => parse_date(text)
                .map(|at| format_date(at).into())
                .ok_or_else(|| wrong("a date such as 2026-01-31T10:00:00.000Z")),
            (Shape::Date, _) => Err(wrong("a date such as 2026-01-31T10:00:00.000Z")),
            (Shape::Tags, Json::Array(tags)) => strict_tags(name, tags),
            (Shape::Tags, _) => Err(wrong("a list of texts")),
            (Shape::Json(max), _) => {
                if value.to_string().len() > max {
                    return Err(Error::invalid(format!("`{name}` is larger than {max} bytes")));
                }
                Ok(without_nul(value.clone()))
            }
        }
    }
}

fn strict_tags(name: &str, tags: &[Json]) -> Result<Json> {
    let mut different: Vec<Json> = Vec::new();
    for tag in tags {
        let tag = Shape::Text(TAG_CHARS_MAX).strict(name, tag)?;
        if tag != "" && !different.contains(&tag) {
            different.push(tag);
        }
        if different.len() > TAGS_MAX {
            return Err(Error::invalid(format!("`{name}` has more than {TAGS_MAX} entries")));
        }
    }
    Ok(Json::Array(different))
}

/// Checks an object of custom properties; a null in it takes that property away.
///
/// # Errors
/// [`Error::Invalid`] with the first name or value that does not fit.
pub(super) fn strict_custom(value: &Json) -> Result<Body> {
    let Json::Object(properties) = value else {
        return Err(Error::invalid("`customData` must be an object of texts, numbers and booleans"));
    };
    let mut custom = Body::new();
    for (name, value) in properties {
        let name = clean(name);
        if !usable_key(&name) {
            return Err(Error::invalid(format!(
                "`{name}` cannot name a custom property: 1 to {CUSTOM_KEY_CHARS_MAX} characters that do not start with $"
            )));
        }
        let fits = value.is_null() || lenient_custom(value).as_ref() == Some(&without_nul(value.clone()));
        if !fits {
            return Err(Error::invalid(format!(
                "`customData.{name}` must be a text of {CUSTOM_TEXT_CHARS_MAX} characters at most, a number or a boolean"
            )));
        }
        custom.insert(name, without_nul(value.clone()));
    }
    Ok(custom)
}

/// A custom property's value made to fit; `None` for what is no text, number or boolean.
pub(super) fn lenient_custom(value: &Json) -> Option<Json> {
    match value {
        Json::String(text) => Some(cut(&clean(text), CUSTOM_TEXT_CHARS_MAX).into()),
        Json::Number(_) | Json::Bool(_) => Some(value.clone()),
        _ => None,
    }
}

/// Whether a custom property may have this name.
pub(super) fn usable_key(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('$')
        && name.chars().count() <= CUSTOM_KEY_CHARS_MAX
        && !FORBIDDEN_KEYS.contains(&name)
}

/// Text without U+0000, which PostgreSQL cannot store.
pub(super) fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// The first characters of a text.
pub(crate) fn cut(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

/// A value without U+0000 in any of its texts and names.
pub fn without_nul(value: Json) -> Json {
    match value {
        Json::String(text) => clean(&text).into(),
        Json::Array(values) => values.into_iter().map(without_nul).collect(),
        Json::Object(body) => {
            body.into_iter().map(|(name, value)| (clean(&name), without_nul(value))).collect()
        }
        value => value,
    }
}

/// A moment as clients write it: ISO 8601, or unix time in seconds or milliseconds.
pub(super) fn moment(value: &Json) -> Option<i64> {
    /// Unix time from here on is in milliseconds: in seconds it would be the year 5138.
    const MILLISECONDS_FROM: f64 = 1e11;
    match value {
        Json::String(text) => parse_date(text),
        Json::Number(number) => {
            let time = number.as_f64()?;
            let ms = if time.abs() < MILLISECONDS_FROM { time * 1_000.0 } else { time };
            let ms = ms as i64;
            (hark_query::dates::MS_MIN..=hark_query::dates::MS_MAX).contains(&ms).then_some(ms)
        }
        _ => None,
    }
}

fn number(text: &str) -> Option<Json> {
    let text = text.trim();
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    text.parse().ok().and_then(Number::from_f64).map(Json::Number)
}
