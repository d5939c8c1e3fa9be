//! File sessions: SDKs end them at logout, and find the conversation of a file that a mail led to.

use axum::http::Method;
use hark_core::files;
use hark_store::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{NoContent, Reply};
use crate::call::Call;
use crate::dispatch::text;
use crate::operation::{Access, NoBody, Operation};

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, "/files/session/revoke", "RevokeFileSession", Access::Public, revoke)
            .summary("End the file session whose token is in the header `X-File-Session`")
            .headers(&[("x-file-session", "the token of the file session", false)]),
        Operation::new(Method::GET, "/files/{fileId}/location", "LocateFile", Access::Public, locate)
            .summary("The conversation in which a file is, for the contact of a file session")
            .headers(&[("x-file-session", "the token of the file session", true)])
            .also_answers(&[(401, "the file session is over")]),
    ]
}

/// Where a file is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Location {
    /// The token with which the conversation is opened.
    share_token: String,
}

async fn locate(call: Call, _: NoBody) -> Result<Reply<Location>> {
    let file = call.path_id("fileId", files::FILE.name)?;
    let over = || Error::Unauthenticated("the file session is over".to_owned());
    let token = text(&call.headers, "x-file-session").ok_or_else(over)?.to_owned();
    let project = files::project_of(&token).ok_or_else(over)?;
    let scope = match call.app.store.operator_of(project).await {
        Ok(scope) => scope,
        Err(Error::NotFound { .. }) => return Err(over()),
        Err(error) => return Err(error),
    };
    let share_token = call.app.store.peek(&scope, move |tx| files::location(tx, &token, file)).await?;
    Ok(Reply(Location { share_token }))
}

/// A session that is over or never was is none, which is what the caller wants.
async fn revoke(call: Call, _: NoBody) -> Result<NoContent> {
    let Some(token) = text(&call.headers, "x-file-session").map(str::to_owned) else {
        return Ok(NoContent);
    };
    let Some(project) = files::project_of(&token) else { return Ok(NoContent) };
    let scope = match call.app.store.operator_of(project).await {
        Ok(scope) => scope,
        Err(Error::NotFound { .. }) => return Ok(NoContent),
        Err(error) => return Err(error),
    };
    call.app.store.write(&scope, move |tx| files::revoke(tx, &token)).await?;
    Ok(NoContent)
}
