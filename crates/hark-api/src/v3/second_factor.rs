//! Second factors: the later steps of a sign-in, and what somebody signs in with.

use axum::http::Method;
use hark_core::access::factors::{
    self, AddedPasskey, AgainInput, NewPasskeyInput, NewTotp, Options, PasskeyInput, PasskeyName,
    PasskeyView, Proof, RecoveryCodes, SecondStep, SignInMethods, Step,
};
use hark_core::access::sessions::{self, SignedIn};
use hark_core::access::{RelyingParty, organisation_security as security};
use hark_store::{Error, Id, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{auth, organisations};
use crate::answer::Reply;
use crate::app::host_of;
use crate::budget::Budget;
use crate::call::Call;
use crate::operation::{Access, Body, NoBody, Operation};

/// Guesses at the codes of one app, from everywhere: each has three chances in a million.
const CODES: Budget = Budget { name: "totp", max: 100, per_s: 24 * 60 * 60 };

const CALLER: Access = Access::Caller;

/// The steps of a sign-in.
pub(crate) fn sign_in_operations() -> Vec<Operation> {
    let (post, public) = (Method::POST, Access::Public);
    let (step, options) = ("/v3/users/login/second-factor", "/v3/users/login/passkey/options");
    vec![
        Operation::new(post.clone(), step, "LoginSecondFactor", public, complete)
            .summary("Complete a sign-in with the second factor"),
        Operation::new(post.clone(), options, "LoginPasskeyOptions", public, begin_with_passkey)
            .summary("Begin to sign in with a passkey alone"),
        Operation::new(post, "/v3/users/login/passkey", "LoginPasskey", public, complete_with_passkey)
            .summary("Sign in with a passkey alone"),
    ]
}

/// What somebody signs in with.
pub(crate) fn own_operations() -> Vec<Operation> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let (totp, passkeys) = ("/v3/users/me/totp", "/v3/users/me/passkeys");
    let again = "/v3/users/me/reauthenticate";
    vec![
        Operation::new(get, "/v3/users/me/sign-in-methods", "GetSignInMethods", CALLER, methods)
            .summary("How the user signs in"),
        Operation::new(
            post.clone(),
            "/v3/users/me/reauthenticate/options",
            "ReauthenticateOptions",
            CALLER,
            begin_again,
        )
        .summary("Begin to prove again who it is"),
        Operation::new(post.clone(), again, "Reauthenticate", CALLER, complete_again)
            .summary("Prove again who it is, so that this session may change how the user signs in"),
        Operation::new(post.clone(), totp, "CreateTotp", CALLER, begin_totp)
            .summary("Make a secret for an authenticator app"),
        Operation::new(post.clone(), "/v3/users/me/totp/confirm", "ConfirmTotp", CALLER, confirm_totp)
            .summary("Ask for codes of the new secret from now on"),
        Operation::new(delete.clone(), totp, "DeleteTotp", CALLER, remove_totp)
            .summary("Ask for codes of an authenticator app no more"),
        Operation::new(
            post.clone(),
            "/v3/users/me/recovery-codes",
            "CreateRecoveryCodes",
            CALLER,
            recovery_codes,
        )
        .summary("Make new recovery codes in place of those before"),
        Operation::new(
            post.clone(),
            "/v3/users/me/passkeys/options",
            "CreatePasskeyOptions",
            CALLER,
            begin_passkey,
        )
        .summary("Begin to make a passkey"),
        Operation::new(post, passkeys, "CreatePasskey", CALLER, add_passkey).summary("Add a passkey"),
        Operation::new(put, "/v3/users/me/passkeys/{passkeyId}", "UpdatePasskey", CALLER, rename_passkey)
            .summary("Rename a passkey"),
        Operation::new(delete, "/v3/users/me/passkeys/{passkeyId}", "DeletePasskey", CALLER, remove_passkey)
            .summary("Remove a passkey"),
    ]
}

/// What an organisation wants of its people.
pub(crate) fn organisation_operations() -> Vec<Operation> {
    let path = "/v3/organisations/{organisationId}/security";
    vec![
        Operation::new(Method::GET, path, "GetOrganisationSecurity", CALLER, organisation_security)
            .summary("What the organisation wants of people who sign in"),
        Operation::new(Method::PUT, path, "UpdateOrganisationSecurity", CALLER, set_organisation_security)
            .summary("Let in only people with a second factor, or everybody again"),
    ]
}

/// A code of an authenticator app.
#[derive(Deserialize, JsonSchema)]
struct CodeInput {
    /// The six digits.
    code: String,
}

/// Whose passkeys are good here; `None` where there can be none.
pub(super) fn party(call: &Call) -> Option<RelyingParty> {
    RelyingParty::of(&call.app.settings.public_url).ok()
}

fn needed_party(call: &Call) -> Result<RelyingParty> {
    RelyingParty::of(&call.app.settings.public_url)
}

async fn complete(call: Call, Body(input): Body<SecondStep>) -> Result<Reply<SignedIn>> {
    let (party, text) = (party(&call), input.challenge.clone());
    auth::guess(&call).await?;
    let (user, address) = call.peek(move |tx| factors::whom(tx, &text)).await?;
    auth::guess_near(&call, &address).await?;
    guess_code(&call, user, &input.proof).await?;
    let signed_in = call.write(move |tx| factors::complete(tx, party.as_ref(), &input)).await?;
    forgive(&call, user, &address).await?;
    Ok(Reply(signed_in))
}

async fn begin_with_passkey(call: Call, _: NoBody) -> Result<Reply<Options>> {
    let party = needed_party(&call)?;
    call.write(move |tx| factors::begin_with_passkey(tx, &party)).await.map(Reply)
}

async fn complete_with_passkey(call: Call, Body(input): Body<PasskeyInput>) -> Result<Reply<SignedIn>> {
    let party = needed_party(&call)?;
    auth::guess(&call).await?;
    call.write(move |tx| factors::complete_with_passkey(tx, &party, &input)).await.map(Reply)
}

async fn methods(call: Call, _: NoBody) -> Result<Reply<SignInMethods>> {
    let id = call.user()?;
    call.read(move |tx| factors::methods(tx, id)).await.map(Reply)
}

async fn begin_again(call: Call, _: NoBody) -> Result<Reply<Step>> {
    let (id, party) = (person(&call)?, party(&call));
    call.write(move |tx| factors::begin_again(tx, id, party.as_ref())).await.map(Reply)
}

async fn complete_again(call: Call, Body(mut input): Body<AgainInput>) -> Result<Reply<bool>> {
    let (id, party) = (person(&call)?, party(&call));
    let address = auth::guess_at(&call, id).await?;
    guess_code(&call, id, &input.proof).await?;
    let mut fitting = None;
    if let Some(password) = input.password.take() {
        let known = call.peek(move |tx| sessions::candidate_of(tx, id)).await?;
        let hash = known.map(|known| known.password_hash);
        if !call.app.passwords().fit(password, hash.clone()).await? {
            return Err(sessions::wrong_password());
        }
        fitting = hash;
    }
    let again = move |tx: &mut hark_store::Tx<'_>| {
        factors::complete_again(tx, id, party.as_ref(), &input, fitting.as_deref())
    };
    call.write(again).await?;
    forgive(&call, id, &address).await?;
    Ok(Reply(true))
}

async fn begin_totp(call: Call, _: NoBody) -> Result<Reply<NewTotp>> {
    let id = person(&call)?;
    let issuer = host_of(&call.app.settings.public_url).to_owned();
    call.write(move |tx| factors::begin_totp(tx, id, &issuer)).await.map(Reply)
}

async fn confirm_totp(call: Call, Body(input): Body<CodeInput>) -> Result<Reply<RecoveryCodes>> {
    let id = person(&call)?;
    auth::guess_at(&call, id).await?;
    call.write(move |tx| factors::confirm_totp(tx, id, &input.code)).await.map(Reply)
}

async fn remove_totp(call: Call, _: NoBody) -> Result<Reply<bool>> {
    let id = person(&call)?;
    call.write(move |tx| factors::remove_totp(tx, id)).await?;
    Ok(Reply(true))
}

async fn recovery_codes(call: Call, _: NoBody) -> Result<Reply<RecoveryCodes>> {
    let id = person(&call)?;
    call.write(move |tx| factors::new_recovery_codes(tx, id)).await.map(Reply)
}

async fn begin_passkey(call: Call, _: NoBody) -> Result<Reply<Options>> {
    let (id, party) = (person(&call)?, needed_party(&call)?);
    call.write(move |tx| factors::begin_passkey(tx, id, &party)).await.map(Reply)
}

async fn add_passkey(call: Call, Body(input): Body<NewPasskeyInput>) -> Result<Reply<AddedPasskey>> {
    let (id, party) = (person(&call)?, needed_party(&call)?);
    call.write(move |tx| factors::add_passkey(tx, id, &party, &input)).await.map(Reply)
}

async fn rename_passkey(call: Call, Body(input): Body<PasskeyName>) -> Result<Reply<PasskeyView>> {
    let (id, passkey) = (person(&call)?, call.path_id("passkeyId", "passkey")?);
    call.write(move |tx| factors::rename_passkey(tx, id, passkey, &input)).await.map(Reply)
}

async fn remove_passkey(call: Call, _: NoBody) -> Result<Reply<bool>> {
    let (id, passkey) = (person(&call)?, call.path_id("passkeyId", "passkey")?);
    call.write(move |tx| factors::remove_passkey(tx, id, passkey)).await?;
    Ok(Reply(true))
}

async fn organisation_security(call: Call, _: NoBody) -> Result<Reply<security::Security>> {
    let (user, id) = (call.user()?, organisations::organisation(&call)?);
    call.read(move |tx| security::get(tx, user, id)).await.map(Reply)
}

async fn set_organisation_security(
    call: Call,
    Body(input): Body<security::Security>,
) -> Result<Reply<security::Security>> {
    let (user, id) = (call.user()?, organisations::organisation(&call)?);
    call.write(move |tx| security::set(tx, user, id, input)).await.map(Reply)
}

/// The person whose session calls; an API key has no way of signing in.
pub(super) fn person(call: &Call) -> Result<Id> {
    match *call.scope.actor() {
        hark_store::Actor::User { id, service: false, .. } => Ok(id),
        _ => Err(Error::Forbidden("only a person who is signed in can do this".to_owned())),
    }
}

/// Counts a guess at the six digits of a user's app.
async fn guess_code(call: &Call, user: Id, proof: &Proof) -> Result<()> {
    if proof.code.is_some() { CODES.spend(&call.app, &user.to_string()).await } else { Ok(()) }
}

/// Forgets the guesses at somebody, after one that succeeded.
async fn forgive(call: &Call, user: Id, address: &str) -> Result<()> {
    CODES.forgive(&call.app, &user.to_string()).await?;
    auth::forgive(call, address).await
}
