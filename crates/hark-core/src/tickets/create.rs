//! How a ticket comes to be.

use hark_query::dates::format_date;
use hark_store::{Body, Doc, Id, Result, Tx, to_body};
use rand::Rng;
use rand::distr::Alphanumeric;
use serde_json::{Value as Json, json};

use super::properties::{self, priority_order};
use super::update::sync_form;
use super::{TICKET, events, forms, links, references, types, update};
use crate::contacts::{self, CONTACT};
use crate::files::{self, Owner};
use crate::{assignment, notifications, rank, sla};

/// Characters of a share token: 70 of 62 different ones are more than 400 random bits.
const TOKEN_CHARS: usize = 70;
/// The counter of a project's tickets.
const COUNTER: &str = "bugId";

/// A ticket that is to be created.
#[derive(Clone, Debug, Default)]
pub struct NewTicket {
    /// Its properties by their names on the wire; what is no property of a ticket is left out.
    pub properties: Body,
    /// Whether it is made of tickets that were reported before, so that its contact reported nothing.
    pub is_made_of_others: bool,
}

impl NewTicket {
    /// A ticket with these properties.
    pub fn new(properties: Body) -> NewTicket {
        NewTicket { properties, is_made_of_others: false }
    }

    /// The same ticket, made of others.
    #[must_use]
    pub fn made_of_others(self) -> NewTicket {
        NewTicket { is_made_of_others: true, ..self }
    }

    /// The same ticket of a contact.
    #[must_use]
    pub fn of_contact(mut self, contact: Id) -> NewTicket {
        self.properties.insert("session".to_owned(), json!(contact));
        self
    }
}

/// Creates a ticket: the one way in which a ticket comes to be.
///
/// # Errors
/// [`hark_store::Error::Invalid`] with the first property that does not fit or names nothing of this project,
/// [`hark_store::Error::Forbidden`] for a blocked contact on its own behalf.
pub fn create(tx: &mut Tx<'_>, new: NewTicket) -> Result<Doc> {
    let references = references::strict(tx, &new.properties)?;
    let has_form = forms::are_sent(&new.properties) && !new.is_made_of_others;
    let mut body = defaults(tx);
    body.extend(without_null(properties::strict(new.properties)?));
    body.extend(without_null(references));
    sync_form(&mut body);
    if has_form {
        forms::check(tx, None, &body)?;
    }
    set_lane(tx, &mut body)?;
    // Before the counter, in whose order everybody else waits too.
    let contact = body.get("session").and_then(Json::as_str).and_then(Id::parse);
    if let Some(contact) = contact.filter(|_| !new.is_made_of_others) {
        note_report(tx, contact)?;
    }
    let number = tx.next_number(COUNTER)?;
    body.insert("bugId".to_owned(), json!(number));
    body.entry("lexorank").or_insert_with(|| json!(rank::of_number(number.unsigned_abs())));
    let order = priority_order(body.get("priority").and_then(Json::as_str).unwrap_or_default());
    body.insert("priorityOrder".to_owned(), json!(order));
    if body.contains_key("processingUser") {
        body.insert("firstAssignmentAt".to_owned(), json!(format_date(tx.now())));
    }
    let ticket = tx.insert(&TICKET, body)?;
    files::attach_named(tx, &ticket.body, Owner::Ticket(ticket.id), ticket.reference("session"))?;
    links::mirror(tx, &ticket, &[])?;
    update::plan_waking(tx, &ticket)?;
    sla::follow(tx, None, &ticket)?;
    assignment::follow(tx, None, &ticket)?;
    let what = json!({"type": ticket.text("type"), "status": ticket.text("status"), "priority": ticket.text("priority")});
    events::record(tx, ticket.id, "CREATE_TICKET", what)?;
    notifications::of_new(tx, &ticket)?;
    Ok(ticket)
}

/// Puts a new ticket into the first lane of its type, unless it names another one.
fn set_lane(tx: &Tx<'_>, body: &mut Body) -> Result<()> {
    let text = |body: &Body, name: &str| body.get(name).and_then(Json::as_str).map(str::to_owned);
    let ticket_type = text(body, "type").unwrap_or_default();
    let status = match text(body, "status") {
        Some(status) => status,
        None => types::first_status(tx, &ticket_type)?,
    };
    types::need_lane(tx, &ticket_type, &status)?;
    if types::is_closed(tx, &ticket_type, &status)? {
        body.insert("closedAt".to_owned(), json!(format_date(tx.now())));
    }
    body.insert("status".to_owned(), json!(status));
    Ok(())
}

/// What every ticket has.
fn defaults(tx: &Tx<'_>) -> Body {
    let now = format_date(tx.now());
    let mut body = to_body(json!({
        "title": "",
        "type": "BUG",
        "priority": "MEDIUM",
        "archived": false,
        "isSpam": false,
        "hidden": false,
        "snoozed": false,
        "queued": false,
        "isSilent": false,
        "trackerTicket": false,
        "conversationClosed": false,
        "hasAgentReply": false,
        "noHumanInteraction": true,
        "notificationsUnread": true,
        "sessionNotificationsUnread": false,
        "slaBreached": false,
        "duplicatesCount": 1,
        "upvotesCount": 0,
        "messagesCount": 0,
        "tags": [],
        "mentions": [],
        "linkedTickets": [],
        "attachments": [],
        "form": {},
        "formData": {},
        "customData": {},
        "metaData": {},
        "lastNotification": now,
        "shareToken": token(),
        "secretShareToken": token(),
    }));
    if let Some(organisation) = tx.scope().organisation() {
        body.insert("organisation".to_owned(), json!(organisation));
    }
    body
}

/// A name that nobody can guess.
fn token() -> String {
    rand::rng().sample_iter(Alphanumeric).take(TOKEN_CHARS).map(char::from).collect()
}

/// Counts what a contact reported.
fn note_report(tx: &mut Tx<'_>, contact: Id) -> Result<()> {
    let mut contact = tx.get_locked(&CONTACT, contact)?;
    contacts::may_write(tx, &contact)?;
    let count = contact.body.get("countFeedbackReports").and_then(Json::as_u64).unwrap_or_default();
    contact.set("countFeedbackReports", count + 1);
    contact.set("lastFeedbackReport", format_date(tx.now()));
    tx.save(&CONTACT, contact)?;
    Ok(())
}

pub(super) fn without_null(body: Body) -> Body {
    body.into_iter().filter(|(_, value)| !value.is_null()).collect()
}
