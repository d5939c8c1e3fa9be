//! What the query language of lists means for messages.

use hark_query::dates::parse_date;
use hark_query::{Filter, Literal, Op, Path, Query, Sort, SortKey};
use hark_store::{Body, Doc, Error, Id, Listing, ReadTx, Result};
use serde_json::Value as Json;

use super::MESSAGE;
use crate::documents::list_within;
use crate::tickets::TICKET;

/// Messages of a list at most, and of one that names no limit.
const LIMIT_MAX: u32 = 10_000;
/// Bytes of the messages of one page.
const PAGE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Answers of agents have the type `TEXT`; documented clients ask for them by this one.
const COMMENT: &str = "COMMENT";

/// What a caller asked for: the oldest first unless it says otherwise. In one ticket, the order of
/// time is that of places, because ids of two servers have no order within a second.
pub fn listing(mut query: Query) -> Listing {
    let in_ticket = names_ticket(&query.filter);
    if query.sort.keys.is_empty() {
        query.sort = Sort { keys: vec![SortKey { path: Path::known("createdAt"), descending: false }] };
    }
    let created = Path::known("createdAt");
    for key in query.sort.keys.iter_mut().filter(|key| in_ticket && key.path == created) {
        key.path = Path::known("index");
    }
    with_comments(&mut query.filter);
    Listing::from_query(query, LIMIT_MAX, LIMIT_MAX)
}

/// Messages of a page that names no limit, and at most.
const PAGE: u32 = 50;
const PAGE_MAX: u32 = 1_000;
/// Earlier tickets of a contact whose messages are its history.
const HISTORY_MAX: u32 = 50;

/// Some messages of a conversation, the oldest first, and where those before them are.
#[derive(Debug)]
pub struct Earlier {
    /// The messages.
    pub messages: Vec<Doc>,
    /// The message before which more are; `None` when these are the first.
    pub next_before: Option<Id>,
}

/// The last messages that match a query, of those before a message or a moment.
///
/// # Errors
/// [`Error::Invalid`] for what is neither, or for a query with an order of its own.
pub fn earlier(tx: &ReadTx<'_>, query: Query, before: Option<&str>) -> Result<Earlier> {
    if !query.sort.keys.is_empty() || query.skip > 0 || query.cursor.is_some() {
        return Err(Error::invalid(
            "pages of a conversation go back with `before`: leave out `sort`, `skip` and `cursor`",
        ));
    }
    let limit = query.limit.unwrap_or(PAGE).min(PAGE_MAX);
    let mut listing = listing(query);
    listing.limit = limit;
    listing.sort.keys.iter_mut().for_each(|key| key.descending = true);
    if let Some(before) = before.filter(|before| !before.is_empty()) {
        let behind = behind(tx, &listing, before)?;
        listing.filter = listing.filter.and(behind);
    }
    let page = list_within(tx, &MESSAGE, &listing, PAGE_BYTES_MAX)?;
    let mut messages = page.docs;
    messages.reverse();
    let next_before = messages.first().filter(|_| page.next.is_some()).map(|message| message.id);
    Ok(Earlier { messages, next_before })
}

/// The condition for messages before a message, in the listing's order, or before a moment.
fn behind(tx: &ReadTx<'_>, listing: &Listing, before: &str) -> Result<Filter> {
    let Some(id) = Id::parse(before) else {
        let moment = parse_date(before).ok_or_else(|| {
            Error::invalid("`before` is the id of a message, or a date such as 2026-01-31T10:00:00.000Z")
        })?;
        return Ok(Filter::test(Path::known("createdAt"), Op::Less(Literal::Date(moment))));
    };
    let message = tx.get(&MESSAGE, id)?;
    let by_index = listing.sort.keys.first().is_some_and(|key| key.path == Path::known("index"));
    Ok(if by_index {
        let index = message.body.get("index").and_then(Json::as_f64).unwrap_or_default();
        Filter::test(Path::known("index"), Op::Less(Literal::Number(index)))
    } else {
        Filter::test(Path::known("id"), Op::Less(Literal::from(id.to_string())))
    })
}

/// A query for the messages of a ticket, widened to those of earlier tickets of its contact.
pub fn with_history(tx: &ReadTx<'_>, mut query: Query) -> Result<Query> {
    let conditions = match &mut query.filter {
        Filter::All(filters) => filters.as_mut_slice(),
        one => std::slice::from_mut(one),
    };
    for condition in conditions {
        let Filter::Test { path, op: op @ Op::Equal(_) } = condition else { continue };
        let Op::Equal(Literal::Text(ticket)) = &*op else { continue };
        if *path != Path::known("ticket") {
            continue;
        }
        let ticket = Id::parse(ticket).map(|id| tx.find(&TICKET, id)).transpose()?.flatten();
        let Some((ticket, contact)) =
            ticket.and_then(|ticket| Some((ticket.id, ticket.reference("session")?)))
        else {
            continue;
        };
        let earlier = Filter::equal(Path::known("session"), contact.to_string())
            .and(Filter::test(Path::known("id"), Op::LessOrEqual(Literal::from(ticket.to_string()))));
        let tickets = tx.list(&TICKET, &Listing::new(earlier, HISTORY_MAX))?.docs;
        *op = Op::OneOf(tickets.iter().map(|ticket| Literal::from(ticket.id.to_string())).collect());
    }
    Ok(query)
}

/// The id at a property that names a document, as an id or as an object.
///
/// # Errors
/// [`hark_store::Error::Invalid`] for what is no id.
pub fn reference(name: &str, body: &Body) -> Result<Option<Id>> {
    crate::tickets::reference(name, body.get(name).unwrap_or(&Json::Null))
}

/// The messages that fit a text and a filter, the best first.
pub fn search(tx: &ReadTx<'_>, text: &str, filter: &Filter, limit: u32) -> Result<Vec<Doc>> {
    tx.search_within(&MESSAGE, text, filter, limit)
}

fn names_ticket(filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) => filters.iter().any(names_ticket),
        Filter::Test { path, op: Op::Equal(Literal::Text(_)) } => *path == Path::known("ticket"),
        _ => false,
    }
}

fn with_comments(filter: &mut Filter) {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter_mut().for_each(with_comments),
        Filter::Not(filter) => with_comments(filter),
        Filter::Test { path, op } if *path == Path::known("type") => {
            let literals = match op {
                Op::Equal(literal) => vec![literal.clone()],
                Op::OneOf(literals) => literals.clone(),
                _ => return,
            };
            if literals.contains(&Literal::from(COMMENT)) {
                let more = literals.into_iter().chain([Literal::from("TEXT")]);
                *op = Op::OneOf(more.collect());
            }
        }
        Filter::Test { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use hark_query::parse_query;

    use super::*;

    #[test]
    fn comments_are_texts_and_a_ticket_has_an_order_of_its_own() {
        let asked =
            listing(parse_query("ticket=0123456789abcdef01234567&type=COMMENT,NOTE", &[]).expect("a query"));
        assert_eq!(asked.sort.keys[0].path, Path::known("index"));
        assert!(
            asked.filter.matches(&serde_json::json!({"ticket": "0123456789abcdef01234567", "type": "TEXT"}))
        );
        let asked = listing(parse_query("type=NOTE&sort=-createdAt", &[]).expect("a query"));
        assert_eq!(asked.sort.keys[0].path, Path::known("createdAt"));
        assert!(!asked.filter.matches(&serde_json::json!({"type": "TEXT"})));
    }
}
