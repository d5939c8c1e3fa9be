//! Mends JSON as browsers write it: halves of surrogate pairs, which a text that was cut at a number of
//! characters may end with, become U+FFFD. Without that nothing of a body could be read.

use std::io::{self, Read};

/// Bytes that are read at a time.
const CHUNK_BYTES: usize = 64 * 1024;
/// Bytes of an escaped pair: `\ud83d\ude00`.
const PAIR_BYTES: usize = 12;
/// What stands in the place of half a pair.
const REPLACEMENT: &[u8] = b"\\ufffd";

/// A reader whose lone surrogates are replaced.
pub(crate) struct Mended<R> {
    from: R,
    /// What was read and not looked at yet.
    raw: Vec<u8>,
    ended: bool,
    /// What is ready, and how much of it was handed out.
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Mended<R> {
    pub(crate) fn new(from: R) -> Mended<R> {
        Mended { from, raw: Vec::new(), ended: false, ready: Vec::new(), given: 0 }
    }

    fn more(&mut self) -> io::Result<()> {
        let before = self.raw.len();
        self.raw.resize(before + CHUNK_BYTES, 0);
        let read = self.from.read(&mut self.raw[before..]);
        self.raw.truncate(before + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        self.ready.clear();
        self.given = 0;
        let mut at = 0;
        // An escape that may go on in the next chunk waits for it.
        while at < self.raw.len() && (self.ended || self.raw.len() - at >= PAIR_BYTES) {
            let (taken, out) = step(&self.raw[at..]);
            self.ready.extend_from_slice(out);
            at += taken;
        }
        self.raw.drain(..at);
        Ok(())
    }
}

impl<R: Read> Read for Mended<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            if self.ended && self.raw.is_empty() {
                return Ok(0);
            }
            self.more()?;
        }
        let count = buffer.len().min(self.ready.len() - self.given);
        buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// How many bytes of the input are dealt with at once, and what becomes of them.
fn step(input: &[u8]) -> (usize, &[u8]) {
    let plain = input.iter().take_while(|byte| **byte != b'\\').count();
    if plain > 0 {
        return (plain, &input[..plain]);
    }
    match code(input) {
        Some(0xD800..=0xDBFF) if matches!(input.get(6..).and_then(code), Some(0xDC00..=0xDFFF)) => {
            (PAIR_BYTES, &input[..PAIR_BYTES])
        }
        Some(0xD800..=0xDFFF) => (6, REPLACEMENT),
        // Whatever is escaped goes along, so that an escaped backslash escapes nothing.
        _ => {
            let length = input.len().min(2);
            (length, &input[..length])
        }
    }
}

/// The number of an escape `\uXXXX` at the start.
fn code(input: &[u8]) -> Option<u16> {
    let digits = input.get(..6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out a few bytes at a time.
    struct Slow<'b>(&'b [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn halves_of_pairs_are_replaced_and_nothing_else() {
        for (raw, text) in [
            (r#""a\ud83d\ude00b""#, "a😀b"),
            (r#""cut \ud83d...""#, "cut \u{fffd}..."),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\\ud83d \\\\ud83d \\\ud83d""#, "\\ud83d \\\\ud83d \\\u{fffd}"),
            (r#""\u00e9 \n \"q\" é""#, "é \n \"q\" é"),
        ] {
            for size in [1, 2, 5, 11, 1000] {
                let read: String =
                    serde_json::from_reader(Mended::new(Slow(raw.as_bytes(), size))).expect(raw);
                assert_eq!(read, text, "{raw} {size}");
            }
        }
        let mut rest = Vec::new();
        Mended::new(Slow(b"ends with \\ud8", 3)).read_to_end(&mut rest).expect("bytes");
        assert_eq!(rest, b"ends with \\ud8");
    }
}
