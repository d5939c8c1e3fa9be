//! Any text as the payload of a network call: no panic, and a secret that is there is taken out.
#![no_main]

use hark_core::reports::Secrets;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|text: &str| {
    let secrets = Secrets::new(["x-pin"]);
    let mut call = json!({"request": {"payload": text, "headers": {"Gleap-Hash": text}}});
    secrets.strip(&mut call);
    assert_eq!(call["request"]["headers"]["Gleap-Hash"], "<removed>");
});
