//! File sessions: SDKs end them at logout.

use axum::http::Method;
use hark_core::files;
use hark_store::{Error, Result};

use crate::answer::NoContent;
use crate::call::Call;
use crate::dispatch::text;
use crate::operation::{Access, NoBody, Operation};

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, "/files/session/revoke", "RevokeFileSession", Access::Public, revoke)
            .summary("End the file session whose token is in the header `X-File-Session`")
            .headers(&[("x-file-session", "the token of the file session", false)]),
    ]
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
