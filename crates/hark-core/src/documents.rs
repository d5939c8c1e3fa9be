//! What rules of every area share: setting properties and checking their bounds.

use hark_store::{Body, Doc, Error, Id, Kind, Result, Tx};
use serde_json::Value as Json;

/// Text of one line: names, titles, addresses.
pub const LINE_MAX: usize = 1_000;

/// Inserts a document of checked properties.
pub fn create(
    tx: &mut Tx<'_>,
    kind: &'static Kind,
    body: Body,
    check: fn(&Body) -> Result<()>,
) -> Result<Doc> {
    check(&body)?;
    tx.insert(kind, body)
}

/// Sets the properties of a document; null removes one. With `expected`, only if the document still
/// has this revision.
///
/// # Errors
/// [`Error::Stale`] when it has another revision, and what `check` refuses.
pub fn update(
    tx: &mut Tx<'_>,
    kind: &'static Kind,
    id: Id,
    changes: Body,
    expected: Option<i64>,
    check: fn(&Body) -> Result<()>,
) -> Result<Doc> {
    let mut doc = tx.get_locked(kind, id)?;
    expect_revision(kind, &doc, expected)?;
    for (property, value) in changes {
        doc.set(&property, value);
    }
    check(&doc.body)?;
    tx.save(kind, doc)
}

/// Refuses a document that is not at the revision that a caller expects.
///
/// # Errors
/// [`Error::Stale`] when it has another one.
pub fn expect_revision(kind: &Kind, doc: &Doc, expected: Option<i64>) -> Result<()> {
    match expected {
        Some(expected) if expected != doc.rev => Err(Error::Stale { what: kind.name }),
        _ => Ok(()),
    }
}

/// The text at a property that must be there, not empty and of one line's length.
pub fn required_line<'b>(body: &'b Body, property: &str) -> Result<&'b str> {
    let text = body.get(property).and_then(Json::as_str).map(str::trim).unwrap_or_default();
    if text.is_empty() {
        return Err(Error::invalid(format!("`{property}` is missing or empty")));
    }
    if text.chars().count() > LINE_MAX {
        return Err(Error::invalid(format!("`{property}` is longer than {LINE_MAX} characters")));
    }
    Ok(text)
}
