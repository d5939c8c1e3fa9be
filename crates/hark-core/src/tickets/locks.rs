//! The order in which tickets and their contacts are locked: contacts first, each by their ids, so
//! that no two changes wait for each other.

use std::collections::BTreeSet;

use hark_store::{Id, Result, Tx};

use super::TICKET;
use crate::contacts::CONTACT;

/// Locks tickets with their contacts, and one more contact.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when one of the tickets is not there.
pub(crate) fn with_contacts(tx: &Tx<'_>, tickets: &[Id], and: Option<Id>) -> Result<()> {
    let mut contacts: BTreeSet<Id> = and.into_iter().collect();
    for ticket in tickets {
        contacts.extend(tx.get(&TICKET, *ticket)?.reference("session"));
    }
    for contact in &contacts {
        tx.find_locked(&CONTACT, *contact)?;
    }
    let tickets: BTreeSet<Id> = tickets.iter().copied().collect();
    for ticket in tickets {
        // One that came to another contact in between: too late for the order, but locked.
        let contact = tx.get_locked(&TICKET, ticket)?.reference("session");
        if let Some(contact) = contact.filter(|contact| !contacts.contains(contact)) {
            tx.find_locked(&CONTACT, contact)?;
        }
    }
    Ok(())
}
