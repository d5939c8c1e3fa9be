//! Access: organisations, projects and their keys, users, roles, tokens, invitations.

mod passwords;
mod setup;

pub use passwords::{hash_password, password_fits};
pub use setup::{Owner, ProjectKeys, Setup, create_project, init};
