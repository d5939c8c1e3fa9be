//! Identity verification: only who holds the project's identity secret can vouch for a user id.
//!
//! A customer's server computes the HMAC-SHA256 of the user id as text, and the
//! SDK sends its hex digits along when it identifies the user.

use hark_store::access::PROJECT;
use hark_store::{Error, Id, ReadTx, Result, Tx};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value as Json;
use sha2::Sha256;

/// Whether the user id is vouched for: `Ok(false)` when no hash came and none is needed.
///
/// # Errors
/// [`Error::Unauthenticated`] when the hash is wrong, or missing where the project needs one.
pub fn verify_identity(secret: &str, enforced: bool, user_id: &str, presented: Option<&str>) -> Result<bool> {
    let Some(presented) = presented.map(str::trim).filter(|hash| !hash.is_empty()) else {
        if enforced {
            return Err(Error::Unauthenticated(
                "this project needs a `userHash`: the HMAC-SHA256 of the user id with the identity secret"
                    .to_owned(),
            ));
        }
        return Ok(false);
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map_err(|error| Error::internal(error.to_string()))?;
    mac.update(user_id.as_bytes());
    let bytes = hex::decode(presented).unwrap_or_default();
    // Compares in constant time.
    mac.verify_slice(&bytes).map(|()| true).map_err(|_| {
        Error::Unauthenticated(
            "`userHash` does not belong to the user id, compute it on your server with the identity secret"
                .to_owned(),
        )
    })
}

/// The project's identity secret, in the operator's scope.
pub fn identity_secret(tx: &ReadTx<'_>, project: Id) -> Result<String> {
    let project = tx.get(&PROJECT, project)?;
    let secret: Option<String> = tx.unseal(&PROJECT, &project, "identitySecret")?;
    secret
        .filter(|secret| !secret.is_empty())
        .ok_or_else(|| Error::internal("a project without an identity secret"))
}

/// The project's identity secret for somebody who looks at it, in the instance's scope; the audit
/// log tells who did.
pub fn show_identity_secret(tx: &mut Tx<'_>, project: Id) -> Result<String> {
    let secret = identity_secret(tx, project)?;
    tx.audit_in(project, "project.identitySecret.shown", Some(project.to_string()), Json::Null)?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with `printf %s 42 | openssl dgst -sha256 -hmac secret`.
    const HASH_OF_42: &str = "93c121e7aa437a1e01e3c512c6f0ce3c821a839025dca4408f85616de4aaee70";

    #[test]
    fn only_the_hash_of_this_user_id_vouches_for_it() {
        assert!(verify_identity("secret", true, "42", Some(HASH_OF_42)).is_ok_and(|vouched| vouched));
        assert!(verify_identity("secret", false, "43", Some(HASH_OF_42)).is_err());
        assert!(verify_identity("other", false, "42", Some(HASH_OF_42)).is_err());
        assert!(verify_identity("secret", false, "42", Some("not hex")).is_err());
        assert!(verify_identity("secret", true, "42", Some(" ")).is_err());
        assert!(verify_identity("secret", false, "42", None).is_ok_and(|vouched| !vouched));
    }
}
