//! What the query language of lists means for messages.

use hark_query::{Filter, Literal, Op, Path, Query, Sort, SortKey};
use hark_store::{Body, Doc, Id, Listing, ReadTx, Result};
use serde_json::Value as Json;

use super::MESSAGE;
use crate::documents::search_within;

/// Messages of a list at most, and of one that names no limit.
const LIMIT_MAX: u32 = 10_000;
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

/// The id at a property that names a document, as an id or as an object.
///
/// # Errors
/// [`hark_store::Error::Invalid`] for what is no id.
pub fn reference(name: &str, body: &Body) -> Result<Option<Id>> {
    crate::tickets::reference(name, body.get(name).unwrap_or(&Json::Null))
}

/// The messages that fit a text and a filter, the best first.
pub fn search(tx: &ReadTx<'_>, text: &str, filter: &Filter, limit: usize) -> Result<Vec<Doc>> {
    search_within(tx, &MESSAGE, text, filter, limit)
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
