//! How much two texts resemble each other, from 0 to 1: by the three-letter pieces of their words,
//! so that endings and small mistakes matter little.

use std::cmp::Ordering;

/// Characters of a text that count.
const CHARS_MAX: usize = 2_000;

/// The pieces of a text, each once and in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces(Vec<[char; 3]>);

impl Pieces {
    /// The pieces of a text's words.
    pub(super) fn of(text: &str) -> Pieces {
        let text: String = text.chars().take(CHARS_MAX).collect::<String>().to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut pieces = Vec::new();
        for word in words {
            let letters: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
            pieces.extend(letters.windows(3).map(|window| [window[0], window[1], window[2]]));
        }
        pieces.sort_unstable();
        pieces.dedup();
        Pieces(pieces)
    }

    /// How much both have in common, of all that they have.
    pub(super) fn likeness(&self, other: &Pieces) -> f64 {
        let all = self.0.len() + other.0.len();
        if all == 0 { 0.0 } else { 2.0 * self.common(other) / all as f64 }
    }

    /// How much of this the other has.
    pub(super) fn share_in(&self, other: &Pieces) -> f64 {
        if self.0.is_empty() { 0.0 } else { self.common(other) / self.0.len() as f64 }
    }

    fn common(&self, other: &Pieces) -> f64 {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = 0_u32;
        while let (Some(one), Some(two)) = (left.peek(), right.peek()) {
            match one.cmp(two) {
                Ordering::Less => drop(left.next()),
                Ordering::Greater => drop(right.next()),
                Ordering::Equal => {
                    common += 1;
                    left.next();
                    right.next();
                }
            }
        }
        f64::from(common)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_resemble_each_other_more_the_more_they_share() {
        let like = |left: &str, right: &str| Pieces::of(left).likeness(&Pieces::of(right));
        assert_eq!(like("Dark mode", "dark MODE!"), 1.0);
        assert!(like("Add a dark mode", "Please add dark mode") > 0.7);
        assert!(like("Dark mode", "Export to CSV") < 0.1);
        assert_eq!(like("", "Dark mode"), 0.0);
        assert_eq!(like("", ""), 0.0);
    }

    #[test]
    fn a_query_is_found_in_a_longer_text() {
        let text = Pieces::of("It would be great to have a dark mode in the evening");
        assert!(Pieces::of("dark mode").share_in(&text) > 0.99);
        assert!(Pieces::of("csv export").share_in(&text) < 0.3);
    }
}
