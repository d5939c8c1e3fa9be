//! The crate from outside, against servers on loopback.

mod billing;
mod exchange;
mod guard;
mod mail;
mod sources;
mod support;
