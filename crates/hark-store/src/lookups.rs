//! Documents that are looked up by their id, the most frequent of all reads.
//!
//! On PostgreSQL a statement costs many times what it does, in messages and in processes that wake each
//! other. Therefore callers that look for documents of one table of one project at the same time share a
//! statement, as writers share a commit on SQLite: whoever comes first goes at once, and whoever comes
//! while that one is on its way goes with the next.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::engine::postgres::{self, Pool};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::kind::Kind;
use crate::sql::{Dialect, Row, Value, fill_words};

/// Documents that share a statement at most.
const TOGETHER_MAX: usize = 64;
/// Statements of one table and project that are on their way at once: while the server works on one, we make
/// the answers of the other.
const AT_ONCE: usize = 2;

/// The stored text of a document and its revision.
pub(crate) type Found = Option<(i64, String)>;

/// Who looks for what, by project and table.
#[derive(Clone, Default)]
pub(crate) struct Lookups(Arc<Mutex<HashMap<Place, Queue>>>);

type Place = (Id, &'static str);

#[derive(Default)]
struct Queue {
    waiting: Vec<Wanted>,
    on_their_way: usize,
}

struct Wanted {
    id: Id,
    reply: oneshot::Sender<Result<Found>>,
}

impl Lookups {
    /// Looks for a document together with everybody who does so now.
    pub(crate) async fn find(&self, pool: &Pool, project: Id, kind: &'static Kind, id: Id) -> Result<Found> {
        let (reply, answer) = oneshot::channel();
        let place = (project, kind.table);
        if self.join(place, Wanted { id, reply }) {
            // A task of its own: others wait for it too when this caller goes away.
            tokio::spawn(self.clone().serve(pool.clone(), place));
        }
        answer.await.map_err(|_| Error::internal("a look-up ended before it answered"))?
    }

    /// Puts somebody in line; whether there has to be one more who serves it.
    fn join(&self, place: Place, wanted: Wanted) -> bool {
        let mut queues = self.queues();
        let queue = queues.entry(place).or_default();
        queue.waiting.push(wanted);
        let goes = queue.on_their_way < AT_ONCE;
        queue.on_their_way += usize::from(goes);
        goes
    }

    /// Serves those who wait until nobody does.
    async fn serve(self, pool: Pool, place: Place) {
        loop {
            // Before they are counted: more may come while a connection is waited for.
            match postgres::take(&pool).await {
                Ok(link) => {
                    let Some(wanted) = self.next(place, TOGETHER_MAX) else { return };
                    let found = texts(&link, place, &wanted).await;
                    answer(wanted, found);
                }
                // As long as this took, everybody else has waited.
                Err(error) => {
                    let Some(wanted) = self.next(place, usize::MAX) else { return };
                    answer(wanted, Err(error));
                }
            }
        }
    }

    /// Those whose turn it is; `None` when nobody waits, and whoever asked is on the way no more.
    fn next(&self, place: Place, most: usize) -> Option<Vec<Wanted>> {
        let mut queues = self.queues();
        let queue = queues.get_mut(&place)?;
        queue.waiting.retain(|wanted| !wanted.reply.is_closed());
        let count = queue.waiting.len().min(most);
        if count > 0 {
            return Some(queue.waiting.drain(..count).collect());
        }
        queue.on_their_way -= 1;
        if queue.on_their_way == 0 {
            queues.remove(&place);
        }
        None
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Place, Queue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn texts(link: &postgres::Link, (project, table): Place, wanted: &[Wanted]) -> Result<Vec<Row>> {
    let ids: Vec<Id> = wanted.iter().map(|wanted| wanted.id).collect();
    let sql = format!("select id, rev, doc from {table} where project_id = ?1 and id {{among text ?2}}");
    let parameters = [Value::text(project), Value::Text(serde_json::to_string(&ids)?)];
    link.turn_to(project).await?;
    link.rows(&fill_words(&sql, Dialect::Postgres), &parameters).await
}

/// Tells everybody what was found. Whoever went away is not waited for.
fn answer(wanted: Vec<Wanted>, found: Result<Vec<Row>>) {
    let found = found.and_then(|rows| {
        let text = |mut row: Row| Ok((row.id(0)?, (row.int(1)?, row.text(2)?)));
        rows.into_iter().map(text).collect::<Result<HashMap<Id, (i64, String)>>>()
    });
    for Wanted { id, reply } in wanted {
        let _ = reply.send(match &found {
            Ok(texts) => Ok(texts.get(&id).cloned()),
            Err(Error::Unavailable(sentence)) => Err(Error::Unavailable(sentence.clone())),
            Err(error) => Err(Error::internal(format!("a look-up failed: {error:?}"))),
        });
    }
}
