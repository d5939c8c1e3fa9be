//! File sessions of members: what the dashboard adds to addresses of files where a project protects them.

use axum::http::Method;
use hark_core::files;
use hark_store::{Permission, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::Reply;
use crate::call::Call;
use crate::operation::{Access, NoBody, Operation};
use crate::sdk::KnownProject;

pub(crate) fn operations() -> Vec<Operation> {
    let read = Access::Project(Permission::TicketsRead);
    vec![
        Operation::new(Method::POST, "/v3/files/session", "BeginFileSession", read, begin)
            .summary("Begin a file session of the caller, with which a page shows the project's files"),
    ]
}

/// What a page adds to addresses of files.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FileSessionView {
    /// Where files are: only addresses of this origin get the token.
    origin: String,
    /// Whether the project shows files only to those whom they belong to. If not, there is no token.
    required: bool,
    /// The query parameter `fileSession` of addresses of the project's files. It ends before an hour is
    /// over, with the caller's bearer token and with the right to read tickets.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// When the token ends, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

async fn begin(call: Call, _: NoBody) -> Result<Reply<FileSessionView>> {
    let required = KnownProject::of(&call.app, &call.scope).await?.config.has_authenticated_files();
    let session = if required {
        let scope = call.scope.clone();
        Some(call.write_instance(move |tx| files::begin_for_member(tx, &scope)).await?)
    } else {
        None
    };
    let (token, expires_at) = session.map(|session| (session.token, session.expires_at)).unzip();
    let origin = call.app.settings.media_url();
    Ok(Reply(FileSessionView { origin, required, token, expires_at }))
}
