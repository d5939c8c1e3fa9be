//! Which of the documents that were found comes first: computed here, so that engines cannot differ.

use super::Hit;
use super::tokens::Term;
use crate::id::Id;

/// A position in the order of one query word's ways to match; the parts of a score.
const TITLE: Points = Points { exact: 60, prefix: 45, corrected: 35 };
const BODY: Points = Points { exact: 30, prefix: 20, corrected: 10 };
/// For an address or identifier of the query as a whole, or what begins with it.
const WHOLE_EXACT: u64 = 40;
const WHOLE_PREFIX: u64 = 20;
/// A document needs the weight of all words divided by this.
const SHARE: u64 = 3;
/// Scores are points times this, less the positions of the words.
const POSITIONS_MAX: u64 = 1_023;

/// What a match is worth.
struct Points {
    exact: u64,
    prefix: u64,
    /// For the nearest correction; further ones get less.
    corrected: u64,
}

/// A word that a document should have.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) text: String,
    pub(super) prefix: bool,
    pub(super) required: bool,
    /// Words that stand in for a mistyped one, nearest first.
    pub(super) corrections: Vec<String>,
    /// How telling the word is: 1 for one that all documents have.
    pub(super) weight: u64,
}

impl Wanted {
    pub(super) fn new(term: Term) -> Wanted {
        let Term { text, prefix, required } = term;
        Wanted { text, prefix, required, corrections: Vec::new(), weight: 1 }
    }
}

/// A document that has some of the words.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) seq: i64,
    pub(super) id: Id,
    /// Words between spaces.
    pub(super) title: String,
    pub(super) body: String,
}

/// The best match of a word so far.
#[derive(Clone, Copy, Default)]
struct Best {
    points: u64,
    position: u64,
}

/// The documents that have a third of what the words weigh and every required one, best first;
/// the newest first among equals.
pub(super) fn rank(wanted: &[Wanted], wholes: &[String], candidates: &[Candidate]) -> Vec<Hit> {
    let beginnings = beginnings(wanted, wholes);
    let mut ranked: Vec<(u64, i64, Id)> = candidates
        .iter()
        .filter_map(|candidate| {
            let score = score(wanted, wholes, &beginnings, candidate)?;
            Some((score, candidate.seq, candidate.id))
        })
        .collect();
    ranked.sort_by(|a, b| b.cmp(a));
    ranked.into_iter().map(|(score, _, id)| Hit { id, score }).collect()
}

/// Which bytes a word must begin with to match anything; most words of a document do not.
fn beginnings(wanted: &[Wanted], wholes: &[String]) -> [bool; 256] {
    let mut beginnings = [false; 256];
    let words = wanted.iter().flat_map(|one| one.corrections.iter().chain([&one.text])).chain(wholes);
    for byte in words.filter_map(|word| word.as_bytes().first()) {
        beginnings[usize::from(*byte)] = true;
    }
    beginnings
}

fn score(
    wanted: &[Wanted],
    wholes: &[String],
    beginnings: &[bool; 256],
    candidate: &Candidate,
) -> Option<u64> {
    let mut best = vec![Best::default(); wanted.len()];
    let mut best_wholes = vec![0; wholes.len()];
    let title = candidate.title.split(' ').map(|word| (word, &TITLE));
    let body = candidate.body.split(' ').map(|word| (word, &BODY));
    let mut position = 0;
    for (word, points) in title.chain(body) {
        let Some(first) = word.as_bytes().first() else {
            continue;
        };
        if beginnings[usize::from(*first)] {
            for (one, best) in wanted.iter().zip(&mut best) {
                let points = word_points(one, word, points);
                if points > best.points {
                    *best = Best { points, position };
                }
            }
            for (whole, best) in wholes.iter().zip(&mut best_wholes) {
                *best = whole_points(whole, word).max(*best);
            }
        }
        position += 1;
    }
    let missing = wanted.iter().zip(&best).any(|(one, best)| one.required && best.points == 0);
    let weight: u64 = wanted.iter().map(|one| one.weight).sum();
    let matched: u64 =
        wanted.iter().zip(&best).filter(|(_, best)| best.points > 0).map(|(one, _)| one.weight).sum();
    if missing || matched * SHARE < weight {
        return None;
    }
    let points: u64 = wanted.iter().zip(&best).map(|(one, best)| one.weight * best.points).sum();
    let positions: u64 = best.iter().map(|best| best.position).sum();
    Some((points + best_wholes.iter().sum::<u64>()) * (POSITIONS_MAX + 1) - positions.min(POSITIONS_MAX))
}

fn word_points(wanted: &Wanted, word: &str, points: &Points) -> u64 {
    if word == wanted.text {
        return points.exact;
    }
    if wanted.prefix && word.starts_with(&wanted.text) {
        return points.prefix;
    }
    let correction = wanted.corrections.iter().position(|correction| correction == word);
    correction.map_or(0, |at| (points.corrected - at as u64).max(1))
}

fn whole_points(whole: &str, word: &str) -> u64 {
    match word.strip_prefix(whole) {
        Some("") => WHOLE_EXACT,
        Some(_) => WHOLE_PREFIX,
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(text: &str) -> Wanted {
        Wanted { text: text.to_owned(), prefix: true, required: false, corrections: Vec::new(), weight: 1 }
    }

    /// Numbers of the documents (title, body) in the order in which they are ranked; later ones are newer.
    fn order(wanted: &[Wanted], documents: &[(&str, &str)]) -> Vec<i64> {
        let id = Id::INSTANCE;
        let candidates = documents.iter().zip(0..).map(|((title, body), seq)| Candidate {
            seq,
            id,
            title: (*title).to_owned(),
            body: (*body).to_owned(),
        });
        let all: Vec<Candidate> = candidates.collect();
        let scores: Vec<(u64, i64)> = all
            .iter()
            .filter_map(|one| Some((score(wanted, &["a@b".to_owned()], &[true; 256], one)?, one.seq)))
            .collect();
        let mut sorted = scores.clone();
        sorted.sort_by(|a, b| b.cmp(a));
        assert_eq!(rank(wanted, &["a@b".to_owned()], &all).len(), sorted.len());
        sorted.into_iter().map(|(_, seq)| seq).collect()
    }

    #[test]
    fn title_before_body_and_whole_word_before_beginning() {
        let documents =
            [("x", "anna"), ("x", "annabel"), ("annabel", ""), ("anna", ""), ("x anna", ""), ("anna", "")];
        assert_eq!(order(&[wanted("anna")], &documents), [5, 3, 4, 2, 0, 1]);
    }

    #[test]
    fn a_correction_comes_after_the_beginning_and_nearer_ones_first() {
        let mut mistyped = wanted("anan");
        mistyped.corrections = vec!["anna".to_owned(), "anka".to_owned()];
        assert_eq!(
            order(&[mistyped], &[("anka", ""), ("anna", ""), ("anand", ""), ("x", "anka")]),
            [2, 1, 0, 3]
        );
    }

    #[test]
    fn a_share_of_the_weight_and_all_that_is_required_must_be_there() {
        let mut rare = wanted("reset");
        rare.weight = 7;
        let common = ["how", "do", "my"].map(wanted);
        let words = [vec![rare], common.to_vec()].concat();
        assert_eq!(order(&words, &[("how do my", ""), ("reset", "")]), [1]);
        let mut required = words;
        required[1].required = true;
        assert_eq!(order(&required, &[("reset do my", ""), ("how reset", "")]), [1]);
    }

    #[test]
    fn an_address_as_a_whole_comes_first() {
        let words = [wanted("a"), wanted("b")];
        assert_eq!(order(&words, &[("x y a b a@b", ""), ("a b", "")]), [0, 1]);
    }
}
