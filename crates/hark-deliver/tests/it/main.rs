//! The crate from outside, against servers on loopback.

mod exchange;
mod guard;
mod mail;
mod support;
