//! What every kind of document has in common: list, get, delete, and the answer for one.

use hark_query::Query;
use hark_store::{Doc, Id, Kind, Listing, Result};

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
pub(crate) async fn list<T>(call: &Call, kind: &'static Kind, reserved: &[&str]) -> Result<Documents<T>> {
    list_by(call, kind, call.query(reserved)?).await
}

/// The documents that match a query, as a bare array.
pub(crate) async fn list_by<T>(call: &Call, kind: &'static Kind, query: Query) -> Result<Documents<T>> {
    let listing = Listing::from_query(query, LIMIT_DEFAULT, LIMIT_MAX);
    let (page, total) = call
        .read(move |tx| {
            let total = tx.count(kind, &listing.filter)?;
            Ok((tx.list(kind, &listing)?, total))
        })
        .await?;
    let values = page.docs.iter().map(|doc| doc.view(kind)).collect();
    Ok(Documents::of(values).page(total, page.next))
}

/// One document.
pub(crate) async fn get<T>(call: &Call, kind: &'static Kind, id: Id) -> Result<Document<T>> {
    let doc = call.peek(move |tx| tx.get(kind, id)).await?;
    Ok(one(kind, &doc))
}

/// Deletes a document and answers with what it was.
pub(crate) async fn delete<T>(call: &Call, kind: &'static Kind, id: Id) -> Result<Document<T>> {
    let doc = call
        .write(move |tx| {
            let doc = tx.get_locked(kind, id)?;
            tx.delete(kind, id)?;
            Ok(doc)
        })
        .await?;
    Ok(one(kind, &doc))
}
