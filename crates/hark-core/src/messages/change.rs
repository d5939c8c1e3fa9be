//! Changing and deleting messages.

use std::collections::BTreeSet;

use hark_query::dates::format_date;
use hark_query::{Filter, Path, Sort, SortKey};
use hark_store::{Body, Doc, Error, Id, Listing, Result, Tx};
use serde_json::{Value as Json, json};

use super::{MESSAGE, NOTE, content, is_public, properties, unread, visible_in};
use crate::contacts::CONTACT;
use crate::documents::expect_revision;
use crate::files::{self, Owner};
use crate::tickets::{self, Patch, TICKET, merged};
use crate::{notifications, updates};

/// Messages that are read at a time to be deleted.
const REMOVE_CHUNK: u32 = 500;

/// Changes a message; with `expected`, only if it still has this revision. `content` is what it says now.
///
/// # Errors
/// [`Error::NotFound`] when there is no such message, [`Error::Invalid`] when a note would become
/// something that contacts see, or the other way round, or when nothing would be left of it.
pub fn update(
    tx: &mut Tx<'_>,
    id: Id,
    content: Option<Json>,
    changes: Body,
    expected: Option<i64>,
) -> Result<Doc> {
    let wants_note = changes.get("isNote").and_then(Json::as_bool);
    let changes = properties::strict(changes)?;
    let content = content.as_ref().map(content::read).transpose()?;
    let is_translated = changes.contains_key("translatedData");
    let mut message = tx.get_locked(&MESSAGE, id)?;
    expect_revision(&MESSAGE, &message, expected)?;
    let (before, was_public) = (message.body.clone(), is_public(&message));
    for (property, value) in changes {
        if property != "type" || !value.is_null() {
            message.set(&property, value);
        }
    }
    if is_public(&message) != was_public || wants_note.is_some_and(|note| note == was_public) {
        return Err(Error::invalid(format!("a message cannot become a {NOTE}, nor a {NOTE} a message")));
    }
    if let Some(content) = content {
        message.set("text", content.plain());
        let data = message.body.entry("data").or_insert_with(|| json!({}));
        data["content"] = content.json();
        // What a translator made of the words of before says something else.
        if !is_translated {
            message.set("translatedData", Json::Null);
        }
    }
    if message.body == before {
        return Ok(message);
    }
    if ["data", "attachments"].into_iter().any(|shown| message.body.get(shown) != before.get(shown)) {
        message.set("editedAt", format_date(tx.now()));
    }
    if is_empty(&message) {
        return Err(Error::invalid("the message would be empty, delete it instead"));
    }
    let message = tx.save(&MESSAGE, message)?;
    if let Some(ticket) = message.reference("ticket") {
        if files::named_in(&message.body) != files::named_in(&before) {
            let contact = tx.find(&TICKET, ticket)?.and_then(|ticket| ticket.reference("session"));
            files::attach_named(tx, &message.body, Owner::Message(id), contact)?;
            files::attach_named(tx, &message.body, Owner::Ticket(ticket), contact)?;
        }
        tickets::record(tx, ticket, "MESSAGE_UPDATED", json!({"message": id}))?;
        tell_of(tx, &message, ticket)?;
    }
    Ok(message)
}

/// Tells contacts that a message which they see is another, or gone.
fn tell_of(tx: &mut Tx<'_>, message: &Doc, ticket: Id) -> Result<()> {
    if !is_public(message) {
        return Ok(());
    }
    let ticket = tx.find(&TICKET, ticket)?;
    ticket.map_or(Ok(()), |ticket| updates::changed(tx, &ticket))
}

/// Whether nothing of a message is left that could be shown.
fn is_empty(message: &Doc) -> bool {
    let has =
        |name: &str| message.body.get(name).and_then(Json::as_array).is_some_and(|list| !list.is_empty());
    let content = message.body.get("data").map_or(&Json::Null, |data| &data["content"]);
    let is_blank = content::read(content).is_ok_and(|content| content.is_blank());
    is_blank && !has("attachments") && !has("actions")
}

/// Deletes a message and returns what it was; the one before it becomes its ticket's latest.
///
/// # Errors
/// [`Error::NotFound`] when there is no such message.
pub fn delete(tx: &mut Tx<'_>, id: Id) -> Result<Doc> {
    let ticket = tx.get(&MESSAGE, id)?.reference("ticket");
    // Contacts are locked before tickets everywhere.
    let ticket = ticket.map(|ticket| tx.find(&TICKET, ticket)).transpose()?.flatten();
    if let Some(contact) = ticket.as_ref().and_then(|ticket| ticket.reference("session")) {
        tx.find_locked(&CONTACT, contact)?;
    }
    let ticket = ticket.map(|ticket| tx.find_locked(&TICKET, ticket.id)).transpose()?.flatten();
    let message = tx.get_locked(&MESSAGE, id)?;
    remove(tx, id)?;
    if let Some(mut ticket) = ticket {
        let before = ticket.body.clone();
        set_latest(tx, &mut ticket)?;
        unread::discount(tx, &mut ticket, &message)?;
        let ticket = tickets::save(tx, before, ticket)?;
        seen_in(&message).try_for_each(|part| lost_some(tx, part))?;
        let said = json!({"message": id, "type": message.text("type")});
        tickets::record(tx, ticket.id, "MESSAGE_DELETED", said)?;
        tell_of(tx, &message, ticket.id)?;
    }
    tx.audit("message.deleted", Some(id.to_string()), json!({"ticket": message.text("ticket")}))?;
    Ok(message)
}

/// Deletes a message with its files and what was told about it, and tells whether there was one. Nothing else
/// deletes messages; what its ticket says of it is for the caller.
pub(crate) fn remove(tx: &mut Tx<'_>, id: Id) -> Result<bool> {
    let deleted = tx.delete(&MESSAGE, id)?;
    files::drop_of(tx, Owner::Message(id))?;
    notifications::forget_message(tx, id)?;
    Ok(deleted)
}

/// Deletes every message whose `property` has a value and returns how many there were, and the tickets that
/// they were in.
pub(crate) fn remove_where(tx: &mut Tx<'_>, property: &str, value: &str) -> Result<(u64, BTreeSet<Id>)> {
    let (mut deleted, mut tickets) = (0, BTreeSet::new());
    loop {
        let messages = tx.all_by(&MESSAGE, property, value, REMOVE_CHUNK)?;
        if messages.is_empty() {
            return Ok((deleted, tickets));
        }
        let here: BTreeSet<Id> =
            messages.iter().flat_map(|one| one.reference("ticket").into_iter().chain(seen_in(one))).collect();
        // Tickets are locked before their messages everywhere.
        here.iter().try_for_each(|ticket| tx.find_locked(&TICKET, *ticket).map(drop))?;
        tickets.extend(here);
        for message in messages {
            deleted += u64::from(remove(tx, message.id)?);
        }
    }
}

/// The merged tickets in which a message of another one is seen.
fn seen_in(message: &Doc) -> impl Iterator<Item = Id> {
    let parts = message.body.get(merged::SEEN_IN).and_then(Json::as_array).into_iter().flatten();
    parts.filter_map(|part| part.as_str().and_then(Id::parse))
}

/// Makes a ticket that lost messages name those that are left as its latest.
pub(crate) fn lost_some(tx: &mut Tx<'_>, ticket: Id) -> Result<()> {
    let Some(mut ticket) = tx.find_locked(&TICKET, ticket)? else { return Ok(()) };
    let before = ticket.body.clone();
    set_latest(tx, &mut ticket)?;
    if ticket.body == before {
        return Ok(());
    }
    if ticket.is_true(merged::KEEPS) {
        // Put away in another one, so nobody is told.
        return tx.save(&TICKET, ticket).map(drop);
    }
    tickets::save(tx, before, ticket).map(drop)
}

/// Notes whether a message answers a frequent question.
///
/// # Errors
/// [`Error::NotFound`] when there is no such message.
pub fn suggest_faq(tx: &mut Tx<'_>, id: Id, accept: bool) -> Result<()> {
    let mut message = tx.get_locked(&MESSAGE, id)?;
    message.set("faq", json!({"accepted": accept, "at": format_date(tx.now()), "user": tx.scope().user()}));
    let message = tx.save(&MESSAGE, message)?;
    match message.reference("ticket") {
        Some(ticket) => tickets::update(tx, ticket, Patch::set("faqSuggested", true)).map(drop),
        None => Ok(()),
    }
}

/// Makes a ticket name its last message, and the last one that its contact sees.
pub(crate) fn set_latest(tx: &Tx<'_>, ticket: &mut Doc) -> Result<()> {
    let of_ticket = Filter::equal(Path::known("ticket"), ticket.id.to_string());
    let visible = visible_in(tx, ticket)?;
    for (property, filter) in [("latestComment", of_ticket), ("latestPublicComment", visible)] {
        let last = SortKey { path: Path::known("index"), descending: true };
        let listing = Listing { sort: Sort { keys: vec![last] }, ..Listing::new(filter, 1) };
        let latest = tx.list(&MESSAGE, &listing)?.docs.first().map(|message| message.id);
        ticket.set(property, json!(latest));
    }
    Ok(())
}
