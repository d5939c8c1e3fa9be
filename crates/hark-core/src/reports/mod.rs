//! Reports: what SDKs send when a visitor reports something or a program crashes, and the tickets
//! that come of it.

mod crashes;
mod create;
mod fingerprint;
mod secrets;

pub use crashes::{CRASH_GROUP, forget};
pub use create::{Captured, RENDER_JOB, Render, Report, Reported, create, rendered, rendering_failed};
pub use secrets::Secrets;
