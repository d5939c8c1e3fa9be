//! People as others in a project see them: the users behind the ids that tickets and messages name.

use std::collections::{BTreeMap, BTreeSet};

use hark_store::access::{MEMBER, USER};
use hark_store::{Id, ReadTx, Result};
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
    let shown = |user: hark_store::Doc| {
        let properties =
            SHOWN.iter().filter_map(|name| Some(((*name).to_owned(), user.body.get(*name)?.clone())));
        (user.id, Json::Object(properties.collect()))
    };
    Ok(by_ids(tx, &USER, &members)?.into_values().map(shown).collect())
}

/// A user of whom only the id is known.
pub(crate) fn stub(id: Id) -> Json {
    json!({"_id": id, "id": id})
}
