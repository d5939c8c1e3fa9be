//! Transactions: the only door to data, already narrowed to one project.

use std::collections::BTreeSet;
use std::ops::Deref;

use serde_json::Value as Json;

use crate::audit::{self, NewEntry};
use crate::clock::{Clock, Millis};
use crate::counts::Counts;
use crate::doc::Change;
use crate::engine::Conn;
use crate::error::{Error, Result};
use crate::feed::{self, FOLLOW_JOB, NewEvent, PROJECT_STREAM};
use crate::id::{Id, IdSource};
use crate::jobs::NewJob;
use crate::kind::{Body, Kind};
use crate::scope::Scope;
use crate::seal::Keyring;
use crate::search::{self, Gone, Spaces, Vocabulary};
use crate::sql::{Dialect, Row, Value, fill_words};

/// What transactions need of the store around them.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'s> {
    pub(crate) clock: &'s Clock,
    pub(crate) ids: &'s IdSource,
    pub(crate) keys: &'s Keyring,
    /// Totals that were counted before; a transaction that writes cannot use them, because its own
    /// changes are not on the feed yet.
    pub(crate) counts: Option<&'s Counts>,
    pub(crate) spaces: &'s Spaces,
}

/// A transaction that reads one project's data.
pub struct ReadTx<'c> {
    conn: Conn<'c>,
    scope: &'c Scope,
    around: Surroundings<'c>,
}

/// A transaction that reads and writes one project's data. It commits when the
/// unit of work that received it returns `Ok`.
pub struct Tx<'c> {
    read: ReadTx<'c>,
    events: Vec<NewEvent>,
    entries: Vec<(Id, NewEntry)>,
    effects: Effects,
    /// Words that became findable, for the vocabulary.
    pub(crate) vocabulary: Vocabulary,
    /// Words that documents lost, which may have to leave it.
    pub(crate) gone: Gone,
}

/// What has to happen once the transaction is durable.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// Streams that have news.
    pub(crate) streams: BTreeSet<(Id, String)>,
    /// Jobs wait to be leased.
    pub(crate) jobs: bool,
    /// Someone's rights may have changed.
    pub(crate) credentials: bool,
}

impl<'c> ReadTx<'c> {
    pub(crate) fn new(conn: Conn<'c>, scope: &'c Scope, around: Surroundings<'c>) -> ReadTx<'c> {
        ReadTx { conn, scope, around }
    }

    /// Whose data this is, and who acts.
    pub fn scope(&self) -> &Scope {
        self.scope
    }

    /// Now, in unix milliseconds.
    pub fn now(&self) -> Millis {
        self.around.clock.now()
    }

    pub(crate) fn counts(&self) -> Option<&'c Counts> {
        self.around.counts
    }

    /// Whether everything that this transaction sees is committed.
    pub(crate) fn only_reads(&self) -> bool {
        self.around.counts.is_some()
    }

    pub(crate) fn spaces(&self) -> &'c Spaces {
        self.around.spaces
    }

    pub(crate) fn keys(&self) -> &'c Keyring {
        self.around.keys
    }

    pub(crate) fn conn(&self) -> &Conn<'c> {
        &self.conn
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.conn.dialect()
    }

    pub(crate) fn partition(&self) -> Value {
        Value::text(self.scope.partition())
    }

    /// A statement with the words of [`fill_words`] in it.
    pub(crate) fn words(&self, sql: &str) -> String {
        fill_words(sql, self.dialect())
    }

    pub(crate) fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        self.conn.query(sql, parameters)
    }

    /// The same for statements that deserve another plan for other parameters, all of them text.
    pub(crate) fn query_planned(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        self.conn.query_planned(sql, parameters)
    }
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: Conn<'c>, scope: &'c Scope, around: Surroundings<'c>) -> Tx<'c> {
        Tx {
            read: ReadTx::new(conn, scope, Surroundings { counts: None, ..around }),
            events: Vec::new(),
            entries: Vec::new(),
            effects: Effects::default(),
            vocabulary: Vocabulary::default(),
            gone: Gone::default(),
        }
    }

    /// An id that nothing else has.
    pub fn new_id(&self) -> Id {
        self.around.ids.next(self.now())
    }

    /// Puts an event on a stream of this project; it becomes visible with the commit.
    pub fn publish(&mut self, stream: impl Into<String>, event: impl Into<String>, data: Json) {
        self.events.push(NewEvent { stream: stream.into(), event: event.into(), document: None, data });
    }

    /// Puts an event about a document on the project's stream; it becomes visible with the commit.
    /// Changes of kinds with a feed are told without this.
    pub fn publish_about(&mut self, event: impl Into<String>, document: Id, data: Json) {
        let stream = PROJECT_STREAM.to_owned();
        self.events.push(NewEvent { stream, event: event.into(), document: Some(document), data });
    }

    /// Makes everybody who follows a stream of this project look for news, without an event.
    pub fn ring(&mut self, stream: impl Into<String>) {
        let partition = self.scope.partition();
        self.effects.streams.insert((partition, stream.into()));
    }

    pub(crate) fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64> {
        self.conn.execute(sql, parameters)
    }

    /// Runs a statement of whose answer nothing is needed; see [`Conn::execute_soon`].
    pub(crate) fn execute_soon(&self, sql: &str, parameters: &[Value]) -> Result<()> {
        self.conn.execute_soon(sql, parameters)
    }

    /// Runs a statement that writes one row, and reads `columns` of it. `row` tells where the row is, as
    /// `table where …` with the first `row_parameters` of the parameters.
    ///
    /// SQLite does without `returning`: it would open a statement journal, and at each of those
    /// FTS5 writes out the words that it gathers for the commit.
    pub(crate) fn write_back(
        &self,
        write: &str,
        parameters: &[Value],
        columns: &str,
        row: &str,
        row_parameters: usize,
    ) -> Result<Row> {
        let rows = match self.dialect() {
            Dialect::Sqlite => {
                self.execute(write, parameters)?;
                self.query(&format!("select {columns} from {row}"), &parameters[..row_parameters])?
            }
            Dialect::Postgres => self.query(&format!("{write} returning {columns}"), parameters)?,
        };
        rows.into_iter().next().ok_or_else(|| Error::internal(format!("no row was written to {row}")))
    }

    /// Makes other transactions that lock the same name wait until this one ends. For rules that
    /// must not run twice at once although there is no document yet that they could lock.
    pub fn lock_name(&self, name: &str) -> Result<()> {
        if self.dialect() == Dialect::Postgres {
            let name = Value::Text(format!("{}:{name}", self.scope.partition()));
            self.execute("select pg_advisory_xact_lock(hashtextextended(?1, 0))", &[name])?;
        }
        // SQLite has one writer at a time.
        Ok(())
    }

    pub(crate) fn for_update(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => "for update",
        }
    }

    pub(crate) fn note(&mut self, log: Id, entry: NewEntry) {
        self.entries.push((log, entry));
    }

    pub(crate) fn jobs_wait(&mut self) {
        self.effects.jobs = true;
    }

    /// Keeps everything derived from a document in step with it.
    pub(crate) fn changed(
        &mut self,
        kind: &'static Kind,
        id: Id,
        change: Change,
        body: Option<&Body>,
    ) -> Result<()> {
        if let Some(read) = kind.search {
            match body {
                Some(body) => search::index(self, kind, id, change, &read(body))?,
                None => search::forget(self, kind, id)?,
            }
        }
        if kind.feed {
            self.events.push(NewEvent {
                stream: PROJECT_STREAM.to_owned(),
                event: format!("{}.{}", kind.name, change.word()),
                document: Some(id),
                data: Json::Null,
            });
        }
        self.effects.credentials |= kind.credential;
        Ok(())
    }

    /// Writes events and audit entries last, because their numbers are handed out under a lock
    /// that others wait for, and returns what has to happen after the commit.
    pub(crate) fn finish(mut self) -> Result<Effects> {
        std::mem::take(&mut self.vocabulary).write(&self)?;
        std::mem::take(&mut self.gone).write(&mut self)?;
        let events = std::mem::take(&mut self.events);
        let partition = self.scope.partition();
        let appended = feed::append(&self, events)?;
        if appended.is_followed {
            // One that waits already will see these events too.
            self.enqueue(NewJob::new(FOLLOW_JOB, Json::Null).unique(FOLLOW_JOB))?;
        }
        let streams = appended.streams.into_iter().map(|stream| (partition, stream));
        self.effects.streams.extend(streams);
        let entries = std::mem::take(&mut self.entries);
        audit::append(&self, entries)?;
        Ok(self.effects)
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = ReadTx<'c>;

    fn deref(&self) -> &ReadTx<'c> {
        &self.read
    }
}
