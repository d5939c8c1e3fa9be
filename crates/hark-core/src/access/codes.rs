//! Codes that prove that somebody reads the mail of an address.
//!
//! The one that confirms a new address has six digits to type, good for a few minutes and a few
//! tries. The one that sets a new password opens an existing account, so it is too long to guess,
//! and wrong ones use up nothing: no stranger can spoil the code that its owner waits for.

use hark_query::dates::{format_date, parse_date};
use hark_store::credentials::random_secret;
use hark_store::{Doc, Error, Id, Millis, Result};
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use serde_json::{Value as Json, json};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The instance's secret under which codes are hashed: without it, six digits are found by trying all.
pub(crate) const KEY: &str = "code_key";
/// How often a code of six digits may be tried.
const TRIES_MAX: i64 = 5;
const MINUTE_MS: Millis = 60 * 1_000;

/// Where on a user's document a code is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The address of a new user.
    Confirm,
    /// A forgotten password.
    Reset,
}

/// What came of a code that somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was the right one and is used up; the user has to be saved.
    Right,
    /// It was wrong, and that has to be remembered: the user has to be saved.
    Counted,
    /// It was wrong, and nothing changed.
    Wrong,
}

impl Purpose {
    /// The hidden property of the user.
    fn property(self) -> &'static str {
        match self {
            Purpose::Confirm => "verification",
            Purpose::Reset => "passwordReset",
        }
    }

    /// How long a code is good, in minutes.
    pub(crate) fn minutes(self) -> Millis {
        match self {
            Purpose::Confirm => 15,
            Purpose::Reset => 60,
        }
    }

    fn new_code(self) -> String {
        match self {
            Purpose::Confirm => format!("{:06}", rand::rng().random_range(0..1_000_000)),
            Purpose::Reset => random_secret(),
        }
    }
}

/// Puts a new code on the user in place of the one before, and returns it for the mail.
pub(crate) fn issue(user: &mut Doc, purpose: Purpose, key: &str, now: Millis) -> Result<String> {
    let code = purpose.new_code();
    let kept = json!({
        "hash": hash_of(key, user.id, &code)?,
        "expiresAt": format_date(now + purpose.minutes() * MINUTE_MS),
        "tries": 0,
    });
    user.set(purpose.property(), kept);
    Ok(code)
}

/// Uses up the code when it is the right one, and a try when it is not.
pub(crate) fn redeem(
    user: &mut Doc,
    purpose: Purpose,
    key: &str,
    code: &str,
    now: Millis,
) -> Result<Outcome> {
    let Some(mut kept) = user.body.get(purpose.property()).cloned() else {
        return Ok(Outcome::Wrong);
    };
    let tries = kept["tries"].as_i64().unwrap_or(TRIES_MAX);
    let expires_at = kept["expiresAt"].as_str().and_then(parse_date).unwrap_or(0);
    if tries >= TRIES_MAX || expires_at <= now {
        user.set(purpose.property(), Json::Null);
        return Ok(Outcome::Counted);
    }
    let stored = kept["hash"].as_str().unwrap_or_default();
    let right: bool = stored.as_bytes().ct_eq(hash_of(key, user.id, code.trim())?.as_bytes()).into();
    if right {
        user.set(purpose.property(), Json::Null);
        return Ok(Outcome::Right);
    }
    if purpose == Purpose::Reset {
        return Ok(Outcome::Wrong);
    }
    kept["tries"] = json!(tries + 1);
    user.set(purpose.property(), kept);
    Ok(Outcome::Counted)
}

fn hash_of(key: &str, user: Id, code: &str) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(Error::internal)?;
    mac.update(format!("{user}:{code}").as_bytes());
    Ok(hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use hark_store::access::USER;

    use super::*;

    fn user() -> Doc {
        Doc { id: Id::INSTANCE, rev: 1, created_at: 0, updated_at: 0, body: hark_store::Body::new() }
    }

    fn issued(user: &mut Doc, purpose: Purpose) -> String {
        issue(user, purpose, "key", 0).expect("a code")
    }

    fn tried(user: &mut Doc, purpose: Purpose, code: &str, now: Millis) -> Outcome {
        redeem(user, purpose, "key", code, now).expect("an outcome")
    }

    #[test]
    fn a_code_works_once_and_for_its_purpose() {
        let mut user = user();
        let code = issued(&mut user, Purpose::Confirm);
        assert_eq!(code.len(), 6);
        assert_eq!(tried(&mut user, Purpose::Reset, &code, 1), Outcome::Wrong);
        assert_eq!(tried(&mut user, Purpose::Confirm, &code, 1), Outcome::Right);
        assert_eq!(tried(&mut user, Purpose::Confirm, &code, 1), Outcome::Wrong);
    }

    #[test]
    fn a_short_code_ends_with_its_time_and_its_tries() {
        let mut late = user();
        let code = issued(&mut late, Purpose::Confirm);
        assert_eq!(tried(&mut late, Purpose::Confirm, &code, 15 * MINUTE_MS), Outcome::Counted);

        let mut guessed = user();
        let code = issued(&mut guessed, Purpose::Confirm);
        for _ in 0..TRIES_MAX {
            assert_eq!(tried(&mut guessed, Purpose::Confirm, "wrong", 1), Outcome::Counted);
        }
        assert_eq!(tried(&mut guessed, Purpose::Confirm, &code, 1), Outcome::Counted);
    }

    #[test]
    fn nobody_spoils_the_code_for_a_new_password() {
        let mut user = user();
        let code = issued(&mut user, Purpose::Reset);
        assert_eq!(code.len(), 64);
        for _ in 0..100 {
            assert_eq!(tried(&mut user, Purpose::Reset, "wrong", 1), Outcome::Wrong);
        }
        assert_eq!(tried(&mut user.clone(), Purpose::Reset, &code, 60 * MINUTE_MS), Outcome::Counted);
        assert_eq!(tried(&mut user, Purpose::Reset, &code, 60 * MINUTE_MS - 1), Outcome::Right);
    }

    #[test]
    fn codes_are_hidden_and_worth_nothing_without_the_key() {
        for purpose in [Purpose::Confirm, Purpose::Reset] {
            assert!(USER.hidden.contains(&purpose.property()), "{purpose:?}");
            let mut user = user();
            let code = issued(&mut user, purpose);
            let outcome = redeem(&mut user, purpose, "another key", &code, 1).expect("an outcome");
            assert_ne!(outcome, Outcome::Right);
        }
    }
}
