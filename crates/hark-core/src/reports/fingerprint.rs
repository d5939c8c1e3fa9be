//! What makes two crashes the same: the message and the stack, without what differs from build to build
//! and from device to device.

use sha2::{Digest, Sha256};

/// Lines that count; deeper frames differ by how the program came there.
const LINES_MAX: usize = 20;
/// Characters of a line that count.
const LINE_CHARS_MAX: usize = 300;
/// Hex digits of a fingerprint.
const DIGITS: usize = 32;

/// The fingerprint of a crash, `None` when nothing is known about it.
pub(super) fn fingerprint(story: &str) -> Option<String> {
    let lines: Vec<String> =
        story.lines().map(normal).filter(|line| !line.is_empty()).take(LINES_MAX).collect();
    if lines.is_empty() {
        return None;
    }
    let mut digits = hex::encode(Sha256::digest(lines.join("\n")));
    digits.truncate(DIGITS);
    Some(digits)
}

/// A line without addresses, positions, queries, hashes and numbers.
fn normal(line: &str) -> String {
    let cut: String = line.trim().chars().take(LINE_CHARS_MAX).collect();
    let mut out = String::new();
    for word in cut.split_inclusive(|c: char| c.is_whitespace() || "()[]{}\"'`,<>@".contains(c)) {
        let whole = word.trim_end_matches(|c: char| c.is_whitespace() || "()[]{}\"'`,<>@".contains(c));
        out.push_str(&normal_word(whole));
        out.push_str(word[whole.len()..].trim_end_matches('\r'));
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn normal_word(word: &str) -> String {
    // The same file is served by several hosts, and its query names a build.
    let path = match word.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => word,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split_inclusive(['.', '-', '_', ':', '/', '$', '='])
        .map(|piece| {
            let end = piece.len()
                - piece.chars().next_back().filter(|c| ".-_:/$=".contains(*c)).map_or(0, char::len_utf8);
            let (name, mark) = piece.split_at(end);
            format!("{}{mark}", if is_accidental(name) { "#" } else { name })
        })
        .collect()
}

/// Whether a piece of a name is a number, a memory address or the hash of a build.
fn is_accidental(piece: &str) -> bool {
    let hex = piece.strip_prefix("0x").unwrap_or(piece);
    let digits = hex.chars().filter(char::is_ascii_digit).count();
    let all_hex = !hex.is_empty() && hex.chars().all(|c| c.is_ascii_hexdigit());
    let number = !piece.is_empty() && piece.chars().all(|c| c.is_ascii_digit());
    number || (all_hex && (hex.len() < piece.len() || (hex.len() >= 6 && digits > 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_crash_has_one_fingerprint_on_every_device_and_in_every_build() {
        let web = "TypeError: x is undefined\n    at pay (https://a.example/main.8f3a2b1c.js?v=12:10:2044)\n    at https://a.example/cart:3:1";
        let other_build = "TypeError: x is undefined\r\n  at pay (https://cdn.example/main.91bc03d4.js?v=13:11:17)\n    at https://b.example/cart:9:99\n\n";
        assert_eq!(fingerprint(web), fingerprint(other_build));
        let native = "EXC_BAD_ACCESS at 0x00007fff1234\n3 App 0x0000000104f8 main + 120";
        assert_eq!(fingerprint(native), fingerprint("EXC_BAD_ACCESS at 0x1\n3 App 0xff main + 4"));
        assert_eq!(fingerprint("order 123 failed"), fingerprint("order 98765 failed"));
    }

    #[test]
    fn other_crashes_have_other_fingerprints() {
        let all = [
            "TypeError: x is undefined\n at pay (main.js:1:2)",
            "TypeError: y is undefined\n at pay (main.js:1:2)",
            "TypeError: x is undefined\n at send (main.js:1:2)",
            "TypeError: x is undefined\n at pay (cart.js:1:2)",
            "facade decade",
            "cafe",
        ];
        let prints: std::collections::HashSet<_> = all.iter().map(|story| fingerprint(story)).collect();
        assert_eq!(prints.len(), all.len());
        assert_eq!(fingerprint(" \n\t"), None);
        assert_eq!(fingerprint("x").map(|print| print.len()), Some(DIGITS));
    }
}
