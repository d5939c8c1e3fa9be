//! How a query finds documents: all of its words, then corrected words, then the telling ones.

use super::rank::{Candidate, Wanted, rank};
use super::tokens::{self, Query};
use super::words::{self, AnyOf, Form, Join, Space};
use super::{CANDIDATES_MAX, Hit, terms};
use crate::error::Result;
use crate::tx::ReadTx;

/// Words of one query that are corrected at most; each costs two ranges of the vocabulary.
const CORRECTIONS_MAX: usize = 4;

/// A word of the query and how many documents have it, up to [`CANDIDATES_MAX`].
struct Counted {
    wanted: Wanted,
    documents: usize,
}

/// What a search looks for, and the newest documents that may have it.
pub(super) struct Found {
    wanted: Vec<Wanted>,
    wholes: Vec<String>,
    /// What the candidates fulfil.
    conditions: Vec<AnyOf>,
    join: Join,
    /// How far back all that fulfil them are among the candidates.
    pub(super) oldest: Option<i64>,
    pub(super) candidates: Vec<Candidate>,
}

impl Found {
    fn new(
        tx: &ReadTx<'_>,
        space: &Space,
        (wanted, wholes): (Vec<Wanted>, Vec<String>),
        (conditions, join): (Vec<AnyOf>, Join),
    ) -> Result<Found> {
        let candidates = words::newest(tx, space, &conditions, join, None, CANDIDATES_MAX)?;
        let oldest = oldest(&candidates);
        Ok(Found { wanted, wholes, conditions, join, oldest, candidates })
    }

    /// Whether there may be older documents that fit as well.
    pub(super) fn is_cut(&self) -> bool {
        self.candidates.len() >= CANDIDATES_MAX
    }

    /// The documents that were asked for among some, best first.
    pub(super) fn rank(&self, candidates: &[Candidate]) -> Vec<Hit> {
        rank(&self.wanted, &self.wholes, candidates)
    }

    /// The next candidates that are older than an entry.
    pub(super) fn older(&self, tx: &ReadTx<'_>, space: &Space, before: i64) -> Result<Vec<Candidate>> {
        words::newest(tx, space, &self.conditions, self.join, Some(before), CANDIDATES_MAX)
    }
}

/// What fits the text: out of at most twice [`CANDIDATES_MAX`] documents; nothing for a text without words.
pub(super) fn find(tx: &ReadTx<'_>, space: &Space, text: &str) -> Result<Option<Found>> {
    let Query { terms, wholes } = tokens::query(text);
    let wanted: Vec<Wanted> = terms.into_iter().map(Wanted::new).collect();
    if wanted.is_empty() {
        return Ok(None);
    }
    let found = with_all_words(tx, space, &wanted, &wholes)?;
    if !found.candidates.is_empty() {
        return Ok(Some(found));
    }
    let words = wanted.len();
    let Some(counted) = corrected(tx, space, wanted)? else {
        return Ok(None);
    };
    let changed = counted.len() < words || counted.iter().any(|one| !one.wanted.corrections.is_empty());
    let telling = telling(&counted);
    let wanted: Vec<Wanted> = counted.into_iter().map(|one| one.wanted).collect();
    if changed {
        let all = wanted.iter().map(condition).collect();
        let found = Found::new(tx, space, (every(&wanted), wholes.clone()), (all, Join::All))?;
        if !found.candidates.is_empty() {
            return Ok(Some(found));
        }
    }
    Found::new(tx, space, (wanted, wholes), telling).map(Some)
}

/// The oldest of some candidates.
pub(super) fn oldest(candidates: &[Candidate]) -> Option<i64> {
    candidates.iter().map(|candidate| candidate.seq).min()
}

/// The words, all of which a document must have.
fn every(wanted: &[Wanted]) -> Vec<Wanted> {
    wanted.iter().map(|one| Wanted { required: true, ..one.clone() }).collect()
}

/// Documents with all of the words as they are and, unless these are as many as can be
/// compared, with words that begin with them. So a common beginning does not hide the word itself.
/// A complete address stands for nothing longer.
fn with_all_words(tx: &ReadTx<'_>, space: &Space, wanted: &[Wanted], wholes: &[String]) -> Result<Found> {
    let sought = || (every(wanted), wholes.to_vec());
    let whole = wanted.iter().map(|one| form(&one.text, false)).collect();
    let found = Found::new(tx, space, sought(), (whole, Join::All))?;
    let address = !found.candidates.is_empty() && wanted.iter().all(|one| one.required);
    if found.is_cut() || address || !wanted.iter().any(|one| one.prefix) {
        return Ok(found);
    }
    let beginnings = wanted.iter().map(condition).collect();
    let mut wider = Found::new(tx, space, sought(), (beginnings, Join::All))?;
    wider.candidates.extend(found.candidates);
    wider.candidates.sort_unstable_by_key(|candidate| candidate.seq);
    wider.candidates.dedup_by_key(|candidate| candidate.seq);
    Ok(wider)
}

/// The words with their weights, where words that no document has are corrected or left out;
/// `None` when nothing may be found without such a word, or no word is left.
fn corrected(tx: &ReadTx<'_>, space: &Space, wanted: Vec<Wanted>) -> Result<Option<Vec<Counted>>> {
    // Of a single word it is known that no document has it, and it needs no weight beside others.
    let alone = wanted.len() == 1;
    let total = if alone { 1 } else { documents(tx, space)? };
    let mut corrections_left = CORRECTIONS_MAX;
    let mut kept = Vec::new();
    for mut wanted in wanted {
        let mut documents = if alone { 0 } else { count(tx, space, &wanted)? };
        if documents == 0 && corrections_left > 0 {
            corrections_left -= 1;
            wanted.corrections = terms::similar(tx, space, &wanted.text)?;
            if !wanted.corrections.is_empty() {
                documents = if alone { 1 } else { count(tx, space, &wanted)? };
            }
        }
        if let Some(ratio) = total.max(documents).checked_div(documents) {
            wanted.weight = 1 + u64::from(ratio.ilog2());
            kept.push(Counted { wanted, documents });
        } else if wanted.required {
            return Ok(None);
        }
    }
    Ok((!kept.is_empty()).then_some(kept))
}

/// The number of documents that have a word, counted up to [`CANDIDATES_MAX`]. All beginnings
/// of a word cost much more than the word itself, so they are only counted if it makes a difference.
fn count(tx: &ReadTx<'_>, space: &Space, wanted: &Wanted) -> Result<usize> {
    if wanted.prefix && wanted.corrections.is_empty() {
        let documents = words::count(tx, space, &form(&wanted.text, false), CANDIDATES_MAX)?;
        if documents == CANDIDATES_MAX {
            return Ok(documents);
        }
    }
    words::count(tx, space, &condition(wanted), CANDIDATES_MAX)
}

/// Conditions for documents that have the words without which nothing may be found, or else one of the
/// rarest words: as many words as together lead to a number of documents that can be compared.
fn telling(counted: &[Counted]) -> (Vec<AnyOf>, Join) {
    let required = counted.iter().map(|one| &one.wanted).filter(|wanted| wanted.required);
    let required: Vec<AnyOf> = required.map(condition).collect();
    if !required.is_empty() {
        return (required, Join::All);
    }
    let mut rarest: Vec<&Counted> = counted.iter().collect();
    // Stable, so words that are equally rare stay in the order of the query.
    rarest.sort_by_key(|one| one.documents);
    let mut sum = 0;
    let telling = rarest.into_iter().enumerate().take_while(|(at, one)| {
        sum += one.documents;
        *at == 0 || sum <= CANDIDATES_MAX
    });
    (telling.map(|(_, one)| condition(&one.wanted)).collect(), Join::Any)
}

/// The number of findable documents, counted up to [`CANDIDATES_MAX`].
fn documents(tx: &ReadTx<'_>, space: &Space) -> Result<usize> {
    let sql = format!(
        "select count(*) from
         (select 1 from search_entry where project_id = ?1 and space = ?2 limit {CANDIDATES_MAX}) as counted"
    );
    let mut rows = tx.query(&sql, &[tx.partition(), space.number.into()])?;
    rows.first_mut().map_or(Ok(0), |row| Ok(row.count(0)? as usize))
}

fn condition(wanted: &Wanted) -> AnyOf {
    if wanted.corrections.is_empty() {
        return form(&wanted.text, wanted.prefix);
    }
    AnyOf(wanted.corrections.iter().map(|word| Form { text: word.clone(), prefix: false }).collect())
}

fn form(text: &str, prefix: bool) -> AnyOf {
    AnyOf(vec![Form { text: text.to_owned(), prefix }])
}
