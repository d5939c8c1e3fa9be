//! What tests need: the whole server in the process, on either engine, with a fixed clock.

mod app;
mod authenticator;
mod device;
mod provider;
mod wait;

pub use app::{Answer, Node, Project, Request, TestApp};
pub use authenticator::Authenticator;
pub use axum::http::Method;
pub use device::Device;
pub use hark_store::both;
pub use hark_store::testing::{Engine, START, Scratch};
pub use provider::{Lie, Provider};
pub use wait::{PATIENCE, eventually};

/// How this server is known at a [`Provider`].
pub mod sso {
    pub use crate::provider::{CLIENT_ID, CLIENT_SECRET, redirect_uri};
}
