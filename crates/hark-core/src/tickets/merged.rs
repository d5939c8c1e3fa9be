//! Tickets that became part of others: where what is written to them goes, and who reads it there.
//!
//! `mergedInto` names the ticket that one became part of. Where their contacts differ, the contact of the
//! part goes on in its own conversation (`keepsConversation`): it sees what came from there and what
//! agents answer everybody, and nothing else of the ticket that stays.

use std::collections::BTreeMap;

use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Error, Id, Listing, ReadTx, Result, to_body};
use serde_json::json;

use super::merge::list;
use super::{TICKET, TICKET_MERGE};

/// The ticket that a ticket became part of.
pub(super) const INTO: &str = "mergedInto";
/// Whether a part's contact is another than that of the ticket that it is part of.
pub(crate) const KEEPS: &str = "keepsConversation";
/// The tickets, on a message, in whose conversations it is seen besides that which it is in.
pub(crate) const SEEN_IN: &str = "seenIn";
/// Merges of merged tickets in each other at most.
pub(super) const DEPTH_MAX: usize = 20;
/// Tickets that are part of one at most, in however many steps.
pub(super) const PARTS_MAX: usize = 500;
/// Merges of a ticket among which that of a part is looked for.
const RECORDS_MAX: u32 = 1_000;

/// The ticket that a ticket became part of.
pub(crate) fn into(ticket: &Doc) -> Option<Id> {
    ticket.reference(INTO)
}

/// A ticket and those that it became part of, step by step; the last one is no part of another.
pub(crate) fn path(tx: &ReadTx<'_>, ticket: Doc) -> Result<Vec<Doc>> {
    let mut path = vec![ticket];
    while let Some(next) = path.last().and_then(into).filter(|_| path.len() <= DEPTH_MAX) {
        let Some(next) = tx.find(&TICKET, next)? else { break };
        path.push(next);
    }
    Ok(path)
}

/// The ticket in which everything of a ticket is: itself unless it was merged.
pub(crate) fn home(tx: &ReadTx<'_>, ticket: Doc) -> Result<Doc> {
    path(tx, ticket)?.pop().ok_or_else(|| Error::internal("a path has a ticket"))
}

/// The ticket in whose conversation the contact of a ticket goes on.
pub(crate) fn conversation(tx: &ReadTx<'_>, ticket: Doc) -> Result<Doc> {
    let path = path(tx, ticket)?;
    conversation_in(path).ok_or_else(|| Error::internal("a path has a ticket"))
}

/// The same in a [`path`].
pub(crate) fn conversation_in(path: impl IntoIterator<Item = Doc>) -> Option<Doc> {
    let mut last = None;
    for step in path {
        let ends = step.is_true(KEEPS) || into(&step).is_none();
        last = Some(step);
        if ends {
            break;
        }
    }
    last
}

/// What a message that is written to the first ticket of a path carries in the last one: the same as if
/// it had been there before the merges.
pub(crate) fn marks(path: &[Doc]) -> Body {
    let steps: Vec<Id> = path.iter().map(|step| step.id).take(path.len().saturating_sub(1)).collect();
    let Some((from, earlier)) = steps.split_last() else { return Body::new() };
    let mut marks = to_body(json!({ "mergedFrom": from, SEEN_IN: steps }));
    if !earlier.is_empty() {
        marks.insert("mergeHistory".to_owned(), json!(earlier));
    }
    let apart = path.windows(2).find(|pair| pair[0].text("session") != pair[1].text("session"));
    if let Some(pair) = apart {
        marks.insert("mergedSession".to_owned(), json!(pair[0].text("session").unwrap_or_default()));
    }
    marks
}

/// The tickets that are part of these directly.
pub(super) fn direct_parts(tx: &ReadTx<'_>, of: &[Id]) -> Result<Vec<Doc>> {
    let ids = || of.iter().map(Id::to_string);
    let filter =
        Filter::one_of(Path::known("duplicateOf"), ids()).and(Filter::one_of(Path::known(INTO), ids()));
    Ok(tx.list(&TICKET, &Listing::new(filter, PARTS_MAX as u32 + 1))?.docs)
}

/// The tickets that are part of a ticket, in however many steps, and how many steps these are at most.
pub(super) fn parts(tx: &ReadTx<'_>, of: Id) -> Result<(Vec<Doc>, usize)> {
    let (mut parts, mut level, mut depth) = (Vec::new(), vec![of], 0);
    while depth <= DEPTH_MAX && parts.len() <= PARTS_MAX {
        let found = direct_parts(tx, &level)?;
        if found.is_empty() {
            break;
        }
        level = found.iter().map(|part| part.id).collect();
        parts.extend(found);
        depth += 1;
    }
    Ok((parts, depth))
}

/// The conversations in which other contacts read what agents answer in a ticket: one for each
/// contact, that with the latest news.
pub(crate) fn other_conversations(tx: &ReadTx<'_>, ticket: &Doc) -> Result<Vec<Doc>> {
    if list(&ticket.body, "sessions").is_empty() {
        return Ok(Vec::new());
    }
    let mut latest: BTreeMap<String, Doc> = BTreeMap::new();
    for part in parts(tx, ticket.id)?.0 {
        let Some(contact) = part.text("session").filter(|contact| ticket.text("session") != Some(contact))
        else {
            continue;
        };
        let news = |doc: &Doc| doc.text("lastNotification").map(str::to_owned);
        if part.is_true(KEEPS) && latest.get(contact).is_none_or(|known| news(known) < news(&part)) {
            latest.insert(contact.to_owned(), part);
        }
    }
    Ok(latest.into_values().collect())
}

/// The conversations in which contacts read what agents answer in a ticket.
pub(crate) fn conversations(tx: &ReadTx<'_>, ticket: Doc) -> Result<Vec<Doc>> {
    if into(&ticket).is_some() {
        return Ok(vec![conversation(tx, ticket)?]);
    }
    let mut conversations = other_conversations(tx, &ticket)?;
    conversations.push(ticket);
    conversations.retain(|conversation| !conversation.is_true("isSpam") && !conversation.is_true("isSilent"));
    Ok(conversations)
}

/// The merge, not undone, by which a ticket became part of another.
pub(super) fn record_of(tx: &ReadTx<'_>, part: &Doc) -> Result<Option<Doc>> {
    let Some(target) = into(part) else { return Ok(None) };
    let id = json!(part.id);
    let merges = tx.all_by(&TICKET_MERGE, "target", &target.to_string(), RECORDS_MAX)?;
    let names = |merge: &Doc| list(&merge.body, "sources").iter().any(|source| source["id"] == id);
    Ok(merges.into_iter().rev().find(|merge| merge.text("undoneAt").is_none() && names(merge)))
}

/// Goes on for a ticket that is no part of another.
///
/// # Errors
/// [`Error::Invalid`] with the ticket that it is part of, and the merge that would have to be undone.
pub(super) fn need_whole(tx: &ReadTx<'_>, ticket: &Doc) -> Result<()> {
    let Some(of) = into(ticket) else { return Ok(()) };
    let merge = record_of(tx, ticket)?.map(|merge| format!(" or undo its merge {} first", merge.id));
    let merge = merge.unwrap_or_default();
    Err(Error::invalid(format!("ticket {} is a part of ticket {of}, use that one{merge}", ticket.id)))
}
