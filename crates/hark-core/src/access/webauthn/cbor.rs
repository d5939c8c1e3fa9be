//! Reads the CBOR that authenticators write (CTAP 2.1, section 8): definite lengths only, no recursion,
//! nothing copied, and nothing read beyond the input.

/// What of the input has not been read yet.
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader { rest: bytes }
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'b [u8] {
        self.rest
    }

    /// The number of pairs of a map, which follow.
    pub(super) fn map(&mut self) -> Option<u64> {
        self.expect(5)
    }

    /// A byte string.
    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        let length = self.expect(2)?;
        self.take(length)
    }

    /// A text.
    pub(super) fn text(&mut self) -> Option<&'b str> {
        let length = self.expect(3)?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    /// A whole number.
    pub(super) fn int(&mut self) -> Option<i64> {
        match self.head()? {
            (0, value) => i64::try_from(value).ok(),
            (1, value) => Some(-1 - i64::try_from(value).ok()?),
            _ => None,
        }
    }

    /// Passes over the next item with everything in it.
    pub(super) fn skip(&mut self) -> Option<()> {
        let mut left: u64 = 1;
        // Each turn reads a byte at least, so it ends with the input.
        while left > 0 {
            left -= 1;
            let more = match self.head()? {
                (2 | 3, length) => self.take(length).map(|_| 0)?,
                (4, items) => items,
                (5, pairs) => pairs.checked_mul(2)?,
                (6, _) => 1,
                _ => 0,
            };
            left = left.checked_add(more)?;
        }
        Some(())
    }

    fn expect(&mut self, major: u8) -> Option<u64> {
        let (found, value) = self.head()?;
        (found == major).then_some(value)
    }

    /// The major type of the next item, and its number.
    fn head(&mut self) -> Option<(u8, u64)> {
        let first = *self.take(1)?.first()?;
        let value = match first & 0x1f {
            small @ 0..24 => u64::from(small),
            size @ 24..28 => {
                let bytes = self.take(1 << (size - 24))?;
                bytes.iter().fold(0, |value, byte| (value << 8) | u64::from(*byte))
            }
            _ => return None,
        };
        Some((first >> 5, value))
    }

    fn take(&mut self, length: u64) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn items_are_read_in_order_and_passed_over_whole() {
        // {1: -7, "a": [h'0102', {2: true}, 1.5], "b": "xy"}
        let bytes = hex::decode("a301266161834201 02a102f5f93e0061 62627879".replace(' ', "")).expect("hex");
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.map(), Some(3));
        assert_eq!((reader.int(), reader.int()), (Some(1), Some(-7)));
        assert_eq!((reader.text(), reader.skip()), (Some("a"), Some(())));
        assert_eq!((reader.text(), reader.text()), (Some("b"), Some("xy")));
        assert!(reader.rest().is_empty());
        assert_eq!(reader.skip(), None);
    }

    #[test]
    fn what_breaks_off_or_lies_about_its_length_is_refused() {
        for bytes in ["5bffffffffffffffff", "bbffffffffffffffff", "9f", "bf", "5f", "ff", "18", "a1", "1c"] {
            let bytes = hex::decode(bytes).expect("hex");
            assert_eq!(Reader::new(&bytes).skip(), None, "{bytes:x?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes: Vec<u8>) {
            let mut reader = Reader::new(&bytes);
            for _ in 0..bytes.len() {
                let _ = (reader.map(), reader.int(), reader.bytes(), reader.text(), reader.skip());
            }
            Reader::new(&bytes).skip();
            prop_assert!(reader.rest().len() <= bytes.len());
        }
    }
}
