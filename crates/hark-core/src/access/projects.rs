//! Organisations and their projects, as their members see and change them.

use hark_store::access::{MEMBER, ORGANISATION, PROJECT};
use hark_store::credentials::{hash, permissions, random_secret};
use hark_store::{Doc, Error, Id, Permission, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::audit;
use super::authority::{Authority, Place};
use super::members::{self, PROJECTS_MAX, reaches_projects};
use super::setup::{ProjectKeys, create_project};
use crate::documents::required_line;

/// Memberships of a user that are looked at.
const MEMBERSHIPS_MAX: u32 = 1_000;
/// Organisations that one user can create.
const ORGANISATIONS_MAX: usize = 20;

/// What a project or an organisation is called.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct NameInput {
    /// The name.
    pub name: String,
}

/// A new project.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ProjectInput {
    /// Its name.
    pub name: String,
    /// The organisation that owns it.
    pub organisation: Id,
}

/// A project as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectView {
    /// The project's id.
    pub id: Id,
    /// The project's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// Its name.
    pub name: String,
    /// The organisation that owns it.
    pub organisation: Id,
    /// The key for SDKs; it is public.
    pub sdk_key: String,
    /// When it was created, ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
}

/// An organisation as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationView {
    /// The organisation's id.
    pub id: Id,
    /// The organisation's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// Its name.
    pub name: String,
    /// The caller's role in it.
    pub role: String,
    /// When it was created, ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
}

/// Which secret of a project is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ProjectSecret {
    /// The secret token for server-side calls.
    SecretApiToken,
    /// The key of identity verification.
    IdentitySecret,
}

/// A replaced secret, which is not shown again.
#[derive(Serialize, JsonSchema)]
pub struct NewSecret {
    /// The secret.
    pub secret: String,
}

/// The projects that a user can enter with this session, oldest membership first.
pub fn of_user(tx: &ReadTx<'_>, user: Id) -> Result<Vec<Doc>> {
    let mut projects: Vec<Doc> = Vec::new();
    for member in memberships(tx, user)? {
        let Some(target) = member.reference("target") else { continue };
        let found = match tx.find(&PROJECT, target)? {
            Some(project) => vec![project],
            None if reaches_projects(&member) => {
                tx.all_by(&PROJECT, "organisation", &target.to_string(), PROJECTS_MAX)?
            }
            None => Vec::new(),
        };
        let reached = |project: &Doc| {
            project.reference("organisation").is_none_or(|organisation| tx.scope().reaches(organisation))
        };
        for project in found.into_iter().filter(reached) {
            if projects.len() < PROJECTS_MAX as usize && projects.iter().all(|known| known.id != project.id) {
                projects.push(project);
            }
        }
    }
    Ok(projects)
}

/// The organisations in which a user has a role and that this session reaches.
pub fn organisations_of(tx: &ReadTx<'_>, user: Id) -> Result<Vec<Json>> {
    let mut views = Vec::new();
    for member in memberships(tx, user)? {
        let target = member.reference("target").filter(|id| tx.scope().reaches(*id));
        let organisation = target.map(|id| tx.find(&ORGANISATION, id)).transpose()?.flatten();
        if let Some(organisation) = organisation {
            views.push(organisation_view(&organisation, member.text("role").unwrap_or_default()));
        }
    }
    Ok(views)
}

/// Creates an organisation that the user owns.
pub fn create_organisation(tx: &mut Tx<'_>, user: Id, name: &str) -> Result<Json> {
    if tx.scope().within().is_some() {
        let sentence = "an account that came through an organisation's sign-in cannot make another organisation, \
                        sign in with a password";
        return Err(Error::Forbidden(sentence.to_owned()));
    }
    tx.lock_name(&format!("organisations:{user}"))?;
    let owned = memberships(tx, user)?.into_iter().filter(|member| member.text("role") == Some("OWNER"));
    if owned.count() >= ORGANISATIONS_MAX {
        return Err(Error::invalid(format!("one user owns {ORGANISATIONS_MAX} organisations at most")));
    }
    let body = to_body(json!({"name": name}));
    required_line(&body, "name")?;
    let organisation = tx.insert(&ORGANISATION, body)?;
    audit::note(tx, organisation.id, "organisation.created", organisation.id, json!({"name": name}))?;
    members::add(tx, user, Place::Organisation(organisation.id), "OWNER")?;
    Ok(organisation_view(&organisation, "OWNER"))
}

/// Renames an organisation.
pub fn rename_organisation(tx: &mut Tx<'_>, user: Id, id: Id, name: &str) -> Result<Json> {
    let authority = Authority::in_organisation(tx, user, id)?;
    authority.need(Permission::SettingsManage)?;
    required_line(&to_body(json!({"name": name})), "name")?;
    let mut organisation = tx.get_locked(&ORGANISATION, id)?;
    organisation.set("name", name);
    let organisation = tx.save(&ORGANISATION, organisation)?;
    audit::note(tx, id, "organisation.renamed", id, json!({"name": name}))?;
    Ok(organisation_view(&organisation, authority.organisation_role().unwrap_or_default()))
}

/// Creates a project in an organisation whose settings the user manages.
pub fn create(tx: &mut Tx<'_>, user: Id, new: &ProjectInput) -> Result<ProjectKeys> {
    Authority::in_organisation(tx, user, new.organisation)?.need(Permission::SettingsManage)?;
    // The lock keeps two calls from passing the limit together.
    tx.get_locked(&ORGANISATION, new.organisation)?;
    let projects = tx.all_by(&PROJECT, "organisation", &new.organisation.to_string(), PROJECTS_MAX)?;
    if projects.len() >= PROJECTS_MAX as usize {
        return Err(Error::invalid(format!("an organisation has {PROJECTS_MAX} projects at most")));
    }
    let keys = create_project(tx, new.organisation, &new.name)?;
    let detail = json!({"name": new.name});
    audit::note(tx, new.organisation, "project.created", keys.project.id, detail.clone())?;
    audit::note(tx, keys.project.id, "project.created", keys.project.id, detail)?;
    // The creator enters through a role that reaches all projects, or as an admin of this one.
    if permissions(tx, user, keys.project.id, Some(new.organisation))?.is_none() {
        let place = Place::Project { id: keys.project.id, organisation: new.organisation };
        members::add(tx, user, place, "ADMIN")?;
    }
    Ok(keys)
}

/// Renames a project.
pub fn rename(tx: &mut Tx<'_>, project: Id, name: &str) -> Result<Doc> {
    required_line(&to_body(json!({"name": name})), "name")?;
    let mut doc = tx.get_locked(&PROJECT, project)?;
    doc.set("name", name);
    let doc = tx.save(&PROJECT, doc)?;
    audit::note(tx, project, "project.renamed", project, json!({"name": name}))?;
    Ok(doc)
}

/// Replaces a secret of a project; the one of before stops working at once.
pub fn replace_secret(tx: &mut Tx<'_>, project: Id, which: ProjectSecret) -> Result<NewSecret> {
    let secret = random_secret();
    let mut doc = tx.get_locked(&PROJECT, project)?;
    let action = match which {
        ProjectSecret::SecretApiToken => {
            doc.set("secretHash", hash(&secret));
            "project.secretApiToken.replaced"
        }
        ProjectSecret::IdentitySecret => {
            doc.set("identitySecret", secret.as_str());
            "project.identitySecret.replaced"
        }
    };
    tx.save(&PROJECT, doc)?;
    audit::note(tx, project, action, project, Json::Null)?;
    Ok(NewSecret { secret })
}

fn memberships(tx: &ReadTx<'_>, user: Id) -> Result<Vec<Doc>> {
    tx.all_by(&MEMBER, "user", &user.to_string(), MEMBERSHIPS_MAX)
}

fn organisation_view(organisation: &Doc, role: &str) -> Json {
    let mut view = organisation.view(&ORGANISATION);
    view["role"] = json!(role);
    view
}
