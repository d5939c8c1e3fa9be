//! Tokens with which members' pages load the files of a project that shows them only to whom they belong.
//!
//! Pictures in pages send no headers, and a bearer token does not belong into an address. Such a token is
//! good for the files of one project alone and for less than an hour, and it says which bearer token it
//! came of: it ends with that one, and with the user's membership. It is signed, so nothing is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hark_query::dates::format_date;
use hark_store::credentials::Pass;
use hark_store::{Actor, Error, Id, Millis, ReadTx, Result, Scope, Tx};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::session::FileSession;
use crate::access::instance_secret;

/// How long a token is good; pages ask for a new one long before.
const LIFETIME_MS: Millis = 45 * 60_000;
/// The name of the signing key among the instance's settings.
const KEY: &str = "file_key";
/// Bytes of an id.
const ID: usize = 12;
/// Bytes of what is signed beside the project: the user, the bearer token, and when it ends.
const CLAIMS: usize = 2 * ID + 8;
/// Bytes of a signature.
const SIGNATURE: usize = 32;

/// Begins a file session of the member who acts in this scope; a unit of work of any scope may do it.
///
/// # Errors
/// [`Error::Forbidden`] when it is no user with a bearer token in a project.
pub fn begin_for_member(tx: &mut Tx<'_>, scope: &Scope) -> Result<FileSession> {
    let (Actor::User { id: user, token, .. }, Some(project)) = (scope.actor(), scope.project()) else {
        return Err(Error::Forbidden("only members of a project have file sessions of it".to_owned()));
    };
    let ends = tx.now() + LIFETIME_MS;
    let mut bytes = [id_bytes(*user), id_bytes(*token), ends.to_be_bytes().to_vec()].concat();
    let signature = signer(&instance_secret(tx, KEY)?, project, &bytes)?.finalize().into_bytes();
    bytes.extend_from_slice(&signature);
    Ok(FileSession { token: URL_SAFE_NO_PAD.encode(bytes), expires_at: format_date(ends) })
}

/// Who began a member's file session of this project with which bearer token; `None` when it is over
/// or none of ours. What the member may do now is for the caller to find out.
pub fn member_of(tx: &ReadTx<'_>, token: &str, project: Id) -> Result<Option<Pass>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == CLAIMS + SIGNATURE);
    let (Some(bytes), Some(key)) = (bytes, tx.instance_secret(KEY)?) else { return Ok(None) };
    let (claims, signature) = bytes.split_at(CLAIMS);
    if signer(&key, project, claims)?.verify_slice(signature).is_err() {
        return Ok(None);
    }
    let (ids, ends) = claims.split_at(2 * ID);
    let ends = ends.try_into().map(Millis::from_be_bytes).unwrap_or_default();
    let (user, bearer) = ids.split_at(ID);
    let (Some(user), Some(token)) = (id_of(user), id_of(bearer)) else { return Ok(None) };
    Ok((ends > tx.now()).then_some(Pass { user, token, project }))
}

fn signer(key: &str, project: Id, claims: &[u8]) -> Result<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(Error::internal)?;
    mac.update(&id_bytes(project));
    mac.update(claims);
    Ok(mac)
}

fn id_bytes(id: Id) -> Vec<u8> {
    hex::decode(id.to_string()).unwrap_or_default()
}

fn id_of(bytes: &[u8]) -> Option<Id> {
    Id::parse(&hex::encode(bytes))
}
