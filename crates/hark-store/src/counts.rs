//! How many documents a filter is true of, remembered until the project's feed goes on.
//!
//! A list tells its total on every page, and to count what matches often costs more than
//! the page itself. Changes of kinds that are told on the feed move the project's stream in
//! their own transaction, so a total is good as long as the stream stands where it stood.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hark_query::Filter;

use crate::error::Result;
use crate::feed::{PROJECT_STREAM, Position};
use crate::id::Id;
use crate::kind::Kind;
use crate::tx::ReadTx;

/// Totals that are remembered; the memory starts over when it is full.
const REMEMBERED_MAX: usize = 4_096;
/// Bytes of a filter's text that are remembered at most.
const FILTER_BYTES_MAX: usize = 1_024;

/// The totals of lists.
#[derive(Default)]
pub(crate) struct Counts(Mutex<HashMap<(Id, &'static str, String), (Position, u64)>>);

impl ReadTx<'_> {
    /// The same as [`ReadTx::count`], remembered between changes of the project's documents.
    ///
    /// # Errors
    /// As [`ReadTx::list`].
    pub fn total(&self, kind: &Kind, filter: &Filter) -> Result<u64> {
        let text = format!("{filter:?}");
        let Some(counts) = self.counts().filter(|_| kind.feed && text.len() <= FILTER_BYTES_MAX) else {
            return self.count(kind, filter);
        };
        let key = (self.scope().partition(), kind.table, text);
        // Read before counting: a change in between makes the total newer than it says, never older.
        let now = self.stream_position(PROJECT_STREAM)?;
        let known = counts.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some((_, total)) = known.filter(|(then, _)| *then == now) {
            return Ok(total);
        }
        let total = self.count(kind, filter)?;
        let mut counts = counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= REMEMBERED_MAX {
            counts.clear();
        }
        counts.insert(key, (now, total));
        Ok(total)
    }
}
