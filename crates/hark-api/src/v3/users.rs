//! Users: signing up, and what somebody sees and changes of the own account.

use axum::http::Method;
use hark_core::access::factors::SignIn;
use hark_core::access::sign_up::{self, SignUp};
use hark_core::access::users::{self, UserInput, UserView};
use hark_core::access::{Address, invitations, members, sessions};
use hark_core::documents::expect_revision;
use hark_store::access::USER;
use hark_store::{Error, Id, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::auth;
use super::second_factor::party;
use crate::answer::{Document, Reply};
use crate::call::Call;
use crate::operation::{Access, Body, IF_MATCH, NoBody, Operation, Patch};

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/users/me", "GetMe", Access::Caller, me)
            .summary("The user who calls"),
        Operation::new(Method::PUT, "/v3/users/{userId}", "Update", Access::Caller, update)
            .summary("Change a user")
            .headers(IF_MATCH),
        Operation::new(
            Method::GET,
            "/v3/users/me/permissions",
            "GetMyPermissions",
            Access::Caller,
            permissions,
        )
        .summary("What the user may do in the project of the `Project` header")
        .headers(&[("project", "the id of the project", true)]),
        Operation::new(Method::POST, "/v3/users", "Create", Access::Public, create).summary("Sign up"),
        Operation::new(Method::POST, "/v3/users/verify", "Verify", Access::Public, verify)
            .summary("Confirm the address with the code and sign in"),
        Operation::new(Method::POST, "/v3/users/resend", "Resend", Access::Public, resend)
            .summary("Send another code"),
    ]
}

/// A sign-up that waits for the code.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SignedUp {
    /// The id for another code.
    id: Id,
    /// The same, as older clients read it.
    #[serde(rename = "_id")]
    legacy_id: Id,
    /// The address to which the code is sent.
    email: String,
    /// False: the code is missing.
    confirmed: bool,
}

/// The code that was sent to an address.
#[derive(Deserialize, JsonSchema)]
struct VerifyInput {
    /// The code from the mail.
    code: String,
    /// The address.
    email: String,
}

/// Who needs another code.
#[derive(Deserialize, JsonSchema)]
struct ResendInput {
    /// The id from the answer to the sign-up.
    id: Id,
}

/// What a user may do in a project.
#[derive(Serialize, JsonSchema)]
struct PermissionsView {
    /// The names of the permissions.
    permissions: Vec<String>,
    /// The aliases of the roles.
    roles: Vec<String>,
}

async fn create(call: Call, Body(input): Body<SignUp>) -> Result<Reply<SignedUp>> {
    let new = input.check()?;
    auth::letter(&call, &new.address.key).await?;
    let address = new.address.clone();
    may_sign_up(&call, address.clone()).await?;
    let known = call.peek(move |tx| sessions::candidate(tx, &address)).await?;
    // Both are computed for every address, so that the time tells nothing.
    let hash = call.app.passwords().hash(input.password.clone()).await?;
    let same = call.app.passwords().fit(input.password, known.map(|known| known.password_hash)).await?;
    let email = new.address.text.clone();
    let id = call.write(move |tx| sign_up::sign_up(tx, &new, &hash, same)).await?;
    Ok(Reply(SignedUp { id, legacy_id: id, email, confirmed: false }))
}

/// Where strangers may not sign up, those whom somebody invited may.
async fn may_sign_up(call: &Call, address: Address) -> Result<()> {
    if call.app.settings.open_sign_up || call.peek(move |tx| invitations::waits_for(tx, &address)).await? {
        return Ok(());
    }
    let sentence = "this server takes people by invitation only, ask somebody here to invite this address";
    Err(Error::Forbidden(sentence.to_owned()))
}

async fn verify(call: Call, Body(input): Body<VerifyInput>) -> Result<Reply<SignIn>> {
    let address = Address::parse(&input.email)?;
    auth::digits(&call, &address.key).await?;
    let party = party(&call);
    let verify = move |tx: &mut Tx<'_>| sign_up::verify(tx, &address, &input.code, party.as_ref());
    let signed_in = call.write(verify).await?;
    signed_in.map(Reply).ok_or_else(sign_up::wrong_code)
}

async fn resend(call: Call, Body(input): Body<ResendInput>) -> Result<Reply<bool>> {
    auth::letter(&call, &input.id.to_string()).await?;
    call.write(move |tx| sign_up::resend(tx, input.id)).await?;
    Ok(Reply(true))
}

async fn me(call: Call, _: NoBody) -> Result<Document<UserView>> {
    let id = call.user()?;
    let user = call.peek(move |tx| tx.get(&USER, id)).await?;
    Ok(Document::of(&users::view(&user)).at(user.rev))
}

async fn update(call: Call, input: Patch<UserInput>) -> Result<Document<UserView>> {
    let (caller, id) = (call.user()?, call.path_id("userId", USER.name)?);
    let mut expected = call.if_match()?;
    if let Some(password) = input.typed.password.clone() {
        if caller != id {
            return Err(Error::Forbidden("only the user itself can change the password".to_owned()));
        }
        let old = input.typed.oldpassword.clone().unwrap_or_default();
        // The new password makes a revision, so what is expected has to be there before.
        let expected = expected.take();
        call.peek(move |tx| expect_revision(&USER, &tx.get(&USER, id)?, expected)).await?;
        change_password(&call, id, old, password).await?;
    }
    let mut changes = input.changes;
    // Of what is nested only the known part is kept.
    for (property, known) in [
        ("notificationPreferences", json!(input.typed.notification_preferences)),
        ("notificationSettings", json!(input.typed.notification_settings)),
    ] {
        if let Some(value) = changes.get_mut(property) {
            *value = known;
        }
    }
    let user = call.write(move |tx| users::update(tx, caller, id, changes.clone(), expected)).await?;
    Ok(Document::of(&users::view(&user)).at(user.rev))
}

async fn change_password(call: &Call, id: Id, old: String, new: String) -> Result<()> {
    auth::guess_at(call, id).await?;
    let candidate = call.peek(move |tx| sessions::candidate_of(tx, id)).await?;
    let candidate = candidate.ok_or_else(|| {
        Error::invalid("there is no password to change, set one with the code from /v3/users/forgot-password")
    })?;
    let fits = call.app.passwords().fit(old, Some(candidate.password_hash.clone())).await?;
    if !fits {
        return Err(Error::invalid("`oldpassword` is missing or wrong"));
    }
    let hash = call.app.passwords().hash(new).await?;
    let change = move |tx: &mut Tx<'_>| users::change_password(tx, id, &candidate.password_hash, &hash);
    call.write(change).await
}

async fn permissions(call: Call, _: NoBody) -> Result<Reply<PermissionsView>> {
    let (user, project) = (call.user()?, crate::dispatch::project(&call.headers)?);
    let caller = call.caller.as_ref().ok_or_else(|| Error::internal("a call without a caller"))?;
    let scope = call.app.store.enter(caller, project).await?;
    let organisation = scope.organisation();
    let roles = call.peek(move |tx| members::roles(tx, user, project, organisation)).await?;
    Ok(Reply(PermissionsView { permissions: scope.permissions().names(), roles }))
}
