//! What an organisation wants of people who sign in.

use hark_store::access::{ORGANISATION, USER, has_second_factor, wants_second_factor};
use hark_store::{Error, Id, Need, Permission, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::authority::Authority;
use super::{audit, sessions};

/// What an organisation wants.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Security {
    /// Whether it lets in only people with a second factor.
    pub require_second_factor: bool,
}

/// What an organisation wants.
pub fn get(tx: &ReadTx<'_>, user: Id, organisation: Id) -> Result<Security> {
    Authority::in_organisation(tx, user, organisation)?.need(Permission::SettingsManage)?;
    let organisation = tx.get(&ORGANISATION, organisation)?;
    Ok(Security { require_second_factor: wants_second_factor(&organisation) })
}

/// Sets what an organisation wants; it counts at once, in every session.
///
/// # Errors
/// [`Error::Needs`] when the caller would be locked out.
pub fn set(tx: &mut Tx<'_>, user: Id, organisation: Id, security: Security) -> Result<Security> {
    Authority::in_organisation(tx, user, organisation)?.need(Permission::SettingsManage)?;
    sessions::need_recent(tx)?;
    if security.require_second_factor && !has_second_factor(&tx.get(&USER, user)?) {
        return Err(Error::Needs(Need::SecondFactor));
    }
    let mut doc = tx.get_locked(&ORGANISATION, organisation)?;
    doc.set(
        "requireSecondFactor",
        if security.require_second_factor { Json::Bool(true) } else { Json::Null },
    );
    tx.save(&ORGANISATION, doc)?;
    audit::note(tx, organisation, "organisation.securityChanged", organisation, json!(security))?;
    Ok(security)
}
