//! Deleting a contact: everything that is stored about it goes, and a receipt stays.

use hark_store::{Error, Id, Result, Tx, contact_stream};
use serde_json::json;

use super::{CONTACT, CONTACT_ALIAS, CONTACT_MEMORY, IDENTITY_CHANGE, trust};
use crate::files::{self, Owner};
use crate::tickets::of_contact;
use crate::{notes, updates};

/// Deletes a contact with its tickets, messages, events, memory, identity history, devices, files and
/// stream.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contact.
pub fn delete(tx: &mut Tx<'_>, contact: Id) -> Result<()> {
    let doc = tx.get_locked(&CONTACT, contact)?;
    let of = contact.to_string();
    let events = tx.delete_events(contact)?;
    let memory = tx.delete_where(&CONTACT_MEMORY, "contact", &of)?;
    let history = tx.delete_where(&IDENTITY_CHANGE, "contact", &of)?;
    let devices = tx.delete_where(&CONTACT_ALIAS, "contact", &of)?;
    let written = of_contact::delete(tx, &doc)?;
    let notes = notes::delete_about(tx, contact)?;
    trust::forget(tx, contact)?;
    tx.delete_stream(&contact_stream(contact))?;
    files::revoke_all(tx, contact)?;
    let files = files::drop_of(tx, Owner::Contact(contact))?;
    tx.delete(&CONTACT, contact)?;
    updates::disconnect(tx, contact);
    let counts = json!({
        "events": events, "memory": memory, "identityChanges": history, "devices": devices, "files": files,
        "tickets": written.tickets, "messages": written.messages, "votes": written.votes,
        "notes": notes,
    });
    // What proves the deletion later on: the id, who and when, how much, and nothing personal.
    tx.audit("contact.deleted", Some(of), counts)
}

/// Deletes the contact with a user id and returns its id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn delete_user(tx: &mut Tx<'_>, user_id: &str) -> Result<Id> {
    let contact = super::find_by_user_id(tx, user_id)?;
    let contact = contact.ok_or_else(|| Error::not_found("contact of a user", user_id))?;
    delete(tx, contact.id)?;
    Ok(contact.id)
}
