//! Changing contacts, and finding or creating one by what identifies it.

use hark_store::{Body, Doc, Error, Id, Result, Tx};
use serde_json::Value as Json;

use super::create::{fresh, save_changed, touch};
use super::history::{self, Method};
use super::identify::lock_user_id;
use super::properties::Properties;
use super::{CONTACT, trust};
use crate::documents::expect_revision;

/// Sets what an SDK says about its contact.
pub fn partial_update(tx: &mut Tx<'_>, contact: Id, properties: &Properties) -> Result<Doc> {
    let mut contact = tx.get_locked(&CONTACT, contact)?;
    let before = contact.body.clone();
    properties.apply(&mut contact.body)?;
    touch(&mut contact.body, tx.now());
    trust::email_changed(tx, contact.id, &before, &contact.body)?;
    history::record(tx, contact.id, &before, &contact.body, Method::PARTIAL_UPDATE)?;
    save_changed(tx, &before, contact)
}

/// Sets properties of a contact for a member of the project. With `expected`, only if the contact
/// still has this revision.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contact, [`Error::Stale`] when it has another revision, [`Error::Conflict`] when the user id is taken,
/// [`Error::Invalid`] when it would lose its user id.
pub fn update(tx: &mut Tx<'_>, contact: Id, properties: &Properties, expected: Option<i64>) -> Result<Doc> {
    tx.get(&CONTACT, contact)?;
    if let Some(user_id) = properties.known.get("userId") {
        let user_id = user_id.as_str().filter(|user_id| !user_id.is_empty()).ok_or_else(|| {
            Error::invalid("a contact cannot lose its `userId`, give it another one or delete the contact")
        })?;
        lock_user_id(tx, user_id)?;
        let holder = tx.find_by(&CONTACT, "userId", user_id)?;
        if holder.is_some_and(|holder| holder.id != contact) {
            return Err(Error::Conflict { what: CONTACT.name, field: "userId".to_owned() });
        }
    }
    let contact = tx.get_locked(&CONTACT, contact)?;
    expect_revision(&CONTACT, &contact, expected)?;
    let email_before = contact.text("email").map(str::to_owned);
    let contact = set(tx, contact, properties)?;
    // A form that sends back an address as a visitor said it vouches for nothing.
    if contact.text("email") != email_before.as_deref() {
        trust::trust_email(tx, &contact)?;
    }
    Ok(contact)
}

/// The contact with the `userId` of the properties, else one with their `email` and no other user
/// id, with the properties set; a new contact when there is none. Tells whether it is new, too. Only
/// members, imports and servers may call this.
///
/// An address that a visitor said proves nothing: a guest is not found by it, nor is a user who is not
/// verified. They keep it, for it is where agents can answer them.
///
/// # Errors
/// [`Error::Invalid`] when neither is given.
pub fn find_or_create(tx: &mut Tx<'_>, properties: &Properties) -> Result<(Doc, bool)> {
    let given = |name| properties.text(name).filter(|text| !text.is_empty());
    let (user_id, email) = (given("userId"), given("email"));
    if user_id.is_none() && email.is_none() {
        return Err(Error::invalid("a contact needs a `userId` or an `email`"));
    }
    if let Some(user_id) = user_id {
        lock_user_id(tx, user_id)?;
    }
    if let Some(email) = email {
        tx.lock_name(&format!("contact.email:{}", email.to_ascii_lowercase()))?;
    }
    let mut found = match user_id {
        Some(user_id) => tx.find_by(&CONTACT, "userId", user_id)?,
        None => None,
    };
    if let (None, Some(email)) = (&found, email) {
        found = with_email(tx, email, user_id.is_none())?;
    }
    let is_new = found.is_none();
    let contact = match found {
        Some(found) => {
            let contact = tx.get_locked(&CONTACT, found.id)?;
            set(tx, contact, properties)?
        }
        None => {
            let mut body = fresh(tx);
            properties.apply(&mut body)?;
            mark_subscription(&Body::new(), &mut body, tx.now());
            tx.insert(&CONTACT, body)?
        }
    };
    if email.is_some() {
        trust::trust_email(tx, &contact)?;
    }
    Ok((contact, is_new))
}

/// The contact that somebody trusted means by an address: one that was given it, else, where known `users`
/// count, one that says it and has proven who it is.
fn with_email(tx: &Tx<'_>, email: &str, users: bool) -> Result<Option<Doc>> {
    let is_guest = |contact: &Doc| contact.text("userId").is_none();
    let given = trust::with_email(tx, email)?.into_iter().find(|contact| users || is_guest(contact));
    if given.is_some() || !users {
        return Ok(given);
    }
    Ok(trust::verified_with_email(tx, email)?.into_iter().next())
}

fn set(tx: &mut Tx<'_>, mut contact: Doc, properties: &Properties) -> Result<Doc> {
    let before = contact.body.clone();
    properties.apply(&mut contact.body)?;
    mark_subscription(&before, &mut contact.body, tx.now());
    trust::email_changed(tx, contact.id, &before, &contact.body)?;
    history::record(tx, contact.id, &before, &contact.body, Method::UPDATE)?;
    save_changed(tx, &before, contact)
}

/// Keeps the moment and the reason of an unsubscription in step with whether there is one.
pub(super) fn mark_subscription(before: &Body, contact: &mut Body, now: i64) {
    let unsubscribed = |body: &Body| body.get("unsubscribed") == Some(&Json::Bool(true));
    if !unsubscribed(contact) {
        contact.shift_remove("unsubscribedAt");
        contact.shift_remove("unsubscribeReason");
    } else if !unsubscribed(before) {
        contact.insert("unsubscribedAt".to_owned(), hark_query::dates::format_date(now).into());
    }
}
