//! Lists of documents.

use hark_query::{Filter, Query, Sort};

use crate::doc::{COLUMNS, Doc, doc};
use crate::error::Result;
use crate::kind::Kind;
use crate::tx::ReadTx;

/// Which documents, in which order, how many.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Which documents.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// How many at most.
    pub limit: u32,
    /// How many to leave out at the start.
    pub skip: u32,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// A page of documents.
#[derive(Debug)]
pub struct Page {
    /// The documents.
    pub docs: Vec<Doc>,
    /// Where to go on.
    pub next: Option<String>,
}

impl Listing {
    /// What a caller asked for, within bounds.
    pub fn from_query(query: Query, default_limit: u32, max_limit: u32) -> Listing {
        let limit = query.limit.unwrap_or(default_limit).min(max_limit);
        Listing { filter: query.filter, sort: query.sort, limit, skip: query.skip, cursor: query.cursor }
    }
}

impl ReadTx<'_> {
    /// The documents of a listing.
    pub fn list(&self, kind: &Kind, listing: &Listing) -> Result<Page> {
        let sql = format!("select {COLUMNS} from {} where project_id = ?1 order by id desc", kind.table);
        let docs: Result<Vec<Doc>> = self.query(&sql, &[self.partition()])?.into_iter().map(doc).collect();
        let matching = docs?.into_iter().filter(|doc| listing.filter.matches(&doc.body.clone().into()));
        let docs = matching.skip(listing.skip as usize).take(listing.limit as usize).collect();
        Ok(Page { docs, next: None })
    }

    /// How many documents match.
    pub fn count(&self, kind: &Kind, filter: &Filter) -> Result<u64> {
        let all =
            Listing { filter: filter.clone(), sort: Sort::default(), limit: u32::MAX, skip: 0, cursor: None };
        Ok(self.list(kind, &all)?.docs.len() as u64)
    }
}
