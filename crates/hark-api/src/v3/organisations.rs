//! Organisations: who owns projects, and who leads there.

use axum::http::Method;
use hark_core::access::Authority;
use hark_core::access::members::{self, MemberView, RoleInput};
use hark_core::access::projects::{self, NameInput, OrganisationView};
use hark_store::access::{ORGANISATION, USER};
use hark_store::{Actor, Error, Id, Result};

use crate::answer::{Document, Documents, Reply};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, Body, Listed, NoBody, Operation};

pub(crate) fn operations() -> Vec<Operation> {
    let all = "/v3/organisations";
    let one = "/v3/organisations/{organisationId}";
    let users_path = "/v3/organisations/{organisationId}/users";
    let user_path = "/v3/organisations/{organisationId}/users/{userId}";
    vec![
        Operation::new(Method::GET, all, "GetOrganisations", Access::Caller, list)
            .summary("The organisations in which the caller has a role")
            .listed(Listed::Short),
        Operation::new(Method::POST, all, "CreateOrganisation", Access::Caller, create)
            .summary("Create an organisation that the caller owns"),
        Operation::new(Method::PUT, one, "UpdateOrganisation", Access::Caller, rename)
            .summary("Rename an organisation"),
        Operation::new(Method::GET, users_path, "GetOrganisationUsers", Access::Caller, users)
            .summary("Who has a role in the organisation")
            .listed(Listed::Short),
        Operation::new(Method::PUT, user_path, "UpdateOrganisationUser", Access::Caller, set_role)
            .summary("Give somebody another role in the organisation"),
        Operation::new(Method::DELETE, user_path, "DeleteOrganisationUser", Access::Caller, remove)
            .summary("Take somebody out of the organisation and all its projects"),
    ]
}

async fn list(call: Call, _: NoBody) -> Result<Documents<OrganisationView>> {
    let user = call.user()?;
    let organisations = call.read(move |tx| projects::organisations_of(tx, user)).await?;
    documents::short(&call, organisations)
}

async fn create(call: Call, Body(input): Body<NameInput>) -> Result<Document<OrganisationView>> {
    let Actor::User { id, service: false, .. } = *call.scope.actor() else {
        return Err(Error::Forbidden("only a person can own an organisation, sign in".to_owned()));
    };
    let view = call.write(move |tx| projects::create_organisation(tx, id, &input.name)).await?;
    Ok(Document::of(&view))
}

async fn rename(call: Call, Body(input): Body<NameInput>) -> Result<Document<OrganisationView>> {
    let (user, id) = (call.user()?, organisation(&call)?);
    let view = call.write(move |tx| projects::rename_organisation(tx, user, id, &input.name)).await?;
    Ok(Document::of(&view))
}

async fn users(call: Call, _: NoBody) -> Result<Documents<MemberView>> {
    let (user, id) = (call.user()?, organisation(&call)?);
    let users = call.read(move |tx| members::of_organisation(tx, user, id)).await?;
    documents::short(&call, users)
}

async fn set_role(call: Call, Body(input): Body<RoleInput>) -> Result<Reply<bool>> {
    let (caller, id, user) = (call.user()?, organisation(&call)?, call.path_id("userId", USER.name)?);
    let set = move |tx: &mut hark_store::Tx<'_>| {
        let authority = Authority::in_organisation(tx, caller, id)?;
        members::set_role(tx, &authority, user, &input.role)
    };
    call.write(set).await?;
    Ok(Reply(true))
}

async fn remove(call: Call, _: NoBody) -> Result<Reply<bool>> {
    let (caller, id, user) = (call.user()?, organisation(&call)?, call.path_id("userId", USER.name)?);
    let remove = move |tx: &mut hark_store::Tx<'_>| {
        let authority = Authority::in_organisation(tx, caller, id)?;
        members::remove(tx, &authority, user)
    };
    call.write(remove).await?;
    Ok(Reply(true))
}

pub(super) fn organisation(call: &Call) -> Result<Id> {
    call.path_id("organisationId", ORGANISATION.name)
}
