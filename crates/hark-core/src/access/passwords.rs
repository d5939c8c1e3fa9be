//! Passwords: stored as Argon2id hashes, checked slowly on purpose.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use hark_store::{Error, Result};

/// Characters of a password at least; length is what counts (NIST SP 800-63B).
const LENGTH_MIN: usize = 8;
/// Bytes of a password at most, so that hashing stays bounded.
const LENGTH_MAX: usize = 512;

/// The hash of a password, in the PHC string format.
///
/// # Errors
/// [`Error::Invalid`] when it is too short or too long.
pub fn hash_password(password: &str) -> Result<String> {
    if password.chars().count() < LENGTH_MIN || password.len() > LENGTH_MAX {
        return Err(Error::invalid(format!(
            "a password has between {LENGTH_MIN} and {LENGTH_MAX} characters"
        )));
    }
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// Whether the password belongs to the hash.
pub fn password_fits(password: &str, hash: &str) -> bool {
    password.len() <= LENGTH_MAX
        && PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits() {
        let hash = hash_password("correct horse").expect("long enough");
        assert!(password_fits("correct horse", &hash));
        assert!(!password_fits("correct horsf", &hash));
        assert!(!password_fits("correct horse", "not a hash"));
        assert!(hash_password("short").is_err());
    }
}
