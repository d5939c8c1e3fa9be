//! Access: organisations, projects and their keys, users, roles, tokens, invitations.

mod operator;
mod passwords;
mod setup;

pub use operator::{
    FirstSetup, ProgramToken, create_program_token, first_organisation, first_project, first_setup,
};
pub use passwords::{hash_password, password_fits};
pub use setup::{Owner, ProjectKeys, Setup, create_project, init};
