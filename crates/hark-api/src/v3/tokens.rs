//! API tokens of a project.

use axum::http::Method;
use hark_core::access::Authority;
use hark_core::access::tokens::{self, RotateInput, TokenInput, TokenView};
use hark_store::access::TOKEN;
use hark_store::{Permission, Result};

use crate::answer::{Document, Documents};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, Body, Listed, NoBody, Operation};

const MANAGE: Access = Access::Project(Permission::TokensManage);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/tokens", "GetTokens", MANAGE, list)
            .summary("List API tokens")
            .listed(Listed::Short),
        Operation::new(Method::POST, "/v3/tokens", "CreateToken", MANAGE, create)
            .summary("Create an API token; it is not shown again"),
        Operation::new(Method::DELETE, "/v3/tokens/{tokenId}", "DeleteToken", MANAGE, revoke)
            .summary("Revoke an API token"),
        Operation::new(Method::POST, "/v3/tokens/{tokenId}/rotate", "RotateToken", MANAGE, rotate)
            .summary("Replace an API token by another one of the same account"),
    ]
}

async fn list(call: Call, _: NoBody) -> Result<Documents<TokenView>> {
    let authority = Authority::in_project(&call.scope)?;
    let tokens = call.read_instance(move |tx| tokens::of_project(tx, &authority)).await?;
    documents::short(&call, tokens.iter().map(|token| token.view(&TOKEN)).collect())
}

async fn create(call: Call, Body(input): Body<TokenInput>) -> Result<Document<TokenView>> {
    let authority = Authority::in_project(&call.scope)?;
    let view = call.write_instance(move |tx| tokens::create(tx, &authority, &input)).await?;
    Ok(Document::of(&view))
}

async fn rotate(call: Call, Body(input): Body<RotateInput>) -> Result<Document<TokenView>> {
    let (authority, id) = (Authority::in_project(&call.scope)?, call.path_id("tokenId", TOKEN.name)?);
    let view = call.write_instance(move |tx| tokens::rotate(tx, &authority, id, &input)).await?;
    Ok(Document::of(&view))
}

async fn revoke(call: Call, _: NoBody) -> Result<Document<TokenView>> {
    let (authority, id) = (Authority::in_project(&call.scope)?, call.path_id("tokenId", TOKEN.name)?);
    let token = call.write_instance(move |tx| tokens::revoke(tx, &authority, id)).await?;
    Ok(documents::one(&TOKEN, &token))
}
