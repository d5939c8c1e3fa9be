//! Tracker tickets: internal tickets to which the tickets of many customers are linked.

use std::collections::BTreeMap;

use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Id, Listing, Permission, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::search::{said, search};
use super::{NewTicket, TICKET, create};
use crate::contacts::CONTACT;
use crate::messages::MESSAGE;

/// Messages of a ticket that its tracker's description quotes.
const QUOTED_MAX: usize = 5;
/// Characters of a description that is made of a ticket.
const DESCRIPTION_MAX: usize = 4_000;

/// A tracker ticket that is to be created.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TrackerInput {
    /// What it is about.
    pub title: Option<String>,
    /// The same at length.
    pub description: Option<String>,
    /// Its type; `BUG` unless said otherwise.
    #[serde(rename = "type")]
    pub ticket_type: Option<String>,
    /// The tickets that it tracks.
    pub linked_ticket_ids: Vec<Id>,
    /// The customer who asks for it.
    pub customer_name: Option<String>,
    /// The customer's address.
    pub customer_email: Option<String>,
}

/// What a tracker ticket of a ticket could say.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrackerData {
    /// What it is about.
    pub title: String,
    /// The same at length.
    pub description: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ticket_type: String,
    /// The ticket that it would track.
    pub linked_ticket_ids: Vec<Id>,
    /// The customer who asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The customer's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
}

/// Creates a tracker ticket that is linked to others.
///
/// # Errors
/// [`hark_store::Error::Invalid`] when the title is missing or a linked ticket is not there.
pub fn create_tracker(tx: &mut Tx<'_>, input: &TrackerInput) -> Result<Doc> {
    let mut body = to_body(json!({
        "title": input.title,
        "description": input.description,
        "type": input.ticket_type,
        "linkedTickets": input.linked_ticket_ids,
        "trackerTicket": true,
        "customData": {"customerName": input.customer_name, "customerEmail": input.customer_email},
    }));
    crate::documents::required_line(&body, "title")?;
    if let Some(Json::Object(customer)) = body.get_mut("customData") {
        customer.retain(|_, value| !value.is_null());
    }
    body.retain(|_, value| !value.is_null());
    create(tx, NewTicket::new(body))
}

/// The listing of tracker tickets that are not archived.
pub fn trackers() -> Filter {
    let is = |property, value: bool| Filter::equal(Path::known(property), value);
    is("trackerTicket", true).and(is("archived", false))
}

/// Tracker tickets that fit a text, the best first.
pub fn search_trackers(tx: &ReadTx<'_>, text: &str, limit: u32) -> Result<Vec<Doc>> {
    Ok(search(tx, text, &trackers(), limit)?.into_iter().map(|hit| hit.ticket).collect())
}

/// What a tracker ticket of a ticket could say, taken from what the ticket and its contact say. Who that
/// is, is for those who may read contacts.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when there is no such ticket.
pub fn tracker_data(tx: &ReadTx<'_>, source: Id, ticket_type: Option<&str>) -> Result<TrackerData> {
    let ticket = tx.get(&TICKET, source)?;
    let of_ticket = Filter::equal(Path::known("ticket"), source.to_string())
        .and(Filter::equal(Path::known("senderType"), "user"));
    let mut messages = tx.list(&MESSAGE, &Listing::new(of_ticket, 100))?.docs;
    messages.reverse();
    let quoted = messages.iter().take(QUOTED_MAX).filter_map(|message| message.text("text"));
    let parts: Vec<String> = [said(&ticket)].into_iter().chain(quoted.map(str::to_owned)).collect();
    let description =
        parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n\n");
    let may_know = tx.scope().permissions().has(Permission::ContactsRead);
    let contact = ticket.reference("session").filter(|_| may_know);
    let contact = contact.map(|id| tx.find(&CONTACT, id)).transpose()?.flatten();
    let of_contact = |name: &str| contact.as_ref().and_then(|contact| contact.text(name)).map(str::to_owned);
    let own_type = ticket.text("type").filter(|own| *own != "INQUIRY").unwrap_or("BUG");
    Ok(TrackerData {
        title: title(&ticket, &description),
        description: description.chars().take(DESCRIPTION_MAX).collect(),
        ticket_type: ticket_type.unwrap_or(own_type).to_owned(),
        linked_ticket_ids: vec![source],
        customer_name: of_contact("name"),
        customer_email: of_contact("email"),
    })
}

fn title(ticket: &Doc, description: &str) -> String {
    let own = ticket.text("title").unwrap_or_default().trim();
    let first = description.lines().next().unwrap_or_default();
    let title = if own.is_empty() { first } else { own };
    title.chars().take(200).collect()
}

/// A property of tickets that an export can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExportField {
    /// The name for `fields`.
    pub key: String,
    /// The name for people.
    pub label: String,
}

/// Columns of an export that names none.
pub const EXPORT_COLUMNS: &str = "bugId,id,title,type,status,priority,tags,session.name,session.email,\
    session.userId,processingUser.email,processingTeam.name,createdAt,updatedAt,dueDate,archived,isSpam,\
    hasAgentReply,firstAgentReplyAt,closedAt,upvotesCount,formData.description";
/// Properties that no export of tickets has.
pub const EXPORT_SECRETS: &[&str] = &["secretShareToken", "sessionHistory"];
/// Tickets whose forms are looked at to find the names of their fields.
const LOOKED_AT: u32 = 200;

/// The properties that an export of tickets, or of those of one type, can have: those of every
/// ticket, and the fields of the newest ones' forms and custom data.
pub fn export_fields(tx: &ReadTx<'_>, ticket_type: Option<&str>) -> Result<Vec<ExportField>> {
    let filter = match ticket_type {
        Some(ticket_type) => Filter::equal(Path::known("type"), ticket_type),
        None => Filter::everything(),
    };
    let newest = tx.list(&TICKET, &Listing::new(filter, LOOKED_AT))?;
    let mut own: BTreeMap<String, String> = BTreeMap::new();
    for ticket in &newest.docs {
        own.extend(names_in(&ticket.body, "formData"));
        own.extend(names_in(&ticket.body, "customData"));
    }
    let base = EXPORT_COLUMNS
        .split(',')
        .map(|key| (key.to_owned(), key.rsplit('.').next().unwrap_or(key).to_owned()));
    let mut fields: Vec<ExportField> = base.map(|(key, label)| ExportField { key, label }).collect();
    own.retain(|key, _| !fields.iter().any(|field| field.key == *key));
    fields.extend(own.into_iter().take(1_000).map(|(key, label)| ExportField { key, label }));
    Ok(fields)
}

fn names_in(body: &Body, object: &'static str) -> Vec<(String, String)> {
    let names = body.get(object).and_then(Json::as_object).into_iter().flat_map(Body::keys);
    names.take(200).map(|name| (format!("{object}.{name}"), name.clone())).collect()
}
