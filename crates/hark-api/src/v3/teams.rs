//! Teams: groups of users that tickets are assigned to.

use axum::http::Method;
use hark_core::teams::{self, TEAM, TeamInput, TeamView};
use hark_store::{Permission, Result};

use crate::answer::{Document, Documents};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, IF_MATCH, NoBody, Operation, Patch};

const READ: Access = Access::Project(Permission::TeamRead);
const MANAGE: Access = Access::Project(Permission::TeamManage);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, "/v3/teams", "CreateTeam", MANAGE, create).summary("Create a team"),
        Operation::new(Method::GET, "/v3/teams", "GetTeams", READ, list).summary("List teams").list(),
        Operation::new(Method::GET, "/v3/teams/{teamId}", "GetTeam", READ, get).summary("A team"),
        Operation::new(Method::PUT, "/v3/teams/{teamId}", "UpdateTeam", MANAGE, update)
            .summary("Change a team")
            .headers(IF_MATCH),
        Operation::new(Method::DELETE, "/v3/teams/{teamId}", "DeleteTeam", MANAGE, delete)
            .summary("Delete a team"),
    ]
}

async fn create(call: Call, input: Patch<TeamInput>) -> Result<Document<TeamView>> {
    let doc = call.write(move |tx| teams::create(tx, input.changes.clone())).await?;
    Ok(documents::one(&TEAM, &doc))
}

async fn list(call: Call, _: NoBody) -> Result<Documents<TeamView>> {
    documents::list(&call, &TEAM, &[]).await
}

async fn get(call: Call, _: NoBody) -> Result<Document<TeamView>> {
    let id = call.path_id("teamId", TEAM.name)?;
    documents::get(&call, &TEAM, id).await
}

async fn update(call: Call, input: Patch<TeamInput>) -> Result<Document<TeamView>> {
    let id = call.path_id("teamId", TEAM.name)?;
    let expected = call.if_match()?;
    let doc = call.write(move |tx| teams::update(tx, id, input.changes.clone(), expected)).await?;
    Ok(documents::one(&TEAM, &doc))
}

async fn delete(call: Call, _: NoBody) -> Result<Document<TeamView>> {
    let id = call.path_id("teamId", TEAM.name)?;
    let doc = call.write(move |tx| teams::delete(tx, id)).await?;
    Ok(documents::one(&TEAM, &doc))
}
