//! A user's passkeys: adding, naming and removing them.

use hark_query::dates::format_date;
use hark_store::access::USER;
use hark_store::{Doc, Error, Id, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::steps::Options;
use super::{RecoveryCodes, added, removed, sessions};
use crate::access::challenge::{self, Purpose};
use crate::access::webauthn::{self, Credential, NewPasskey, Owner, RelyingParty};
use crate::documents::required_line;

/// Passkeys of one user at most.
const PASSKEYS_MAX: usize = 20;

/// A passkey as it is kept.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Passkey {
    id: Id,
    name: String,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
    #[serde(flatten)]
    pub(super) credential: Credential,
}

/// A passkey as it is answered.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyView {
    /// The passkey's id.
    pub id: Id,
    /// What the user calls it.
    pub name: String,
    /// When it was made, ISO 8601.
    pub created_at: String,
    /// When somebody last signed in with it, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<String>,
}

/// A new passkey.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct NewPasskeyInput {
    /// The challenge from the options.
    pub challenge: String,
    /// What the user calls it.
    pub name: String,
    /// What the browser made.
    pub passkey: NewPasskey,
}

/// What the user calls a passkey.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PasskeyName {
    /// The name.
    pub name: String,
}

/// A passkey that was added.
#[derive(Serialize, JsonSchema)]
pub struct AddedPasskey {
    /// The passkey.
    pub passkey: PasskeyView,
    /// The recovery codes that come with the first second factor.
    #[serde(flatten)]
    pub codes: RecoveryCodes,
}

/// The options with which a browser makes a passkey for the user.
pub fn begin_passkey(tx: &mut Tx<'_>, id: Id, party: &RelyingParty) -> Result<Options> {
    sessions::need_recent(tx)?;
    let user = tx.get(&USER, id)?;
    let issued = challenge::issue(tx, Purpose::NewPasskey, Some(&user), None)?;
    let name = [user.text("firstName"), user.text("lastName")].map(Option::unwrap_or_default).join(" ");
    let email = user.text("email").unwrap_or_default();
    let owner = Owner { handle: id.to_string(), email, name: name.trim() };
    let bytes = issued.challenge.nonce.as_bytes();
    let public_key = webauthn::creation_options(party, bytes, &owner, &ids(&of(&user)?));
    Ok(Options { challenge: issued.text, expires_at: issued.expires_at, public_key })
}

/// Adds a passkey.
///
/// # Errors
/// [`Error::Invalid`] when there are too many, when it is known already, and for a broken one.
pub fn add_passkey(
    tx: &mut Tx<'_>,
    id: Id,
    party: &RelyingParty,
    new: &NewPasskeyInput,
) -> Result<AddedPasskey> {
    let challenge = challenge::open(tx, Purpose::NewPasskey, &new.challenge)?;
    let credential = webauthn::register(party, challenge.nonce.as_bytes(), &new.passkey)?;
    let mut user = tx.get_locked(&USER, id)?;
    challenge.use_up(tx, &mut user)?;
    let mut passkeys = of(&user)?;
    if passkeys.len() >= PASSKEYS_MAX {
        return Err(Error::invalid(format!(
            "one user has {PASSKEYS_MAX} passkeys at most, remove one first"
        )));
    }
    if ids(&passkeys).contains(&credential.credential) {
        return Err(Error::invalid("this passkey is known already"));
    }
    let created_at = format_date(tx.now());
    let passkey =
        Passkey { id: tx.new_id(), name: name(&new.name)?, created_at, last_used_at: None, credential };
    let view = view(&passkey);
    passkeys.push(passkey);
    keep(&mut user, &passkeys)?;
    Ok(AddedPasskey { passkey: view, codes: added(tx, user, "passkey")? })
}

/// Gives a passkey another name.
pub fn rename_passkey(tx: &mut Tx<'_>, id: Id, passkey: Id, new: &PasskeyName) -> Result<PasskeyView> {
    let mut user = tx.get_locked(&USER, id)?;
    let mut passkeys = of(&user)?;
    let found = passkeys.iter_mut().find(|known| known.id == passkey).ok_or_else(|| unknown(passkey))?;
    found.name = name(&new.name)?;
    let view = view(found);
    keep(&mut user, &passkeys)?;
    tx.save(&USER, user)?;
    Ok(view)
}

/// Removes a passkey.
pub fn remove_passkey(tx: &mut Tx<'_>, id: Id, passkey: Id) -> Result<()> {
    sessions::need_recent(tx)?;
    let mut user = tx.get_locked(&USER, id)?;
    let mut passkeys = of(&user)?;
    let before = passkeys.len();
    passkeys.retain(|known| known.id != passkey);
    if passkeys.len() == before {
        return Err(unknown(passkey));
    }
    keep(&mut user, &passkeys)?;
    removed(tx, user, "passkey")
}

/// The passkeys of a user as they are answered.
pub(super) fn views(user: &Doc) -> Result<Vec<PasskeyView>> {
    Ok(of(user)?.iter().map(view).collect())
}

/// The passkeys of a user.
pub(super) fn of(user: &Doc) -> Result<Vec<Passkey>> {
    match user.body.get("passkeys") {
        Some(passkeys) => Ok(serde_json::from_value(passkeys.clone())?),
        None => Ok(Vec::new()),
    }
}

/// The ids under which browsers know passkeys.
pub(super) fn ids(passkeys: &[Passkey]) -> Vec<String> {
    passkeys.iter().map(|passkey| passkey.credential.credential.clone()).collect()
}

/// Notes the use of a passkey on the user, who must be saved.
pub(super) fn used(user: &mut Doc, credential: Credential, at: String) -> Result<()> {
    let mut passkeys = of(user)?;
    for passkey in &mut passkeys {
        if passkey.credential.credential == credential.credential {
            passkey.credential = credential.clone();
            passkey.last_used_at = Some(at.clone());
        }
    }
    keep(user, &passkeys)
}

fn keep(user: &mut Doc, passkeys: &[Passkey]) -> Result<()> {
    user.set("passkeys", if passkeys.is_empty() { Json::Null } else { serde_json::to_value(passkeys)? });
    Ok(())
}

fn view(passkey: &Passkey) -> PasskeyView {
    PasskeyView {
        id: passkey.id,
        name: passkey.name.clone(),
        created_at: passkey.created_at.clone(),
        last_used_at: passkey.last_used_at.clone(),
    }
}

fn name(text: &str) -> Result<String> {
    let body = to_body(json!({"name": text.trim()}));
    required_line(&body, "name").map(str::to_owned)
}

fn unknown(id: Id) -> Error {
    Error::not_found("passkey", id)
}
