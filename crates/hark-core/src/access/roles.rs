//! Roles: the built-in ones, and those that an organisation makes of permissions.

use hark_query::{Filter, Path};
use hark_store::access::{MEMBER, PROJECT, ROLE};
use hark_store::permission::{BUILT_IN_ROLES, BuiltInRole};
use hark_store::{Body, Doc, Error, Id, Permission, Permissions, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::authority::{Authority, role_exists};
use super::members::PROJECTS_MAX;
use super::{audit, invitations};
use crate::documents::{LINE_MAX, expect_revision, required_line};

/// Roles of an organisation at most.
const ROLES_MAX: u32 = 200;
/// Characters of an alias.
const ALIAS_MAX: usize = 64;
/// Projects whose members are counted with one query.
const PLACES_AT_ONCE: usize = 100;

/// The properties of a role that a caller may set.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RoleInput {
    /// The name for people.
    pub name: Option<String>,
    /// The name on the wire, which memberships keep; it cannot be changed.
    pub alias: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The names of its permissions.
    pub permission_groups: Option<Vec<Permission>>,
}

/// A role as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleView {
    /// The role's id; built-in roles have none.
    pub id: Option<Id>,
    /// The role's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Option<Id>,
    /// Whether every organisation has it and nobody can change it.
    pub built_in: bool,
    /// What a caller set.
    #[serde(flatten)]
    pub role: RoleInput,
}

/// The built-in roles, then those of the organisation in the order in which they were made.
pub fn of_organisation(tx: &ReadTx<'_>, organisation: Id) -> Result<Vec<Json>> {
    let own = tx.all_by(&ROLE, "organisation", &organisation.to_string(), ROLES_MAX)?;
    Ok(BUILT_IN_ROLES.iter().map(built_in_view).chain(own.iter().map(view)).collect())
}

/// A role that an organisation made.
///
/// # Errors
/// [`Error::NotFound`] when it has no such role.
pub fn of(tx: &ReadTx<'_>, organisation: Id, id: Id) -> Result<Doc> {
    let role = tx.find(&ROLE, id)?.filter(|role| role.reference("organisation") == Some(organisation));
    role.ok_or_else(|| Error::not_found(ROLE.name, id))
}

/// A role as it is answered.
pub fn view(role: &Doc) -> Json {
    let mut view = role.view(&ROLE);
    view["builtIn"] = json!(false);
    view
}

/// Makes a role. Roles count in every project of the organisation, so only who manages users of
/// the organisation itself may do so, and only out of permissions of its own.
pub fn create(tx: &mut Tx<'_>, authority: &Authority, mut body: Body) -> Result<Doc> {
    authority.need(Permission::UsersManage)?;
    let organisation = authority.place.organisation();
    let alias = alias(&body)?;
    tx.lock_name(&format!("roles:{organisation}"))?;
    if role_exists(tx, organisation, &alias)? {
        return Err(Error::Conflict { what: ROLE.name, field: "alias".to_owned() });
    }
    if tx.all_by(&ROLE, "organisation", &organisation.to_string(), ROLES_MAX)?.len() >= ROLES_MAX as usize {
        return Err(Error::invalid(format!("an organisation has {ROLES_MAX} roles at most")));
    }
    body.entry("permissionGroups").or_insert_with(|| json!([]));
    check(authority, &body)?;
    body.insert("alias".to_owned(), json!(alias));
    body.insert("organisation".to_owned(), json!(organisation));
    body.insert("pair".to_owned(), json!(format!("{organisation}:{alias}")));
    let role = tx.insert(&ROLE, body)?;
    audit::note(tx, organisation, "role.created", &alias, role.view(&ROLE))?;
    Ok(role)
}

/// Changes a role; everybody who has it may do the new at once. With `expected`, only if the role still
/// has this revision.
pub fn update(
    tx: &mut Tx<'_>,
    authority: &Authority,
    id: Id,
    changes: Body,
    expected: Option<i64>,
) -> Result<Doc> {
    let mut role = own(tx, authority, id)?;
    expect_revision(&ROLE, &role, expected)?;
    if changes.get("alias").is_some_and(|alias| Some(alias) != role.body.get("alias")) {
        return Err(Error::invalid("the alias of a role cannot be changed, members are known by it"));
    }
    for (property, value) in changes {
        let value = if property == "permissionGroups" && value.is_null() { json!([]) } else { value };
        role.set(&property, value);
    }
    check(authority, &role.body)?;
    let role = tx.save(&ROLE, role)?;
    let alias = role.text("alias").unwrap_or_default();
    audit::note(tx, authority.place.organisation(), "role.changed", alias, role.view(&ROLE))?;
    Ok(role)
}

/// Deletes a role that nobody has or is invited to.
///
/// # Errors
/// [`Error::Invalid`] while somebody has it.
pub fn delete(tx: &mut Tx<'_>, authority: &Authority, id: Id) -> Result<Doc> {
    let role = own(tx, authority, id)?;
    let alias = role.text("alias").unwrap_or_default().to_owned();
    let (members, invited) = holders(tx, authority.place.organisation(), &alias)?;
    if members > 0 {
        return Err(Error::invalid(format!("{members} members have this role, give them another one first")));
    }
    if invited > 0 {
        return Err(Error::invalid(format!(
            "{invited} invitations that wait carry this role, take them back first"
        )));
    }
    tx.delete(&ROLE, id)?;
    audit::note(tx, authority.place.organisation(), "role.deleted", alias, Json::Null)?;
    Ok(role)
}

/// A role of the organisation that these rights may change, locked.
fn own(tx: &Tx<'_>, authority: &Authority, id: Id) -> Result<Doc> {
    authority.need(Permission::UsersManage)?;
    let organisation = authority.place.organisation();
    let role = tx.find_locked(&ROLE, id)?.filter(|role| role.reference("organisation") == Some(organisation));
    let role = role.ok_or_else(|| Error::not_found(ROLE.name, id))?;
    authority.cover(&allowed(&role.body))?;
    Ok(role)
}

fn check(authority: &Authority, body: &Body) -> Result<()> {
    required_line(body, "name")?;
    if body.get("description").and_then(Json::as_str).is_some_and(|text| text.chars().count() > LINE_MAX) {
        return Err(Error::invalid(format!("`description` is longer than {LINE_MAX} characters")));
    }
    authority.cover(&allowed(body))
}

fn allowed(body: &Body) -> Permissions {
    let names = body.get("permissionGroups").and_then(Json::as_array).into_iter().flatten();
    let known: Vec<Permission> = names.filter_map(|name| Permission::parse(name.as_str()?)).collect();
    Permissions::of(&known)
}

fn alias(body: &Body) -> Result<String> {
    let alias = required_line(body, "alias")?;
    let plain = alias.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if !plain || alias.len() > ALIAS_MAX {
        return Err(Error::invalid(format!(
            "`alias` has letters, digits, `_` and `-` only, and {ALIAS_MAX} characters at most"
        )));
    }
    Ok(alias.to_owned())
}

/// How many members have the role, and how many people who are invited get it.
fn holders(tx: &ReadTx<'_>, organisation: Id, alias: &str) -> Result<(u64, u64)> {
    let projects = tx.all_by(&PROJECT, "organisation", &organisation.to_string(), PROJECTS_MAX)?;
    let places: Vec<Id> = projects.iter().map(|project| project.id).chain([organisation]).collect();
    let mut members = 0;
    for places in places.chunks(PLACES_AT_ONCE) {
        let filter = Filter::one_of(Path::known("target"), places.iter().map(Id::to_string))
            .and(Filter::equal(Path::known("role"), alias));
        members += tx.count(&MEMBER, &filter)?;
    }
    Ok((members, invitations::with_role(tx, organisation, alias)?))
}

fn built_in_view(role: &BuiltInRole) -> Json {
    json!({
        "alias": role.alias, "name": role.name, "description": role.description, "builtIn": true,
        "permissionGroups": role.permissions,
    })
}
