//! Members of projects and organisations: who they are, their roles, and how they leave.

use std::collections::BTreeSet;

use hark_store::access::{MEMBER, ORGANISATION, PROJECT, USER};
use hark_store::{Doc, Error, Id, Permission, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::authority::{Authority, Place, membership};
use super::{audit, invitations, sso, users};
use crate::assignment::agents::Changed;

/// Members of a place at most.
pub(crate) const MEMBERS_MAX: u32 = 1_000;
/// Projects of an organisation at most.
pub(crate) const PROJECTS_MAX: u32 = 1_000;

/// The role that a member gets.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct RoleInput {
    /// The alias of a built-in role or of one of the organisation's.
    pub role: String,
}

/// A member as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// The user's id.
    pub id: Id,
    /// The user's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The address.
    pub email: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// `default`, `sso` or `service_account`.
    #[serde(rename = "type")]
    pub member_type: String,
    /// The same.
    pub user_type: String,
    /// The web address of a picture.
    pub profile_image_url: Option<String>,
    /// Whether the user takes tickets.
    pub available: Option<bool>,
    /// The role here; absent for somebody who is here through the organisation only.
    pub role: Option<String>,
    /// The role in the organisation, if it reaches all its projects.
    pub organisation_role: Option<String>,
}

/// Everybody who can enter the project, in the order in which they joined; owners and admins of
/// the organisation come last.
pub fn of_project(tx: &ReadTx<'_>, project: Id, organisation: Option<Id>) -> Result<Vec<Json>> {
    let members = tx.all_by(&MEMBER, "target", &project.to_string(), MEMBERS_MAX)?;
    let mut views = views(tx, &members, "role")?;
    let Some(organisation) = organisation else {
        return Ok(views);
    };
    let leaders = tx.all_by(&MEMBER, "target", &organisation.to_string(), MEMBERS_MAX)?;
    let leaders: Vec<Doc> = leaders.into_iter().filter(reaches_projects).collect();
    for leader in self::views(tx, &leaders, "organisationRole")? {
        match views.iter_mut().find(|view| view["id"] == leader["id"]) {
            Some(view) => view["organisationRole"] = leader["organisationRole"].clone(),
            None => views.push(leader),
        }
    }
    Ok(views)
}

/// Everybody in the organisation itself, in the order in which they joined.
pub fn of_organisation(tx: &ReadTx<'_>, caller: Id, organisation: Id) -> Result<Vec<Json>> {
    Authority::in_organisation(tx, caller, organisation)?.need(Permission::TeamRead)?;
    let members = tx.all_by(&MEMBER, "target", &organisation.to_string(), MEMBERS_MAX)?;
    views(tx, &members, "role")
}

/// The aliases of the roles that a user has in a project, through the organisation too.
pub fn roles(tx: &ReadTx<'_>, user: Id, project: Id, organisation: Option<Id>) -> Result<Vec<String>> {
    let in_project = membership(tx, user, project)?;
    let in_organisation = organisation.map(|id| membership(tx, user, id)).transpose()?.flatten();
    let members = in_project.into_iter().chain(in_organisation.filter(reaches_projects));
    Ok(members.filter_map(|member| member.text("role").map(str::to_owned)).collect())
}

/// The organisations that a user works for, in them or in one of their projects.
pub(crate) fn organisations(tx: &ReadTx<'_>, user: Id) -> Result<BTreeSet<Id>> {
    let members = tx.all_by(&MEMBER, "user", &user.to_string(), MEMBERS_MAX)?;
    let targets: Vec<Id> = members.iter().filter_map(|member| member.reference("target")).collect();
    let texts: Vec<String> = targets.iter().map(Id::to_string).collect();
    let projects = tx.all_of(&PROJECT, "id", &texts)?;
    let of = |target: Id| {
        let project = projects.iter().find(|project| project.id == target);
        project.map_or(Some(target), |project| project.reference("organisation"))
    };
    Ok(targets.into_iter().filter_map(of).collect())
}

/// Whether this membership in an organisation reaches all its projects.
pub(crate) fn reaches_projects(member: &Doc) -> bool {
    matches!(member.text("role"), Some("OWNER" | "ADMIN"))
}

/// Gives a user a role in a place.
///
/// # Errors
/// [`Error::Invalid`] when the place is full.
pub(crate) fn add(tx: &mut Tx<'_>, user: Id, place: Place, role: &str) -> Result<()> {
    let target = place.id();
    tx.lock_name(&format!("members:{target}"))?;
    if tx.all_by(&MEMBER, "target", &target.to_string(), MEMBERS_MAX)?.len() >= MEMBERS_MAX as usize {
        return Err(Error::invalid(format!("there are {MEMBERS_MAX} members already, remove one first")));
    }
    let pair = format!("{user}:{target}");
    tx.insert(&MEMBER, to_body(json!({"user": user, "target": target, "role": role, "pair": pair})))?;
    audit::note(tx, target, "member.added", user, json!({"role": role}))
}

/// Gives a member another role.
///
/// # Errors
/// [`Error::NotFound`] for somebody who is no member here, [`Error::Forbidden`] when the role of
/// before or the new one allows more than the caller may do.
pub fn set_role(tx: &mut Tx<'_>, authority: &Authority, user: Id, role: &str) -> Result<()> {
    let mut member = member(tx, authority, user)?;
    authority.may_give(tx, role)?;
    let before = member.text("role").unwrap_or_default().to_owned();
    if role != "OWNER" {
        keep_an_owner(tx, authority.place, &before)?;
    }
    member.set("role", role);
    tx.save(&MEMBER, member)?;
    invitations::withdraw(tx, user, authority.place)?;
    // A role in the organisation may not reach its projects any more.
    Changed { user, place: Some(authority.place.id()) }.tell(tx)?;
    audit::note(tx, authority.place.id(), "member.changed", user, json!({"before": before, "role": role}))
}

/// Takes a member out of a place, and out of the projects of an organisation with it. Projects follow: who
/// left is in none of their teams and has no open tickets there any more.
///
/// # Errors
/// As [`set_role`]; [`Error::Invalid`] for the last owner.
pub fn remove(tx: &mut Tx<'_>, authority: &Authority, user: Id) -> Result<()> {
    let member = member(tx, authority, user)?;
    let role = member.text("role").unwrap_or_default().to_owned();
    keep_an_owner(tx, authority.place, &role)?;
    tx.delete(&MEMBER, member.id)?;
    if let Place::Organisation(organisation) = authority.place {
        for project in tx.all_by(&PROJECT, "organisation", &organisation.to_string(), PROJECTS_MAX)? {
            if let Some(member) = membership(tx, user, project.id)? {
                tx.delete(&MEMBER, member.id)?;
                audit::note(tx, project.id, "member.removed", user, Json::Null)?;
            }
        }
    }
    // Who works for no project of the organisation any more does not come in through its provider.
    let organisation = authority.place.organisation();
    if !organisations(tx, user)?.contains(&organisation) {
        sso::forget(tx, user, organisation)?;
    }
    invitations::withdraw(tx, user, authority.place)?;
    Changed { user, place: Some(authority.place.id()) }.tell(tx)?;
    audit::note(tx, authority.place.id(), "member.removed", user, json!({"role": role}))
}

/// A member whom these rights may change, locked.
fn member(tx: &Tx<'_>, authority: &Authority, user: Id) -> Result<Doc> {
    authority.need(Permission::UsersManage)?;
    let pair = format!("{user}:{}", authority.place.id());
    let member = tx.find_by_locked(&MEMBER, "pair", &pair)?;
    let member = member.ok_or_else(|| Error::not_found(USER.name, user))?;
    authority.may_touch(tx, member.text("role").unwrap_or_default())?;
    Ok(member)
}

/// Refuses when an owner would be gone and no other is left. The lock on the organisation keeps
/// two owners from removing each other at the same time.
fn keep_an_owner(tx: &Tx<'_>, place: Place, role: &str) -> Result<()> {
    let Place::Organisation(organisation) = place else {
        return Ok(());
    };
    if role != "OWNER" {
        return Ok(());
    }
    tx.get_locked(&ORGANISATION, organisation)?;
    let members = tx.all_by(&MEMBER, "target", &organisation.to_string(), MEMBERS_MAX)?;
    if members.iter().filter(|member| member.text("role") == Some("OWNER")).count() > 1 {
        return Ok(());
    }
    Err(Error::invalid("this is the last owner of the organisation, make somebody else owner first"))
}

fn views(tx: &ReadTx<'_>, members: &[Doc], role: &str) -> Result<Vec<Json>> {
    let mut views = Vec::new();
    for member in members {
        let user = member.reference("user").map(|user| tx.find(&USER, user)).transpose()?.flatten();
        if let Some(user) = user {
            let mut view = users::public_view(&user);
            view.insert(role.to_owned(), json!(member.text("role")));
            views.push(Json::Object(view));
        }
    }
    Ok(views)
}
