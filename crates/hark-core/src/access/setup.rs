//! The first steps: an organisation with its owner, and projects with their keys.

use hark_store::access::{ORGANISATION, PROJECT, USER};
use hark_store::credentials::{NewToken, TokenType, hash, random_secret};
use hark_store::{Doc, Error, Id, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::address::Address;
use super::authority::Place;
use super::members;
use super::passwords::hash_password;
use crate::documents::required_line;

/// Who owns the first organisation.
#[derive(Clone)]
pub struct Owner {
    /// The address to sign in with.
    pub email: String,
    /// The password to sign in with.
    pub password: String,
    password_hash: String,
}

impl Owner {
    /// An owner with this address and password. Hashing the password takes a while, so this is
    /// done before a transaction begins.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no address, and for a password that is too short or too long.
    pub fn new(email: &str, password: &str) -> Result<Owner> {
        let password_hash = hash_password(password)?;
        Ok(Owner { email: Address::parse(email)?.text, password: password.to_owned(), password_hash })
    }

    /// What is stored of the password.
    pub(super) fn password_hash(&self) -> &str {
        &self.password_hash
    }
}

/// What `hark init` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Setup {
    /// The organisation.
    pub organisation: Named,
    /// The owner with the password, which is not shown again.
    pub owner: SetupOwner,
    /// The project with its keys.
    #[serde(flatten)]
    pub project: ProjectKeys,
}

/// An id with a name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Named {
    /// The id.
    pub id: Id,
    /// The name.
    pub name: String,
}

/// The owner of a new organisation.
#[derive(Serialize)]
pub struct SetupOwner {
    /// The user's id.
    pub id: Id,
    /// The address to sign in with.
    pub email: String,
    /// The password to sign in with.
    pub password: String,
}

/// A project with its keys; the tokens are not shown again.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectKeys {
    /// The project.
    pub project: Named,
    /// The bearer token of a service account with all rights on the project.
    pub api_token: String,
    /// The key for SDKs; it is public.
    pub sdk_key: String,
    /// The secret token for server-side tracking.
    pub secret_api_token: String,
    /// The key of identity verification.
    pub identity_secret: String,
}

/// Creates the first organisation with its owner and a project, in the operator's scope.
///
/// # Errors
/// [`Error::Conflict`] when the address is taken.
pub fn init(tx: &mut Tx<'_>, owner: &Owner, project: &str) -> Result<Setup> {
    let organisation = tx.insert(&ORGANISATION, to_body(json!({"name": project})))?;
    let user = tx.insert(
        &USER,
        to_body(json!({
            "email": owner.email,
            "emailKey": owner.email.to_lowercase(),
            "firstName": "Owner",
            "lastName": "",
            "type": "default",
            "confirmed": true,
            "passwordHash": owner.password_hash,
        })),
    )?;
    members::add(tx, user.id, Place::Organisation(organisation.id), "OWNER")?;
    let keys = create_project(tx, organisation.id, project)?;
    Ok(Setup {
        organisation: Named { id: organisation.id, name: project.to_owned() },
        owner: SetupOwner { id: user.id, email: owner.email.clone(), password: owner.password.clone() },
        project: keys,
    })
}

/// Creates a project with its keys and a service account, in the operator's scope.
pub fn create_project(tx: &mut Tx<'_>, organisation: Id, name: &str) -> Result<ProjectKeys> {
    required_line(&to_body(json!({"name": name})), "name")?;
    tx.find(&ORGANISATION, organisation)?.ok_or_else(|| Error::not_found("organisation", organisation))?;
    let (sdk_key, secret_api_token, identity_secret) = (short_key(), random_secret(), random_secret());
    let project = tx.insert(
        &PROJECT,
        to_body(json!({
            "name": name,
            "organisation": organisation,
            "sdkKey": sdk_key,
            "secretHash": hash(&secret_api_token),
            "identitySecret": identity_secret,
        })),
    )?;
    let account = create_service_account(tx, organisation, &format!("{name} API"))?;
    members::add(tx, account.id, Place::Project { id: project.id, organisation }, "ADMIN")?;
    let token = NewToken {
        user: account.id,
        token_type: TokenType::Service,
        name: "API key".to_owned(),
        project: Some(project.id),
        organisation: None,
        expires_at: None,
    };
    let (_, api_token) = tx.issue_token(token)?;
    let project = Named { id: project.id, name: name.to_owned() };
    Ok(ProjectKeys { project, api_token, sdk_key, secret_api_token, identity_secret })
}

/// Creates an account that no person signs in to.
pub(crate) fn create_service_account(tx: &mut Tx<'_>, organisation: Id, name: &str) -> Result<Doc> {
    let id = tx.new_id();
    let email = format!("service-{id}@service.invalid");
    let body = json!({
        "email": email, "emailKey": email, "firstName": name, "lastName": "", "type": "service_account",
        "organisation": organisation,
    });
    tx.insert_as(&USER, id, to_body(body))
}

/// A key that is public and only has to be unique: 32 letters and digits.
fn short_key() -> String {
    random_secret()[..32].to_owned()
}
