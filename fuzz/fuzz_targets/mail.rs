//! Any texts as a mail: no header that nobody asked for, and what was to be said.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/mail.rs"]
mod mail;

fuzz_target!(|text: &str| mail::check(text));
