//! Signatures as <https://www.standardwebhooks.com> has them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::Sha256;

/// What stands before the key in a secret.
const PREFIX: &str = "whsec_";
/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// A new secret: `whsec_` and a random key in base64.
pub fn new_secret() -> String {
    let key: [u8; KEY_BYTES] = rand::rng().random();
    format!("{PREFIX}{}", STANDARD.encode(key))
}

/// The value of `webhook-signature`: `v1,` and the HMAC-SHA256 of id, time and body in base64.
pub fn sign(secret: &str, id: &str, timestamp_s: i64, body: &str) -> String {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX).unwrap_or(secret)).unwrap_or_default();
    // A key may have any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
    mac.update(format!("{id}.{timestamp_s}.").as_bytes());
    mac.update(body.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signature =
            sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_differ() {
        assert_ne!(new_secret(), new_secret());
    }
}
