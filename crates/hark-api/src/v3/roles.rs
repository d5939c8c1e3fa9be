//! Roles: named sets of permissions that an organisation gives to its members.

use axum::http::Method;
use hark_core::access::Authority;
use hark_core::access::roles::{self, RoleInput, RoleView};
use hark_store::access::ROLE;
use hark_store::{Doc, Error, Id, Permission, Result, Tx};

use crate::answer::{Document, Documents};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, IF_MATCH, Listed, NoBody, Operation, Patch};

const READ: Access = Access::Project(Permission::TeamRead);
const MANAGE: Access = Access::Project(Permission::UsersManage);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/roles", "GetRoles", READ, list)
            .summary("The roles of the project's organisation, built-in ones first")
            .listed(Listed::Short),
        Operation::new(Method::POST, "/v3/roles", "CreateRole", MANAGE, create).summary("Create a role"),
        Operation::new(Method::GET, "/v3/roles/{roleId}", "GetRole", READ, get)
            .summary("A role that the organisation made"),
        Operation::new(Method::PUT, "/v3/roles/{roleId}", "UpdateRole", MANAGE, update)
            .summary("Change a role, for everybody who has it")
            .headers(IF_MATCH),
        Operation::new(Method::DELETE, "/v3/roles/{roleId}", "DeleteRole", MANAGE, delete)
            .summary("Delete a role that nobody has"),
    ]
}

async fn list(call: Call, _: NoBody) -> Result<Documents<RoleView>> {
    let organisation = organisation(&call)?;
    let roles = call.read_instance(move |tx| roles::of_organisation(tx, organisation)).await?;
    documents::short(&call, roles)
}

async fn create(call: Call, input: Patch<RoleInput>) -> Result<Document<RoleView>> {
    change(&call, move |tx, authority| roles::create(tx, authority, input.changes.clone())).await
}

async fn get(call: Call, _: NoBody) -> Result<Document<RoleView>> {
    let (id, organisation) = (call.path_id("roleId", ROLE.name)?, organisation(&call)?);
    let role = call.read_instance(move |tx| roles::of(tx, organisation, id)).await?;
    Ok(Document::of(&roles::view(&role)).at(role.rev))
}

async fn update(call: Call, input: Patch<RoleInput>) -> Result<Document<RoleView>> {
    let (id, expected) = (call.path_id("roleId", ROLE.name)?, call.if_match()?);
    let update = move |tx: &mut Tx<'_>, authority: &Authority| {
        roles::update(tx, authority, id, input.changes.clone(), expected)
    };
    change(&call, update).await
}

async fn delete(call: Call, _: NoBody) -> Result<Document<RoleView>> {
    let id = call.path_id("roleId", ROLE.name)?;
    change(&call, move |tx, authority| roles::delete(tx, authority, id)).await
}

/// Runs a change with the caller's rights in the organisation, because a role counts in all its projects.
async fn change(
    call: &Call,
    mut work: impl FnMut(&mut Tx<'_>, &Authority) -> Result<Doc> + Send + 'static,
) -> Result<Document<RoleView>> {
    let (user, organisation) = (call.user()?, organisation(call)?);
    let role = call
        .write_instance(move |tx| {
            let authority = Authority::in_organisation(tx, user, organisation).map_err(no_member)?;
            work(tx, &authority)
        })
        .await?;
    Ok(Document::of(&roles::view(&role)).at(role.rev))
}

fn no_member(error: Error) -> Error {
    match error {
        Error::NotFound { .. } => Error::Forbidden(
            "roles count in all projects, ask an administrator of the organisation".to_owned(),
        ),
        error => error,
    }
}

fn organisation(call: &Call) -> Result<Id> {
    Authority::in_project(&call.scope).map(|authority| authority.place.organisation())
}
