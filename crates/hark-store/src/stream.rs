//! Streams of documents for exports: all of them, some at a time, in bounded memory.

use hark_query::{Filter, Path, Sort, SortKey};
use tokio::sync::mpsc;

use crate::doc::Doc;
use crate::error::Result;
use crate::kind::Kind;
use crate::list::Listing;
use crate::scope::Scope;
use crate::store::Store;

/// Chunks that wait for the receiver, beside the one that is being read.
const CHUNKS_MAX: usize = 1;

impl Store {
    /// All documents of a kind that a filter is true of, oldest first, `chunk` at a time.
    ///
    /// Reading goes on as the receiver takes what is there, and ends when it is dropped. Each chunk
    /// is a read of its own, so writers are not held up: a document that is there all the time, and
    /// that the filter is true of all the time, comes exactly once; one that appears, disappears or
    /// changes meanwhile may come or not. After an error nothing follows.
    pub fn stream(
        &self,
        scope: &Scope,
        kind: &'static Kind,
        filter: Filter,
        chunk: u32,
    ) -> mpsc::Receiver<Result<Vec<Doc>>> {
        let (sender, receiver) = mpsc::channel(CHUNKS_MAX);
        let (store, scope) = (self.clone(), scope.clone());
        let by_id = SortKey { path: Path::known("id"), descending: false };
        let mut listing = Listing { sort: Sort { keys: vec![by_id] }, ..Listing::new(filter, chunk.max(1)) };
        tokio::spawn(async move {
            loop {
                let asked = listing.clone();
                let answer = tokio::select! {
                    answer = store.read(&scope, move |tx| tx.list(kind, &asked)) => answer,
                    () = sender.closed() => return,
                };
                let (docs, next) = match answer {
                    Ok(page) => (Ok(page.docs), page.next),
                    Err(error) => (Err(error), None),
                };
                if sender.send(docs).await.is_err() || next.is_none() {
                    return;
                }
                listing.cursor = next;
            }
        });
        receiver
    }
}
