//! Undoing a merge: the tickets come back as they were, and take along what they had brought.

use hark_query::dates::format_date;
use hark_store::{Body, Doc, Error, Id, PROJECT_STREAM, Permission, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use super::merge::{TICKET_MERGE, count, list, lock};
use super::merged::{KEEPS, direct_parts, home, into, need_whole, record_of};
use super::moved::{downgrade_votes, return_files, return_messages, return_votes};
use super::{TICKET, delete, events, update};
use crate::contacts;
use crate::messages::set_latest;

/// Undoes a merge and returns the ticket that had stayed, or one of the others when the ticket was
/// made by the merge and nothing was written in it since.
///
/// Messages, files and votes go back, and so does what the tickets brought and nobody changed since. Tickets
/// that were deleted meanwhile stay gone, and their messages stay where they are.
///
/// # Errors
/// [`Error::NotFound`] when there is no such merge of the ticket, [`Error::Invalid`] when it was undone
/// already, the ticket is itself a part of another, or all that were merged are gone, [`Error::Forbidden`] when
/// contacts were merged too and whoever acts may not write them.
pub fn unmerge(tx: &mut Tx<'_>, target: Id, merge: Id) -> Result<Doc> {
    let mut record = tx.get_locked(&TICKET_MERGE, merge)?;
    if record.reference("target") != Some(target) {
        return Err(Error::not_found(TICKET_MERGE.name, merge));
    }
    if record.text("undoneAt").is_some() {
        return Err(Error::invalid("this merge was undone already"));
    }
    let contacts = list(&record.body, "contacts");
    if !contacts.is_empty() {
        tx.scope().need(Permission::ContactsWrite)?;
    }
    for merged in contacts.iter().rev() {
        let id = |name: &str| merged[name].as_str().and_then(Id::parse);
        if let (Some(contact), Some(change)) = (id("contact"), id("change")) {
            undo_contact(tx, contact, change)?;
        }
    }
    let sources = left(tx, &record, target)?;
    let ids: Vec<Id> = sources.iter().map(|(id, _)| *id).collect();
    let all: Vec<Id> = ids.iter().copied().chain([target]).collect();
    lock(tx, &all)?;
    let mut ticket = tx.get(&TICKET, target)?;
    need_whole(tx, &ticket)?;
    let before = ticket.body.clone();
    for (id, was) in &sources {
        give_back(tx, *id, was, &mut ticket)?;
    }
    downgrade_votes(tx, &list(&record.body, "upgraded"), &mut ticket)?;
    take_back(&mut ticket, &to_body(record.body.get("given").cloned().unwrap_or_default()));
    set_latest(tx, &mut ticket)?;
    let mut ticket = update::save(tx, before, ticket)?;
    for kept_for_undo in ["given", "upgraded", "contacts"] {
        record.set(kept_for_undo, Json::Null);
    }
    let now = format_date(tx.now());
    record.set("undoneAt", now);
    let was_made = record.is_true("createdNew") && count(&ticket.body, "messagesCount") == 0;
    tx.save(&TICKET_MERGE, record)?;
    let news = json!({"merge": merge, "sources": ids});
    if let (true, Some(first)) = (was_made, ids.first()) {
        delete::remove(tx, target)?;
        ticket = tx.get(&TICKET, *first)?;
    } else {
        events::record(tx, target, "TICKETS_UNMERGED", news.clone())?;
    }
    tx.publish(PROJECT_STREAM, "ticket.unmerged", news.clone());
    tx.audit("tickets.unmerged", Some(target.to_string()), news)?;
    Ok(ticket)
}

/// The tickets of a merge that are still part of its target, each with what it was.
fn left(tx: &Tx<'_>, record: &Doc, target: Id) -> Result<Vec<(Id, Json)>> {
    let mut left = Vec::new();
    for mut source in list(&record.body, "sources") {
        let Some(id) = source["id"].as_str().and_then(Id::parse) else { continue };
        if tx.find(&TICKET, id)?.is_some_and(|part| into(&part) == Some(target)) {
            left.push((id, source["before"].take()));
        }
    }
    if left.is_empty() {
        return Err(Error::invalid("the tickets of this merge were all deleted, none can be brought back"));
    }
    Ok(left)
}

/// Gives a ticket back what is of it in another, and makes it what it was.
fn give_back(tx: &mut Tx<'_>, id: Id, was: &Json, from: &mut Doc) -> Result<()> {
    return_messages(tx, id, from)?;
    return_files(tx, id, from.id)?;
    return_votes(tx, id, from)?;
    bring_back(tx, id, was)
}

/// Before a ticket is deleted: what other contacts have in it is theirs, so their tickets come back
/// as they were. The others that became part of it go with it.
pub(super) fn release(tx: &mut Tx<'_>, ticket: &Doc) -> Result<()> {
    for part in direct_parts(tx, &[ticket.id])? {
        let is_of_another = part.is_true(KEEPS) && part.text("session").is_some();
        let record = record_of(tx, &part)?.filter(|_| is_of_another);
        let Some(record) = record else {
            delete::remove(tx, part.id)?;
            continue;
        };
        let sources = left(tx, &record, ticket.id)?;
        let was = sources.into_iter().find(|(id, _)| *id == part.id).map(|(_, was)| was);
        let mut home = home(tx, ticket.clone())?;
        let before = home.body.clone();
        give_back(tx, part.id, &was.unwrap_or_default(), &mut home)?;
        set_latest(tx, &mut home)?;
        update::save(tx, before, home)?;
    }
    Ok(())
}

/// Undoes the merge of two contacts, unless somebody did that already.
fn undo_contact(tx: &mut Tx<'_>, contact: Id, change: Id) -> Result<()> {
    let known = contacts::history(tx, contact)?;
    let open = known.iter().any(|one| one.id == change && one.text("undoneAt").is_none());
    if open { contacts::undo_merge(tx, contact, change).map(drop) } else { Ok(()) }
}

/// Makes a ticket what it was before it became part of another.
fn bring_back(tx: &mut Tx<'_>, id: Id, was: &Json) -> Result<()> {
    let mut source = tx.get(&TICKET, id)?;
    let before = source.body.clone();
    for (name, value) in to_body(was.clone()) {
        source.set(&name, value);
    }
    // A ticket whose time to wake has passed meanwhile is awake.
    let late = source.text("snoozedUntil").is_some_and(|until| until <= format_date(tx.now()).as_str());
    if late {
        source.set("snoozed", false);
    }
    set_latest(tx, &mut source)?;
    update::save(tx, before, source).map(drop)
}

/// Takes out of a ticket what others brought, where it is still as they brought it.
fn take_back(ticket: &mut Doc, given: &Body) {
    for (name, change) in given {
        let (was, became) = (change[0].clone(), &change[1]);
        match ticket.body.get(name.as_str()).cloned() {
            Some(value) if value == *became => ticket.set(name, was),
            Some(Json::Array(mut entries)) => {
                let (had, brought) = (
                    was.as_array().cloned().unwrap_or_default(),
                    became.as_array().cloned().unwrap_or_default(),
                );
                entries.retain(|entry| had.contains(entry) || !brought.contains(entry));
                ticket.set(name, entries);
            }
            Some(Json::Object(mut entries)) => {
                let (had, brought) = (to_body(was), to_body(became.clone()));
                entries.retain(|key, value| had.contains_key(key) || brought.get(key) != Some(value));
                ticket.set(name, entries);
            }
            Some(Json::Number(number)) => {
                let more = became.as_i64().unwrap_or_default() - was.as_i64().unwrap_or_default();
                ticket.set(name, number.as_i64().unwrap_or_default() - more);
            }
            _ => {}
        }
    }
}
