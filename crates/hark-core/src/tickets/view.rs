//! How tickets and messages are answered: with the contacts, users, teams and messages that they name.
//!
//! What is in the project is read with [`parts`]; users are the instance's, so whoever answers
//! reads them with [`crate::access::people`] for [`Parts::users`].

use std::collections::{BTreeMap, BTreeSet};

use hark_store::{Body, Doc, Id, Permission, ReadTx, Result, Scope};
use serde_json::{Value as Json, json};

use super::{TICKET, votes};
use crate::access::people::{People, stub};
use crate::contacts::CONTACT;
use crate::documents::by_ids;
use crate::messages::MESSAGE;
use crate::teams::TEAM;

/// What is shown of a contact.
const CONTACT_SHOWN: &[&str] = &[
    "_id",
    "id",
    "gleapId",
    "userId",
    "name",
    "email",
    "phone",
    "avatar",
    "lang",
    "location",
    "companyId",
    "companyName",
    "plan",
    "value",
    "sla",
    "tags",
    "blocked",
    "deviceType",
    "platform",
    "lastActivity",
    "customData",
    "createdAt",
];
/// What is shown of a ticket that another is linked to.
const LINK_SHOWN: &[&str] =
    &["_id", "id", "title", "bugId", "shareToken", "trackerTicket", "type", "status", "archived"];
/// What is shown of a message in a ticket.
const MESSAGE_SHOWN: &[&str] =
    &["_id", "id", "ticket", "type", "data", "bot", "user", "session", "senderType", "text", "createdAt"];
/// Properties that name a user.
const USERS: &[&str] = &["processingUser", "user"];

/// What documents of a project name, read once for all of them.
#[derive(Debug, Default)]
pub struct Parts {
    contacts: BTreeMap<Id, Doc>,
    teams: BTreeMap<Id, Doc>,
    messages: BTreeMap<Id, Doc>,
    links: BTreeMap<Id, Doc>,
    /// Who voted for the one ticket that is shown whole.
    upvotes: Option<Json>,
    users: BTreeSet<Id>,
}

/// What tickets or messages name. `links` says whether linked tickets are shown rather than their ids.
pub fn parts(tx: &ReadTx<'_>, docs: &[Doc], links: bool) -> Result<Parts> {
    let mut contacts = named(docs, &["session"]);
    contacts.extend(docs.iter().flat_map(sessions));
    let mut parts = Parts {
        contacts: by_ids(tx, &CONTACT, &contacts)?,
        teams: by_ids(tx, &TEAM, &named(docs, &["processingTeam"]))?,
        messages: by_ids(tx, &MESSAGE, &named(docs, &["latestComment", "latestPublicComment"]))?,
        links: BTreeMap::new(),
        upvotes: None,
        users: named(docs, USERS),
    };
    if links {
        parts.links =
            by_ids(tx, &TICKET, &docs.iter().flat_map(|doc| super::links::linked(&doc.body)).collect())?;
    }
    if let (true, [ticket]) = (links, docs) {
        parts.upvotes = Some(votes::shown(tx, ticket.id)?);
    }
    Ok(parts)
}

/// The further contacts of a ticket that others became part of.
fn sessions(ticket: &Doc) -> Vec<Id> {
    let ids = ticket.body.get("sessions").and_then(Json::as_array).into_iter().flatten();
    ids.filter_map(Json::as_str).filter_map(Id::parse).collect()
}

impl Parts {
    /// The users that the documents name.
    pub fn users(&self) -> &BTreeSet<Id> {
        &self.users
    }

    /// A contact that the documents name.
    pub fn contact(&self, id: Id) -> Option<&Doc> {
        self.contacts.get(&id)
    }
}

fn named(docs: &[Doc], properties: &[&str]) -> BTreeSet<Id> {
    docs.iter().flat_map(|doc| properties.iter().filter_map(|property| doc.reference(property))).collect()
}

/// A ticket as somebody in this scope sees it.
pub fn ticket(ticket: &Doc, parts: &Parts, people: &People, scope: &Scope) -> Json {
    let mut view = ticket.view_for(&TICKET, scope);
    fill(&mut view, ticket, "session", |id| contact(parts, id, scope));
    fill(&mut view, ticket, "processingUser", |id| person(people, id));
    fill(&mut view, ticket, "processingTeam", |id| {
        parts.teams.get(&id).map_or_else(|| stub(id), |team| shown(&team.body, &["_id", "id", "name"]))
    });
    let further = sessions(ticket);
    if !further.is_empty() {
        let known = further.into_iter().filter(|id| parts.contacts.contains_key(id));
        view["sessions"] = known.map(|id| contact(parts, id, scope)).collect();
    }
    if let Some(upvotes) = &parts.upvotes {
        view["upvotes"] = upvotes.clone();
    }
    for property in ["latestComment", "latestPublicComment"] {
        match ticket.reference(property).and_then(|id| parts.messages.get(&id)) {
            Some(message) => view[property] = shown(&message.body, MESSAGE_SHOWN),
            // The message is gone.
            None => drop(view.as_object_mut().and_then(|view| view.shift_remove(property))),
        }
    }
    if !parts.links.is_empty() {
        let linked = super::links::linked(&ticket.body).into_iter();
        let linked = linked
            .map(|id| parts.links.get(&id).map_or_else(|| stub(id), |doc| shown(&doc.body, LINK_SHOWN)));
        view["linkedTickets"] = linked.collect();
    }
    view
}

/// A message as somebody in this scope sees it.
pub fn message(message: &Doc, parts: &Parts, people: &People, scope: &Scope) -> Json {
    let mut view = message.view_for(&MESSAGE, scope);
    fill(&mut view, message, "session", |id| contact(parts, id, scope));
    fill(&mut view, message, "user", |id| person(people, id));
    view
}

/// A contact as it is shown in its tickets and messages; without the right to see contacts only its id.
fn contact(parts: &Parts, id: Id, scope: &Scope) -> Json {
    let may = scope.permissions().has(Permission::ContactsRead);
    match parts.contacts.get(&id).filter(|_| may) {
        Some(contact) => shown(&contact.body, CONTACT_SHOWN),
        None => stub(id),
    }
}

fn person(people: &People, id: Id) -> Json {
    people.get(&id).cloned().unwrap_or_else(|| stub(id))
}

fn fill(view: &mut Json, doc: &Doc, property: &str, find: impl Fn(Id) -> Json) {
    if let Some(id) = doc.reference(property) {
        view[property] = find(id);
    }
}

fn shown(body: &Body, properties: &[&str]) -> Json {
    let known = properties.iter().filter_map(|name| Some(((*name).to_owned(), body.get(*name)?.clone())));
    json!(known.collect::<Body>())
}
