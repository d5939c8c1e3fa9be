//! What every kind of document has in common: list, get, and the answer for one.

use hark_query::Query;
use hark_store::{Doc, Error, Id, Kind, Listing, Result};

use crate::answer::{Document, Documents};
use crate::call::Call;

/// Documents of a list that names no limit.
pub(crate) const LIMIT_DEFAULT: u32 = 100;
/// Documents of a list at most.
pub(crate) const LIMIT_MAX: u32 = 1_000;

/// The answer for a document.
pub(crate) fn one<T>(kind: &Kind, doc: &Doc) -> Document<T> {
    Document::of(&doc.view(kind)).at(doc.rev)
}

/// The documents that match the query string, as a bare array.
pub(crate) async fn list<T: 'static>(
    call: &Call,
    kind: &'static Kind,
    reserved: &[&str],
) -> Result<Documents<T>> {
    list_by(call, kind, call.query(reserved)?).await
}

/// The documents that match a query, as a bare array.
pub(crate) async fn list_by<T: 'static>(
    call: &Call,
    kind: &'static Kind,
    query: Query,
) -> Result<Documents<T>> {
    let listing = Listing::from_query(query, LIMIT_DEFAULT, LIMIT_MAX);
    call.read(move |tx| {
        let total = tx.count(kind, &listing.filter)?;
        if kind.hidden.is_empty() {
            let page = tx.list_texts(kind, &listing)?;
            return Ok(Documents::of_texts(&page.docs).page(total, page.next));
        }
        let page = tx.list(kind, &listing)?;
        let values = page.docs.iter().map(|doc| doc.view(kind)).collect();
        Ok(Documents::of(values).page(total, page.next))
    })
    .await
}

/// One document.
pub(crate) async fn get<T: 'static>(call: &Call, kind: &'static Kind, id: Id) -> Result<Document<T>> {
    call.peek(move |tx| {
        if kind.hidden.is_empty() {
            let found = tx.find_text(kind, id)?;
            let (rev, text) = found.ok_or_else(|| Error::not_found(kind.name, id))?;
            return Ok(Document::of_text(text).at(rev));
        }
        Ok(one(kind, &tx.get(kind, id)?))
    })
    .await
}
