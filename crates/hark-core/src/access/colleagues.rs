//! People whom the operator adds to a project at the machine, without an invitation.

use hark_store::access::{ORGANISATION, PROJECT, USER};
use hark_store::{Doc, Error, Id, Result, Tx, to_body};
use serde_json::json;

use super::authority::{Place, membership};
use super::members;
use super::operator::owner_of;
use super::setup::Owner;

/// Somebody who is to work in a project.
#[derive(Clone)]
pub struct Colleague {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// How this person signs in.
    pub access: Owner,
}

/// Adds a colleague to a project as an agent, in the operator's scope. Somebody with this address
/// who is there already keeps the password of before.
///
/// # Errors
/// [`Error::NotFound`] without such a project.
pub fn add_colleague(tx: &mut Tx<'_>, project: Id, colleague: &Colleague) -> Result<Doc> {
    let organisation = organisation_of(tx, project)?;
    let access = &colleague.access;
    let user = match tx.find_by(&USER, "emailKey", &access.email.to_lowercase())? {
        Some(user) => user,
        None => tx.insert(
            &USER,
            to_body(json!({
                "email": access.email,
                "emailKey": access.email.to_lowercase(),
                "firstName": colleague.first_name,
                "lastName": colleague.last_name,
                "type": "default",
                "confirmed": true,
                "passwordHash": access.password_hash(),
            })),
        )?,
    };
    if membership(tx, user.id, project)?.is_none() {
        members::add(tx, user.id, Place::Project { id: project, organisation }, "DEFAULT")?;
    }
    Ok(user)
}

/// The owner of a project's organisation, in the operator's scope; one without a name of its own gets this one.
///
/// # Errors
/// [`Error::NotFound`] without such a project or owner.
pub fn name_owner(tx: &mut Tx<'_>, project: Id, first_name: &str, last_name: &str) -> Result<Doc> {
    let organisation = organisation_of(tx, project)?;
    let owner =
        owner_of(tx, organisation)?.ok_or_else(|| Error::not_found("owner", "of this organisation"))?;
    let mut user = tx.get_locked(&USER, owner.id)?;
    if user.text("lastName").unwrap_or_default().is_empty() {
        user.set("firstName", first_name);
        user.set("lastName", last_name);
        user = tx.save(&USER, user)?;
    }
    Ok(user)
}

fn organisation_of(tx: &Tx<'_>, project: Id) -> Result<Id> {
    let organisation = tx.get(&PROJECT, project)?.reference("organisation");
    let organisation = organisation.ok_or_else(|| Error::not_found(PROJECT.name, project))?;
    tx.get(&ORGANISATION, organisation).map(|organisation| organisation.id)
}
