//! Projects: which there are, who works in them, and their keys.

use axum::http::Method;
use hark_core::access::members::{self, MemberView, RoleInput};
use hark_core::access::projects::{self, NameInput, NewSecret, ProjectInput, ProjectSecret, ProjectView};
use hark_core::access::{Authority, ProjectKeys};
use hark_store::access::{PROJECT, USER};
use hark_store::{Id, Permission, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::answer::{Document, Documents, Reply};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, Body, Listed, NoBody, Operation};

const TEAM: Access = Access::Project(Permission::TeamRead);
const USERS: Access = Access::Project(Permission::UsersManage);
const READ: Access = Access::Project(Permission::SettingsRead);
const MANAGE: Access = Access::Project(Permission::SettingsManage);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/projects/users", "GetUsers", TEAM, users)
            .summary("Who works in the project")
            .listed(Listed::Short),
        Operation::new(Method::PUT, "/v3/projects/users/{userId}", "UpdateUser", USERS, set_role)
            .summary("Give somebody another role in the project"),
        Operation::new(Method::DELETE, "/v3/projects/users/{userId}", "DeleteUser", USERS, remove)
            .summary("Take somebody out of the project"),
        Operation::new(Method::GET, "/v3/projects", "GetProjects", Access::Caller, list)
            .summary("The projects that the caller can enter")
            .listed(Listed::Short),
        Operation::new(Method::POST, "/v3/projects", "CreateProject", Access::Caller, create)
            .summary("Create a project; its tokens are not shown again"),
        Operation::new(Method::GET, "/v3/projects/current", "GetProject", READ, current)
            .summary("The project of the `Project` header"),
        Operation::new(Method::PUT, "/v3/projects/current", "UpdateProject", MANAGE, rename)
            .summary("Rename the project"),
        Operation::new(Method::POST, "/v3/projects/current/secrets", "ReplaceProjectSecret", MANAGE, secret)
            .summary("Replace a secret of the project; it is not shown again"),
    ]
}

/// Which secret to replace.
#[derive(Deserialize, JsonSchema)]
struct SecretInput {
    /// The secret.
    which: ProjectSecret,
}

async fn users(call: Call, _: NoBody) -> Result<Documents<MemberView>> {
    let (project, organisation) = (project(&call)?, call.scope.organisation());
    let users = call.read_instance(move |tx| members::of_project(tx, project, organisation)).await?;
    documents::short(&call, users)
}

async fn set_role(call: Call, Body(input): Body<RoleInput>) -> Result<Reply<bool>> {
    let (authority, user) = (Authority::in_project(&call.scope)?, call.path_id("userId", USER.name)?);
    call.write_instance(move |tx| members::set_role(tx, &authority, user, &input.role)).await?;
    Ok(Reply(true))
}

async fn remove(call: Call, _: NoBody) -> Result<Reply<bool>> {
    let (authority, user) = (Authority::in_project(&call.scope)?, call.path_id("userId", USER.name)?);
    call.write_instance(move |tx| members::remove(tx, &authority, user)).await?;
    Ok(Reply(true))
}

async fn list(call: Call, _: NoBody) -> Result<Documents<ProjectView>> {
    let user = call.user()?;
    let only = call.caller.as_ref().and_then(|caller| caller.only_project());
    let projects = call.read(move |tx| projects::of_user(tx, user)).await?;
    let open = projects.iter().filter(|project| only.is_none_or(|only| only == project.id));
    documents::short(&call, open.map(|project| project.view(&PROJECT)).collect())
}

async fn create(call: Call, Body(input): Body<ProjectInput>) -> Result<Reply<ProjectKeys>> {
    let user = call.user()?;
    call.write(move |tx| projects::create(tx, user, &input)).await.map(Reply)
}

async fn current(call: Call, _: NoBody) -> Result<Document<ProjectView>> {
    let id = project(&call)?;
    let project = call.read_instance(move |tx| tx.get(&PROJECT, id)).await?;
    Ok(documents::one(&PROJECT, &project))
}

async fn rename(call: Call, Body(input): Body<NameInput>) -> Result<Document<ProjectView>> {
    let id = project(&call)?;
    let project = call.write_instance(move |tx| projects::rename(tx, id, &input.name)).await?;
    Ok(documents::one(&PROJECT, &project))
}

async fn secret(call: Call, Body(input): Body<SecretInput>) -> Result<Reply<NewSecret>> {
    let id = project(&call)?;
    call.write_instance(move |tx| projects::replace_secret(tx, id, input.which)).await.map(Reply)
}

fn project(call: &Call) -> Result<Id> {
    Authority::in_project(&call.scope).map(|authority| authority.place.id())
}
