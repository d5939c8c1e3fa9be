//! What is proven about a contact.
//!
//! A visitor can say any address, and without a hash any user id. Kept apart from the contact is
//! therefore which address somebody trusted has given it, and whether its user id was once proven.

use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Field, Id, Kind, ReadTx, Result, Tx, to_body};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{CONTACT, SAME_ADDRESS_MAX};
use crate::documents::by_ids;

/// Users with the same address of whom is asked whether they are verified.
const SAME_USERS_MAX: u32 = 1_000;

/// What is proven about a contact: `emailKey` is the address in lower case that a member, an import
/// or the customer's server has given it, `verified` that a device proved its user id.
pub const CONTACT_TRUST: Kind = Kind::new(
    "proof about a contact",
    "contact_trust",
    &[Field::text("contact", "contact"), Field::text("emailKey", "email_key")],
);

/// The contacts that somebody trusted has given this address, in any case and oldest first.
pub(super) fn with_email(tx: &ReadTx<'_>, email: &str) -> Result<Vec<Doc>> {
    let key = email.to_ascii_lowercase();
    let mut contacts = Vec::new();
    for trust in tx.all_by(&CONTACT_TRUST, "emailKey", &key, SAME_ADDRESS_MAX)? {
        let contact = trust.reference("contact").map(|id| tx.find(&CONTACT, id)).transpose()?.flatten();
        contacts.extend(contact.filter(|contact| email_key(&contact.body).as_ref() == Some(&key)));
    }
    contacts.sort_by_key(|contact| contact.id);
    Ok(contacts)
}

/// Whether the address of a contact comes from somebody trusted.
fn has_trusted_email(tx: &ReadTx<'_>, contact: &Doc) -> Result<bool> {
    let Some(key) = email_key(&contact.body) else { return Ok(false) };
    Ok(find(tx, contact.id)?.is_some_and(|trust| trust.text("emailKey") == Some(&key)))
}

/// Whether a device has proven the user id of a contact with the project's secret.
pub(super) fn is_verified(tx: &ReadTx<'_>, contact: Id) -> Result<bool> {
    Ok(find(tx, contact)?.is_some_and(|trust| trust.is_true("verified")))
}

/// The contacts that say this address and have proven who they are, oldest first.
pub(super) fn verified_with_email(tx: &ReadTx<'_>, email: &str) -> Result<Vec<Doc>> {
    // Only users can be verified, and guests that say the address must not hide them.
    let users = Filter::equal(Path::known("emailKey"), email.to_ascii_lowercase())
        .and(Filter::exists(Path::known("userId"), true));
    let users = tx.list_ids(&CONTACT, users, SAME_USERS_MAX)?;
    let users: Vec<String> = users.iter().map(Id::to_string).collect();
    let proofs = tx.all_of(&CONTACT_TRUST, "contact", &users)?;
    let verified = proofs.iter().filter(|trust| trust.is_true("verified"));
    by_ids(tx, &CONTACT, &verified.filter_map(|trust| trust.reference("contact")).collect())
        .map(|contacts| contacts.into_values().collect())
}

/// Notes that the address of a contact comes from somebody trusted.
pub(super) fn trust_email(tx: &mut Tx<'_>, contact: &Doc) -> Result<()> {
    match email_key(&contact.body) {
        Some(key) => note(tx, contact.id, "emailKey", key.into()),
        None => Ok(()),
    }
}

/// Forgets who gave a contact its address when it has another one now: whoever says the former again later may
/// be anybody.
pub(super) fn email_changed(tx: &mut Tx<'_>, contact: Id, before: &Body, after: &Body) -> Result<()> {
    let has_trust = |trust: Doc| trust.text("emailKey").is_some();
    if email_key(before) != email_key(after) && find(tx, contact)?.is_some_and(has_trust) {
        note(tx, contact, "emailKey", Json::Null)?;
    }
    Ok(())
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

/// What a merge does to trust in addresses: whether the guest's was trusted, and whether the other contact's
/// became so by it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Handed {
    guest: bool,
    given: bool,
}

/// Trusts the address of a contact that got it from a guest, as far as the guest's was trusted, and forgets
/// what is proven about the guest.
pub(super) fn hand_over(tx: &mut Tx<'_>, guest: &Doc, known: &Doc) -> Result<Handed> {
    let of_guest = has_trusted_email(tx, guest)?;
    let is_same = email_key(&guest.body) == email_key(&known.body);
    let given = of_guest && is_same && !has_trusted_email(tx, known)?;
    if given {
        trust_email(tx, known)?;
    }
    forget(tx, guest.id)?;
    Ok(Handed { guest: of_guest, given })
}

/// Undoes [`hand_over`].
pub(super) fn hand_back(tx: &mut Tx<'_>, guest: &Doc, known: Id, handed: Handed) -> Result<()> {
    let of_known = find(tx, known)?.and_then(|trust| trust.text("emailKey").map(str::to_owned));
    if handed.given && of_known.is_some() && of_known == email_key(&guest.body) {
        note(tx, known, "emailKey", Json::Null)?;
    }
    if handed.guest { trust_email(tx, guest) } else { Ok(()) }
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
