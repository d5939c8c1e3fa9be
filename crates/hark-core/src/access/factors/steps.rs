//! The steps of a sign-in: what is asked for after the first factor, signing in with a passkey alone,
//! and proving again who it is.

use hark_query::dates::format_date;
use hark_store::access::{USER, has_second_factor};
use hark_store::{Doc, Error, Id, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Method, Proof, passkeys, recovery, totp};
use crate::access::challenge::{self, Challenge, Purpose};
use crate::access::sessions::{self, SignedIn};
use crate::access::sso;
use crate::access::webauthn::{self, RelyingParty, UsedPasskey};

/// What a sign-in came to.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum SignIn {
    /// A session began.
    SignedIn(SignedIn),
    /// A second factor is missing.
    SecondFactor(SecondFactorNeeded),
}

/// A sign-in that waits for a second factor.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactorNeeded {
    /// What the next step takes.
    pub second_factor: Step,
}

/// A step to be taken.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Comes back with the proof.
    pub challenge: String,
    /// Until when it is good, ISO 8601.
    pub expires_at: String,
    /// What can be proved with.
    pub methods: Vec<Method>,
    /// The options of `navigator.credentials.get` (`PublicKeyCredentialRequestOptionsJSON`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<Json>,
}

/// Options for a browser's passkeys.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// Comes back with what the browser made of the options.
    pub challenge: String,
    /// Until when it is good, ISO 8601.
    pub expires_at: String,
    /// The options, in the JSON form of Web Authentication.
    pub public_key: Json,
}

/// The second step of a sign-in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct SecondStep {
    /// The challenge of the first step.
    pub challenge: String,
    /// The second factor.
    #[serde(flatten)]
    pub proof: Proof,
}

/// A sign-in with a passkey alone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct PasskeyInput {
    /// The challenge from the options.
    pub challenge: String,
    /// The use of the passkey.
    pub passkey: UsedPasskey,
}

/// Proof that the session still is with whom it began: the password, with a second factor where there
/// is one, or a passkey.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AgainInput {
    /// The challenge from the options; a passkey needs it.
    pub challenge: String,
    /// The password.
    pub password: Option<String>,
    /// The second factor.
    #[serde(flatten)]
    pub proof: Proof,
}

/// Asks for the second factor of a user who has one; `through` is the organisation whose provider vouched
/// for the first.
pub(crate) fn ask(
    tx: &mut Tx<'_>,
    user: &Doc,
    party: Option<&RelyingParty>,
    through: Option<Id>,
) -> Result<Option<SecondFactorNeeded>> {
    if !has_second_factor(user) {
        return Ok(None);
    }
    step(tx, user, party, Purpose::SecondFactor, through)
        .map(|second_factor| Some(SecondFactorNeeded { second_factor }))
}

/// Whose challenge of a sign-in this is: the user, and the key of the address; in the operator's scope.
///
/// # Errors
/// [`Error::Unauthenticated`] when it is not good.
pub fn whom(tx: &ReadTx<'_>, text: &str) -> Result<(Id, String)> {
    let challenge = challenge::open(tx, Purpose::SecondFactor, text)?;
    let user = challenge.user.map(|user| tx.find(&USER, user)).transpose()?.flatten();
    let user = user.ok_or_else(challenge::over)?;
    Ok((user.id, user.text("emailKey").unwrap_or_default().to_owned()))
}

/// Signs in with the second factor, in the operator's scope.
///
/// # Errors
/// [`Error::Unauthenticated`] when something is wrong, over or used.
pub fn complete(tx: &mut Tx<'_>, party: Option<&RelyingParty>, input: &SecondStep) -> Result<SignedIn> {
    let challenge = challenge::open(tx, Purpose::SecondFactor, &input.challenge)?;
    let user = challenge.user.map(|user| tx.find_locked(&USER, user)).transpose()?.flatten();
    let mut user = user.ok_or_else(challenge::over)?;
    if let Some(organisation) = challenge.organisation
        && !sso::is_linked(tx, user.id, organisation)?
    {
        // The provider changed, or the user left, between the two steps.
        return Err(challenge::over());
    }
    prove(tx, &mut user, &challenge, &input.proof, party)?;
    finish(tx, user, &challenge)
}

/// Options for signing in with any passkey that knows whose it is, in the operator's scope.
pub fn begin_with_passkey(tx: &mut Tx<'_>, party: &RelyingParty) -> Result<Options> {
    let issued = challenge::issue(tx, Purpose::Passkey, None, None)?;
    let public_key = webauthn::request_options(party, issued.challenge.nonce.as_bytes(), &[]);
    Ok(Options { challenge: issued.text, expires_at: issued.expires_at, public_key })
}

/// Signs in with a passkey that made sure who uses it, in the operator's scope: it is two factors in one.
///
/// # Errors
/// [`Error::Unauthenticated`] when something is wrong, over or used.
pub fn complete_with_passkey(
    tx: &mut Tx<'_>,
    party: &RelyingParty,
    input: &PasskeyInput,
) -> Result<SignedIn> {
    let challenge = challenge::open(tx, Purpose::Passkey, &input.challenge)?;
    let handle = webauthn::user_handle(&input.passkey).and_then(|handle| Id::parse(&handle));
    let user = handle.map(|user| tx.find_locked(&USER, user)).transpose()?.flatten();
    let mut user = user.filter(|user| !user.is_true("disabled")).ok_or_else(unknown)?;
    if sso::maker_of(&user).is_some() {
        // Whom the provider lets in no more must not come in beside it.
        let sentence = "this account signs in at its organisation's provider, choose single sign-on";
        return Err(Error::Forbidden(sentence.to_owned()));
    }
    use_passkey(tx, &mut user, &challenge, &input.passkey, Some(party), true)?;
    finish(tx, user, &challenge)
}

/// Options for proving again who it is.
pub fn begin_again(tx: &mut Tx<'_>, id: Id, party: Option<&RelyingParty>) -> Result<Step> {
    let user = tx.get(&USER, id)?;
    step(tx, &user, party, Purpose::Again, None)
}

/// Notes that the session's user proved again who it is. `password` is the hash that the password
/// fitted, if there was one in the input.
///
/// # Errors
/// [`Error::Unauthenticated`] when that is not enough.
pub fn complete_again(
    tx: &mut Tx<'_>,
    id: Id,
    party: Option<&RelyingParty>,
    input: &AgainInput,
    password: Option<&str>,
) -> Result<()> {
    let mut user = tx.get_locked(&USER, id)?;
    let knows_password = password.is_some() && user.text("passwordHash") == password;
    if let Some(passkey) = &input.proof.passkey {
        let challenge = challenge::open(tx, Purpose::Again, &input.challenge)?;
        use_passkey(tx, &mut user, &challenge, passkey, party, !knows_password)?;
        challenge.use_up(tx, &mut user)?;
    } else if !knows_password {
        return Err(sessions::wrong_password());
    } else if has_second_factor(&user) {
        prove_by_code(tx, &mut user, &input.proof)?;
    }
    let user = tx.save(&USER, user)?;
    sessions::renew(tx, &user)
}

fn step(
    tx: &mut Tx<'_>,
    user: &Doc,
    party: Option<&RelyingParty>,
    purpose: Purpose,
    through: Option<Id>,
) -> Result<Step> {
    let issued = challenge::issue(tx, purpose, Some(user), through)?;
    let known = passkeys::ids(&passkeys::of(user)?);
    let party = party.filter(|_| !known.is_empty());
    let methods = [
        (user.body.contains_key("totp"), Method::Totp),
        (party.is_some(), Method::Passkey),
        (recovery::left(user) > 0, Method::RecoveryCode),
    ];
    let nonce = issued.challenge.nonce.as_bytes();
    let public_key = party.map(|party| webauthn::request_options(party, nonce, &known));
    let methods = methods.into_iter().filter_map(|(has, method)| has.then_some(method)).collect();
    Ok(Step { challenge: issued.text, expires_at: issued.expires_at, methods, public_key })
}

fn finish(tx: &mut Tx<'_>, mut user: Doc, challenge: &Challenge) -> Result<SignedIn> {
    challenge.use_up(tx, &mut user)?;
    let user = tx.save(&USER, user)?;
    sessions::open(tx, &user, challenge.organisation)
}

/// Checks a second factor, and notes its use on the user, who must be saved.
fn prove(
    tx: &Tx<'_>,
    user: &mut Doc,
    challenge: &Challenge,
    proof: &Proof,
    party: Option<&RelyingParty>,
) -> Result<()> {
    match &proof.passkey {
        Some(passkey) => use_passkey(tx, user, challenge, passkey, party, false),
        None => prove_by_code(tx, user, proof),
    }
}

fn prove_by_code(tx: &Tx<'_>, user: &mut Doc, proof: &Proof) -> Result<()> {
    let right = match (&proof.code, &proof.recovery_code) {
        (Some(code), _) => use_code(tx, user, code)?,
        (None, Some(code)) => recovery::redeem(user, code),
        (None, None) => return Err(Error::invalid("send `code`, `recoveryCode` or `passkey`")),
    };
    if right {
        return Ok(());
    }
    Err(Error::Unauthenticated("the code is wrong, out of time or used already".to_owned()))
}

fn use_code(tx: &Tx<'_>, user: &mut Doc, code: &str) -> Result<bool> {
    let Some(mut kept) = tx.unseal::<Json>(&USER, user, "totp")? else {
        return Ok(false);
    };
    let last = kept["last"].as_i64().unwrap_or(i64::MAX);
    let step = totp::step_of(kept["secret"].as_str().unwrap_or_default(), code, last, tx.now());
    if let Some(step) = step {
        kept["last"] = json!(step);
        user.set("totp", kept);
    }
    Ok(step.is_some())
}

fn use_passkey(
    tx: &Tx<'_>,
    user: &mut Doc,
    challenge: &Challenge,
    passkey: &UsedPasskey,
    party: Option<&RelyingParty>,
    verified: bool,
) -> Result<()> {
    let party = party.ok_or_else(unknown)?;
    let id = webauthn::credential_id(passkey)?;
    let known = passkeys::of(user)?.into_iter().find(|known| known.credential.credential == id);
    let known = known.ok_or_else(unknown)?;
    let nonce = challenge.nonce.as_bytes();
    let credential = webauthn::authenticate(party, nonce, &known.credential, passkey, verified)?;
    passkeys::used(user, credential, format_date(tx.now()))
}

fn unknown() -> Error {
    Error::Unauthenticated("nobody here has this passkey".to_owned())
}
