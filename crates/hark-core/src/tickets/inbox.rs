//! The open tickets of a project, as the inbox over all projects shows them, and a user's own.

use hark_query::{Filter, Path, Sort, SortKey};
use hark_store::{Doc, Id, Listing, ReadTx, Result, Tx};
use serde_json::Value as Json;

use super::{Patch, TICKET, types, update};

/// Tickets that are handed over in one transaction.
const CHUNK: u32 = 100;

/// Tickets that somebody has to do something about.
fn open_tickets(tx: &ReadTx<'_>) -> Result<Filter> {
    let is_false = |property| Filter::equal(Path::known(property), false);
    Ok(is_false("archived").and(is_false("isSpam")).and(types::not_dealt_with(tx)?))
}

/// The open tickets that were touched last and do not sleep, and how many there are.
pub fn open(tx: &ReadTx<'_>, ticket_type: Option<&str>, limit: u32) -> Result<(Vec<Doc>, u64)> {
    let mut filter = open_tickets(tx)?.and(Filter::equal(Path::known("snoozed"), false));
    if let Some(ticket_type) = ticket_type {
        filter = filter.and(Filter::equal(Path::known("type"), ticket_type));
    }
    let count = tx.total(&TICKET, &filter)?;
    let last = SortKey { path: Path::known("lastNotification"), descending: true };
    let listing = Listing { sort: Sort { keys: vec![last] }, ..Listing::new(filter, limit) };
    Ok((tx.list(&TICKET, &listing)?.docs, count))
}

/// When something last happened in a ticket, ISO 8601.
pub fn touched_at(ticket: &Doc) -> String {
    ticket.text("lastNotification").unwrap_or_default().to_owned()
}

/// Takes some of a user's open tickets away from the user, and tells whether there may be more.
pub fn hand_over(tx: &mut Tx<'_>, user: Id) -> Result<bool> {
    let own = open_tickets(tx)?.and(Filter::equal(Path::known("processingUser"), user.to_string()));
    let page = tx.list(&TICKET, &Listing::new(own, CHUNK))?;
    for ticket in &page.docs {
        update(tx, ticket.id, Patch::set("processingUser", Json::Null))?;
    }
    Ok(page.next.is_some())
}
