//! Deleting a contact: everything that is stored about it goes, and a receipt stays.

use hark_store::{Error, Id, Kind, Result, Tx, contact_stream};
use serde_json::json;

use super::{CONTACT, CONTACT_ALIAS, CONTACT_MEMORY, IDENTITY_CHANGE};
use crate::{files, updates};

/// Documents that are deleted at a time.
const AT_A_TIME: u32 = 500;

/// Deletes a contact with its events, memory, identity history, devices and stream.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contact.
pub fn delete(tx: &mut Tx<'_>, contact: Id) -> Result<()> {
    tx.get_locked(&CONTACT, contact)?;
    let events = tx.delete_events(contact)?;
    let memory = delete_all(tx, &CONTACT_MEMORY, contact)?;
    let history = delete_all(tx, &IDENTITY_CHANGE, contact)?;
    let devices = delete_all(tx, &CONTACT_ALIAS, contact)?;
    tx.delete_stream(&contact_stream(contact))?;
    files::revoke_all(tx, contact)?;
    tx.delete(&CONTACT, contact)?;
    updates::disconnect(tx, contact);
    let counts = json!({"events": events, "memory": memory, "identityChanges": history, "devices": devices});
    // What proves the deletion later on: the id, who and when, how much, and nothing personal.
    tx.audit("contact.deleted", Some(contact.to_string()), counts)
}

/// Deletes the contact with a user id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn delete_user(tx: &mut Tx<'_>, user_id: &str) -> Result<()> {
    let contact = super::find_by_user_id(tx, user_id)?;
    let contact = contact.ok_or_else(|| Error::not_found("contact of a user", user_id))?;
    delete(tx, contact.id)
}

fn delete_all(tx: &mut Tx<'_>, kind: &'static Kind, contact: Id) -> Result<usize> {
    let mut deleted = 0;
    loop {
        let docs = tx.all_by(kind, "contact", &contact.to_string(), AT_A_TIME)?;
        if docs.is_empty() {
            return Ok(deleted);
        }
        for doc in &docs {
            tx.delete(kind, doc.id)?;
        }
        deleted += docs.len();
    }
}
