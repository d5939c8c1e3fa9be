//! Codes that prove that somebody reads the mail of an address: six digits, good for a while and a few tries.

use hark_query::dates::{format_date, parse_date};
use hark_store::credentials::hash;
use hark_store::{Doc, Id, Millis};
use rand::Rng;
use serde_json::{Value as Json, json};
use subtle::ConstantTimeEq;

/// How long a code is good.
const LIFETIME_MS: Millis = 15 * 60 * 1_000;
/// How often one may be tried.
const TRIES_MAX: i64 = 5;

/// Where on a user's document a code is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The address of a new user.
    Confirm,
    /// A forgotten password.
    Reset,
}

impl Purpose {
    /// The hidden property of the user.
    fn property(self) -> &'static str {
        match self {
            Purpose::Confirm => "verification",
            Purpose::Reset => "passwordReset",
        }
    }
}

/// Puts a new code on the user in place of the one before, and returns it for the mail.
pub(crate) fn issue(user: &mut Doc, purpose: Purpose, now: Millis) -> String {
    let code = format!("{:06}", rand::rng().random_range(0..1_000_000));
    let kept = json!({
        "hash": hash_of(user.id, &code), "expiresAt": format_date(now + LIFETIME_MS), "tries": 0,
    });
    user.set(purpose.property(), kept);
    code
}

/// Uses up one try, and the code when it is the right one. The user has to be saved in either case.
pub(crate) fn redeem(user: &mut Doc, purpose: Purpose, code: &str, now: Millis) -> bool {
    let Some(kept) = user.body.get(purpose.property()).cloned() else {
        return false;
    };
    let tries = kept["tries"].as_i64().unwrap_or(TRIES_MAX);
    let expires_at = kept["expiresAt"].as_str().and_then(parse_date).unwrap_or(0);
    if tries >= TRIES_MAX || expires_at <= now {
        user.set(purpose.property(), Json::Null);
        return false;
    }
    let stored = kept["hash"].as_str().unwrap_or_default();
    let right: bool = stored.as_bytes().ct_eq(hash_of(user.id, code.trim()).as_bytes()).into();
    let rest = if right { Json::Null } else { with_tries(kept, tries + 1) };
    user.set(purpose.property(), rest);
    right
}

fn with_tries(mut kept: Json, tries: i64) -> Json {
    kept["tries"] = json!(tries);
    kept
}

fn hash_of(user: Id, code: &str) -> String {
    hash(&format!("{user}:{code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> Doc {
        Doc { id: Id::INSTANCE, rev: 1, created_at: 0, updated_at: 0, body: hark_store::Body::new() }
    }

    #[test]
    fn a_code_works_once_and_for_its_purpose() {
        let mut user = user();
        let code = issue(&mut user, Purpose::Confirm, 0);
        assert_eq!(code.len(), 6);
        assert!(!redeem(&mut user, Purpose::Reset, &code, 1));
        assert!(redeem(&mut user, Purpose::Confirm, &code, 1));
        assert!(!redeem(&mut user, Purpose::Confirm, &code, 1));
    }

    #[test]
    fn a_code_ends_with_its_time_and_its_tries() {
        let mut late = user();
        let code = issue(&mut late, Purpose::Confirm, 0);
        assert!(!redeem(&mut late, Purpose::Confirm, &code, LIFETIME_MS));

        let mut guessed = user();
        let code = issue(&mut guessed, Purpose::Confirm, 0);
        for _ in 0..TRIES_MAX {
            assert!(!redeem(&mut guessed, Purpose::Confirm, "wrong", 1));
        }
        assert!(!redeem(&mut guessed, Purpose::Confirm, &code, 1));
    }
}
