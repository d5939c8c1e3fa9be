//! Signing up with an address and a password, and getting back in when the password is forgotten.
//!
//! Strangers call all of this, so no answer tells whether an address is known: sign-up answers
//! with an id that is computed from the address, known or not, and whoever reads the address's
//! mail learns the rest. A password counts only if nobody signed up with the same address and
//! another password before it was confirmed: otherwise the person who confirms sets a new one by
//! mail, and nobody can plant a password in an account that somebody else then confirms.

use hark_store::access::USER;
use hark_store::credentials::hash;
use hark_store::{Doc, Error, Id, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::address::Address;
use super::codes::{self, Outcome, Purpose};
use super::factors::SignIn;
use super::letters::Letter;
use super::sessions;
use super::users::is_person;
use super::webauthn::RelyingParty;
use crate::documents::{LINE_MAX, required_line};

/// What a new user tells.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SignUp {
    /// First and last name.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
    /// The password to sign in with.
    #[serde(skip_serializing)]
    pub password: String,
    /// Who sent the user here.
    pub referral: Option<String>,
    /// Which way the user is led through the first steps.
    pub onboarding_flow: Option<String>,
    /// The campaign's source.
    #[serde(rename = "utm_source")]
    pub utm_source: Option<String>,
    /// The campaign's medium.
    #[serde(rename = "utm_medium")]
    pub utm_medium: Option<String>,
    /// The campaign's term.
    #[serde(rename = "utm_term")]
    pub utm_term: Option<String>,
    /// The campaign's content.
    #[serde(rename = "utm_content")]
    pub utm_content: Option<String>,
    /// The campaign's name.
    #[serde(rename = "utm_campaign")]
    pub utm_campaign: Option<String>,
}

/// A sign-up that was checked.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address.
    pub address: Address,
    body: Json,
}

impl SignUp {
    /// Checks everything but the password, whose hashing checks it.
    pub fn check(&self) -> Result<NewUser> {
        let address = Address::parse(&self.email)?;
        let body = to_body(serde_json::to_value(self)?);
        let name = required_line(&body, "name")?;
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        let names = json!({"firstName": first, "lastName": last.trim()});
        let mut kept = to_body(names);
        for (property, value) in &body {
            let text = value.as_str().unwrap_or_default();
            if text.chars().count() > LINE_MAX {
                return Err(Error::invalid(format!("`{property}` is longer than {LINE_MAX} characters")));
            }
            if !text.is_empty() && !["name", "email"].contains(&property.as_str()) {
                kept.insert(property.clone(), value.clone());
            }
        }
        Ok(NewUser { address, body: Json::Object(kept) })
    }
}

/// Signs up, in the operator's scope, and returns the id for [`resend`]. `same_password` says
/// whether the password fits the one of an earlier sign-up with the address.
pub fn sign_up(tx: &mut Tx<'_>, new: &NewUser, password_hash: &str, same_password: bool) -> Result<Id> {
    let id = id_of(tx, &new.address)?;
    let Some(mut user) = tx.find_by_locked(&USER, "emailKey", &new.address.key)? else {
        let mut body = to_body(new.body.clone());
        body.insert("email".to_owned(), json!(new.address.text));
        body.insert("emailKey".to_owned(), json!(new.address.key));
        body.insert("type".to_owned(), json!("default"));
        body.insert("confirmed".to_owned(), json!(false));
        body.insert("passwordHash".to_owned(), json!(password_hash));
        let user = tx.insert_as(&USER, id, body)?;
        Letter::ConfirmAddress { user: user.id }.post(tx)?;
        return Ok(id);
    };
    if !is_person(&user) {
        return Ok(id);
    }
    if user.is_true("confirmed") {
        Letter::KnownAddress { user: user.id }.post(tx)?;
        return Ok(id);
    }
    for (property, value) in to_body(new.body.clone()) {
        user.set(&property, value);
    }
    if !same_password {
        user.set("passwordHash", Json::Null);
    }
    let user = tx.save(&USER, user)?;
    Letter::ConfirmAddress { user: user.id }.post(tx)?;
    Ok(id)
}

/// Sends another code to somebody who signed up and has not confirmed yet, in the operator's
/// scope. Whether there is such a person is looked up when the letter is written, so that this
/// call does the same for every id.
pub fn resend(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    Letter::ConfirmAddress { user: id }.post(tx)
}

/// Confirms an address with the code and signs in, in the operator's scope; `None` for a wrong code,
/// which this transaction must commit as a used-up try.
pub fn verify(
    tx: &mut Tx<'_>,
    address: &Address,
    code: &str,
    party: Option<&RelyingParty>,
) -> Result<Option<SignIn>> {
    let Some(user) = redeem(tx, address, Purpose::Confirm, code)? else {
        return Ok(None);
    };
    sessions::begin(tx, &user, party, None).map(Some)
}

/// Sends a code with which the person can set a new password, in the operator's scope.
pub fn forgot_password(tx: &mut Tx<'_>, address: &Address) -> Result<()> {
    // For an unknown address the letter has no reader and is never written: the work is the same.
    let nobody = id_of(tx, address)?;
    let user = tx.find_by(&USER, "emailKey", &address.key)?.filter(is_person);
    Letter::ResetPassword { user: user.map_or(nobody, |user| user.id) }.post(tx)
}

/// Sets a new password with the code, ends every session and signs in, in the operator's scope;
/// `None` for a wrong code, which this transaction must commit as a used-up try.
pub fn reset_password(
    tx: &mut Tx<'_>,
    address: &Address,
    code: &str,
    password_hash: &str,
    party: Option<&RelyingParty>,
) -> Result<Option<SignIn>> {
    let Some(mut user) = redeem(tx, address, Purpose::Reset, code)? else {
        return Ok(None);
    };
    user.set("passwordHash", password_hash);
    let user = tx.save(&USER, user)?;
    sessions::end_all(tx, user.id)?;
    sessions::begin(tx, &user, party, None).map(Some)
}

/// What every wrong code is answered with.
pub fn wrong_code() -> Error {
    Error::Unauthenticated("the code is wrong or no longer good, ask for a new one".to_owned())
}

/// Either code reached the address, so either confirms it.
fn redeem(tx: &mut Tx<'_>, address: &Address, purpose: Purpose, code: &str) -> Result<Option<Doc>> {
    let key = super::instance_secret(tx, codes::KEY)?;
    let user = tx.find_by_locked(&USER, "emailKey", &address.key)?.filter(is_person);
    let Some(mut user) = user else {
        return Ok(None);
    };
    match codes::redeem(&mut user, purpose, &key, code, tx.now())? {
        Outcome::Right => {
            user.set("confirmed", true);
            tx.save(&USER, user).map(Some)
        }
        Outcome::Counted => tx.save(&USER, user).map(|_| None),
        // Saving would take time that tells that the address is known.
        Outcome::Wrong => Ok(None),
    }
}

/// The id that a sign-up with this address has, computed with a key that only this instance knows.
fn id_of(tx: &mut Tx<'_>, address: &Address) -> Result<Id> {
    let key = super::instance_secret(tx, "sign_up_key")?;
    let digest = hash(&format!("{key}:{}", address.key));
    Id::parse(&digest[..24]).ok_or_else(|| Error::internal("a digest is no id"))
}
