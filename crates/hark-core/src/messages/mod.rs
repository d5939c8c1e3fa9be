//! Messages: what agents, contacts and bots write in tickets, and the notes that only agents see.
//!
//! A message comes to be through [`post`] and nowhere else: there the ticket learns of it, and
//! the contact whatever it may see. The content is a text or a TipTap document in `data.content`;
//! `text` is the same as plain text.

mod audience;
mod change;
mod content;
mod drafts;
mod notify;
mod post;
mod properties;
mod query;
mod scheduled;
mod translations;
pub(crate) mod unread;
mod wire;

use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Field, Id, Kind, ReadTx, Result, SearchText};
use serde_json::Value as Json;

use crate::tickets::{TICKET, merged};

pub use change::{delete, suggest_faq, update};
pub(crate) use change::{lost_some, remove, remove_where, set_latest};
pub use drafts::{DraftInput, MESSAGE_DRAFT, draft, drop_draft, keep_draft};
pub use post::{Author, NewMessage, post};
pub use properties::lenient;
pub use query::{Earlier, earlier, listing, reference, search, with_history};
pub use scheduled::{SCHEDULED_MESSAGE, SEND_JOB, ScheduledInput, cancel_scheduled, schedule, send};
pub use translations::{Language, show_in};
pub use unread::mark_read;
pub use wire::{MessageInput, MessageView};

/// A message. `ticket`, `user` and `session` are ids; `index` is its place in the ticket, from 0.
/// `mergedFrom` is the ticket that it was written in, when that became part of another, `mergedSession`
/// the contact of that, when only it sees the message, and `seenIn` the tickets in whose conversations
/// it is seen besides its own.
pub const MESSAGE: Kind = Kind {
    feed: true,
    search: Some(search_text),
    hidden: &["sessionHistory", "mergeHistory"],
    ..Kind::new(
        "message",
        "message",
        &[
            Field::text("ticket", "ticket"),
            Field::number("index", "position"),
            Field::text("type", "type"),
            Field::text("session", "session"),
            Field::text("user", "user_id"),
            Field::bool("bot", "bot"),
            Field::text("mergedFrom", "merged_from"),
        ],
    )
};

/// The type of notes.
pub const NOTE: &str = "NOTE";

/// Whether a contact may see a message: notes are for agents only.
pub fn is_public(message: &Doc) -> bool {
    message.text("type") != Some(NOTE)
}

/// What may be seen of a ticket by its contact, and by whoever has its share token: no notes, and nothing
/// of other contacts whose tickets became part of it. Of a ticket that became part of one of another
/// contact it is what came from it, and what agents answered everybody since.
pub fn visible_in(tx: &ReadTx<'_>, ticket: &Doc) -> Result<Filter> {
    let is = |property, value: &str| Filter::equal(Path::known(property), value);
    if ticket.is_true(merged::KEEPS) {
        let home = merged::home(tx, ticket.clone())?;
        let seen = is("ticket", &home.id.to_string()).and(is("type", NOTE).negated());
        return Ok(seen.and(is(merged::SEEN_IN, &ticket.id.to_string())));
    }
    let own = match ticket.text("session") {
        Some(contact) => Filter::Any(vec![
            Filter::exists(Path::known("mergedSession"), false),
            is("mergedSession", contact),
        ]),
        None => Filter::exists(Path::known("mergedSession"), false),
    };
    Ok(is("ticket", &ticket.id.to_string()).and(is("type", NOTE).negated()).and(own))
}

/// The ticket in whose conversation a contact sees a message, if it does.
pub(crate) fn conversation_of(tx: &ReadTx<'_>, message: &Doc, contact: Id) -> Result<Option<Doc>> {
    if !is_public(message) {
        return Ok(None);
    }
    let is_its = |ticket: &Doc| ticket.reference("session") == Some(contact);
    let own = message.reference("ticket").map(|id| tx.find(&TICKET, id)).transpose()?.flatten();
    let is_apart = message.body.contains_key("mergedSession");
    if let Some(ticket) = own.filter(is_its)
        && (!is_apart || message.reference("mergedSession") == Some(contact))
    {
        return Ok(Some(ticket));
    }
    for part in message.body.get(merged::SEEN_IN).and_then(Json::as_array).into_iter().flatten() {
        let part = part.as_str().and_then(Id::parse).map(|id| tx.find(&TICKET, id)).transpose()?.flatten();
        if let Some(part) = part.filter(is_its) {
            return merged::conversation(tx, part).map(Some);
        }
    }
    Ok(None)
}

fn search_text(body: &Body) -> SearchText {
    let text = body.get("text").and_then(Json::as_str).unwrap_or_default();
    SearchText { title: String::new(), body: text.to_owned() }
}
