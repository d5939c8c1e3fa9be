//! Passkeys: what a browser sends of them, checked as W3C Web Authentication Level 2 says in sections 7.1
//! and 7.2. Nothing is stored here.
//!
//! No attestation is asked for and none is believed: which authenticators people use is their choice.

mod cbor;
mod key;

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hark_store::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use self::cbor::Reader;
use self::key::{ALGORITHMS, PublicKey};

/// Bytes of what a browser says about itself, at most.
const CLIENT_DATA_MAX: usize = 8 * 1024;
/// Bytes of anything else that it sends, at most; attestations of some companies carry certificates.
const PART_MAX: usize = 64 * 1024;
/// Bytes of a credential's id at most (section 7.1 of Level 3).
const CREDENTIAL_ID_MAX: usize = 1_023;
/// How long a browser asks its user, in milliseconds.
const TIMEOUT_MS: u32 = 300_000;

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// For whom passkeys are good: the host of the dashboard and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    id: String,
    origin: String,
}

impl RelyingParty {
    /// The relying party behind the address under which browsers reach the server.
    ///
    /// # Errors
    /// [`Error::NotConfigured`] when its host is no name: browsers have no passkeys for numbers.
    pub fn of(public_url: &str) -> Result<RelyingParty> {
        let unusable = || {
            let sentence = "passkeys need a host name in the server's public address, ask the operator";
            Error::NotConfigured(sentence.to_owned())
        };
        let (scheme, rest) = public_url.split_once("://").ok_or_else(unusable)?;
        let place = rest.split('/').next().unwrap_or_default().to_ascii_lowercase();
        let (host, port) = place.rsplit_once(':').unwrap_or((&place, ""));
        let usual = matches!((scheme, port), ("https", "443") | ("http", "80") | (_, ""));
        if host.is_empty() || host.starts_with('[') || host.parse::<IpAddr>().is_ok() {
            return Err(unusable());
        }
        let origin = if usual { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") };
        Ok(RelyingParty { id: host.to_owned(), origin })
    }
}

/// A new passkey as browsers write it (`RegistrationResponseJSON`); byte strings are in base64url.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPasskey {
    /// The credential's id.
    pub raw_id: String,
    /// What the authenticator answered.
    pub response: Attestation,
}

/// What an authenticator answers that made a passkey.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Attestation {
    /// What the browser says about the call.
    #[serde(rename = "clientDataJSON")]
    pub client_data: String,
    /// The new key.
    #[serde(rename = "attestationObject")]
    pub attestation_object: String,
}

/// The use of a passkey as browsers write it (`AuthenticationResponseJSON`); byte strings are in base64url.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsedPasskey {
    /// The credential's id.
    pub raw_id: String,
    /// What the authenticator answered.
    pub response: Assertion,
}

/// What an authenticator answers that used a passkey.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Assertion {
    /// What the browser says about the call.
    #[serde(rename = "clientDataJSON")]
    pub client_data: String,
    /// What the authenticator says about itself.
    #[serde(rename = "authenticatorData")]
    pub authenticator_data: String,
    /// The signature over both.
    pub signature: String,
    /// Whose passkey it is; only a passkey that signs in by itself says so.
    #[serde(rename = "userHandle")]
    pub user_handle: Option<String>,
}

/// A passkey as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Credential {
    /// The credential's id, in base64url.
    pub(crate) credential: String,
    /// The public key, in COSE and base64url.
    key: String,
    /// How often it was used, as the authenticator counts; most count nothing.
    uses: u32,
}

/// Whom a new passkey is for.
pub(crate) struct Owner<'a> {
    /// What the authenticator keeps to know the user by.
    pub(crate) handle: String,
    /// The address.
    pub(crate) email: &'a str,
    /// The name to show.
    pub(crate) name: &'a str,
}

/// The options with which a browser makes a passkey (`PublicKeyCredentialCreationOptionsJSON`).
pub(crate) fn creation_options(
    party: &RelyingParty,
    challenge: &[u8],
    owner: &Owner<'_>,
    known: &[String],
) -> Json {
    let parameters: Vec<Json> =
        ALGORITHMS.iter().map(|algorithm| json!({"type": "public-key", "alg": algorithm})).collect();
    json!({
        "rp": {"id": party.id, "name": party.id},
        "user": {"id": encode(owner.handle.as_bytes()), "name": owner.email, "displayName": owner.name},
        "challenge": encode(challenge),
        "pubKeyCredParams": parameters,
        "timeout": TIMEOUT_MS,
        "excludeCredentials": descriptors(known),
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "preferred"},
        "attestation": "none",
    })
}

/// The options with which a browser uses a passkey (`PublicKeyCredentialRequestOptionsJSON`): one of the
/// `known`, or with none of them any that can sign in by itself.
pub(crate) fn request_options(party: &RelyingParty, challenge: &[u8], known: &[String]) -> Json {
    let verification = if known.is_empty() { "required" } else { "preferred" };
    json!({
        "rpId": party.id,
        "challenge": encode(challenge),
        "timeout": TIMEOUT_MS,
        "allowCredentials": descriptors(known),
        "userVerification": verification,
    })
}

/// Checks a new passkey (section 7.1).
///
/// # Errors
/// [`Error::Invalid`] with what is wrong.
pub(crate) fn register(party: &RelyingParty, challenge: &[u8], new: &NewPasskey) -> Result<Credential> {
    let client_data = decode(&new.response.client_data, CLIENT_DATA_MAX)?;
    check_client_data(party, "webauthn.create", challenge, &client_data)?;
    let attestation = decode(&new.response.attestation_object, PART_MAX)?;
    let data = authenticator_data(&attestation).ok_or_else(|| broken("`attestationObject`"))?;
    let said = AuthenticatorData::read(data).ok_or_else(|| broken("the authenticator's data"))?;
    said.check(party, false)?;
    let new_key = said.credential.ok_or_else(|| broken("the authenticator's data"))?;
    let same_id: bool = new_key.id.ct_eq(&decode(&new.raw_id, CREDENTIAL_ID_MAX)?).into();
    if !same_id {
        return Err(broken("`rawId`"));
    }
    Ok(Credential { credential: encode(new_key.id), key: encode(new_key.key), uses: said.uses })
}

/// Checks the use of a passkey (section 7.2), and returns it as it is to be kept. `verified` says
/// whether the authenticator must have made sure who uses it.
///
/// # Errors
/// [`Error::Unauthenticated`] with what is wrong.
pub(crate) fn authenticate(
    party: &RelyingParty,
    challenge: &[u8],
    stored: &Credential,
    used: &UsedPasskey,
    verified: bool,
) -> Result<Credential> {
    check_use(party, challenge, stored, used, verified).map_err(|error| match error {
        Error::Invalid(sentence) => Error::Unauthenticated(sentence),
        error => error,
    })
}

fn check_use(
    party: &RelyingParty,
    challenge: &[u8],
    stored: &Credential,
    used: &UsedPasskey,
    verified: bool,
) -> Result<Credential> {
    let client_data = decode(&used.response.client_data, CLIENT_DATA_MAX)?;
    check_client_data(party, "webauthn.get", challenge, &client_data)?;
    let data = decode(&used.response.authenticator_data, PART_MAX)?;
    let said = AuthenticatorData::read(&data).ok_or_else(|| broken("`authenticatorData`"))?;
    said.check(party, verified)?;
    let key = decode(&stored.key, PART_MAX)?;
    let key =
        PublicKey::read(&mut Reader::new(&key)).ok_or_else(|| Error::internal("a stored key is none"))?;
    let message = [data.as_slice(), Sha256::digest(&client_data).as_slice()].concat();
    if !key.signed(&message, &decode(&used.response.signature, PART_MAX)?) {
        return Err(Error::invalid("the passkey's signature is wrong"));
    }
    // Step 21: a counter that stands still belongs to a copy.
    if (said.uses != 0 || stored.uses != 0) && said.uses <= stored.uses {
        return Err(Error::invalid("the passkey may have been copied, remove it and make a new one"));
    }
    Ok(Credential { uses: said.uses, ..stored.clone() })
}

/// The id of the credential that is used, as it is kept.
pub(crate) fn credential_id(used: &UsedPasskey) -> Result<String> {
    decode(&used.raw_id, CREDENTIAL_ID_MAX).map(|id| encode(&id))
}

/// Whose passkey it is, as it says itself.
pub(crate) fn user_handle(used: &UsedPasskey) -> Option<String> {
    String::from_utf8(decode(used.response.user_handle.as_deref()?, 64).ok()?).ok()
}

/// What a browser says about a call for a passkey.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

fn check_client_data(party: &RelyingParty, call: &str, challenge: &[u8], bytes: &[u8]) -> Result<()> {
    let data: ClientData = serde_json::from_slice(bytes).map_err(|_| broken("`clientDataJSON`"))?;
    if data.r#type != call {
        return Err(Error::invalid("the passkey was asked for something else"));
    }
    let same: bool = data.challenge.as_bytes().ct_eq(encode(challenge).as_bytes()).into();
    if !same {
        return Err(Error::invalid("the passkey answers another challenge, begin again"));
    }
    if data.origin != party.origin || data.cross_origin {
        return Err(Error::invalid(format!("the passkey was used on another page than {}", party.origin)));
    }
    Ok(())
}

/// The data of the authenticator in an attestation object.
fn authenticator_data(attestation: &[u8]) -> Option<&[u8]> {
    let mut reader = Reader::new(attestation);
    let mut data = None;
    for _ in 0..reader.map()? {
        match reader.text()? {
            "authData" => data = Some(reader.bytes()?),
            _ => reader.skip()?,
        }
    }
    data.filter(|_| reader.rest().is_empty())
}

/// What an authenticator says (section 6.1).
struct AuthenticatorData<'b> {
    party_hash: &'b [u8],
    flags: u8,
    uses: u32,
    credential: Option<NewKey<'b>>,
}

/// The key of a new passkey (section 6.5.1).
struct NewKey<'b> {
    id: &'b [u8],
    key: &'b [u8],
}

impl<'b> AuthenticatorData<'b> {
    fn read(bytes: &'b [u8]) -> Option<AuthenticatorData<'b>> {
        let (party_hash, rest) = bytes.split_at_checked(32)?;
        let (flags, rest) = rest.split_first()?;
        let (uses, mut rest) = rest.split_first_chunk::<4>()?;
        let mut credential = None;
        if flags & HAS_CREDENTIAL != 0 {
            let (_model, after) = rest.split_at_checked(16)?;
            let (length, after) = after.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (id, after) = after.split_at_checked(length).filter(|_| length <= CREDENTIAL_ID_MAX)?;
            let mut reader = Reader::new(after);
            PublicKey::read(&mut reader)?;
            rest = reader.rest();
            credential = Some(NewKey { id, key: &after[..after.len() - rest.len()] });
        }
        if flags & HAS_EXTENSIONS != 0 {
            let mut reader = Reader::new(rest);
            reader.skip()?;
            rest = reader.rest();
        }
        let uses = u32::from_be_bytes(*uses);
        rest.is_empty().then_some(AuthenticatorData { party_hash, flags: *flags, uses, credential })
    }

    fn check(&self, party: &RelyingParty, verified: bool) -> Result<()> {
        if self.party_hash != Sha256::digest(&party.id).as_slice() {
            return Err(Error::invalid(format!("the passkey is not one for {}", party.id)));
        }
        if self.flags & USER_PRESENT == 0 {
            return Err(Error::invalid("the passkey was used without anybody there"));
        }
        if verified && self.flags & USER_VERIFIED == 0 {
            let sentence = "the passkey did not check who uses it, unlock it with a PIN or a finger";
            return Err(Error::invalid(sentence));
        }
        // Level 3, section 6.1.3.
        if self.flags & BACKED_UP != 0 && self.flags & BACKUP_ELIGIBLE == 0 {
            return Err(broken("the authenticator's data"));
        }
        Ok(())
    }
}

fn descriptors(known: &[String]) -> Vec<Json> {
    known.iter().map(|id| json!({"type": "public-key", "id": id})).collect()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url, with or without the signs at its end that fill it up.
fn decode(text: &str, bytes_max: usize) -> Result<Vec<u8>> {
    let sound = || URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
    let short = text.len() <= bytes_max.div_ceil(3) * 4 + 4;
    let bytes = Some(()).filter(|()| short).and_then(|()| sound());
    bytes.filter(|bytes| bytes.len() <= bytes_max).ok_or_else(|| broken("a byte string"))
}

fn broken(what: &str) -> Error {
    Error::invalid(format!("{what} of the passkey is not what a browser sends"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relying_party_is_a_host_by_name_with_its_origin() {
        for (url, id, origin) in [
            ("https://Hark.example.com/app", "hark.example.com", "https://hark.example.com"),
            ("https://hark.example.com:443", "hark.example.com", "https://hark.example.com"),
            ("https://hark.example.com:8443", "hark.example.com", "https://hark.example.com:8443"),
            ("http://localhost:8080", "localhost", "http://localhost:8080"),
        ] {
            let party = RelyingParty::of(url).expect(url);
            assert_eq!((party.id.as_str(), party.origin.as_str()), (id, origin));
        }
        for url in ["http://127.0.0.1:8080", "http://[::1]:8080", "hark.example.com", "https://"] {
            assert!(RelyingParty::of(url).is_err(), "{url}");
        }
    }

    #[test]
    fn authenticator_data_is_read_to_its_end_or_not_at_all() {
        let plain = [[1_u8; 32].as_slice(), &[USER_PRESENT], &[0, 0, 0, 7]].concat();
        assert_eq!(AuthenticatorData::read(&plain).map(|data| data.uses), Some(7));
        for length in 0..plain.len() {
            assert!(AuthenticatorData::read(&plain[..length]).is_none(), "{length}");
        }
        assert!(AuthenticatorData::read(&[plain.as_slice(), &[0]].concat()).is_none(), "something follows");
        for flag in [HAS_CREDENTIAL, HAS_EXTENSIONS] {
            let mut promising = plain.clone();
            promising[32] |= flag;
            assert!(AuthenticatorData::read(&promising).is_none(), "{flag}");
        }
    }
}
