//! Messages and votes that move from a ticket to the one that it becomes part of, and back.

use hark_query::{Filter, Path};
use hark_store::{Doc, Error, Id, Listing, Result, Tx};
use serde_json::{Value as Json, json};

use super::TICKET;
use super::merge::{count, list};
use super::votes::{TICKET_VOTE, VOTES_MAX, all, pair, votes_in};
use crate::messages::MESSAGE;

/// Messages of all tickets of one merge at most.
const MESSAGES_MAX: u32 = 5_000;
/// The tickets that a document came from before the one in `mergedFrom`, the first one first.
const HISTORY: &str = "mergeHistory";

/// Moves the messages of a ticket to another. Those of another contact stay out of what the contact of
/// the other ticket sees: they remember whose they are.
pub(super) fn move_messages(tx: &mut Tx<'_>, source: &Doc, target: &mut Doc) -> Result<()> {
    let others = source.text("session") != target.text("session");
    for mut message in of_ticket(tx, source.id)? {
        push(&mut message, source.id);
        message.set("ticket", target.id.to_string());
        if others && message.text("mergedSession").is_none() {
            message.set("mergedSession", source.text("session").unwrap_or_default());
        }
        tx.save(&MESSAGE, message)?;
    }
    number(tx, target)
}

/// Moves the messages that came from a ticket back to it.
pub(super) fn return_messages(tx: &mut Tx<'_>, source: Id, target: &mut Doc) -> Result<()> {
    let came = Filter::equal(Path::known("mergedFrom"), source.to_string())
        .and(Filter::equal(Path::known("ticket"), target.id.to_string()));
    for mut message in tx.list(&MESSAGE, &Listing::new(came, MESSAGES_MAX))?.docs {
        message.set("ticket", source.to_string());
        pop(&mut message);
        if message.text("mergedFrom").is_none() {
            message.set("mergedSession", Json::Null);
        }
        tx.save(&MESSAGE, message)?;
    }
    let mut source = tx.get(&TICKET, source)?;
    number(tx, &mut source)?;
    tx.save(&TICKET, source)?;
    number(tx, target)
}

/// Numbers the messages of a ticket in the order of time.
fn number(tx: &mut Tx<'_>, ticket: &mut Doc) -> Result<()> {
    let mut messages = of_ticket(tx, ticket.id)?;
    messages.sort_by_key(|message| (message.created_at, message.id));
    ticket.set("messagesCount", messages.len());
    for (index, mut message) in messages.into_iter().enumerate() {
        if count(&message.body, "index") != index as i64 {
            message.set("index", index);
            tx.save(&MESSAGE, message)?;
        }
    }
    Ok(())
}

fn of_ticket(tx: &Tx<'_>, ticket: Id) -> Result<Vec<Doc>> {
    let messages = tx.all_by(&MESSAGE, "ticket", &ticket.to_string(), MESSAGES_MAX + 1)?;
    if messages.len() > MESSAGES_MAX as usize {
        return Err(Error::invalid(format!("tickets of more than {MESSAGES_MAX} messages are not merged")));
    }
    Ok(messages)
}

/// Moves the votes of a ticket to another. Where somebody voted for both, the vote of the other counts,
/// and what it got is returned.
pub(super) fn move_votes(tx: &mut Tx<'_>, source: &Doc, target: &mut Doc) -> Result<Vec<Json>> {
    let mut upgraded = Vec::new();
    for mut vote in votes(tx, source.id)? {
        let there = pair(target.id, vote.text("emailKey").unwrap_or_default());
        match tx.find_by_locked(&TICKET_VOTE, "pair", &there)? {
            None => {
                vote.set("ticket", target.id.to_string());
                vote.set("pair", there);
                push(&mut vote, source.id);
                tx.save(&TICKET_VOTE, vote)?;
            }
            Some(mut known) => {
                let had = ["voted", "subscribed"].map(|flag| known.is_true(flag));
                let has = [had[0] || vote.is_true("voted"), had[1] || vote.is_true("subscribed")];
                if has != had {
                    upgraded.push(json!({"vote": known.id, "voted": had[0], "subscribed": had[1]}));
                    known.set("voted", has[0]);
                    known.set("subscribed", has[1]);
                    tx.save(&TICKET_VOTE, known)?;
                }
            }
        }
    }
    recount(tx, target)?;
    Ok(upgraded)
}

/// Moves the votes that came from a ticket back to it.
pub(super) fn return_votes(tx: &mut Tx<'_>, source: Id, target: &mut Doc) -> Result<()> {
    for mut vote in votes(tx, target.id)? {
        if vote.reference("mergedFrom") == Some(source) {
            vote.set("pair", pair(source, vote.text("emailKey").unwrap_or_default()));
            vote.set("ticket", source.to_string());
            pop(&mut vote);
            tx.save(&TICKET_VOTE, vote)?;
        }
    }
    let mut source = tx.get(&TICKET, source)?;
    recount(tx, &mut source)?;
    tx.save(&TICKET, source)?;
    recount(tx, target)
}

/// Makes votes what they were before they got something of another.
pub(super) fn downgrade_votes(tx: &mut Tx<'_>, upgraded: &[Json], target: &mut Doc) -> Result<()> {
    for change in upgraded {
        let vote = change["vote"].as_str().and_then(Id::parse);
        let Some(mut vote) = vote.map(|id| tx.find_locked(&TICKET_VOTE, id)).transpose()?.flatten() else {
            continue;
        };
        vote.set("voted", change["voted"] == true);
        vote.set("subscribed", change["subscribed"] == true);
        tx.save(&TICKET_VOTE, vote)?;
    }
    recount(tx, target)
}

/// Notes the ticket that a document comes from, on top of those that it came from before.
fn push(doc: &mut Doc, from: Id) {
    let mut history = list(&doc.body, HISTORY);
    history.extend(doc.body.get("mergedFrom").cloned());
    if !history.is_empty() {
        doc.set(HISTORY, history);
    }
    doc.set("mergedFrom", from.to_string());
}

/// Takes the last ticket that a document came from off its history.
fn pop(doc: &mut Doc) {
    let mut history = list(&doc.body, HISTORY);
    doc.set("mergedFrom", history.pop().unwrap_or_default());
    let rest = if history.is_empty() { Json::Null } else { Json::Array(history) };
    doc.set(HISTORY, rest);
}

fn recount(tx: &Tx<'_>, ticket: &mut Doc) -> Result<()> {
    ticket.set("upvotesCount", votes_in(&votes(tx, ticket.id)?));
    Ok(())
}

fn votes(tx: &Tx<'_>, ticket: Id) -> Result<Vec<Doc>> {
    let votes = all(tx, ticket, VOTES_MAX + 1)?;
    if votes.len() > VOTES_MAX as usize {
        return Err(Error::invalid(format!("tickets of more than {VOTES_MAX} votes are not merged")));
    }
    Ok(votes)
}
