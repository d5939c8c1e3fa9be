//! Devices: a visitor's SDK starts or resumes the session of its contact.

use hark_store::{Body, Doc, ReadTx, Result, Tx};
use subtle::ConstantTimeEq;

use super::create::{fresh, save_changed, touch};
use super::properties::{Properties, Setter};
use super::{CONTACT, CONTACT_ALIAS};

/// A device that shows itself.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// The id and hash that the device holds.
    pub known: Option<(String, String)>,
    /// `lang`, `deviceType` and `platform`, as the device sent them.
    pub device: Body,
}

/// The contact that an id and a hash prove, also those of a guest that was merged into it.
pub fn known(tx: &ReadTx<'_>, gleap_id: &str, gleap_hash: &str) -> Result<Option<Doc>> {
    let proven = |doc: &Doc| -> bool {
        let stored = doc.text("gleapHash").unwrap_or_default();
        !stored.is_empty() && stored.as_bytes().ct_eq(gleap_hash.as_bytes()).into()
    };
    if let Some(contact) = tx.find_by(&CONTACT, "gleapId", gleap_id)? {
        return Ok(Some(contact).filter(proven));
    }
    let alias = tx.find_by(&CONTACT_ALIAS, "gleapId", gleap_id)?.filter(proven);
    match alias.and_then(|alias| alias.reference("contact")) {
        Some(contact) => tx.find(&CONTACT, contact),
        None => Ok(None),
    }
}

/// The contact of a device, when nothing about the visit has to be written down. The quick way
/// before [`start`], because most visits are of this sort.
pub fn resume(tx: &ReadTx<'_>, visit: &Visit) -> Result<Option<Doc>> {
    let Some((gleap_id, gleap_hash)) = &visit.known else { return Ok(None) };
    let Some(contact) = known(tx, gleap_id, gleap_hash)? else { return Ok(None) };
    let mut body = contact.body.clone();
    visited(&mut body, visit, tx.now())?;
    Ok((body == contact.body).then_some(contact))
}

/// Resumes the contact of a device; one that is not known, or whose hash is wrong, becomes a
/// new guest.
pub fn start(tx: &mut Tx<'_>, visit: &Visit) -> Result<Doc> {
    let found = match &visit.known {
        Some((gleap_id, gleap_hash)) => known(tx, gleap_id, gleap_hash)?,
        None => None,
    };
    let locked = found.map_or(Ok(None), |contact| tx.find_locked(&CONTACT, contact.id))?;
    let now = tx.now();
    match locked {
        Some(mut contact) => {
            let before = contact.body.clone();
            visited(&mut contact.body, visit, now)?;
            save_changed(tx, &before, contact)
        }
        None => {
            let mut body = fresh(tx);
            visited(&mut body, visit, now)?;
            tx.insert(&CONTACT, body)
        }
    }
}

fn visited(contact: &mut Body, visit: &Visit, now: i64) -> Result<()> {
    let device = ["lang", "deviceType", "platform"];
    let said = visit.device.iter().filter(|(name, _)| device.contains(&name.as_str()));
    let said: Body = said.map(|(name, value)| (name.clone(), value.clone())).collect();
    Properties::from_flat(&said, Setter::Visitor).apply(contact)?;
    touch(contact, now);
    Ok(())
}
