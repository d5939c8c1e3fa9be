//! The vocabulary of a space, and the words in it that are spelled almost like another.
//!
//! One edit (a letter more, less or wrong, or two neighbours swapped) leaves the first or the
//! last half of a word as it was, or swaps the two letters in the middle. So two ranges of a
//! sorted list and one look find every word that is one edit away, and no word that has
//! nothing in common is ever read. Long words may have two edits; then the first or the last
//! third must be as it was, which misses those with one edit in each.

use std::collections::BTreeSet;

use super::tokens::is_spelled;
use super::words::Space;
use crate::error::Result;
use crate::sql::{Dialect, Value};
use crate::tx::{ReadTx, Tx};

/// Letters of a word in the vocabulary.
const SIZES: std::ops::RangeInclusive<usize> = 2..=24;
/// Letters from which a word is corrected, and from which with two edits.
const ONE_EDIT_FROM: usize = 3;
const TWO_EDITS_FROM: usize = 8;
/// Words of each range that are compared.
const RANGE_MAX: usize = 5_000;
/// Corrections of a word that are used.
const CORRECTIONS_MAX: usize = 10;
/// Comes after every letter.
const AFTER_LETTERS: char = char::MAX;

/// Words that became findable in a transaction. They are stored at its end, all at once and in
/// the same order everywhere, because two transactions wait for each other over a new word.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary(BTreeSet<(i64, String)>);

impl Vocabulary {
    /// Adds those of a document's words that somebody could mistype: no numbers or identifiers.
    pub(super) fn note<'w>(&mut self, space: &Space, words: impl Iterator<Item = &'w String>) {
        let spelled = words.filter(|word| belongs(word));
        self.0.extend(spelled.map(|word| (space.number, word.clone())));
    }

    /// Stores what is new.
    pub(crate) fn write(self, tx: &Tx<'_>) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let rows = self.0.iter().map(|(space, term)| {
            let backward: String = term.chars().rev().collect();
            (*space, term.chars().count(), term, backward)
        });
        match tx.dialect() {
            // One by one: a statement for several rows opens a statement journal, and at each of
            // those FTS5 writes out the words that it gathers for the commit.
            Dialect::Sqlite => rows.into_iter().try_for_each(|(space, size, term, backward)| {
                let sql = "insert into search_term (project_id, space, size, term, backward)
                           values (?1, ?2, ?3, ?4, ?5) on conflict do nothing";
                let size = i64::try_from(size).unwrap_or(i64::MAX);
                let row =
                    [tx.partition(), space.into(), size.into(), Value::text(term), Value::Text(backward)];
                tx.execute(sql, &row).map(drop)
            }),
            Dialect::Postgres => {
                let rows: Vec<_> = rows.collect();
                let sql = tx.words(
                    "insert into search_term (project_id, space, size, term, backward)
                     select ?1, cast(value ->> 0 as bigint), cast(value ->> 1 as bigint), value ->> 2, value ->> 3
                     from {each ?2} where true on conflict do nothing",
                );
                tx.execute_soon(&sql, &[tx.partition(), Value::Text(serde_json::to_string(&rows)?)])
            }
        }
    }
}

/// Whether a word of a document is one for the vocabulary.
pub(super) fn belongs(word: &str) -> bool {
    SIZES.contains(&word.chars().count()) && is_spelled(word)
}

/// The words of the space that are spelled almost like this one, nearest first.
pub(super) fn similar(tx: &ReadTx<'_>, space: &Space, word: &str) -> Result<Vec<String>> {
    let Some(net) = Net::new(word) else {
        return Ok(Vec::new());
    };
    let sizes: Vec<String> = net.sizes().map(|size| size.to_string()).collect();
    let here = format!("project_id = ?1 and space = ?2 and size in ({})", sizes.join(", "));
    let range = |column: &str, from: u8, to: u8| {
        format!(
            "select term from (select term from search_term
             where {here} and {column} >= ?{from} and {column} < ?{to}
             order by size, {column} limit {RANGE_MAX}) as {column}s"
        )
    };
    let sql = format!(
        "{} union {} union select term from search_term where {here} and term = ?7",
        range("term", 3, 4),
        range("backward", 5, 6)
    );
    let after = |text: &str| Value::Text(format!("{text}{AFTER_LETTERS}"));
    let rows = tx.query(
        &sql,
        &[
            tx.partition(),
            space.number.into(),
            Value::text(&net.head),
            after(&net.head),
            Value::text(&net.tail),
            after(&net.tail),
            Value::text(&net.swapped),
        ],
    )?;
    let terms: Result<Vec<String>> = rows.into_iter().map(|mut row| row.text(0)).collect();
    Ok(nearest(word, terms?, net.edits))
}

/// Those within so many edits, nearest first, then those of nearly the same length.
fn nearest(word: &str, terms: Vec<String>, edits: usize) -> Vec<String> {
    let word: Vec<char> = word.chars().collect();
    let mut near: Vec<(usize, usize, String)> = terms
        .into_iter()
        .filter_map(|term| {
            let letters: Vec<char> = term.chars().collect();
            let distance = distance(&word, &letters);
            (distance <= edits).then(|| (distance, letters.len().abs_diff(word.len()), term))
        })
        .collect();
    near.sort();
    near.into_iter().map(|(_, _, term)| term).take(CORRECTIONS_MAX).collect()
}

/// What the words that could be meant have in common with a mistyped one.
#[derive(Debug)]
struct Net {
    size: usize,
    edits: usize,
    /// How they begin,
    head: String,
    /// or how they end, backwards,
    tail: String,
    /// or what they are.
    swapped: String,
}

impl Net {
    /// `None` for words that are not corrected: short ones, numbers and identifiers.
    fn new(word: &str) -> Option<Net> {
        let mut letters: Vec<char> = word.chars().collect();
        let size = letters.len();
        if size < ONE_EDIT_FROM || size > *SIZES.end() || !is_spelled(word) {
            return None;
        }
        let edits = if size < TWO_EDITS_FROM { 1 } else { 2 };
        let head_size = size / (edits + 1);
        let tail_size = if edits == 1 { size - head_size } else { head_size };
        let head = letters[..head_size].iter().collect();
        let tail = letters.iter().rev().take(tail_size).collect();
        letters.swap(head_size - 1, head_size);
        Some(Net { size, edits, head, tail, swapped: letters.into_iter().collect() })
    }

    fn sizes(&self) -> std::ops::RangeInclusive<usize> {
        self.size - self.edits..=self.size + self.edits
    }
}

/// The edits between two words: insertions, deletions, replacements and swaps of neighbours,
/// none of them inside another.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn between(a: &str, b: &str) -> usize {
        distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
    }

    /// What the ranges of [`similar`] hold, without a database.
    fn holds(net: &Net, term: &str) -> bool {
        let backward: String = term.chars().rev().collect();
        let meant = term.starts_with(&net.head) || backward.starts_with(&net.tail) || term == net.swapped;
        net.sizes().contains(&term.chars().count()) && meant
    }

    #[test]
    fn edits_are_counted() {
        assert_eq!(between("", "abc"), 3);
        assert_eq!(between("jhon", "john"), 1);
        assert_eq!(between("kitten", "sitting"), 3);
        assert_eq!(between("müller", "mueller"), 2);
        assert_eq!(between("ca", "abc"), 3);
    }

    #[test]
    fn short_words_and_numbers_are_not_corrected() {
        assert!(
            ["ab", "a1b2c3", "a-b-c", "東京都庁", &"x".repeat(25)]
                .iter()
                .all(|word| Net::new(word).is_none())
        );
    }

    #[test]
    fn the_nearest_comes_first() {
        let terms = ["jane", "janet", "lane", "jaen", "zzzz"].map(str::to_owned).to_vec();
        assert_eq!(nearest("jane", terms, 1), ["jane", "jaen", "lane", "janet"]);
    }

    proptest! {
        #[test]
        fn every_word_one_edit_away_is_in_the_net(word in "[abc]{3,7}", term in "[abcd]{2,8}") {
            let net = Net::new(&word).expect("a word that is corrected");
            if between(&word, &term) <= 1 {
                prop_assert!(holds(&net, &term), "{term} is not in {net:?}");
            }
        }

        #[test]
        fn long_words_too_with_one_edit(
            word in "[abc]{8,24}", at in 0_usize..24, edit in 0..4, letter in proptest::char::range('a', 'd'),
        ) {
            let mut letters: Vec<char> = word.chars().collect();
            let at = at % (letters.len() - 1);
            match edit {
                0 => letters[at] = letter,
                1 => letters.insert(at, letter),
                2 => drop(letters.remove(at)),
                _ => letters.swap(at, at + 1),
            }
            let term: String = letters.into_iter().collect();
            prop_assert!(between(&word, &term) <= 1);
            prop_assert!(holds(&Net::new(&word).expect("a word that is corrected"), &term));
        }

        #[test]
        fn the_distance_is_a_distance(a in "[abc]{0,6}", b in "[abc]{0,6}") {
            prop_assert_eq!(between(&a, &b), between(&b, &a));
            prop_assert_eq!(between(&a, &b) == 0, a == b);
            prop_assert!(between(&a, &b) <= a.len().max(b.len()));
        }
    }
}
