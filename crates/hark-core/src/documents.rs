//! What rules of every area share: setting properties and checking their bounds.

use std::collections::{BTreeMap, BTreeSet};

use hark_store::{Body, Doc, Error, Id, Kind, Listing, Page, ReadTx, Result, Tx};
use serde_json::Value as Json;

/// Text of one line: names, titles, addresses.
pub const LINE_MAX: usize = 1_000;
/// Documents that are read at a time where they may be large.
const PART_MAX: u32 = 200;

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

/// A page of a list whose documents may be large: it ends early, with the cursor of the next one, when it
/// has this many bytes.
pub fn list_within(tx: &ReadTx<'_>, kind: &Kind, listing: &Listing, bytes_max: usize) -> Result<Page> {
    let mut page = Page { docs: Vec::new(), next: None };
    let mut bytes = 0;
    let mut part = listing.clone();
    loop {
        let left = listing.limit.saturating_sub(u32::try_from(page.docs.len()).unwrap_or(u32::MAX));
        part.limit = left.min(PART_MAX);
        let found = tx.list(kind, &part)?;
        for doc in &found.docs {
            bytes += serde_json::to_string(&doc.body)?.len();
        }
        page.docs.extend(found.docs);
        page.next = found.next;
        let full = page.docs.len() >= listing.limit as usize || bytes >= bytes_max;
        if full || page.next.is_none() {
            return Ok(page);
        }
        part.skip = 0;
        part.cursor.clone_from(&page.next);
    }
}

/// The documents with these ids, of those that there are.
pub(crate) fn by_ids(tx: &ReadTx<'_>, kind: &Kind, ids: &BTreeSet<Id>) -> Result<BTreeMap<Id, Doc>> {
    let texts: Vec<String> = ids.iter().map(Id::to_string).collect();
    Ok(tx.all_of(kind, "id", &texts)?.into_iter().map(|doc| (doc.id, doc)).collect())
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

/// Whether a value has more levels of lists and objects than this.
pub(crate) fn depth_exceeds(value: &Json, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return value.is_array() || value.is_object();
    };
    match value {
        Json::Array(list) => list.iter().any(|value| depth_exceeds(value, below)),
        Json::Object(object) => object.values().any(|value| depth_exceeds(value, below)),
        _ => false,
    }
}

/// Whether a text is an address of the web. Whoever follows another one, such as `javascript:`, may run
/// what somebody else wrote.
pub(crate) fn is_web_address(text: &str) -> bool {
    let scheme = |scheme: &str| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && text.len() > scheme.len()
    };
    (scheme("https://") || scheme("http://")) && !text.contains(|c: char| c.is_control() || c == ' ')
}

/// Refuses a property that is an address, but none of the web. Empty text and null are none.
pub(crate) fn check_web_address(name: &str, value: &Json) -> Result<()> {
    match value {
        Json::Null => Ok(()),
        Json::String(text) if text.is_empty() || is_web_address(text) => Ok(()),
        _ => Err(Error::invalid(format!("`{name}` must be an address that begins with https:// or http://"))),
    }
}

/// Refuses `attachments` of which one leads elsewhere than into the web.
pub(crate) fn check_attachments(list: &Json) -> Result<()> {
    let mut list = list.as_array().into_iter().flatten();
    list.try_for_each(|attachment| {
        check_web_address("url of attachments", attachment.get("url").unwrap_or(&Json::Null))
    })
}
