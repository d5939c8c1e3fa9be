//! Second factors: one-time codes of an app, passkeys, and recovery codes for when both are lost.
//!
//! All of it is kept in hidden properties of the user: `totp`, `totpPending`, `passkeys`, `recoveryCodes`.

mod passkeys;
mod recovery;
mod steps;
mod totp;

use hark_query::dates::format_date;
use hark_store::access::{ORGANISATION, USER, has_second_factor, wants_second_factor};
use hark_store::{Doc, Error, Id, Millis, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::address::Address;
use super::setup::Named;
use super::webauthn::UsedPasskey;
use super::{audit, members, sessions, sso};

pub use passkeys::{
    AddedPasskey, NewPasskeyInput, PasskeyName, PasskeyView, add_passkey, begin_passkey, remove_passkey,
    rename_passkey,
};
pub(crate) use steps::ask;
pub use steps::{
    AgainInput, Options, PasskeyInput, SecondFactorNeeded, SecondStep, SignIn, Step, begin_again,
    begin_with_passkey, complete, complete_again, complete_with_passkey, whom,
};

/// How long a new secret waits for its first code.
const PENDING_MS: Millis = 15 * 60 * 1_000;

/// Exactly one of these.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Proof {
    /// The code that the authenticator app shows.
    pub code: Option<String>,
    /// One of the recovery codes, which is used up.
    pub recovery_code: Option<String>,
    /// The use of a passkey.
    pub passkey: Option<UsedPasskey>,
}

/// A second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// A code of an authenticator app.
    Totp,
    /// A passkey.
    Passkey,
    /// A recovery code.
    RecoveryCode,
}

/// How a user signs in.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInMethods {
    /// Whether there is a password.
    pub has_password: bool,
    /// Whether there is a second factor.
    pub second_factor: bool,
    /// The authenticator app, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totp: Option<TotpView>,
    /// The passkeys.
    pub passkeys: Vec<PasskeyView>,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: usize,
    /// The organisations at whose provider the user signs in.
    pub sso: Vec<sso::LinkView>,
    /// The user's organisations at whose provider the user could sign in, too, once it is connected.
    pub sso_offered: Vec<Named>,
    /// The user's organisations that want a second factor.
    pub required_by: Vec<Named>,
    /// Whether this session proved itself a short while ago, so that the rest of this may be changed.
    pub recent: bool,
}

/// An authenticator app.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TotpView {
    /// Since when its codes are asked for, ISO 8601.
    pub enabled_at: String,
}

/// A secret for an authenticator app, which is not shown again.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewTotp {
    /// The secret in base32, to type.
    pub secret: String,
    /// The secret as an address, to show as a QR code.
    pub uri: String,
    /// Until when it waits for its first code, ISO 8601.
    pub expires_at: String,
}

/// New recovery codes, which are not shown again.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    /// The codes; absent when there are some already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_codes: Option<Vec<String>>,
}

/// How the calling user signs in.
pub fn methods(tx: &ReadTx<'_>, id: Id) -> Result<SignInMethods> {
    let user = tx.get(&USER, id)?;
    let totp: Option<Json> = tx.unseal(&USER, &user, "totp")?;
    let enabled_at = totp.as_ref().and_then(|totp| totp["enabledAt"].as_str());
    let mut required_by = Vec::new();
    for organisation in members::organisations(tx, id)?.into_iter().filter(|id| tx.scope().reaches(*id)) {
        let organisation = tx.find(&ORGANISATION, organisation)?.filter(wants_second_factor);
        required_by.extend(
            organisation
                .map(|doc| Named { id: doc.id, name: doc.text("name").unwrap_or_default().to_owned() }),
        );
    }
    Ok(SignInMethods {
        has_password: user.text("passwordHash").is_some(),
        second_factor: has_second_factor(&user),
        totp: enabled_at.map(|at| TotpView { enabled_at: at.to_owned() }),
        passkeys: passkeys::views(&user)?,
        recovery_codes_left: recovery::left(&user),
        sso: sso::links_of(tx, id)?,
        sso_offered: sso::offered_to(tx, id)?,
        required_by,
        recent: sessions::need_recent(tx).is_ok(),
    })
}

/// Makes a secret for an authenticator app; it counts once a code of it was seen.
pub fn begin_totp(tx: &mut Tx<'_>, id: Id, issuer: &str) -> Result<NewTotp> {
    sessions::need_recent(tx)?;
    let mut user = tx.get_locked(&USER, id)?;
    let (secret, until) = (totp::new_secret(), tx.now() + PENDING_MS);
    user.set("totpPending", json!({"secret": secret, "until": until}));
    let uri = totp::uri(&secret, issuer, user.text("email").unwrap_or_default());
    tx.save(&USER, user)?;
    Ok(NewTotp { secret: totp::readable(&secret), uri, expires_at: format_date(until) })
}

/// Asks for codes of the new secret from now on, in place of the one before.
///
/// # Errors
/// [`Error::Invalid`] for a wrong code, and when no secret waits for one.
pub fn confirm_totp(tx: &mut Tx<'_>, id: Id, code: &str) -> Result<RecoveryCodes> {
    let mut user = tx.get_locked(&USER, id)?;
    let now = tx.now();
    let pending: Option<Json> = tx.unseal(&USER, &user, "totpPending")?;
    let pending = pending.filter(|pending| pending["until"].as_i64() > Some(now));
    let secret = pending.as_ref().and_then(|pending| pending["secret"].as_str()).map(str::to_owned);
    let secret = secret.ok_or_else(|| Error::invalid("no secret waits for its first code, begin again"))?;
    let last = totp::step_of(&secret, code, 0, now)
        .ok_or_else(|| Error::invalid("`code` is not the code that the app shows now, check its clock"))?;
    user.set("totp", json!({"secret": secret, "enabledAt": format_date(now), "last": last}));
    user.set("totpPending", Json::Null);
    added(tx, user, "totp")
}

/// Asks for no codes any more.
pub fn remove_totp(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    sessions::need_recent(tx)?;
    let mut user = tx.get_locked(&USER, id)?;
    user.set("totp", Json::Null);
    user.set("totpPending", Json::Null);
    removed(tx, user, "totp")
}

/// Makes new recovery codes in place of those before.
///
/// # Errors
/// [`Error::Invalid`] when there is no second factor that they could replace.
pub fn new_recovery_codes(tx: &mut Tx<'_>, id: Id) -> Result<RecoveryCodes> {
    sessions::need_recent(tx)?;
    let mut user = tx.get_locked(&USER, id)?;
    if !has_second_factor(&user) {
        return Err(Error::invalid("recovery codes replace a second factor, set one up first"));
    }
    let codes = recovery::renew(&mut user);
    tx.save(&USER, user)?;
    audit::of_user(tx, id, "user.recoveryCodesChanged", Json::Null)?;
    Ok(RecoveryCodes { recovery_codes: Some(codes) })
}

/// Takes every second factor away from somebody who lost them, ends the sessions and returns who it is;
/// in the operator's scope, at the machine.
///
/// # Errors
/// [`Error::NotFound`] when nobody signs in with the address.
pub fn reset(tx: &mut Tx<'_>, address: &Address) -> Result<Id> {
    let user = tx.find_by_locked(&USER, "emailKey", &address.key)?;
    let mut user = user.ok_or_else(|| Error::not_found("user with the address", &address.text))?;
    let id = user.id;
    for property in ["totp", "totpPending", "passkeys", "recoveryCodes"] {
        user.set(property, Json::Null);
    }
    tx.save(&USER, user)?;
    sessions::end_all(tx, id)?;
    audit::of_user(tx, id, "user.secondFactorReset", Json::Null)?;
    Ok(id)
}

/// Saves a user who got a second factor. The first one comes with recovery codes and ends the other
/// sessions, which were opened without it.
fn added(tx: &mut Tx<'_>, mut user: Doc, factor: &str) -> Result<RecoveryCodes> {
    let id = user.id;
    let is_first = recovery::left(&user) == 0;
    let recovery_codes = is_first.then(|| recovery::renew(&mut user));
    tx.save(&USER, user)?;
    if is_first {
        sessions::end_others(tx, id)?;
    }
    audit::of_user(tx, id, "user.secondFactorAdded", json!({"factor": factor}))?;
    Ok(RecoveryCodes { recovery_codes })
}

/// Saves a user who lost a second factor, and ends the other sessions.
fn removed(tx: &mut Tx<'_>, mut user: Doc, factor: &str) -> Result<()> {
    let id = user.id;
    if !has_second_factor(&user) {
        user.set("recoveryCodes", Json::Null);
    }
    tx.save(&USER, user)?;
    sessions::end_others(tx, id)?;
    audit::of_user(tx, id, "user.secondFactorRemoved", json!({"factor": factor}))
}
