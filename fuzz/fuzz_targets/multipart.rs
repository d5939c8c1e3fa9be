//! Any bytes as a multipart body: no panic, and the same parts in pieces of any size.
#![no_main]

use hark_api::multipart::parts_of;
use libfuzzer_sys::fuzz_target;

const TYPE: &[u8] = b"multipart/form-data; boundary=BBB";

fuzz_target!(|body: &[u8]| {
    let whole = parts_of(TYPE, body, usize::MAX).ok();
    for size in [1, 2, 3, 7, 64] {
        assert_eq!(parts_of(TYPE, body, size).ok(), whole);
    }
    // As a header, too.
    let _ = parts_of(body, b"--BBB--", 3);
});
