//! What every kind of document has in common: list, get, delete, and the answer for one.

use hark_query::Query;
use hark_store::{Doc, Error, Id, Kind, Listing, Result, Scope};

use crate::answer::{Document, Documents};
use crate::call::Call;

/// Documents of a list that names no limit.
pub(crate) const LIMIT_DEFAULT: u32 = 100;
/// Documents of a list at most.
pub(crate) const LIMIT_MAX: u32 = 1_000;

/// The answer for a document, as the scope may see it.
pub(crate) fn one_for<T>(scope: &Scope, kind: &Kind, doc: &Doc) -> Document<T> {
    Document::of(&doc.view_for(kind, scope)).at(doc.rev)
}

/// The answer for a document, with what every scope may see.
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
        if kind.is_whole_for(tx.scope()) {
            let page = tx.list_texts(kind, &listing)?;
            return Ok(Documents::of_texts(&page.docs).page(total, page.next));
        }
        let page = tx.list(kind, &listing)?;
        let values = page.docs.iter().map(|doc| doc.view_for(kind, tx.scope())).collect();
        Ok(Documents::of(values).page(total, page.next))
    })
    .await
}

/// One document.
pub(crate) async fn get<T: 'static>(call: &Call, kind: &'static Kind, id: Id) -> Result<Document<T>> {
    call.peek(move |tx| {
        if kind.is_whole_for(tx.scope()) {
            let found = tx.find_text(kind, id)?;
            let (rev, text) = found.ok_or_else(|| Error::not_found(kind.name, id))?;
            return Ok(Document::of_text(text).at(rev));
        }
        Ok(one_for(tx.scope(), kind, &tx.get(kind, id)?))
    })
    .await
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
