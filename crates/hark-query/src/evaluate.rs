//! Answers a filter in memory: the definition that storage's SQL is tested against.

use std::cmp::Ordering;

use serde_json::Value;

use crate::ast::{Filter, Literal, Op};
use crate::dates;

impl Filter {
    /// Whether the filter is true of a document.
    pub fn matches(&self, doc: &Value) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.matches(doc)),
            Self::Any(filters) => filters.iter().any(|filter| filter.matches(doc)),
            Self::Not(filter) => !filter.matches(doc),
            Self::Test { path, op } => op.matches(path.lookup(doc)),
        }
    }
}

impl Op {
    /// Whether the test is true of a value that is neither missing nor null, or of none.
    fn matches(&self, value: Option<&Value>) -> bool {
        match self {
            Self::Exists(wanted) => value.is_some() == *wanted,
            Self::Equal(literal) => equals(value, literal),
            Self::OneOf(literals) => literals.iter().any(|literal| equals(value, literal)),
            Self::Less(literal) => order(value, literal).is_some_and(Ordering::is_lt),
            Self::LessOrEqual(literal) => order(value, literal).is_some_and(Ordering::is_le),
            Self::Greater(literal) => order(value, literal).is_some_and(Ordering::is_gt),
            Self::GreaterOrEqual(literal) => order(value, literal).is_some_and(Ordering::is_ge),
            Self::Contains(part) => any_text(value, part, |text, part| text.contains(part)),
            Self::StartsWith(part) => any_text(value, part, |text, part| text.starts_with(part)),
            Self::EndsWith(part) => any_text(value, part, |text, part| text.ends_with(part)),
        }
    }
}

fn equals(value: Option<&Value>, literal: &Literal) -> bool {
    match literal {
        Literal::Null => value.is_none(),
        Literal::Bool(wanted) => any_scalar(value, |scalar| scalar.as_bool() == Some(*wanted)),
        Literal::Number(wanted) => any_scalar(value, |scalar| scalar.as_f64() == Some(*wanted)),
        Literal::Text(wanted) => any_scalar(value, |scalar| scalar.as_str() == Some(wanted)),
        Literal::Date(ms) => {
            let wanted = dates::format_date(*ms);
            any_scalar(value, |scalar| scalar.as_str() == Some(&wanted))
        }
    }
}

fn order(value: Option<&Value>, literal: &Literal) -> Option<Ordering> {
    match (value?, literal) {
        (Value::Number(number), Literal::Number(bound)) => number.as_f64()?.partial_cmp(bound),
        (Value::String(text), Literal::Text(bound)) => Some(text.cmp(bound)),
        (Value::String(text), Literal::Date(ms)) if dates::is_canonical(text) => {
            Some(text.as_str().cmp(&dates::format_date(*ms)))
        }
        _ => None,
    }
}

fn any_text(value: Option<&Value>, part: &str, holds: fn(&str, &str) -> bool) -> bool {
    let part = part.to_ascii_lowercase();
    any_scalar(value, |scalar| scalar.as_str().is_some_and(|text| holds(&text.to_ascii_lowercase(), &part)))
}

/// Whether something holds of the value or, in an array, of one of its elements.
fn any_scalar(value: Option<&Value>, holds: impl Fn(&Value) -> bool) -> bool {
    match value {
        Some(Value::Array(elements)) => elements.iter().any(holds),
        Some(value) => holds(value),
        None => false,
    }
}
