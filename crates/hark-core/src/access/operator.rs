//! What the operator does at the machine: the first setup, and tokens for programs.

use hark_query::dates::format_date;
use hark_store::access::{MEMBER, ORGANISATION, PROJECT, USER};
use hark_store::credentials::{NewToken, TokenType, random_secret};
use hark_store::{Doc, Error, Id, ReadTx, Result, Tx};
use serde::Serialize;

use super::authority::Place;
use super::members::{self, MEMBERS_MAX};
use super::setup::{Named, Owner, ProjectKeys, Setup, create_project, create_service_account, init};

/// The setting that says that the first setup has been made, and by whom.
const SETUP: &str = "setup";
/// The setting with the id of the project that the first setup made.
const FIRST_PROJECT: &str = "first_project";
/// The longest life of a token that has an end, in days.
const DAYS_MAX: u32 = 3_650;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What the first setup came to.
#[derive(Serialize)]
#[serde(untagged)]
pub enum FirstSetup {
    /// It was made now; its secrets are not shown again.
    Made(Box<Setup>),
    /// It was made before.
    #[serde(rename_all = "camelCase")]
    AlreadyMade {
        /// Always true, to tell the two apart.
        already_initialised: bool,
        /// The organisation of the first setup, unless it was deleted since.
        #[serde(skip_serializing_if = "Option::is_none")]
        organisation: Option<Named>,
        /// The project of the first setup, unless it was deleted since.
        #[serde(skip_serializing_if = "Option::is_none")]
        project: Option<Named>,
    },
}

/// Makes the first organisation with its owner and a project, once in the life of an
/// instance, however many ask for it at the same time.
pub fn first_setup(tx: &mut Tx<'_>, owner: &Owner, project: &str) -> Result<FirstSetup> {
    let claim = random_secret();
    tx.set_instance_setting_once(SETUP, &claim)?;
    if tx.instance_setting(SETUP)?.as_ref() != Some(&claim) {
        return already_made(tx);
    }
    let setup = init(tx, owner, project)?;
    tx.set_instance_setting_once(FIRST_PROJECT, &setup.project.project.id.to_string())?;
    Ok(FirstSetup::Made(Box::new(setup)))
}

fn already_made(tx: &ReadTx<'_>) -> Result<FirstSetup> {
    let project = first_project(tx)?;
    let organisation = match project.as_ref().and_then(|project| project.reference("organisation")) {
        Some(id) => tx.find(&ORGANISATION, id)?,
        None => None,
    };
    Ok(FirstSetup::AlreadyMade {
        already_initialised: true,
        organisation: organisation.as_ref().map(named),
        project: project.as_ref().map(named),
    })
}

fn named(doc: &Doc) -> Named {
    Named { id: doc.id, name: doc.text("name").unwrap_or_default().to_owned() }
}

/// The project of the first setup, if there is one.
pub fn first_project(tx: &ReadTx<'_>) -> Result<Option<Doc>> {
    match tx.instance_setting(FIRST_PROJECT)?.as_deref().and_then(Id::parse) {
        Some(id) => tx.find(&PROJECT, id),
        None => Ok(None),
    }
}

/// The organisation of the first setup.
///
/// # Errors
/// [`Error::Invalid`] when there is none.
pub(super) fn first_organisation(tx: &ReadTx<'_>) -> Result<Id> {
    first_project(tx)?
        .and_then(|project| project.reference("organisation"))
        .ok_or_else(|| Error::invalid("there is no organisation yet, run `hark init` first"))
}

/// Another project, as `hark project create` prints it.
#[derive(Serialize)]
pub struct AnotherProject {
    /// The organisation that the project is in.
    pub organisation: Named,
    /// Who owns the organisation; of several the one who has been it for longest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<OwnerView>,
    /// The project with its keys.
    #[serde(flatten)]
    pub project: ProjectKeys,
}

/// The owner of an organisation that was there before.
#[derive(Debug, Serialize)]
pub struct OwnerView {
    /// The user's id.
    pub id: Id,
    /// The address to sign in with.
    pub email: String,
}

/// Makes a project in this organisation, or in that of the first setup.
///
/// # Errors
/// [`Error::NotFound`] without such an organisation; [`Error::Invalid`] before the first setup and
/// for a name that cannot be.
pub fn another_project(tx: &mut Tx<'_>, organisation: Option<Id>, name: &str) -> Result<AnotherProject> {
    let organisation = organisation.map_or_else(|| first_organisation(tx), Ok)?;
    let project = create_project(tx, organisation, name)?;
    let organisation = named(&tx.get(&ORGANISATION, organisation)?);
    let owner = owner_of(tx, organisation.id)?;
    Ok(AnotherProject { organisation, owner, project })
}

pub(super) fn owner_of(tx: &ReadTx<'_>, organisation: Id) -> Result<Option<OwnerView>> {
    let members = tx.all_by(&MEMBER, "target", &organisation.to_string(), MEMBERS_MAX)?;
    let mut owners = members.iter().filter(|member| member.text("role") == Some("OWNER"));
    let owner = owners.find_map(|member| member.reference("user"));
    let owner = owner.map(|user| tx.get(&USER, user)).transpose()?;
    Ok(owner.map(|user| OwnerView { id: user.id, email: user.text("email").unwrap_or_default().to_owned() }))
}

/// A token for a program, as `hark token create` prints it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgramToken {
    /// The token's id, to revoke it.
    pub id: Id,
    /// The token's name.
    pub name: String,
    /// The one project that it is good for.
    pub project: Id,
    /// The token itself, which is not shown again.
    pub api_token: String,
    /// When it stops working.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

/// Makes a token of a service account of its own, with all rights on one project.
///
/// # Errors
/// [`Error::NotFound`] without such a project; [`Error::Invalid`] for a name or number of
/// days that cannot be.
pub fn create_program_token(
    tx: &mut Tx<'_>,
    project: Id,
    name: &str,
    expires_in_days: Option<u32>,
) -> Result<ProgramToken> {
    crate::documents::required_line(&hark_store::to_body(serde_json::json!({"name": name})), "name")?;
    if expires_in_days.is_some_and(|days| days == 0 || days > DAYS_MAX) {
        return Err(Error::invalid(format!("a token lives between 1 and {DAYS_MAX} days")));
    }
    let organisation = tx.get(&PROJECT, project)?.reference("organisation");
    let organisation = organisation.ok_or_else(|| Error::not_found("project", project))?;
    let account = create_service_account(tx, organisation, name)?;
    members::add(tx, account.id, Place::Project { id: project, organisation }, "ADMIN")?;
    let expires_at = expires_in_days.map(|days| tx.now() + i64::from(days) * DAY_MS);
    let token = NewToken {
        user: account.id,
        token_type: TokenType::Service,
        name: name.to_owned(),
        project: Some(project),
        organisation: None,
        expires_at,
    };
    let (row, api_token) = tx.issue_token(token)?;
    let expires_at = expires_at.map(format_date);
    Ok(ProgramToken { id: row.id, name: name.to_owned(), project, api_token, expires_at })
}
