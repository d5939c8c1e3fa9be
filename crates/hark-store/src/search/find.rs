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

/// Everything that fits the text, best first, out of at most [`CANDIDATES_MAX`] documents.
pub(super) fn find(tx: &ReadTx<'_>, space: &Space, text: &str) -> Result<Vec<Hit>> {
    let Query { terms, wholes } = tokens::query(text);
    let wanted: Vec<Wanted> = terms.into_iter().map(Wanted::new).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let found = with_all_words(tx, space, &wanted)?;
    if !found.is_empty() {
        return Ok(rank(&wanted, &wholes, found));
    }
    let words = wanted.len();
    let Some(counted) = corrected(tx, space, wanted)? else {
        return Ok(Vec::new());
    };
    let changed = counted.len() < words || counted.iter().any(|one| !one.wanted.corrections.is_empty());
    let mut found = Vec::new();
    if changed {
        found = candidates(tx, space, counted.iter().map(|one| &one.wanted), Join::All)?;
    }
    if found.is_empty() {
        found = with_telling_words(tx, space, &counted)?;
    }
    let wanted: Vec<Wanted> = counted.into_iter().map(|one| one.wanted).collect();
    Ok(rank(&wanted, &wholes, found))
}

/// Documents with all of the words as they are and, unless these are as many as can be
/// compared, with words that begin with them. So a common beginning does not hide the word itself.
/// A complete address stands for nothing longer.
fn with_all_words(tx: &ReadTx<'_>, space: &Space, wanted: &[Wanted]) -> Result<Vec<Candidate>> {
    let whole: Vec<AnyOf> = wanted.iter().map(|one| form(&one.text, false)).collect();
    let mut found = words::newest(tx, space, &whole, Join::All, CANDIDATES_MAX)?;
    let enough = found.len() == CANDIDATES_MAX;
    let address = !found.is_empty() && wanted.iter().all(|one| one.required);
    if !enough && !address && wanted.iter().any(|one| one.prefix) {
        let beginnings: Vec<AnyOf> = wanted.iter().map(condition).collect();
        found.extend(words::newest(tx, space, &beginnings, Join::All, CANDIDATES_MAX)?);
        found.sort_unstable_by_key(|candidate| candidate.seq);
        found.dedup_by_key(|candidate| candidate.seq);
    }
    Ok(found)
}

/// The words with their weights, where words that no document has are corrected or left out;
/// `None` when nothing may be found without such a word, or no word is left.
fn corrected(tx: &ReadTx<'_>, space: &Space, wanted: Vec<Wanted>) -> Result<Option<Vec<Counted>>> {
    let total = documents(tx, space)?;
    let mut corrections_left = CORRECTIONS_MAX;
    let mut kept = Vec::new();
    for mut wanted in wanted {
        let mut documents = count(tx, space, &wanted)?;
        if documents == 0 && corrections_left > 0 {
            corrections_left -= 1;
            wanted.corrections = terms::similar(tx, space, &wanted.text)?;
            if !wanted.corrections.is_empty() {
                documents = count(tx, space, &wanted)?;
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

/// Documents that have the words without which nothing may be found, or else one of the
/// rarest words: as many words as together lead to a number of documents that can be compared.
fn with_telling_words(tx: &ReadTx<'_>, space: &Space, counted: &[Counted]) -> Result<Vec<Candidate>> {
    let mut required = counted.iter().map(|one| &one.wanted).filter(|wanted| wanted.required).peekable();
    if required.peek().is_some() {
        return candidates(tx, space, required, Join::All);
    }
    let mut rarest: Vec<&Counted> = counted.iter().collect();
    // Stable, so words that are equally rare stay in the order of the query.
    rarest.sort_by_key(|one| one.documents);
    let mut sum = 0;
    let telling = rarest.into_iter().enumerate().take_while(|(at, one)| {
        sum += one.documents;
        *at == 0 || sum <= CANDIDATES_MAX
    });
    candidates(tx, space, telling.map(|(_, one)| &one.wanted), Join::Any)
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

/// The newest documents that have the words, or their corrections.
fn candidates<'w>(
    tx: &ReadTx<'_>,
    space: &Space,
    wanted: impl Iterator<Item = &'w Wanted>,
    join: Join,
) -> Result<Vec<Candidate>> {
    let conditions: Vec<AnyOf> = wanted.map(condition).collect();
    words::newest(tx, space, &conditions, join, CANDIDATES_MAX)
}
