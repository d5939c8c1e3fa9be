//! Single sign-on: an organisation's provider, and signing in there.

use axum::http::Method;
use hark_core::access::factors::SignIn;
use hark_core::access::sso::{self, Begun, Provider, Returned, SsoInput, SsoView};
use hark_deliver::oidc::{Client, Question, discover};
use hark_deliver::secret::Secret;
use hark_store::access::ORGANISATION;
use hark_store::{Id, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::auth;
use super::billing::{UPSTREAM, upstream};
use super::organisations::organisation;
use super::second_factor::{party, person};
use crate::answer::Reply;
use crate::call::Call;
use crate::operation::{Access, Body, NoBody, Operation};

const CALLER: Access = Access::Caller;
const PUBLIC: Access = Access::Public;

pub(crate) fn operations() -> Vec<Operation> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let settings = "/v3/organisations/{organisationId}/sso";
    let (own, one) = ("/v3/users/me/sso", "/v3/users/me/sso/{organisationId}");
    vec![
        Operation::new(get, settings, "GetSso", CALLER, get_settings)
            .summary("The organisation's provider of single sign-on"),
        Operation::new(put, settings, "UpdateSso", CALLER, set_settings)
            .summary("Set the organisation's provider of single sign-on; the secret is never answered"),
        Operation::new(delete.clone(), settings, "DeleteSso", CALLER, delete_settings)
            .summary("Remove the provider, and sign out who came through it"),
        Operation::new(post.clone(), "/v3/users/login/sso", "LoginSso", PUBLIC, begin)
            .summary("Begin to sign in at an organisation's provider")
            .also_answers(UPSTREAM),
        Operation::new(post.clone(), "/v3/users/login/sso/complete", "LoginSsoComplete", PUBLIC, complete)
            .summary("Sign in with what the browser brought back from the provider")
            .also_answers(UPSTREAM),
        Operation::new(post.clone(), own, "ConnectSso", CALLER, begin_connection)
            .summary("Begin to connect the own account with an organisation's provider")
            .also_answers(UPSTREAM),
        Operation::new(post, "/v3/users/me/sso/complete", "ConnectSsoComplete", CALLER, complete_connection)
            .summary("Connect the own account with what the browser brought back from the provider")
            .also_answers(UPSTREAM),
        Operation::new(delete, one, "DisconnectSso", CALLER, disconnect)
            .summary("Take the connection with an organisation's provider off the own account"),
    ]
}

/// Who signs in: an address, or the organisation.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
struct WhoInput {
    /// The address; its domain tells the provider.
    email: Option<String>,
    /// The organisation, where it is known already.
    organisation: Option<Id>,
}

/// The organisation to connect with.
#[derive(Deserialize, JsonSchema)]
struct OrganisationInput {
    /// The organisation.
    organisation: Id,
}

/// A sign-in that goes on at the provider.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct GoThere {
    /// Where the browser goes.
    url: String,
    /// What the browser keeps until it is back.
    handle: String,
    /// Until when it is good, ISO 8601.
    expires_at: String,
}

/// Where an organisation's provider sends browsers back to: a page of the dashboard, a different one for each
/// organisation, so that what comes back tells who sent it.
fn redirect_uri(call: &Call, organisation: Id) -> String {
    format!("{}/sign-in/sso/{organisation}", call.app.settings.public_url)
}

fn client(call: &Call, provider: &Provider) -> Client {
    Client {
        id: provider.client_id.clone(),
        secret: Secret::new(provider.client_secret.as_str()),
        redirect_uri: redirect_uri(call, provider.organisation),
    }
}

async fn get_settings(call: Call, _: NoBody) -> Result<Reply<SsoView>> {
    let (user, id) = (call.user()?, organisation(&call)?);
    let back = redirect_uri(&call, id);
    call.read(move |tx| sso::get(tx, user, id, back)).await.map(Reply)
}

async fn set_settings(call: Call, Body(input): Body<SsoInput>) -> Result<Reply<SsoView>> {
    let (user, id) = (person(&call)?, organisation(&call)?);
    let back = redirect_uri(&call, id);
    call.write(move |tx| sso::set(tx, user, id, &input, back.clone())).await.map(Reply)
}

async fn delete_settings(call: Call, _: NoBody) -> Result<Reply<bool>> {
    let (user, id) = (person(&call)?, organisation(&call)?);
    call.write(move |tx| sso::delete(tx, user, id)).await?;
    Ok(Reply(true))
}

async fn begin(call: Call, Body(input): Body<WhoInput>) -> Result<Reply<GoThere>> {
    auth::guess(&call).await?;
    let email = input.email.clone();
    let provider =
        call.peek(move |tx| sso::provider_of(tx, input.email.as_deref(), input.organisation)).await?;
    let organisation = provider.organisation;
    let begun = call.write(move |tx| sso::begin(tx, organisation)).await?;
    go_there(&call, &provider, begun, email.as_deref()).await
}

async fn begin_connection(call: Call, Body(input): Body<OrganisationInput>) -> Result<Reply<GoThere>> {
    let (user, organisation) = (person(&call)?, input.organisation);
    let begun = call.write(move |tx| sso::begin_connection(tx, user, organisation)).await?;
    let provider = call.peek(move |tx| sso::provider_of(tx, None, Some(organisation))).await?;
    go_there(&call, &provider, begun, None).await
}

async fn go_there(
    call: &Call,
    provider: &Provider,
    begun: Begun,
    email: Option<&str>,
) -> Result<Reply<GoThere>> {
    let found = discover(&call.app.egress, &provider.issuer).await.map_err(upstream)?;
    let question = Question {
        state: &begun.state,
        nonce: &begun.nonce,
        code_challenge: &begun.code_challenge,
        login_hint: email,
    };
    let url = found.sign_in_url(&client(call, provider), &question).map_err(upstream)?;
    Ok(Reply(GoThere { url, handle: begun.handle, expires_at: begun.expires_at }))
}

async fn complete(call: Call, Body(input): Body<Returned>) -> Result<Reply<SignIn>> {
    auth::guess(&call).await?;
    let (token, keys) = exchange(&call, &input, false).await?;
    let party = party(&call);
    let done = move |tx: &mut Tx<'_>| sso::complete(tx, &input, &token, &keys, party.as_ref());
    call.write(done).await.map(Reply)
}

async fn complete_connection(call: Call, Body(input): Body<Returned>) -> Result<Reply<bool>> {
    let user = person(&call)?;
    auth::guess(&call).await?;
    let (token, keys) = exchange(&call, &input, true).await?;
    call.write(move |tx| sso::complete_connection(tx, user, &input, &token, &keys)).await?;
    Ok(Reply(true))
}

/// The provider's token for a code, and the keys to check it with.
async fn exchange(call: &Call, input: &Returned, connects: bool) -> Result<(String, Json)> {
    let returned = input.clone();
    let (provider, verifier) = call.peek(move |tx| returned.provider(tx, connects)).await?;
    let egress = &call.app.egress;
    let found = discover(egress, &provider.issuer).await.map_err(upstream)?;
    let client = client(call, &provider);
    let token = found.exchange(egress, &client, &input.code, &verifier).await.map_err(upstream)?;
    let keys = found.keys(egress).await.map_err(upstream)?;
    Ok((token, keys))
}

async fn disconnect(call: Call, _: NoBody) -> Result<Reply<bool>> {
    let (user, id) = (person(&call)?, call.path_id("organisationId", ORGANISATION.name)?);
    call.write(move |tx| sso::disconnect(tx, user, id)).await?;
    Ok(Reply(true))
}
