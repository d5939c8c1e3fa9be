//! Access: organisations, projects and their keys, users, roles, tokens, invitations.

mod address;
mod audit;
mod authority;
mod challenge;
mod codes;
mod colleagues;
pub mod factors;
pub mod invitations;
pub mod letters;
pub mod limits;
pub mod members;
mod operator;
pub mod organisation_security;
mod passwords;
pub mod people;
pub mod projects;
pub mod realtime;
pub mod roles;
pub mod sessions;
mod setup;
pub mod sign_up;
pub mod sso;
pub mod tokens;
pub mod users;
mod webauthn;

use hark_store::credentials::random_secret;
use hark_store::{Error, Result, Tx};

pub use address::Address;
pub use authority::{Authority, Place};
pub use colleagues::{Colleague, add_colleague, name_owner};
pub use operator::{
    AnotherProject, FirstSetup, ProgramToken, another_project, create_program_token, first_project,
    first_setup,
};
pub use passwords::{Passwords, hash_password};
pub use setup::{Owner, ProjectKeys, Setup, create_project, init};
pub(crate) use sso::SSO;
pub use webauthn::RelyingParty;

/// A secret of this instance that is made when it is asked for the first time.
pub(crate) fn instance_secret(tx: &mut Tx<'_>, name: &str) -> Result<String> {
    if let Some(secret) = tx.instance_secret(name)? {
        return Ok(secret);
    }
    tx.set_instance_secret_once(name, &random_secret())?;
    tx.instance_secret(name)?.ok_or_else(|| Error::internal(format!("no setting {name}")))
}
