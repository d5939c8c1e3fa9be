//! What a contact has not read: counted in its tickets, and in sum on the contact.

use hark_store::{Body, Doc, Error, Id, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use crate::contacts::CONTACT;
use crate::tickets::TICKET;
use crate::updates;

/// How many messages of the ticket its contact has not read.
pub(crate) const COUNT: &str = "sessionUnreadCount";

/// Counts one more unread message in a ticket that is about to be saved.
pub(super) fn count_in(ticket: &mut Doc) {
    let count = count_of(&ticket.body);
    ticket.set(COUNT, count + 1);
    ticket.set("sessionNotificationsUnread", true);
}

/// Takes what was not read in a ticket, that is gone or has another contact now, out of the sum of the
/// contact that it was of.
pub(crate) fn forget(tx: &mut Tx<'_>, ticket: &Body) -> Result<()> {
    let count = count_of(ticket);
    let contact = ticket.get("session").and_then(Json::as_str).and_then(Id::parse);
    let Some(contact) = contact.filter(|_| count > 0) else { return Ok(()) };
    let Some(mut contact) = tx.find_locked(&CONTACT, contact)? else { return Ok(()) };
    let unread = (updates::unread_of(&contact) - count).max(0);
    contact.set("notificationsUnread", unread);
    let contact = tx.save(&CONTACT, contact)?;
    updates::tell(tx, contact.id, to_body(json!({"u": unread})));
    Ok(())
}

/// Takes what was not read out of a ticket that becomes part of another of the same contact.
pub(crate) fn take(ticket: &mut Doc) -> i64 {
    let count = count_of(&ticket.body);
    ticket.set(COUNT, Json::Null);
    ticket.set("sessionNotificationsUnread", false);
    count
}

/// Adds what was [taken](take) to the ticket that stays. The sum of the contact is the same.
pub(crate) fn add(tx: &mut Tx<'_>, mut ticket: Doc, more: i64) -> Result<Doc> {
    if more == 0 || ticket.text("session").is_none() {
        return Ok(ticket);
    }
    let count = count_of(&ticket.body);
    ticket.set(COUNT, count + more);
    ticket.set("sessionNotificationsUnread", true);
    tx.save(&TICKET, ticket)
}

fn count_of(ticket: &Body) -> i64 {
    ticket.get(COUNT).and_then(Json::as_i64).unwrap_or_default()
}

/// Notes that a contact has read everything in its ticket, tells its other devices, and returns how
/// many messages it has not read elsewhere.
///
/// # Errors
/// [`Error::NotFound`] when the contact has no such ticket.
pub fn mark_read(tx: &mut Tx<'_>, contact: Id, ticket: Id) -> Result<i64> {
    let mut contact = tx.get_locked(&CONTACT, contact)?;
    let mut ticket = tx.get_locked(&TICKET, ticket)?;
    if ticket.reference("session") != Some(contact.id) {
        return Err(Error::not_found(TICKET.name, ticket.id));
    }
    let read = count_of(&ticket.body);
    let unread = (updates::unread_of(&contact) - read).max(0);
    if read == 0 && !ticket.is_true("sessionNotificationsUnread") {
        return Ok(unread);
    }
    let share_token = ticket.text("shareToken").unwrap_or_default().to_owned();
    ticket.set(COUNT, Json::Null);
    ticket.set("sessionNotificationsUnread", false);
    tx.save(&TICKET, ticket)?;
    contact.set("notificationsUnread", unread);
    let contact = tx.save(&CONTACT, contact)?;
    updates::tell(tx, contact.id, to_body(json!({"u": unread, "rc": share_token})));
    Ok(unread)
}
