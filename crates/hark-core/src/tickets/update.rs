//! How a ticket changes.

use hark_query::dates::{format_date, parse_date};
use hark_store::{Body, Doc, Error, Id, NewJob, Result, Tx};
use serde_json::{Value as Json, json};

use super::merged::need_whole;
use super::properties::{self, priority_order};
use super::{TICKET, events, forms, links, locks, references, types};
use crate::documents::expect_revision;
use crate::files::{self, Owner};
use crate::messages::unread;
use crate::{assignment, notifications, sla, updates};

/// The kind of job that wakes a snoozed ticket.
pub const WAKE_JOB: &str = "ticket.wake";

/// Duplicates of duplicates that are followed.
const DUPLICATES_DEPTH_MAX: usize = 50;

/// What contacts see of their tickets, besides messages.
const SHOWN_TO_CONTACTS: [&str; 4] = ["title", "status", "conversationClosed", "processingUser"];

/// What is to change about a ticket.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// The new properties by their names on the wire; null takes one away, and what is no property
    /// of a ticket is left out.
    pub changes: Body,
    /// The revision that the ticket must still have.
    pub expected: Option<i64>,
}

impl Patch {
    /// A change of these properties.
    pub fn new(changes: Body) -> Patch {
        Patch { changes, expected: None }
    }

    /// A change of one property.
    pub fn set(property: &str, value: impl Into<Json>) -> Patch {
        Patch::new(Body::from_iter([(property.to_owned(), value.into())]))
    }

    /// The same change, made only at this revision.
    #[must_use]
    pub fn expecting(self, expected: Option<i64>) -> Patch {
        Patch { expected, ..self }
    }
}

/// Changes a ticket: the one way in which a ticket changes. Nothing is written when nothing differs.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when there is no such ticket, [`hark_store::Error::Stale`] when it has
/// another revision, [`hark_store::Error::Invalid`] with the first property that does not fit.
pub fn update(tx: &mut Tx<'_>, id: Id, patch: Patch) -> Result<Doc> {
    let references = references::strict(tx, &patch.changes)?;
    let mut changes = properties::strict(patch.changes)?;
    changes.extend(references);
    let names_status = changes.contains_key("status");
    let has_form = forms::are_sent(&changes);
    if let Some(contact) = changes.get("session") {
        locks::with_contacts(tx, &[id], contact.as_str().and_then(Id::parse))?;
    }
    let mut ticket = tx.get_locked(&TICKET, id)?;
    expect_revision(&TICKET, &ticket, patch.expected)?;
    let before = ticket.body.clone();
    for (property, value) in changes {
        match property.as_str() {
            // These are there in every ticket.
            "linkedTickets" | "mentions" | "tags" if value.is_null() => ticket.set(&property, json!([])),
            "formData" | "form" | "customData" if value.is_null() => ticket.set(&property, json!({})),
            _ => ticket.set(&property, value),
        }
    }
    if has_form {
        sync_form(&mut ticket.body);
        forms::check(tx, Some(&before), &ticket.body)?;
    }
    check_lane(tx, &before, &mut ticket, names_status)?;
    check_original(tx, &before, &ticket)?;
    let brings_files = files::named_in(&ticket.body) != files::named_in(&before);
    let ticket = save(tx, before, ticket)?;
    if brings_files {
        files::attach_named(tx, &ticket.body, Owner::Ticket(id), ticket.reference("session"))?;
    }
    Ok(ticket)
}

/// Sees to it that no ticket repeats itself through others, and that a merged one stays where it is.
fn check_original(tx: &Tx<'_>, before: &Body, ticket: &Doc) -> Result<()> {
    if ticket.body.get("duplicateOf") == before.get("duplicateOf") {
        return Ok(());
    }
    need_whole(tx, ticket)?;
    let mut original = ticket.reference("duplicateOf");
    for _ in 0..DUPLICATES_DEPTH_MAX {
        let Some(id) = original else { break };
        if id == ticket.id {
            return Err(Error::invalid("a ticket cannot repeat itself, `duplicateOf` leads back to it"));
        }
        original = tx.find(&TICKET, id)?.and_then(|ticket| ticket.reference("duplicateOf"));
    }
    Ok(())
}

/// Sees to it that a ticket is in a lane of its type. One that gets another type without a status comes
/// into the first lane if that type does not have its own.
fn check_lane(tx: &Tx<'_>, before: &Body, ticket: &mut Doc, names_status: bool) -> Result<()> {
    let changed = |name: &str| ticket.body.get(name) != before.get(name);
    if !changed("type") && !changed("status") {
        return Ok(());
    }
    let text = |name: &str| ticket.text(name).unwrap_or_default().to_owned();
    let (ticket_type, status) = (text("type"), text("status"));
    let fits = types::need_lane(tx, &ticket_type, &status);
    if fits.is_err() && !names_status {
        let first = types::first_status(tx, &ticket_type)?;
        ticket.set("status", first);
        return Ok(());
    }
    fits
}

/// Saves a ticket that was `before`: with everything that follows from what changed.
pub(crate) fn save(tx: &mut Tx<'_>, before: Body, mut ticket: Doc) -> Result<Doc> {
    sync_form(&mut ticket.body);
    settle(tx, &before, &mut ticket)?;
    if ticket.body == before {
        return Ok(ticket);
    }
    if ticket.body.get("session") != before.get("session") && ticket.body.contains_key(unread::COUNT) {
        unread::forget(tx, &before)?;
        ticket.set(unread::COUNT, Json::Null);
    }
    let ticket = tx.save(&TICKET, ticket)?;
    let was = links::linked(&before);
    if was != links::linked(&ticket.body) {
        links::mirror(tx, &ticket, &was)?;
    }
    if ticket.body.get("snoozedUntil") != before.get("snoozedUntil") {
        plan_waking(tx, &ticket)?;
    }
    if SHOWN_TO_CONTACTS.iter().any(|name| ticket.body.get(*name) != before.get(*name)) {
        updates::changed(tx, &ticket)?;
    }
    events::record_changes(tx, &before, &ticket)?;
    sla::follow(tx, Some(&before), &ticket)?;
    assignment::follow(tx, Some(&before), &ticket)?;
    notifications::of_change(tx, &before, &ticket)?;
    Ok(ticket)
}

/// Keeps what follows from other properties in step with them.
fn settle(tx: &Tx<'_>, before: &Body, ticket: &mut Doc) -> Result<()> {
    let now = format_date(tx.now());
    let changed = |ticket: &Doc, name: &str| ticket.body.get(name) != before.get(name);
    if changed(ticket, "priority") {
        let order = priority_order(ticket.text("priority").unwrap_or_default());
        ticket.set("priorityOrder", order);
    }
    if changed(ticket, "archived") {
        let at = if ticket.is_true("archived") { json!(now) } else { Json::Null };
        ticket.set("archivedAt", at);
    }
    if changed(ticket, "status") || changed(ticket, "type") {
        let text = |name: &str| ticket.text(name).unwrap_or_default();
        let closed = types::is_closed(tx, text("type"), text("status"))?;
        if !closed {
            ticket.set("closedAt", Json::Null);
        } else if changed(ticket, "status") || !types::is_dealt_with(&ticket.body) {
            ticket.set("closedAt", now.as_str());
        }
    }
    if changed(ticket, "snoozedUntil") && !changed(ticket, "snoozed") {
        let snoozed = ticket.text("snoozedUntil").is_some();
        ticket.set("snoozed", snoozed);
    }
    if !ticket.is_true("snoozed") {
        ticket.set("snoozedUntil", Json::Null);
    }
    let assigned = ticket.text("processingUser").is_some();
    if assigned && ticket.text("firstAssignmentAt").is_none() {
        ticket.set("firstAssignmentAt", now);
    }
    if assigned {
        ticket.set("queued", false);
        ticket.set("queuedAt", Json::Null);
    }
    Ok(())
}

/// Attributes are entries of the form's data, and so is a description that the form does not have.
pub(super) fn sync_form(body: &mut Body) {
    let attributes = body.shift_remove("attributes");
    let description = body.get("description").cloned();
    let form = body.entry("formData").or_insert_with(|| json!({}));
    let Some(form) = form.as_object_mut() else { return };
    if let Some(Json::Object(attributes)) = attributes {
        for (name, value) in attributes {
            if value.is_null() {
                form.shift_remove(&name);
            } else {
                form.insert(name, value);
            }
        }
    }
    if let Some(description) = description {
        form.entry("description").or_insert(description);
    }
}

/// Plans the job that wakes a snoozed ticket at its time. A job of an earlier plan finds another
/// time in the ticket and leaves it alone.
pub(super) fn plan_waking(tx: &mut Tx<'_>, ticket: &Doc) -> Result<()> {
    let Some(until) = ticket.text("snoozedUntil").and_then(parse_date) else { return Ok(()) };
    let payload = json!({"ticket": ticket.id});
    let key = format!("{WAKE_JOB}:{}:{until}", ticket.id);
    tx.enqueue(NewJob::new(WAKE_JOB, payload).at(until).unique(key))?;
    Ok(())
}

/// Wakes a snoozed ticket whose time has come.
pub fn wake(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let Some(ticket) = tx.find_locked(&TICKET, id)? else { return Ok(()) };
    let due = ticket.text("snoozedUntil").and_then(parse_date).is_some_and(|until| until <= tx.now());
    if due && ticket.is_true("snoozed") {
        update(tx, id, Patch::set("snoozed", false))?;
    }
    Ok(())
}
