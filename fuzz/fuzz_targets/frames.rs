//! Any text as a message of an agent's client: no panic, and a refusal says why.
#![no_main]

use hark_api::live::check_frame;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(sentence) = check_frame(text) {
        assert!(!sentence.is_empty());
    }
});
