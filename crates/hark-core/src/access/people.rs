//! People as others in a project see them: the users behind the ids that tickets and messages name.

use std::collections::{BTreeMap, BTreeSet};

use hark_store::access::{MEMBER, USER};
use hark_store::{Doc, Id, ReadTx, Result};
use serde_json::{Value as Json, json};

use super::members::reaches_projects;
use crate::documents::by_ids;

/// What is shown of a user.
const SHOWN: &[&str] = &["_id", "id", "email", "firstName", "lastName", "profileImageUrl"];

/// Users by their ids.
pub type People = BTreeMap<Id, Json>;

/// Those of the users who are members of the project, or reach it through its organisation; read in
/// the instance's scope. An id of anybody else says nothing about who that is.
pub fn people(tx: &ReadTx<'_>, project: Id, organisation: Option<Id>, ids: &BTreeSet<Id>) -> Result<People> {
    let members = members(tx, project, organisation, ids)?;
    let shown = |user: Doc| {
        let properties =
            SHOWN.iter().filter_map(|name| Some(((*name).to_owned(), user.body.get(*name)?.clone())));
        (user.id, Json::Object(properties.collect()))
    };
    Ok(by_ids(tx, &USER, &members)?.into_values().map(shown).collect())
}

/// Those of the users who work in the project and take its tickets; read in the instance's scope.
pub fn available(
    tx: &ReadTx<'_>,
    project: Id,
    organisation: Option<Id>,
    ids: &BTreeSet<Id>,
) -> Result<BTreeSet<Id>> {
    let members = members(tx, project, organisation, ids)?;
    let takes = |user: &Doc| takes_tickets(user, project) && !user.is_true("disabled");
    Ok(by_ids(tx, &USER, &members)?.into_values().filter(takes).map(|user| user.id).collect())
}

/// Whether a user says that it takes tickets of a project.
pub(crate) fn takes_tickets(user: &Doc, project: Id) -> bool {
    let elsewhere = user.body.get("unavailableProjects").and_then(Json::as_array).into_iter().flatten();
    let is_away = elsewhere.filter_map(Json::as_str).any(|id| Id::parse(id) == Some(project));
    user.body.get("available") != Some(&Json::Bool(false)) && !is_away
}

/// Whether a user works in a project, as its member or through its organisation; read in the instance's scope.
pub(crate) fn works_in(tx: &ReadTx<'_>, project: Id, organisation: Option<Id>, user: Id) -> Result<bool> {
    Ok(!members(tx, project, organisation, &BTreeSet::from([user]))?.is_empty())
}

fn members(
    tx: &ReadTx<'_>,
    project: Id,
    organisation: Option<Id>,
    ids: &BTreeSet<Id>,
) -> Result<BTreeSet<Id>> {
    let mut members = BTreeSet::new();
    let pairs: Vec<String> = ids.iter().map(|id| format!("{id}:{project}")).collect();
    members.extend(tx.all_of(&MEMBER, "pair", &pairs)?.iter().filter_map(|member| member.reference("user")));
    if let Some(organisation) = organisation {
        let rest = ids.iter().filter(|id| !members.contains(id));
        let pairs: Vec<String> = rest.map(|id| format!("{id}:{organisation}")).collect();
        let leaders = tx.all_of(&MEMBER, "pair", &pairs)?;
        members.extend(
            leaders.iter().filter(|one| reaches_projects(one)).filter_map(|one| one.reference("user")),
        );
    }
    Ok(members)
}

/// A user of whom only the id is known.
pub(crate) fn stub(id: Id) -> Json {
    json!({"_id": id, "id": id})
}
