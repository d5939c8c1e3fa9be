//! The order of documents: reading `sort=` and comparing in memory.

use std::cmp::Ordering;

use serde_json::Value;

use crate::ast::Path;
use crate::error::QueryError;
use crate::limits::SORT_KEYS_MAX;

/// An order of documents, the most significant key first; without keys, every two are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// At most [`SORT_KEYS_MAX`] when it comes from a caller.
    pub keys: Vec<SortKey>,
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// The property.
    pub path: Path,
    /// Largest first. Documents without a sortable value come last either way.
    pub descending: bool,
}

impl Sort {
    /// Reads `-createdAt,name`; also `createdAt_asc` and `createdAt_desc`, which some clients send.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let keys: Vec<&str> = text.split(',').take(SORT_KEYS_MAX + 1).collect();
        if keys.len() > SORT_KEYS_MAX {
            let message =
                format!("has too many keys, at most {SORT_KEYS_MAX} with commas between them are allowed");
            return Err(QueryError::new("sort", message));
        }
        Ok(Self { keys: keys.into_iter().map(SortKey::parse).collect::<Result<_, _>>()? })
    }
}

impl SortKey {
    fn parse(text: &str) -> Result<Self, QueryError> {
        // A `+` for "ascending" arrives as a space.
        let text = text.trim();
        let (name, descending) = if let Some(name) = text.strip_prefix('-') {
            (name, true)
        } else if let Some(name) = text.strip_suffix("_desc") {
            (name, true)
        } else {
            (text.strip_suffix("_asc").unwrap_or(text), false)
        };
        let path = Path::parse(name).map_err(|error| {
            let message = format!("names `{}`, which {}", error.key, error.message);
            QueryError::new("sort", message)
        })?;
        Ok(Self { path, descending })
    }
}

/// How two documents follow each other.
pub fn compare(left: &Value, right: &Value, sort: &Sort) -> Ordering {
    let by_key = |key: &SortKey| match (sortable(left, &key.path), sortable(right, &key.path)) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(left), Some(right)) => {
            let ascending = left.partial_cmp(&right).unwrap_or(Ordering::Equal);
            if key.descending { ascending.reverse() } else { ascending }
        }
    };
    sort.keys.iter().map(by_key).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// A value that has a place in an order; the variants are declared in theirs.
#[derive(PartialEq, PartialOrd)]
enum Sortable<'doc> {
    Number(f64),
    Text(&'doc str),
    Bool(bool),
}

fn sortable<'doc>(doc: &'doc Value, path: &Path) -> Option<Sortable<'doc>> {
    match path.lookup(doc)? {
        Value::Number(number) => number.as_f64().map(Sortable::Number),
        Value::String(text) => Some(Sortable::Text(text)),
        Value::Bool(value) => Some(Sortable::Bool(*value)),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
