//! Any text as a filter: no panic, and what is read can be printed and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/filter.rs"]
mod filter;

fuzz_target!(|text: &str| filter::check(text));
