//! Signing in and out, and new passwords for forgotten ones.

use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hark_core::access::factors::SignIn;
use hark_core::access::sessions::{self, Credentials};
use hark_core::access::{Address, sign_up};
use hark_store::access::USER;
use hark_store::{Actor, Error, Id, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use super::second_factor::party;
use crate::answer::Reply;
use crate::budget::Budget;
use crate::call::Call;
use crate::operation::{Access, Body, NoBody, Operation};

/// Guesses at one account's password from one network.
const GUESSES: Budget = Budget { name: "sign-in", max: 10, per_s: 15 * 60 };
/// Guesses at any secret from one network.
const GUESSES_FROM: Budget = Budget { name: "secrets from", max: 100, per_s: 15 * 60 };
/// Guesses at the six digits of one address from one network.
const CODES: Budget = Budget { name: "codes", max: 15, per_s: 60 * 60 };
/// Guesses at the six digits of one address, from everywhere: a chance of one in ten thousand a day.
const DIGITS: Budget = Budget { name: "digits", max: 100, per_s: 24 * 60 * 60 };
/// Letters to one address that one network can cause.
const LETTERS: Budget = Budget { name: "letters", max: 5, per_s: 60 * 60 };
/// Letters that one network can cause.
const LETTERS_FROM: Budget = Budget { name: "letters from", max: 30, per_s: 60 * 60 };

/// How many times as many guesses all networks together have.
const GUESSES_WIDE: u32 = 10;
/// How many times as many letters all networks together can cause. Letters reach somebody who
/// did not ask for them, so this is less.
const LETTERS_WIDE: u32 = 4;

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, "/v3/users/login", "Login", Access::Public, login).summary("Sign in"),
        Operation::new(Method::POST, "/auth", "Auth", Access::Public, basic)
            .summary("Sign in with HTTP Basic"),
        Operation::new(Method::POST, "/v3/users/logout", "Logout", Access::Caller, logout)
            .summary("End this session"),
        Operation::new(Method::POST, "/v3/users/logout-all", "LogoutAll", Access::Caller, logout_all)
            .summary("End every session of the user"),
        Operation::new(Method::POST, "/v3/users/forgot-password", "ForgotPassword", Access::Public, forgot)
            .summary("Send a code for a new password to an address"),
        Operation::new(Method::POST, "/v3/users/reset-password", "ResetPassword", Access::Public, reset)
            .summary("Set a new password with the code"),
    ]
}

/// An address.
#[derive(Deserialize, JsonSchema)]
struct AddressInput {
    /// The address.
    email: String,
}

/// A new password with the code that was sent to the address.
#[derive(Deserialize, JsonSchema)]
struct ResetInput {
    /// The address.
    email: String,
    /// The code from the mail.
    code: String,
    /// The new password.
    password: String,
}

async fn login(call: Call, Body(input): Body<Credentials>) -> Result<Reply<SignIn>> {
    sign_in(&call, input).await.map(Reply)
}

async fn basic(call: Call, _: NoBody) -> Result<Reply<SignIn>> {
    let credentials = call.header("authorization").and_then(basic_credentials);
    let credentials = credentials.ok_or_else(|| {
        Error::Unauthenticated("send the address and the password with HTTP Basic".to_owned())
    })?;
    sign_in(&call, credentials).await.map(Reply)
}

/// Reads `Basic <base64 of address:password>`.
fn basic_credentials(header: &str) -> Option<Credentials> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (email, password) = decoded.split_once(':')?;
    Some(Credentials { email: email.to_owned(), password: password.to_owned() })
}

async fn sign_in(call: &Call, input: Credentials) -> Result<SignIn> {
    guess(call).await?;
    let address = Address::parse(&input.email)?;
    guess_near(call, &address.key).await?;
    let key = address.key.clone();
    let candidate = call.peek(move |tx| sessions::candidate(tx, &address)).await?;
    let hash = candidate.as_ref().map(|candidate| candidate.password_hash.clone());
    let fits = call.app.passwords().fit(input.password, hash).await?;
    let candidate = candidate.filter(|_| fits).ok_or_else(sessions::wrong_password)?;
    let party = party(call);
    let signed_in = call.write(move |tx| sessions::sign_in(tx, &candidate, party.as_ref())).await?;
    done(call, &key, signed_in).await
}

async fn logout(call: Call, _: NoBody) -> Result<Reply<bool>> {
    let Actor::User { token, service: false, .. } = *call.scope.actor() else {
        return Err(no_session());
    };
    call.write(move |tx| sessions::end(tx, token)).await?;
    Ok(Reply(true))
}

async fn logout_all(call: Call, _: NoBody) -> Result<Reply<bool>> {
    let Actor::User { id, service: false, .. } = *call.scope.actor() else {
        return Err(no_session());
    };
    call.write(move |tx| sessions::end_all(tx, id)).await?;
    Ok(Reply(true))
}

fn no_session() -> Error {
    Error::Forbidden("an api key is no session, revoke it under /v3/tokens".to_owned())
}

async fn forgot(call: Call, Body(input): Body<AddressInput>) -> Result<Reply<bool>> {
    let address = Address::parse(&input.email)?;
    letter(&call, &address.key).await?;
    call.write(move |tx| sign_up::forgot_password(tx, &address)).await?;
    Ok(Reply(true))
}

async fn reset(call: Call, Body(input): Body<ResetInput>) -> Result<Reply<SignIn>> {
    let address = Address::parse(&input.email)?;
    // The code cannot be guessed and wrong ones spoil nothing, so nobody is locked out by address.
    guess(&call).await?;
    let hash = call.app.passwords().hash(input.password).await?;
    let (key, party) = (address.key.clone(), party(&call));
    let reset = move |tx: &mut hark_store::Tx<'_>| {
        sign_up::reset_password(tx, &address, &input.code, &hash, party.as_ref())
    };
    let signed_in = call.write(reset).await?.ok_or_else(sign_up::wrong_code)?;
    done(&call, &key, signed_in).await.map(Reply)
}

/// Forgets the guesses at an account once a session began. After one of two factors they still count,
/// or whoever knows the password could guess at the other for ever.
async fn done(call: &Call, address: &str, signed_in: SignIn) -> Result<SignIn> {
    if matches!(signed_in, SignIn::SignedIn(_)) {
        forgive(call, address).await?;
    }
    Ok(signed_in)
}

/// Forgets the guesses at an account, after one that succeeded.
pub(super) async fn forgive(call: &Call, address: &str) -> Result<()> {
    GUESSES.forgive_at(&call.app, address, call.ip).await
}

/// Counts a guess at any secret.
pub(super) async fn guess(call: &Call) -> Result<()> {
    GUESSES_FROM.spend_from(&call.app, call.ip).await
}

/// Counts a guess at a secret of the account with an address.
pub(super) async fn guess_near(call: &Call, address: &str) -> Result<()> {
    GUESSES.spend_at(&call.app, address, call.ip, GUESSES_WIDE).await
}

/// Counts a guess at a secret of somebody who is signed in, and returns the address under which
/// guesses at the account are counted.
pub(super) async fn guess_at(call: &Call, user: Id) -> Result<String> {
    guess(call).await?;
    let user = call.peek(move |tx| tx.get(&USER, user)).await?;
    let address = user.text("emailKey").unwrap_or_default().to_owned();
    guess_near(call, &address).await?;
    Ok(address)
}

/// Counts a guess at the six digits that were sent to an address.
pub(super) async fn digits(call: &Call, address: &str) -> Result<()> {
    guess(call).await?;
    CODES.spend_near(&call.app, address, call.ip).await?;
    DIGITS.spend(&call.app, address).await
}

/// Counts a letter to somebody that a stranger causes.
pub(super) async fn letter(call: &Call, to: &str) -> Result<()> {
    LETTERS_FROM.spend_from(&call.app, call.ip).await?;
    LETTERS.spend_at(&call.app, to, call.ip, LETTERS_WIDE).await
}
