//! What every kind of document has in common: list, get, and the answer for one.

use hark_query::Query;
use hark_store::{Doc, Error, Id, Kind, Listing, Result, Scope, SearchRequest};
use serde_json::Value as Json;

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
        if kind.is_whole_for(tx.scope()) {
            let (page, total) = tx.list_texts_and_total(kind, &listing)?;
            return Ok(Documents::of_texts(&page.docs).page(total, page.next));
        }
        let (page, total) = tx.list_and_total(kind, &listing)?;
        let docs = page.docs.into_iter().map(|doc| tx.unsealed(kind, doc));
        let values = docs.map(|doc| doc.view_for(kind, tx.scope())).collect();
        Ok(Documents::of(values).page(total, page.next))
    })
    .await
}

/// The documents that fit a text, best first, as a bare array.
pub(crate) async fn search<T: 'static>(
    call: &Call,
    kind: &'static Kind,
    request: SearchRequest,
) -> Result<Documents<T>> {
    call.read(move |tx| {
        if kind.is_whole_for(tx.scope()) {
            return Ok(Documents::of_texts(&tx.search_texts(kind, &request)?));
        }
        let found = tx.search_docs(kind, &request)?;
        Ok(Documents::of(found.iter().map(|doc| doc.view_for(kind, tx.scope())).collect()))
    })
    .await
}

/// A list that is never long and already in memory, in the language of lists.
pub(crate) fn short<T>(call: &Call, values: Vec<Json>) -> Result<Documents<T>> {
    let query = call.query(&[])?;
    if query.cursor.is_some() {
        return Err(Error::invalid("this list has no cursors, page with `skip` and `limit`"));
    }
    let mut values: Vec<Json> = values.into_iter().filter(|value| query.filter.matches(value)).collect();
    values.sort_by(|left, right| hark_query::compare(left, right, &query.sort));
    let total = values.len() as u64;
    let limit = query.limit.unwrap_or(LIMIT_MAX).min(LIMIT_MAX) as usize;
    let page = values.into_iter().skip(query.skip as usize).take(limit).collect();
    Ok(Documents::of(page).page(total, None))
}

/// One document.
pub(crate) async fn get<T: 'static>(call: &Call, kind: &'static Kind, id: Id) -> Result<Document<T>> {
    if kind.is_whole_for(&call.scope) {
        let found = call.app.store.find_text(&call.scope, kind, id).await?;
        let (rev, text) = found.ok_or_else(|| Error::not_found(kind.name, id))?;
        return Ok(Document::of_text(text).at(rev));
    }
    call.peek(move |tx| Ok(one_for(tx.scope(), kind, &tx.unsealed(kind, tx.get(kind, id)?)))).await
}
