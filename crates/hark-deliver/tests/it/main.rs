//! The crate from outside, against servers on loopback.

mod billing;
mod exchange;
mod guard;
mod mail;
mod mail_seeds;
mod objects;
mod sources;
mod support;
