//! Invitations to projects and organisations.

use axum::http::Method;
use hark_core::access::invitations::{self, AcceptInput, INVITATION, InvitationView, InviteInput, Invited};
use hark_core::access::letters::invitation_link;
use hark_core::access::members::RoleInput;
use hark_core::access::{Authority, Place};
use hark_store::{Error, Permission, Result, Tx};
use serde_json::{Value as Json, json};

use super::organisations::organisation;
use crate::answer::{Document, Documents, Reply};
use crate::budget::Budget;
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, Body, Listed, NoBody, Operation};

/// Invitations to one address, whoever invites.
const TO_ONE: Budget = Budget { name: "invitations to", max: 10, per_s: 24 * 60 * 60 };
/// Invitations by one user.
const BY_ONE: Budget = Budget { name: "invitations by", max: 500, per_s: 24 * 60 * 60 };

const USERS: Access = Access::Project(Permission::UsersManage);

pub(crate) fn operations() -> Vec<Operation> {
    let of_organisation = "/v3/invitations/organisations/{organisationId}";
    let one = "/v3/invitations/{invitationId}";
    vec![
        Operation::new(Method::GET, "/v3/invitations", "GetMyInvitations", Access::Caller, mine)
            .summary("The invitations that wait for the caller")
            .listed(Listed::Short),
        Operation::new(Method::DELETE, one, "DeleteInvitation", Access::Caller, delete)
            .summary("Take an invitation back"),
        Operation::new(Method::PUT, one, "UpdateInvitation", Access::Caller, answer)
            .summary("Accept or decline an invitation"),
        Operation::new(
            Method::PUT,
            "/v3/invitations/{invitationId}/role",
            "UpdateInvitationRole",
            USERS,
            set_role,
        )
        .summary("Change the role that comes with an invitation to the project"),
        Operation::new(
            Method::GET,
            of_organisation,
            "GetOrganisationInvitations",
            Access::Caller,
            in_organisation,
        )
        .summary("The invitations of an organisation that wait")
        .listed(Listed::Short),
        Operation::new(
            Method::POST,
            of_organisation,
            "CreateOrganisationInvitation",
            Access::Caller,
            to_organisation,
        )
        .summary("Invite people to an organisation"),
        Operation::new(Method::GET, "/v3/invitations/projects", "GetProjectInvitations", USERS, in_project)
            .summary("The invitations of the project that wait")
            .listed(Listed::Short),
        Operation::new(
            Method::POST,
            "/v3/invitations/projects",
            "CreateProjectInvitation",
            USERS,
            to_project,
        )
        .summary("Invite people to the project"),
        Operation::new(
            Method::GET,
            "/v3/invitations/links/{linkToken}",
            "GetInvitationByLink",
            Access::Public,
            by_link,
        )
        .summary("The invitation behind a link"),
    ]
}

async fn mine(call: Call, _: NoBody) -> Result<Documents<InvitationView>> {
    let user = call.user()?;
    let waiting = call.read(move |tx| invitations::of_user(tx, user)).await?;
    documents::short(&call, waiting)
}

async fn by_link(call: Call, _: NoBody) -> Result<Document<InvitationView>> {
    let token = call.path("linkToken")?.to_owned();
    let view = call.peek(move |tx| invitations::of_link(tx, &token)).await?;
    Ok(Document::of(&view))
}

async fn answer(call: Call, Body(input): Body<AcceptInput>) -> Result<Reply<bool>> {
    let (user, id) = (call.user()?, call.path_id("invitationId", INVITATION.name)?);
    call.write(move |tx| invitations::answer(tx, user, id, input.accept)).await?;
    Ok(Reply(true))
}

async fn delete(call: Call, _: NoBody) -> Result<Reply<bool>> {
    let id = call.path_id("invitationId", INVITATION.name)?;
    let place = call.peek(move |tx| invitations::place_of(tx, id)).await?;
    let authority = authority_in(&call, place).await.map_err(|error| match error {
        // Who cannot see the place must not learn of its invitations.
        Error::NotFound { .. } => Error::not_found(INVITATION.name, id),
        error => error,
    })?;
    call.write(move |tx| invitations::delete(tx, &authority, id)).await?;
    Ok(Reply(true))
}

async fn authority_in(call: &Call, place: Place) -> Result<Authority> {
    match place {
        Place::Project { id, .. } => {
            let caller = call.caller.as_ref().ok_or_else(|| Error::internal("a call without a caller"))?;
            Authority::in_project(&call.app.store.enter(caller, id).await?)
        }
        Place::Organisation(id) => {
            let user = call.user()?;
            call.peek(move |tx| Authority::in_organisation(tx, user, id)).await
        }
    }
}

async fn set_role(call: Call, Body(input): Body<RoleInput>) -> Result<Document<InvitationView>> {
    let authority = Authority::in_project(&call.scope)?;
    let id = call.path_id("invitationId", INVITATION.name)?;
    let set = move |tx: &mut Tx<'_>| invitations::set_role(tx, &authority, id, &input.role);
    Ok(documents::one(&INVITATION, &call.write_instance(set).await?))
}

async fn in_organisation(call: Call, _: NoBody) -> Result<Documents<InvitationView>> {
    let authority = authority_in(&call, Place::Organisation(organisation(&call)?)).await?;
    let waiting = call.read(move |tx| invitations::of_place(tx, &authority)).await?;
    documents::short(&call, waiting)
}

async fn in_project(call: Call, _: NoBody) -> Result<Documents<InvitationView>> {
    let authority = Authority::in_project(&call.scope)?;
    let waiting = call.read_instance(move |tx| invitations::of_place(tx, &authority)).await?;
    documents::short(&call, waiting)
}

async fn to_organisation(call: Call, Body(input): Body<InviteInput>) -> Result<Documents<InvitationView>> {
    let authority = authority_in(&call, Place::Organisation(organisation(&call)?)).await?;
    invite(&call, authority, input).await
}

async fn to_project(call: Call, Body(input): Body<InviteInput>) -> Result<Documents<InvitationView>> {
    let authority = Authority::in_project(&call.scope)?;
    invite(&call, authority, input).await
}

async fn invite(call: &Call, authority: Authority, input: InviteInput) -> Result<Documents<InvitationView>> {
    authority.need(Permission::UsersManage)?;
    for address in input.addresses()? {
        BY_ONE.spend(&call.app, &authority.user.to_string()).await?;
        TO_ONE.spend(&call.app, &address.key).await?;
    }
    let by_mail = call.app.mailer.configured();
    let work = move |tx: &mut Tx<'_>| invitations::invite(tx, &authority, &input, by_mail);
    let invited = call.write_instance(work).await?;
    Ok(Documents::of(invited.into_iter().map(|one| shown(one, &call.app.settings.public_url)).collect()))
}

fn shown(invited: Invited, public_url: &str) -> Json {
    let mut view = invited.view;
    if let Some(token) = invited.token {
        view["link"] = json!(invitation_link(public_url, &token));
    }
    view
}
