//! Everything that leaves the process: the one guarded HTTP client and mail.
//!
//! No other crate opens an outgoing connection on behalf of a project. Web addresses that
//! users, imports or answers of other servers supply go through [`egress`], which refuses
//! private networks; [`mail`] talks to the one mail server that the operator configured.

pub mod billing;
pub mod egress;
pub mod mail;
pub mod objects;
pub mod oidc;
pub mod secret;
pub mod service;
pub mod sources;
#[cfg(feature = "testing")]
pub mod testing;
mod trust;
