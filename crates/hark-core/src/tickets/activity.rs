//! The timeline of a ticket as it is answered, and the whole of a ticket for an audit.

use std::collections::BTreeSet;

use hark_query::{Filter, Path, Sort, SortKey};
use hark_store::{Doc, Id, Listing, Page, ReadTx, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::of_contact::history;
use super::{TICKET, TICKET_EVENT};
use crate::access::people::{People, stub};
use crate::documents::list_within;
use crate::messages::MESSAGE;

/// Something that happened to a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityView {
    /// The event's id.
    pub id: Id,
    /// What: `CREATE_TICKET`, `TICKET_STATUS_CHANGE`, `ASSIGN_TICKET`, `TICKET_REPLY`, `TICKET_UPDATED` or another.
    pub action: String,
    /// When, ISO 8601.
    pub created_at: String,
    /// `agent`, `user`, `bot` or `system`.
    pub actor_type: String,
    /// The agent who did it: `{id, name, email}`.
    pub action_user: Option<Json>,
    /// The contact that did it.
    pub session: Option<Id>,
    /// The property that changed.
    pub property: Option<String>,
    /// What it was.
    pub before: Option<Json>,
    /// What it is.
    pub after: Option<Json>,
    /// What else belongs to it.
    pub data: Option<Json>,
}

/// A page of a ticket's timeline, the newest first.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when there is no such ticket.
pub fn activities(tx: &ReadTx<'_>, ticket: Id, limit: u32, cursor: Option<String>) -> Result<Page> {
    let ticket = tx.get(&TICKET, ticket)?;
    let of_ticket = Filter::equal(Path::known("ticket"), ticket.id.to_string());
    let mut page = tx.list(&TICKET_EVENT, &Listing { cursor, ..Listing::new(of_ticket, limit) })?;
    name_known(&ticket, &mut page.docs);
    Ok(page)
}

/// What a guest did who is a part of the ticket's contact now, that contact did.
fn name_known(ticket: &Doc, events: &mut [Doc]) {
    let Some(known) = ticket.body.get("session") else { return };
    let former = history(&ticket.body);
    for event in events {
        let Some(actor) = event.body.get_mut("actor").and_then(Json::as_object_mut) else { continue };
        let by = actor.get("session").and_then(Json::as_str);
        if by.is_some_and(|by| former.iter().any(|guest| guest == by)) {
            actor.insert("session".to_owned(), known.clone());
        }
    }
}

/// The agents who did what happened.
pub fn actors(events: &[Doc]) -> BTreeSet<Id> {
    events.iter().filter_map(|event| event.body["actor"]["user"].as_str().and_then(Id::parse)).collect()
}

/// Something that happened, as it is answered.
pub fn activity(event: &Doc, people: &People) -> ActivityView {
    let actor = &event.body["actor"];
    let user = actor["user"].as_str().and_then(Id::parse);
    let part = |name: &str| event.body.get(name).cloned();
    ActivityView {
        id: event.id,
        action: event.text("action").unwrap_or_default().to_owned(),
        created_at: event.text("createdAt").unwrap_or_default().to_owned(),
        actor_type: actor["type"].as_str().unwrap_or("system").to_owned(),
        action_user: user.map(|id| named(people, id)),
        session: actor["session"].as_str().and_then(Id::parse),
        property: event.text("property").map(str::to_owned),
        before: part("before"),
        after: part("after"),
        data: part("data"),
    }
}

fn named(people: &People, id: Id) -> Json {
    let mut user = people.get(&id).cloned().unwrap_or_else(|| stub(id));
    let name = ["firstName", "lastName"].map(|part| user[part].as_str().unwrap_or_default().to_owned());
    user["name"] = json!(name.join(" ").trim());
    user
}

/// Everything that is kept of a ticket.
#[derive(Debug)]
pub struct Whole {
    /// The ticket.
    pub ticket: Doc,
    /// Its messages, the oldest first.
    pub messages: Vec<Doc>,
    /// Its timeline, the oldest first.
    pub events: Vec<Doc>,
    /// Whether there is more than fits into one answer.
    pub is_cut: bool,
}

/// Everything that is kept of a ticket, up to so many bytes of messages and as many of events.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when there is no such ticket.
pub fn whole(tx: &ReadTx<'_>, id: Id, bytes_max: usize) -> Result<Whole> {
    let ticket = tx.get(&TICKET, id)?;
    let of_ticket = Filter::equal(Path::known("ticket"), id.to_string());
    let oldest = |property| Sort { keys: vec![SortKey { path: Path::known(property), descending: false }] };
    let all = |property| Listing { sort: oldest(property), ..Listing::new(of_ticket.clone(), 10_000) };
    let messages = list_within(tx, &MESSAGE, &all("index"), bytes_max)?;
    let mut events = list_within(tx, &TICKET_EVENT, &all("createdAt"), bytes_max)?;
    name_known(&ticket, &mut events.docs);
    let is_cut = messages.next.is_some() || events.next.is_some();
    Ok(Whole { ticket, messages: messages.docs, events: events.docs, is_cut })
}
