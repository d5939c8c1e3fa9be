//! Full-text search among the documents that a filter is true of.

use std::collections::HashSet;

use hark_query::Filter;

use super::find::{self, Found};
use super::rank::Candidate;
use super::words::{self, Space};
use super::{CANDIDATES_MAX, Hit, space};
use crate::doc::{COLUMNS, Doc, doc};
use crate::error::{Error, Result};
use crate::filter::condition;
use crate::id::Id;
use crate::kind::Kind;
use crate::list::Listing;
use crate::sql::{Parameters, Value};
use crate::tx::ReadTx;

/// Documents that pass the filter whose texts are compared.
const PASSING_MAX: usize = 5_000;
/// Documents that fit the text and are asked whether they pass, where more than those pass.
const FITTING_MAX: usize = 10_000;

impl ReadTx<'_> {
    /// The documents of [`ReadTx::search`] that a filter is true of, best first; without text, the newest.
    ///
    /// Nothing is missed as long as at most 200 documents fit the text, or at most 5,000 pass the
    /// filter. Beyond that, what is found is among the newest 5,000 that pass, and the newest 10,000 that fit.
    ///
    /// # Errors
    /// When the kind is not searchable, and what [`ReadTx::list`] refuses.
    pub fn search_within(&self, kind: &Kind, text: &str, filter: &Filter, limit: u32) -> Result<Vec<Doc>> {
        if kind.search.is_none() {
            return Err(Error::internal(format!("{} is not searchable", kind.name)));
        }
        let limit = (limit as usize).min(CANDIDATES_MAX);
        if text.trim().is_empty() {
            return Ok(self.list(kind, &Listing::new(filter.clone(), limit as u32))?.docs);
        }
        let Some(space) = space(self, kind)? else { return Ok(Vec::new()) };
        let Some(found) = find::find(self, &space, text)? else { return Ok(Vec::new()) };
        let mut hits = Within { tx: self, kind, filter, space: &space, found: &found }.hits(limit)?;
        hits.truncate(limit);
        let ids: Vec<Id> = hits.iter().map(|hit| hit.id).collect();
        self.in_order(kind, &ids, COLUMNS)?.into_iter().map(doc).collect()
    }
}

/// A search and its filter.
struct Within<'a, 'c> {
    tx: &'a ReadTx<'c>,
    kind: &'a Kind,
    filter: &'a Filter,
    space: &'a Space,
    found: &'a Found,
}

impl Within<'_, '_> {
    /// What fits and passes: first among what fits, then, if that is not enough, the other way round.
    fn hits(&self, enough: usize) -> Result<Vec<Hit>> {
        let mut candidates = self.passing(self.found.candidates.clone())?;
        let hits = self.found.rank(&candidates);
        if hits.len() >= enough || !self.found.is_cut() {
            return Ok(hits);
        }
        let passing = self.newest_passing()?;
        let is_all = passing.len() < PASSING_MAX;
        candidates.extend(passing);
        if !is_all {
            candidates.extend(self.further(enough)?);
        }
        candidates.sort_unstable_by_key(|candidate| candidate.seq);
        candidates.dedup_by_key(|candidate| candidate.seq);
        Ok(self.found.rank(&candidates))
    }

    /// Those that the filter is true of.
    fn passing(&self, candidates: Vec<Candidate>) -> Result<Vec<Candidate>> {
        let mut parameters = Parameters::new(self.tx.partition());
        let ids: Vec<Id> = candidates.iter().map(|candidate| candidate.id).collect();
        let ids = parameters.bind(Value::Text(serde_json::to_string(&ids)?));
        let condition = condition(self.filter, self.kind, self.tx.dialect(), &mut parameters)?;
        let sql = self.tx.words(&format!(
            "select id from {} where project_id = ?1 and id {{among text {ids}}} and {condition}",
            self.kind.table
        ));
        let rows = self.tx.query(&sql, parameters.values())?;
        let passing = rows.into_iter().map(|mut row| row.id(0)).collect::<Result<HashSet<Id>>>()?;
        Ok(candidates.into_iter().filter(|candidate| passing.contains(&candidate.id)).collect())
    }

    /// The newest documents that the filter is true of, whatever they say.
    fn newest_passing(&self) -> Result<Vec<Candidate>> {
        let mut parameters = Parameters::new(self.tx.partition());
        let condition = condition(self.filter, self.kind, self.tx.dialect(), &mut parameters)?;
        let space = parameters.bind(self.space.number.into());
        let passing = format!(
            "select id as doc_id from {} where project_id = ?1 and {condition} order by id desc limit {PASSING_MAX}",
            self.kind.table
        );
        let here = format!("entry.project_id = ?1 and entry.space = {space}");
        let sql = words::entries(self.tx.dialect(), &passing, "doc_id", &here);
        let rows = self.tx.query(&sql, parameters.values())?;
        rows.into_iter().map(words::candidate).collect()
    }

    /// Goes on among the older documents that fit, until enough of them pass.
    fn further(&self, enough: usize) -> Result<Vec<Candidate>> {
        let mut passing = Vec::new();
        let mut before = self.found.oldest;
        for _ in 0..FITTING_MAX / CANDIDATES_MAX {
            let Some(oldest) = before else { break };
            let older = self.found.older(self.tx, self.space, oldest)?;
            before = find::oldest(&older);
            passing.extend(self.passing(older)?);
            if passing.len() >= enough {
                break;
            }
        }
        Ok(passing)
    }
}
