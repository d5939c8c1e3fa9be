//! Recovery codes: ten, random, kept as hashes, each good once.

use hark_store::Doc;
use hark_store::credentials::hash;
use serde_json::Value as Json;

use super::totp::base32;

const CODES: usize = 10;
/// Random bytes of a code: 80 bits, which nobody guesses.
const CODE_BYTES: usize = 10;
/// Characters of what somebody types that are looked at.
const TYPED_MAX: usize = 64;
const PROPERTY: &str = "recoveryCodes";

/// Gives a user new codes in place of those before, and returns them.
pub(super) fn renew(user: &mut Doc) -> Vec<String> {
    let codes: Vec<String> = (0..CODES).map(|_| base32(&rand::random::<[u8; CODE_BYTES]>())).collect();
    user.set(PROPERTY, codes.iter().map(|code| Json::from(hash(code))).collect::<Vec<_>>());
    codes.iter().map(|code| readable(code)).collect()
}

/// How many codes were not used yet.
pub(super) fn left(user: &Doc) -> usize {
    user.body.get(PROPERTY).and_then(Json::as_array).map_or(0, Vec::len)
}

/// Uses up a code of the user, who must be saved; false when it is none.
pub(super) fn redeem(user: &mut Doc, typed: &str) -> bool {
    let letters = typed.chars().take(TYPED_MAX).filter(char::is_ascii_alphanumeric);
    // The hashes are of random codes: looking one up tells nothing about the others.
    let typed = Json::from(hash(&letters.collect::<String>().to_ascii_uppercase()));
    let known = user.body.get(PROPERTY).and_then(Json::as_array).cloned().unwrap_or_default();
    let left: Vec<Json> = known.iter().filter(|code| **code != typed).cloned().collect();
    let is_known = left.len() < known.len();
    if is_known {
        user.set(PROPERTY, left);
    }
    is_known
}

/// In groups of four, as people read them.
fn readable(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
