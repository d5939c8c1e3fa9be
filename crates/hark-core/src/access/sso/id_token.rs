//! The token in which a provider says who signed in (OpenID Connect Core 1.0, section 3.1.3.7).

use hark_store::{Error, Millis, Result};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value as Json;
use subtle::ConstantTimeEq;

/// Bytes of a token that are looked at.
const LENGTH_MAX: usize = 32 * 1024;
/// Keys of a provider that are looked at.
const KEYS_MAX: usize = 100;
/// Seconds by which the clocks of two machines differ.
const LEEWAY_S: i64 = 60;
/// Seconds after which a token is too old, whatever it says itself: it was made for this sign-in.
const AGE_MAX_S: i64 = 10 * 60;
/// Characters of a subject at most (section 2).
const SUBJECT_MAX: usize = 255;
/// Signatures with keys of which only the provider has the secret half.
const ALGORITHMS: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// What a token must say.
pub(super) struct Expected<'e> {
    pub(super) issuer: &'e str,
    pub(super) client: &'e str,
    pub(super) nonce: &'e str,
    pub(super) now: Millis,
}

/// Who signed in, as the provider says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Claims {
    iss: String,
    /// Whom the provider means, for ever.
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    /// The address.
    pub(super) email: Option<String>,
    email_verified: Option<Verified>,
    /// First name.
    #[serde(default)]
    pub(super) given_name: String,
    /// Last name.
    #[serde(default)]
    pub(super) family_name: String,
    /// Both.
    #[serde(default)]
    pub(super) name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Some providers write truth as a text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Verified {
    Flag(bool),
    Text(String),
}

/// Checks a token with the provider's keys and returns what it says.
///
/// # Errors
/// [`Error::Unauthenticated`] with what is wrong.
pub(super) fn verify(token: &str, keys: &Json, expected: &Expected<'_>) -> Result<Claims> {
    let claims = signed(token, keys).ok_or_else(|| wrong("its signature is not the provider's"))?;
    let now = expected.now / 1_000;
    if claims.iss != expected.issuer {
        return Err(wrong("it is another provider's"));
    }
    let (audience, several) = match &claims.aud {
        Audience::One(one) => (one == expected.client, false),
        Audience::Many(many) => (many.iter().any(|one| one == expected.client), many.len() > 1),
    };
    let authorised = claims.azp.as_ref().map_or(!several, |client| client == expected.client);
    if !audience || !authorised {
        return Err(wrong("it is for another application"));
    }
    let (from, until) =
        (claims.nbf.unwrap_or(claims.iat), claims.exp.min(claims.iat.saturating_add(AGE_MAX_S)));
    if until.saturating_add(LEEWAY_S) <= now || from.max(claims.iat).saturating_sub(LEEWAY_S) > now {
        return Err(wrong("it is out of time"));
    }
    let nonce = claims.nonce.as_deref().unwrap_or_default();
    if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return Err(wrong("it is for another sign-in"));
    }
    if claims.sub.is_empty() || claims.sub.chars().count() > SUBJECT_MAX {
        return Err(wrong("it does not say who signed in"));
    }
    Ok(claims)
}

impl Claims {
    /// The address, if the provider made sure that it belongs to who signed in. `trusts` says whether that
    /// goes without saying; a provider that says no is believed.
    pub(super) fn verified_email(&self, trusts: bool) -> Option<&str> {
        let is_verified = match &self.email_verified {
            Some(Verified::Flag(flag)) => *flag,
            Some(Verified::Text(text)) => text == "true",
            None => trusts,
        };
        self.email.as_deref().filter(|_| is_verified)
    }
}

/// What a token says that one of the keys has signed.
fn signed(token: &str, keys: &Json) -> Option<Claims> {
    if token.len() > LENGTH_MAX {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    if !ALGORITHMS.contains(&header.alg) {
        return None;
    }
    let keys = keys["keys"].as_array()?.iter().take(KEYS_MAX);
    // Keys of a kind that we do not know do not spoil the others.
    let keys = keys.filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok());
    let is_meant = |key: &Jwk| header.kid.is_none() || key.common.key_id == header.kid;
    let may_sign = |key: &Jwk| matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let mut validation = Validation::new(header.alg);
    // Times and names are checked against our own clock and settings.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    keys.filter(|key| is_meant(key) && may_sign(key)).find_map(|key| {
        let key = DecodingKey::from_jwk(&key).ok()?;
        jsonwebtoken::decode::<Claims>(token, &key, &validation).ok().map(|token| token.claims)
    })
}

fn wrong(why: &str) -> Error {
    Error::Unauthenticated(format!("the provider's answer does not count: {why}"))
}
