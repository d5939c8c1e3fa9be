//! Challenges: what a sign-in of several steps carries from one to the next, signed by us and good for
//! a few minutes and one success.
//!
//! They are handed to whoever signs in, so nothing has to be stored for strangers. What must stay
//! secret is computed from a challenge with a key that only this instance knows, see [`Challenge::derive`].

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hark_query::dates::format_date;
use hark_store::access::USER;
use hark_store::credentials::{hash, random_secret};
use hark_store::{Doc, Error, Id, Millis, ReadTx, Result, Tx};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::Sha256;

use super::instance_secret;

/// The setting with the key under which challenges are signed.
const KEY: &str = "challenge_key";
/// How long a challenge is good.
const LIFETIME_MS: Millis = 5 * 60 * 1_000;
/// Bytes of a challenge that are looked at.
const LENGTH_MAX: usize = 2_000;
/// Used challenges that a user is known to have used; older ones are out of time by then.
const USED_MAX: usize = 100;
/// The hidden property of a user with the challenges that it used.
const USED: &str = "usedChallenges";

/// What a challenge is for; one for something else is no challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Purpose {
    /// The second step of a sign-in.
    SecondFactor,
    /// A sign-in with nothing but a passkey.
    Passkey,
    /// A new passkey.
    NewPasskey,
    /// Proving again who it is.
    Again,
    /// A sign-in at an organisation's provider.
    SingleSignOn,
    /// Connecting an account with an organisation's provider.
    Connection,
}

/// A step that was taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Challenge {
    /// What makes it different from every other one.
    pub(crate) nonce: String,
    purpose: Purpose,
    /// Who takes the steps, as far as that is known.
    pub(crate) user: Option<Id>,
    /// The organisation at whose provider it happens.
    pub(crate) organisation: Option<Id>,
    /// What the user signs in with, so that a change ends what was begun with it.
    state: Option<String>,
    expires_at: Millis,
}

/// A challenge, ready to be handed out.
pub(crate) struct Issued {
    pub(crate) challenge: Challenge,
    /// The text that comes back with the next step.
    pub(crate) text: String,
    /// When it ends, ISO 8601.
    pub(crate) expires_at: String,
}

/// Begins something.
pub(crate) fn issue(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    user: Option<&Doc>,
    organisation: Option<Id>,
) -> Result<Issued> {
    let expires_at = tx.now() + LIFETIME_MS;
    let challenge = Challenge {
        nonce: random_secret(),
        purpose,
        user: user.map(|user| user.id),
        organisation,
        state: user.map(|user| state_of(tx, user)).transpose()?,
        expires_at,
    };
    let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&challenge)?);
    let key = instance_secret(tx, KEY)?;
    let signature = URL_SAFE_NO_PAD.encode(signer(&key, &claims)?.finalize().into_bytes());
    let text = format!("{claims}.{signature}");
    Ok(Issued { challenge, text, expires_at: format_date(expires_at) })
}

/// Reads a challenge that was handed out for a purpose.
///
/// # Errors
/// [`Error::Unauthenticated`] when it is not ours, over, or for something else.
pub(crate) fn open(tx: &ReadTx<'_>, purpose: Purpose, text: &str) -> Result<Challenge> {
    let key = tx.instance_secret(KEY)?.ok_or_else(over)?;
    let (claims, signature) = text.split_once('.').filter(|_| text.len() <= LENGTH_MAX).ok_or_else(over)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| over())?;
    signer(&key, claims)?.verify_slice(&signature).map_err(|_| over())?;
    let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|_| over())?;
    let challenge: Challenge = serde_json::from_slice(&claims).map_err(|_| over())?;
    if challenge.purpose != purpose || challenge.expires_at <= tx.now() {
        return Err(over());
    }
    Ok(challenge)
}

/// What is said of every challenge that is not good.
pub(crate) fn over() -> Error {
    Error::Unauthenticated("this sign-in took too long or was used already, begin again".to_owned())
}

impl Challenge {
    /// A secret that belongs to this challenge, the same each time.
    pub(crate) fn derive(&self, tx: &ReadTx<'_>, what: &str) -> Result<String> {
        let key = tx.instance_secret(KEY)?.ok_or_else(over)?;
        let bytes = signer(&key, &format!("{what}:{}", self.nonce))?.finalize().into_bytes();
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Notes on the user, who must be saved, that this challenge led to something.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it did before, or the user's password or second factor changed since.
    pub(crate) fn use_up(&self, tx: &ReadTx<'_>, user: &mut Doc) -> Result<()> {
        let now = tx.now();
        if self.user.is_some_and(|known| known != user.id) {
            return Err(over());
        }
        if let Some(state) = &self.state
            && *state != state_of(tx, user)?
        {
            return Err(over());
        }
        let known = user.body.get(USED).and_then(Json::as_array).cloned().unwrap_or_default();
        let mut used: Vec<Json> = known
            .into_iter()
            .filter(|used| used["until"].as_i64().is_some_and(|until| until > now))
            .collect();
        if used.len() >= USED_MAX || used.iter().any(|used| used["nonce"] == self.nonce.as_str()) {
            return Err(over());
        }
        used.push(json!({"nonce": self.nonce, "until": self.expires_at}));
        user.set(USED, used);
        Ok(())
    }
}

/// A fingerprint of what a user signs in with.
fn state_of(tx: &ReadTx<'_>, user: &Doc) -> Result<String> {
    let totp: Option<Json> = tx.unseal(&USER, user, "totp")?;
    let secret = totp.map(|totp| totp["secret"].clone());
    Ok(hash(&json!([user.text("passwordHash"), secret, user.is_true("disabled")]).to_string()))
}

fn signer(key: &str, text: &str) -> Result<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(Error::internal)?;
    mac.update(text.as_bytes());
    Ok(mac)
}
