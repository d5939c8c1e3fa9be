//! Unsubscribing contacts from outbound messages, and back.

use std::collections::BTreeSet;

use hark_store::{Body, Doc, Error, Id, Result, Tx};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::properties::Properties;
use super::update::update;
use super::{find_by_email, find_by_user_id, trust};

/// Names that one call sends at most.
const NAMED_MAX: usize = 500;
/// Contacts that one call changes at most: one transaction writes all of them, and a name may be
/// an address that many have.
const CONTACTS_MAX: usize = 2_000;

/// A contact, named by user id, else by address.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// The user id in the customer's system.
    pub user_id: Option<String>,
    /// The address; all contacts that have it are meant.
    pub email: Option<String>,
}

/// Unsubscribes the named contacts. Returns how many were, and how many names nobody has.
///
/// # Errors
/// [`Error::Invalid`] when too many are named or meant, or the reason is too long.
pub fn unsubscribe(tx: &mut Tx<'_>, named: &[Named], reason: Option<&str>) -> Result<(usize, usize)> {
    if named.len() > NAMED_MAX {
        return Err(Error::invalid(format!(
            "`sessions` names more than {NAMED_MAX} contacts, send them in parts"
        )));
    }
    let mut body = Body::new();
    body.insert("unsubscribed".to_owned(), true.into());
    body.extend(reason.map(|reason| ("unsubscribeReason".to_owned(), Json::from(reason))));
    let properties = Properties::from_rest(&body)?;
    // In the order of ids, so that two calls cannot wait for each other, and each contact once.
    let mut meant = BTreeSet::new();
    let mut unknown = 0;
    for name in named {
        let contacts = contacts_of(tx, name)?;
        unknown += usize::from(contacts.is_empty());
        meant.extend(contacts.iter().map(|contact| contact.id));
        if meant.len() > CONTACTS_MAX {
            return Err(Error::invalid(format!(
                "`sessions` means more than {CONTACTS_MAX} contacts, send them in parts"
            )));
        }
    }
    for contact in &meant {
        update(tx, *contact, &properties, None)?;
    }
    tx.audit("contacts.unsubscribed", None, json!({"contacts": meant.len(), "unknown": unknown}))?;
    Ok((meant.len(), unknown))
}

/// Lets a contact have outbound messages again.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contact.
pub fn resubscribe(tx: &mut Tx<'_>, contact: Id) -> Result<Doc> {
    let properties = Properties::from_rest(&hark_store::to_body(json!({"unsubscribed": false})))?;
    update(tx, contact, &properties, None)
}

fn contacts_of(tx: &Tx<'_>, name: &Named) -> Result<Vec<Doc>> {
    if let Some(user_id) = name.user_id.as_deref().filter(|user_id| !user_id.is_empty()) {
        return Ok(find_by_user_id(tx, user_id)?.into_iter().collect());
    }
    let email = name.email.as_deref().unwrap_or_default();
    let mut contacts = find_by_email(tx, email)?;
    if !contacts.is_empty() {
        // However many say the address, whose it is known to be must be among them.
        contacts.extend(trust::with_email(tx, email)?);
        contacts.extend(trust::verified_with_email(tx, email)?);
    }
    Ok(contacts)
}
