//! Identify: a guest says who it is, and becomes a known contact or part of one.
//!
//! Whoever gives a contact a user id takes the lock of that user id first. Of two devices that
//! identify as the same new user at once, the second therefore finds what the first made.

use hark_store::{Body, Doc, Error, Id, Result, Tx};

use super::create::{fresh, save_changed, touch};
use super::history::{self, Method};
use super::properties::{Properties, USER_ID_CHARS_MAX};
use super::{CONTACT, merge, trust};

/// Who a contact says it is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The user id in the customer's system.
    pub user_id: String,
    /// What else was said.
    pub properties: Properties,
    /// Whether the user id was proven with the project's secret.
    pub verified: bool,
}

impl Identity {
    /// An identity with a user id that can be stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the user id is empty or too long.
    pub fn new(user_id: &str, properties: Properties, verified: bool) -> Result<Identity> {
        let user_id = super::shape::clean(user_id);
        if user_id.is_empty() {
            return Err(Error::invalid("`userId` is missing or empty"));
        }
        if user_id.chars().count() > USER_ID_CHARS_MAX {
            return Err(Error::invalid(format!("`userId` is longer than {USER_ID_CHARS_MAX} characters")));
        }
        Ok(Identity { user_id, properties, verified })
    }
}

/// Gives the contact of a device an identity and returns the contact that the device now is.
///
/// A guest becomes the user, or is merged into the contact that already is the user. A known
/// contact with another user id is left alone: the device moves to the user's contact, which
/// is made when there is none. Two known users are never merged.
///
/// # Errors
/// [`Error::Unauthenticated`] when the user id is not proven, although an earlier device of the user
/// proved it and this one is another.
pub fn identify(tx: &mut Tx<'_>, contact: Id, identity: &Identity) -> Result<Doc> {
    lock_user_id(tx, &identity.user_id)?;
    let current = tx.find_locked(&CONTACT, contact)?;
    let user = tx.find_by_locked(&CONTACT, "userId", &identity.user_id)?;
    let is_user = |user: &Doc| current.as_ref().is_some_and(|current| current.id == user.id);
    if let Some(user) = user.as_ref().filter(|user| !identity.verified && !is_user(user))
        && trust::is_verified(tx, user.id)?
    {
        return Err(Error::Unauthenticated(
            "this user has proven its user id before, send a `userHash` from this device too".to_owned(),
        ));
    }
    let contact = become_user(tx, current, user, identity)?;
    if identity.verified {
        trust::verified(tx, contact.id)?;
    }
    Ok(contact)
}

fn become_user(tx: &mut Tx<'_>, current: Option<Doc>, user: Option<Doc>, identity: &Identity) -> Result<Doc> {
    match (current, user) {
        (Some(current), Some(user)) if current.id == user.id => settle(tx, user, identity, true),
        (Some(guest), Some(mut user)) if guest.text("userId").is_none() => {
            let stored = user.body.clone();
            merge::absorb(tx, guest, &mut user, Method::identify(identity.verified))?;
            describe(tx, &mut user, identity, true)?;
            save_changed(tx, &stored, user)
        }
        (_, Some(user)) => settle(tx, user, identity, true),
        (Some(guest), None) if guest.text("userId").is_none() => settle(tx, guest, identity, true),
        (current, None) => create(tx, current.as_ref(), identity),
    }
}

/// The server-side way: finds the contact of a user id, or makes it, and sets what was said.
/// `active` tells whether this counts as an activity of the contact.
pub fn identify_user(tx: &mut Tx<'_>, identity: &Identity, active: bool) -> Result<Doc> {
    lock_user_id(tx, &identity.user_id)?;
    let contact = match tx.find_by_locked(&CONTACT, "userId", &identity.user_id)? {
        Some(user) => settle(tx, user, identity, active)?,
        None => create(tx, None, identity)?,
    };
    if identity.properties.known.contains_key("email") {
        trust::trust_email(tx, &contact)?;
    }
    Ok(contact)
}

/// Makes others who are about to give a contact this user id wait for the end of the transaction.
pub(super) fn lock_user_id(tx: &Tx<'_>, user_id: &str) -> Result<()> {
    tx.lock_name(&format!("contact.userId:{user_id}"))
}

fn settle(tx: &mut Tx<'_>, mut contact: Doc, identity: &Identity, active: bool) -> Result<Doc> {
    let stored = contact.body.clone();
    describe(tx, &mut contact, identity, active)?;
    save_changed(tx, &stored, contact)
}

fn describe(tx: &mut Tx<'_>, contact: &mut Doc, identity: &Identity, active: bool) -> Result<()> {
    let before = contact.body.clone();
    set(&mut contact.body, identity)?;
    trust::email_changed(tx, contact.id, &before, &contact.body)?;
    history::record(tx, contact.id, &before, &contact.body, Method::identify(identity.verified))?;
    if active && !identity.properties.known.contains_key("lastActivity") {
        touch(&mut contact.body, tx.now());
    }
    Ok(())
}

fn create(tx: &mut Tx<'_>, device: Option<&Doc>, identity: &Identity) -> Result<Doc> {
    let mut body = fresh(tx);
    for name in ["lang", "deviceType", "platform"] {
        if let Some(value) = device.and_then(|device| device.body.get(name)) {
            body.insert(name.to_owned(), value.clone());
        }
    }
    set(&mut body, identity)?;
    if device.is_some() {
        touch(&mut body, tx.now());
    }
    let contact = tx.insert(&CONTACT, body)?;
    history::record(tx, contact.id, &Body::new(), &contact.body, Method::identify(identity.verified))?;
    Ok(contact)
}

fn set(contact: &mut Body, identity: &Identity) -> Result<()> {
    contact.insert("userId".to_owned(), identity.user_id.clone().into());
    identity.properties.apply(contact)
}
