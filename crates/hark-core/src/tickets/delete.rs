//! Deleting a ticket with everything that belongs to it.

use hark_store::{Doc, Id, Result, Tx};
use serde_json::json;

use super::{TICKET, TICKET_EVENT, TICKET_MERGE, TICKET_VOTE, links, locks, unmerge};
use crate::files::{self, Owner};
use crate::messages::{self, MESSAGE_DRAFT, SCHEDULED_MESSAGE, unread};
use crate::{automation, notes, notifications, reports, sla};

/// Deletes a ticket with its messages and timeline and returns what it was.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when there is no such ticket.
pub fn delete(tx: &mut Tx<'_>, id: Id) -> Result<Doc> {
    locks::with_contacts(tx, &[id], None)?;
    let (ticket, messages) = remove(tx, id)?;
    unread::forget(tx, &ticket.body)?;
    let what = json!({"bugId": ticket.body.get("bugId"), "messages": messages});
    tx.audit("ticket.deleted", Some(id.to_string()), what)?;
    Ok(ticket)
}

/// Deletes a ticket with what belongs to it, files included, and tells how many messages there were.
/// What came from it into another one stays there; what came from tickets of other contacts goes back.
pub(super) fn remove(tx: &mut Tx<'_>, id: Id) -> Result<(Doc, u64)> {
    let ticket = tx.get_locked(&TICKET, id)?;
    unmerge::release(tx, &ticket)?;
    let ticket = tx.get(&TICKET, ticket.id)?;
    let of = id.to_string();
    links::cut(tx, &ticket)?;
    notifications::forget_ticket(tx, id)?;
    let (messages, _) = messages::remove_where(tx, "ticket", &of)?;
    tx.delete_where(&TICKET_EVENT, "ticket", &of)?;
    tx.delete_where(&MESSAGE_DRAFT, "ticket", &of)?;
    tx.delete_where(&SCHEDULED_MESSAGE, "ticket", &of)?;
    tx.delete_where(&TICKET_VOTE, "ticket", &of)?;
    tx.delete_where(&TICKET_MERGE, "target", &of)?;
    files::drop_of(tx, Owner::Ticket(id))?;
    notes::delete_about(tx, id)?;
    automation::forget(tx, id)?;
    sla::forget(tx, id)?;
    reports::forget(tx, id)?;
    tx.delete(&TICKET, id)?;
    Ok((ticket, messages))
}
