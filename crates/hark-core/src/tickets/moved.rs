//! Messages, files and votes that move from a ticket to the one that it becomes part of, and back.

use hark_query::{Filter, Path};
use hark_store::{Doc, Error, Id, Listing, Result, Tx};
use serde_json::{Value as Json, json};

use super::TICKET;
use super::merge::{count, list};
use super::merged::SEEN_IN;
use super::votes::{TICKET_VOTE, VOTES_MAX, all, pair, votes_in};
use crate::files::{FILE, Purpose};
use crate::messages::{self, MESSAGE};

/// Messages of all tickets of one merge at most.
const MESSAGES_MAX: u32 = 5_000;
/// Uploaded files of one ticket of a merge at most.
const FILES_MAX: u32 = 10_000;
/// Files of one message at most.
const MESSAGE_FILES_MAX: u32 = 50;
/// The tickets that a document came from before the one in `mergedFrom`, the first one first.
const HISTORY: &str = "mergeHistory";

/// Moves the messages of a ticket to another. Those of another contact stay out of what the contact of
/// the other ticket sees: they remember whose they are.
pub(super) fn move_messages(tx: &mut Tx<'_>, source: &Doc, target: &mut Doc) -> Result<()> {
    let others = source.text("session") != target.text("session");
    for mut message in of_ticket(tx, source.id)? {
        push(&mut message, source.id);
        let mut seen_in = list(&message.body, SEEN_IN);
        seen_in.push(json!(source.id));
        message.set(SEEN_IN, seen_in);
        message.set("ticket", target.id.to_string());
        if others && message.text("mergedSession").is_none() {
            message.set("mergedSession", source.text("session").unwrap_or_default());
        }
        tx.save(&MESSAGE, message)?;
    }
    number(tx, target)
}

/// The messages in a ticket that came from another, directly or through further ones.
fn came_from(tx: &Tx<'_>, source: Id, ticket: Id) -> Result<Vec<Doc>> {
    let came = Filter::equal(Path::known("ticket"), ticket.to_string())
        .and(Filter::equal(Path::known(SEEN_IN), source.to_string()));
    let mut messages = tx.list(&MESSAGE, &Listing::new(came, MESSAGES_MAX))?.docs;
    messages.retain(|message| place(message, source).is_some());
    Ok(messages)
}

/// Moves the messages that came from a ticket back to it, with their files.
pub(super) fn return_messages(tx: &mut Tx<'_>, source: Id, target: &mut Doc) -> Result<()> {
    for mut message in came_from(tx, source, target.id)? {
        let steps = cut(&mut message, source);
        let mut seen_in = list(&message.body, SEEN_IN);
        seen_in.retain(|ticket| !steps.contains(ticket));
        message.set(SEEN_IN, if seen_in.is_empty() { Json::Null } else { Json::Array(seen_in) });
        message.set("ticket", source.to_string());
        if message.text("mergedFrom").is_none() {
            message.set("mergedSession", Json::Null);
        }
        let message = tx.save(&MESSAGE, message)?;
        if !list(&message.body, "attachments").is_empty() {
            for mut file in tx.all_by(&FILE, "message", &message.id.to_string(), MESSAGE_FILES_MAX)? {
                cut(&mut file, source);
                file.set("ticket", source.to_string());
                tx.save(&FILE, file)?;
            }
        }
    }
    let mut source = tx.get(&TICKET, source)?;
    number(tx, &mut source)?;
    tx.save(&TICKET, source)?;
    number(tx, target)
}

/// Deletes what was said in the conversation of a ticket before or since it became part of another.
pub(super) fn drop_messages(tx: &mut Tx<'_>, source: Id, ticket: Id) -> Result<u64> {
    let came = came_from(tx, source, ticket)?;
    for message in &came {
        messages::remove(tx, message.id)?;
    }
    messages::lost_some(tx, ticket)?;
    Ok(came.len() as u64)
}

/// Moves what was uploaded for a ticket to another; what was captured for its report stays with it.
pub(super) fn move_files(tx: &mut Tx<'_>, source: Id, target: Id) -> Result<()> {
    let files = uploads(tx, source)?;
    if files.len() > FILES_MAX as usize {
        return Err(Error::invalid(format!("tickets of more than {FILES_MAX} files are not merged")));
    }
    for mut file in files {
        push(&mut file, source);
        file.set("ticket", target.to_string());
        tx.save(&FILE, file)?;
    }
    Ok(())
}

/// Moves the files that came from a ticket back to it.
pub(super) fn return_files(tx: &mut Tx<'_>, source: Id, target: Id) -> Result<()> {
    for mut file in uploads(tx, target)? {
        if place(&file, source).is_some() {
            cut(&mut file, source);
            file.set("ticket", source.to_string());
            tx.save(&FILE, file)?;
        }
    }
    Ok(())
}

fn uploads(tx: &Tx<'_>, ticket: Id) -> Result<Vec<Doc>> {
    let filter = Filter::equal(Path::known("ticket"), ticket.to_string())
        .and(Filter::equal(Path::known("purpose"), Purpose::Upload.word()));
    Ok(tx.list(&FILE, &Listing::new(filter, FILES_MAX + 1))?.docs)
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
        if place(&vote, source).is_some() {
            vote.set("pair", pair(source, vote.text("emailKey").unwrap_or_default()));
            vote.set("ticket", source.to_string());
            cut(&mut vote, source);
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

/// The tickets that a document came from, the first one first.
fn steps(doc: &Doc) -> Vec<Json> {
    let mut steps = list(&doc.body, HISTORY);
    steps.extend(doc.body.get("mergedFrom").cloned());
    steps
}

/// Where a ticket is among those that a document came from.
fn place(doc: &Doc, source: Id) -> Option<usize> {
    steps(doc).iter().position(|step| *step == json!(source))
}

/// Makes a document forget that it came from a ticket, and those that it came to after that, and
/// returns these.
fn cut(doc: &mut Doc, source: Id) -> Vec<Json> {
    let Some(place) = place(doc, source) else { return Vec::new() };
    let mut kept = steps(doc);
    let cut = kept.split_off(place);
    doc.set("mergedFrom", kept.pop().unwrap_or_default());
    doc.set(HISTORY, if kept.is_empty() { Json::Null } else { Json::Array(kept) });
    cut
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
