//! What is proven about a contact, and new keys for one that a stranger's device may hold.
//!
//! A visitor can say any address, and without a hash any user id. Kept apart from the contact is
//! therefore which address somebody trusted has given it, and whether its user id was once proven.

use hark_store::{Body, Doc, Field, Id, Kind, ReadTx, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use super::CONTACT_ALIAS;
use super::create::new_keys;
use crate::{files, updates};

/// What is proven about a contact: `emailKey` is the address in lower case that a member, an import
/// or the customer's server has given it, `verified` that a device proved its user id.
pub const CONTACT_TRUST: Kind =
    Kind::new("proof about a contact", "contact_trust", &[Field::text("contact", "contact")]);

/// Whether the address of a contact comes from somebody trusted.
pub(super) fn has_trusted_email(tx: &ReadTx<'_>, contact: &Doc) -> Result<bool> {
    let Some(key) = email_key(&contact.body) else { return Ok(false) };
    Ok(find(tx, contact.id)?.is_some_and(|trust| trust.text("emailKey") == Some(&key)))
}

/// Whether a device has proven the user id of a contact with the project's secret.
pub(super) fn is_verified(tx: &ReadTx<'_>, contact: Id) -> Result<bool> {
    Ok(find(tx, contact)?.is_some_and(|trust| trust.is_true("verified")))
}

/// Notes that the address of a contact comes from somebody trusted.
pub(super) fn trust_email(tx: &mut Tx<'_>, contact: &Doc) -> Result<()> {
    match email_key(&contact.body) {
        Some(key) => note(tx, contact.id, "emailKey", key.into()),
        None => Ok(()),
    }
}

/// Notes that a device has proven the user id of a contact.
pub(super) fn verified(tx: &mut Tx<'_>, contact: Id) -> Result<()> {
    note(tx, contact, "verified", true.into())
}

/// Forgets what is proven about a contact.
pub(super) fn forget(tx: &mut Tx<'_>, contact: Id) -> Result<()> {
    tx.delete_where(&CONTACT_TRUST, "contact", &contact.to_string())?;
    Ok(())
}

/// Gives a contact another id and hash for devices: those that hold one of it are strangers from
/// now on, and start as guests. The caller saves the contact.
pub(super) fn renew_keys(tx: &mut Tx<'_>, contact: &mut Doc) -> Result<()> {
    contact.body.extend(new_keys());
    tx.delete_where(&CONTACT_ALIAS, "contact", &contact.id.to_string())?;
    files::revoke_all(tx, contact.id)?;
    updates::disconnect(tx, contact.id);
    Ok(())
}

/// Callers hold the lock of the contact, so that there is one document about it.
fn note(tx: &mut Tx<'_>, contact: Id, property: &str, value: Json) -> Result<()> {
    match find(tx, contact)? {
        Some(trust) if trust.body.get(property) == Some(&value) => {}
        Some(mut trust) => {
            trust.set(property, value);
            tx.save(&CONTACT_TRUST, trust)?;
        }
        None => {
            let mut body = to_body(json!({"contact": contact}));
            body.insert(property.to_owned(), value);
            tx.insert(&CONTACT_TRUST, body)?;
        }
    }
    Ok(())
}

fn find(tx: &ReadTx<'_>, contact: Id) -> Result<Option<Doc>> {
    tx.find_by(&CONTACT_TRUST, "contact", &contact.to_string())
}

fn email_key(contact: &Body) -> Option<String> {
    let email = contact.get("email").and_then(Json::as_str).unwrap_or_default();
    (!email.is_empty()).then(|| email.to_ascii_lowercase())
}
