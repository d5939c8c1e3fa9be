//! Project configuration: what SDKs are told, and the key of identity verification.

use axum::http::Method;
use hark_core::config::{self, Config};
use hark_core::sdk_seen::{self, SdksView};
use hark_store::{Body, Error, Permission, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Document, Reply};
use crate::call::Call;
use crate::operation::{Access, IF_MATCH, NoBody, Operation, Patch};

const READ: Access = Access::Project(Permission::SettingsRead);
const MANAGE: Access = Access::Project(Permission::SettingsManage);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/projects/config", "GetProjectConfig", READ, get)
            .summary("What SDKs are told, with defaults"),
        Operation::new(Method::PUT, "/v3/projects/config", "UpdateProjectConfig", MANAGE, update)
            .summary("Change what SDKs are told; null takes a value back")
            .headers(IF_MATCH),
        Operation::new(
            Method::GET,
            "/v3/projects/identity-secret",
            "GetIdentitySecret",
            MANAGE,
            identity_secret,
        )
        .summary("The key of identity verification"),
        Operation::new(Method::GET, "/v3/projects/sdk", "GetProjectSdks", READ, sdks)
            .summary("From which SDKs the project was seen, and when"),
    ]
}

/// The key of identity verification.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct IdentitySecret {
    /// The key with which a server makes the HMAC-SHA256 of a user id.
    identity_secret: String,
}

async fn sdks(call: Call, _: NoBody) -> Result<Reply<SdksView>> {
    call.peek(sdk_seen::seen).await.map(Reply)
}

async fn get(call: Call, _: NoBody) -> Result<Document<Config>> {
    answer(call.peek(config::load_at).await?)
}

async fn update(call: Call, input: Patch<Config>) -> Result<Document<Config>> {
    match change(&call, input.changes.clone()).await {
        // Somebody else made the project's first configuration at the same time.
        Err(Error::Conflict { .. }) => answer(change(&call, input.changes).await?),
        done => answer(done?),
    }
}

fn answer((config, rev): (Config, i64)) -> Result<Document<Config>> {
    Ok(Document::of(&serde_json::to_value(config.effective())?).at(rev))
}

async fn change(call: &Call, changes: Body) -> Result<(Config, i64)> {
    let expected = call.if_match()?;
    call.write(move |tx| config::change(tx, changes.clone(), expected)).await
}

async fn identity_secret(call: Call, _: NoBody) -> Result<Reply<IdentitySecret>> {
    let project = call.project()?;
    let identity_secret = call.write_instance(move |tx| config::show_identity_secret(tx, project)).await?;
    Ok(Reply(IdentitySecret { identity_secret }))
}
