//! What tests need: the whole server in the process, on either engine, with a fixed clock.

mod app;

pub use app::{Answer, Node, Project, Request, TestApp};
pub use hark_store::both;
pub use hark_store::testing::{Engine, START, Scratch};
