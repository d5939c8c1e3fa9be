//! How a message comes to be, and what its ticket and its contact learn of it.

use hark_query::dates::{format_date, parse_date};
use hark_store::{Body, Doc, Error, Id, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use super::audience::{self, Audience, Reader};
use super::content;
use super::{MESSAGE, NOTE, is_public, notify, properties, unread};
use crate::contacts::{self, CONTACT};
use crate::files::{self, Owner};
use crate::tickets::{self, types};
use crate::{notifications, updates};

/// Messages of a ticket at most.
const MESSAGES_MAX: u64 = 50_000;
/// Users who are mentioned in a ticket at most.
const MENTIONS_MAX: usize = 100;

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// An agent: a user of the project.
    User(Id),
    /// A contact of the project.
    Contact(Id),
    /// A bot or a workflow.
    Bot,
    /// The server itself, about something that happened.
    System,
}

/// A message that is to be posted.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The ticket.
    pub ticket: Id,
    /// Who writes.
    pub author: Author,
    /// What: a text, or a TipTap document.
    pub content: Json,
    /// Whether only agents see it.
    pub note: bool,
    /// Other properties by their names on the wire, such as `attachments` and `type`.
    pub properties: Body,
}

impl NewMessage {
    /// A message that everybody in the conversation sees.
    pub fn new(ticket: Id, author: Author, content: impl Into<Json>) -> NewMessage {
        NewMessage { ticket, author, content: content.into(), note: false, properties: Body::new() }
    }

    /// The same as a note for agents.
    #[must_use]
    pub fn as_note(self) -> NewMessage {
        NewMessage { note: true, ..self }
    }

    /// The same with other properties.
    #[must_use]
    pub fn with(self, properties: Body) -> NewMessage {
        NewMessage { properties, ..self }
    }
}

/// Posts a message: the one way in which a message comes to be. Its ticket learns of it, an answer
/// of its contact wakes, reopens and unarchives the ticket, and the contact is told of what it may see.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ticket or contact, [`Error::Invalid`] when the message is
/// empty, or a contact writes in a conversation that is closed, [`Error::Forbidden`] for a blocked one.
pub fn post(tx: &mut Tx<'_>, new: NewMessage) -> Result<Doc> {
    let (mut body, mentioned) = body_of(&new)?;
    let audience = audience::of(tx, &new)?;
    let mut ticket = audience.ticket.clone();
    if let Author::Contact(writer) = new.author {
        if ticket.is_true("conversationClosed") {
            return Err(Error::invalid("this conversation is closed, start another one"));
        }
        contacts::may_write(tx, &tx.get(&CONTACT, writer)?)?;
    }
    let before = ticket.body.clone();
    let index = ticket.body.get("messagesCount").and_then(Json::as_u64).unwrap_or_default();
    if index >= MESSAGES_MAX {
        return Err(Error::invalid(format!("a ticket has {MESSAGES_MAX} messages at most")));
    }
    body.insert("index".to_owned(), json!(index));
    body.insert("ticket".to_owned(), json!(ticket.id));
    body.extend(audience.marks.clone());
    let message = tx.insert(&MESSAGE, body)?;
    files::attach_named(tx, &message.body, Owner::Message(message.id), audience.sender)?;
    files::attach_named(tx, &message.body, Owner::Ticket(ticket.id), audience.sender)?;
    ticket.set("messagesCount", index + 1);
    mention(&mut ticket, &mentioned);
    let replied = note_in(tx, &mut ticket, &message, new.author, audience.has_own_contact())?;
    let is_told = is_public(&message) && new.author != Author::System;
    let is_news = |reader: &Reader| is_told && new.author != Author::Contact(reader.contact);
    if audience.readers.iter().any(|reader| reader.ticket == ticket.id && is_news(reader)) {
        unread::count_in(&mut ticket);
    }
    record(tx, &ticket, &message, new.author, replied)?;
    let ticket = tickets::save(tx, before, ticket)?;
    notifications::of_message(tx, ticket.id, message.id, new.author, mentioned)?;
    if is_told {
        tell_all(tx, &audience, &ticket, &message, new.author)?;
    }
    Ok(message)
}

/// Tells the readers of a message of it, each of its place in the reader's own conversation.
fn tell_all(tx: &mut Tx<'_>, audience: &Audience, ticket: &Doc, message: &Doc, author: Author) -> Result<()> {
    for reader in &audience.readers {
        let Some(contact) = tx.find(&CONTACT, reader.contact)? else { continue };
        if reader.ticket == ticket.id {
            tell(tx, contact, ticket, message, author)?;
            continue;
        }
        let is_news = author != Author::Contact(reader.contact);
        let own = audience::note_elsewhere(tx, reader.ticket, message, is_news)?;
        tell(tx, contact, &own, message, author)?;
    }
    Ok(())
}

/// Goes on if a message could be posted.
pub(super) fn checked(new: &NewMessage) -> Result<()> {
    body_of(new).map(drop)
}

/// The document of a message, without its place, and the users whom an agent mentions in it.
fn body_of(new: &NewMessage) -> Result<(Body, Vec<Id>)> {
    let mut properties = properties::strict(new.properties.clone())?;
    let content = if new.content.is_null() { json!("") } else { new.content.clone() };
    let content = content::read(&content)?;
    let empty = content.is_blank();
    let has_more = ["attachments", "actions"]
        .iter()
        .any(|name| properties.get(*name).and_then(Json::as_array).is_some_and(|list| !list.is_empty()));
    if empty && !has_more {
        return Err(Error::invalid("the message is empty, send `comment` or `attachments`"));
    }
    let (sender, kind) = match new.author {
        Author::User(_) => ("agent", "TEXT"),
        Author::Contact(_) => ("user", "USER_TEXT"),
        Author::Bot => ("bot", "BOT"),
        Author::System => ("system", "SYSTEM"),
    };
    let kind = if new.note { json!(NOTE) } else { properties.get("type").cloned().unwrap_or(json!(kind)) };
    properties.insert("type".to_owned(), kind);
    let mut body = to_body(json!({
        "ticket": new.ticket,
        "data": {"content": content.json()},
        "text": content.plain(),
        "senderType": sender,
        "bot": new.author == Author::Bot,
        "isReply": matches!(new.author, Author::User(_)) && !new.note,
        "attachments": [],
    }));
    match new.author {
        Author::User(id) => body.insert("user".to_owned(), json!(id)),
        Author::Contact(id) => body.insert("session".to_owned(), json!(id)),
        Author::Bot | Author::System => None,
    };
    body.extend(properties.into_iter().filter(|(_, value)| !value.is_null()));
    // A note that was sent by its type only.
    if body.get("type").and_then(Json::as_str) == Some(NOTE) {
        body.insert("isReply".to_owned(), json!(false));
    }
    let by_agent = matches!(new.author, Author::User(_));
    let mentioned = content.document().mentions().into_iter().filter(|_| by_agent).filter_map(Id::parse);
    Ok((body, mentioned.collect()))
}

/// Adds users to those who are mentioned in a ticket.
fn mention(ticket: &mut Doc, users: &[Id]) {
    let known = ticket.body.get("mentions").and_then(Json::as_array).cloned().unwrap_or_default();
    let new = users.iter().map(|user| json!(user)).filter(|user| !known.contains(user));
    let all: Vec<Json> = known.iter().cloned().chain(new).take(MENTIONS_MAX).collect();
    if all.len() > known.len() {
        ticket.set("mentions", all);
    }
}

/// Makes a ticket remember a message, and tells how long its contact had waited, in milliseconds,
/// when the message is an agent's answer. `is_seen` says whether the ticket's contact sees it.
fn note_in(
    tx: &Tx<'_>,
    ticket: &mut Doc,
    message: &Doc,
    author: Author,
    is_seen: bool,
) -> Result<Option<i64>> {
    let now = format_date(tx.now());
    let id = message.id.to_string();
    ticket.set("latestComment", id.as_str());
    if !is_public(message) {
        return Ok(None);
    }
    if is_seen {
        ticket.set("latestPublicComment", id);
    }
    ticket.set("lastNotification", now.as_str());
    let mut responses = ticket.body.get("lastResponse").cloned().unwrap_or_else(|| json!({}));
    let mut waited = None;
    match author {
        Author::User(_) => {
            let since = responses["contact"].as_str().and_then(parse_date).unwrap_or(ticket.created_at);
            waited = Some(tx.now() - since);
            responses["admin"] = json!(now);
            ticket.set("hasAgentReply", true);
            ticket.set("noHumanInteraction", false);
            ticket.set("notificationsUnread", false);
            if ticket.text("firstAgentReplyAt").is_none() {
                ticket.set("firstAgentReplyAt", now);
            }
        }
        Author::Contact(_) => {
            responses["contact"] = json!(now);
            ticket.set("notificationsUnread", true);
            ticket.set("snoozed", false);
            ticket.set("archived", false);
            if types::is_dealt_with(&ticket.body) {
                let open = types::open_status(tx, ticket.text("type").unwrap_or_default())?;
                ticket.set("status", open);
            }
        }
        Author::Bot | Author::System => {}
    }
    ticket.set("lastResponse", responses);
    Ok(waited)
}

fn record(tx: &mut Tx<'_>, ticket: &Doc, message: &Doc, author: Author, waited: Option<i64>) -> Result<()> {
    let (action, more) = match (author, waited) {
        _ if !is_public(message) => ("NOTE_CREATED", json!({})),
        (Author::User(user), Some(ms)) => {
            ("TICKET_REPLY", json!({"processingUser": user, "replyTimeInSec": ms / 1_000}))
        }
        _ => ("COMMENT_CREATED", json!({"senderType": message.text("senderType")})),
    };
    let mut data = to_body(more);
    data.insert("message".to_owned(), json!(message.id));
    tickets::record(tx, ticket.id, action, Json::Object(data))
}

/// Counts what the ticket's contact wrote, and tells it of what others did.
fn tell(tx: &mut Tx<'_>, mut contact: Doc, ticket: &Doc, message: &Doc, author: Author) -> Result<()> {
    if author == Author::Contact(contact.id) {
        let count = contact.body.get("countFeedbackComments").and_then(Json::as_u64).unwrap_or_default();
        contact.set("countFeedbackComments", count + 1);
        contact.set("lastHeardFrom", format_date(tx.now()));
        tx.save(&CONTACT, contact)?;
        // It has other devices.
        return updates::changed(tx, ticket);
    }
    notify::contact(tx, contact, ticket, message)
}
