//! How many documents a filter is true of, remembered until the project's feed goes on.
//!
//! A list tells its total on every page, and to count what matches often costs more than
//! the page itself. Changes of kinds that are told on the feed move the project's stream in
//! their own transaction, so a total is good as long as the stream stands where it stood.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hark_query::Filter;

use crate::clock::Millis;
use crate::error::Result;
use crate::feed::{PROJECT_STREAM, Position};
use crate::id::Id;
use crate::kind::Kind;
use crate::tx::ReadTx;

/// Totals that are remembered; the memory starts over when it is full.
const REMEMBERED_MAX: usize = 4_096;
/// Bytes of a filter's text that are remembered at most.
const FILTER_BYTES_MAX: usize = 1_024;

/// For how long the rough size of a kind is remembered.
const SIZE_MS: Millis = 60_000;

/// The totals of lists.
#[derive(Default)]
pub(crate) struct Counts {
    totals: Mutex<HashMap<Key, Arc<Mutex<Option<Total>>>>>,
    sizes: Mutex<HashMap<(Id, &'static str), Size>>,
}

/// Project, table and filter.
type Key = (Id, &'static str, String);

/// Where the project's stream stood when so many were counted.
pub(crate) type Total = (Position, u64);

/// When so many were counted.
type Size = (Millis, u64);

impl Counts {
    fn of(&self, key: Key) -> Arc<Mutex<Option<Total>>> {
        let mut counts = lock(&self.totals);
        if counts.len() >= REMEMBERED_MAX && !counts.contains_key(&key) {
            counts.clear();
        }
        counts.entry(key).or_default().clone()
    }
}

impl ReadTx<'_> {
    /// The total that is remembered of a filter, good as long as the project's stream stands where it stood.
    pub(crate) fn remembered_total(&self, kind: &Kind, filter: &Filter) -> Option<Total> {
        let counts = self.counts()?;
        let known = counts.of(self.key(kind, filter)?);
        // Whoever holds it is counting.
        known.try_lock().ok()?.clone()
    }

    /// The key of totals that can be remembered.
    fn key(&self, kind: &Kind, filter: &Filter) -> Option<Key> {
        let text = format!("{filter:?}");
        let is_told = kind.feed && text.len() <= FILTER_BYTES_MAX;
        is_told.then(|| (self.scope().partition(), kind.table, text))
    }

    /// The same as [`ReadTx::count`], remembered between changes of the project's documents.
    ///
    /// # Errors
    /// As [`ReadTx::list`].
    pub fn total(&self, kind: &Kind, filter: &Filter) -> Result<u64> {
        let Some((counts, key)) = self.counts().zip(self.key(kind, filter)) else {
            return self.count(kind, filter);
        };
        let known = counts.of(key);
        // Held while counting: whoever asks for the same total meanwhile waits for this one.
        let mut known = lock(&known);
        // Read before counting: a change in between makes the total newer than it says, never older.
        let now = self.stream_position(PROJECT_STREAM)?;
        if let Some((_, total)) = known.as_ref().filter(|(then, _)| *then == now) {
            return Ok(*total);
        }
        let total = self.count(kind, filter)?;
        *known = Some((now, total));
        Ok(total)
    }

    /// About how many documents of a kind there are, for choices that need not be exact.
    pub(crate) fn size(&self, kind: &Kind) -> Result<u64> {
        let key = (self.scope().partition(), kind.table);
        let known = self.counts().and_then(|counts| lock(&counts.sizes).get(&key).copied());
        if let Some((then, size)) = known
            && (0..SIZE_MS).contains(&(self.now() - then))
        {
            return Ok(size);
        }
        let size = self.count(kind, &Filter::everything())?;
        if let Some(counts) = self.counts() {
            let mut sizes = lock(&counts.sizes);
            if sizes.len() >= REMEMBERED_MAX {
                sizes.clear();
            }
            sizes.insert(key, (self.now(), size));
        }
        Ok(size)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
