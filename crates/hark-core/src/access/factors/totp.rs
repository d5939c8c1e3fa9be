//! One-time codes of an authenticator app (TOTP, RFC 6238): six digits that change every 30 seconds.

use hark_store::Millis;
use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use subtle::ConstantTimeEq;

/// Bytes of a secret, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
const STEP_MS: Millis = 30_000;
/// Steps before and after the present one in which a code is good: clocks and thumbs are slow.
const SKEW: i64 = 1;
/// What a code is smaller than.
const CODES: u32 = 1_000_000;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret.
pub(super) fn new_secret() -> String {
    hex::encode(rand::random::<[u8; SECRET_BYTES]>())
}

/// A secret as people type it: base32.
pub(super) fn readable(secret: &str) -> String {
    base32(&hex::decode(secret).unwrap_or_default())
}

/// The address that an authenticator app reads from a picture.
pub(super) fn uri(secret: &str, issuer: &str, account: &str) -> String {
    let (issuer, account) = (escaped(issuer), escaped(account));
    let secret = readable(secret);
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    )
}

/// The step whose code this is, if it is a good one that comes after the step of the last good one.
pub(super) fn step_of(secret: &str, code: &str, last: i64, now: Millis) -> Option<i64> {
    let secret = hex::decode(secret).ok()?;
    let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
    let code: String = code.chars().filter(|c| *c != ' ').take(10).collect();
    let present = now / STEP_MS;
    let steps = (present - SKEW..=present + SKEW).filter(|step| *step > last);
    // Every step is compared, so that the time tells nothing.
    steps.fold(None, |found, step| {
        let same: bool = at(&key, step).as_bytes().ct_eq(code.as_bytes()).into();
        if same { Some(step) } else { found }
    })
}

/// The code of a step (RFC 4226, section 5.3).
fn at(key: &Key, step: i64) -> String {
    let digest = sign(key, &step.to_be_bytes());
    let bytes = digest.as_ref();
    let offset = usize::from(bytes[bytes.len() - 1] & 0xf);
    let number =
        bytes[offset..offset + 4].iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % CODES)
}

/// Base32 without the signs that fill it up (RFC 4648).
pub(super) fn base32(bytes: &[u8]) -> String {
    let bit = |n: usize| bytes.get(n / 8).is_some_and(|byte| byte & (0x80 >> (n % 8)) != 0);
    let letters = (bytes.len() * 8).div_ceil(5);
    let letter = |n: usize| (0..5).fold(0, |value, place| value * 2 + usize::from(bit(n * 5 + place)));
    (0..letters).map(|n| char::from(ALPHABET[letter(n)])).collect()
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the RFC's examples.
    const SECRET: &str = "3132333435363738393031323334353637383930";

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six of eight digits.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step_of(SECRET, code, 0, second * 1_000), Some(second / 30), "{second}");
        }
    }

    #[test]
    fn a_code_is_good_for_a_moment_and_once() {
        let at = |second: i64, last: i64| step_of(SECRET, "287 082", last, second * 1_000);
        assert_eq!((at(30, 0), at(89, 0)), (Some(1), Some(1)));
        assert_eq!((at(90, 0), at(59, 1), at(59, 2)), (None, None, None));
        for wrong in ["", "28708", "2870820", "287083", "0287082"] {
            assert_eq!(step_of(SECRET, wrong, 0, 59_000), None, "{wrong}");
        }
    }

    #[test]
    fn secrets_are_written_for_apps() {
        for (bytes, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        let uri = uri(SECRET, "hark.example.com", "ada+x@example.com");
        assert_eq!(
            uri,
            "otpauth://totp/hark.example.com:ada%2Bx%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=hark.example.com&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(new_secret().len(), SECRET_BYTES * 2);
    }
}
