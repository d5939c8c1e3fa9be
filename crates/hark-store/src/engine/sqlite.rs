//! The embedded engine: one writer thread that commits in groups, and a pool of readers.
//!
//! Every unit of work that waits when the writer becomes free joins the next
//! transaction, and one fsync answers all of them (`synchronous=full`). Units have no
//! savepoints, because FTS5 writes out what it has gathered at each of them; when a unit fails
//! after it wrote something, the group is rolled back and runs again with a savepoint for each.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::UniqueViolation;
use crate::error::{Error, Result};
use crate::sql::{Row, Value};

/// Units of work that share one commit at most; bounds the time to the fsync.
const GROUP_MAX: usize = 512;
/// Prepared statements kept per connection.
const STATEMENTS_MAX: usize = 256;
/// How often the idle writer looks for commits of other processes.
const OTHER_PROCESS_POLL: Duration = Duration::from_millis(500);
/// How long a statement waits for another process' lock, such as a command line tool.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// A unit of work of the writer.
pub(crate) trait Work: Send {
    /// Does the work, from the start if it was done before, and says whether to keep what it did.
    fn run(&mut self, connection: &Connection) -> bool;

    /// Gives the caller its answer, once it is known whether the commit succeeded.
    fn settle(self: Box<Self>, committed: Result<()>);
}

type Unit = Box<dyn Work>;

/// The embedded database: a file, its writer and its readers.
pub(crate) struct Sqlite {
    path: PathBuf,
    units: Mutex<Option<Sender<Unit>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    readers: Arc<Mutex<Vec<Connection>>>,
}

impl Sqlite {
    /// Opens or creates the database at `path`; `on_foreign_commit` is called
    /// after another process wrote to it.
    pub(crate) fn open(path: &Path, on_foreign_commit: impl Fn() + Send + 'static) -> Result<Sqlite> {
        let writer = connect(path, false)?;
        let (units, inbox) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_loop(&writer, &inbox, &on_foreign_commit))
            .map_err(anyhow::Error::from)?;
        Ok(Sqlite {
            path: path.to_owned(),
            units: Mutex::new(Some(units)),
            writer: Mutex::new(Some(thread)),
            readers: Arc::default(),
        })
    }

    /// Hands a unit of work to the writer.
    pub(crate) fn submit(&self, unit: Unit) -> Result<()> {
        let units = self.units.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = || Error::Unavailable("the server is shutting down, repeat the call".to_owned());
        units.as_ref().ok_or_else(closed)?.send(unit).map_err(|_| closed())
    }

    /// Runs `work` on a reader that no other call uses meanwhile.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let reader = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match reader {
            Some(reader) => reader,
            None => connect(&self.path, true)?,
        };
        let answer = work(&reader);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        answer
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Commits what was submitted, then ends the writer and folds the log into the file.
    pub(crate) fn close(&self) {
        self.units.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = writer.join();
        }
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}

pub(crate) fn connect(path: &Path, read_only: bool) -> Result<Connection> {
    let flags = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX
    };
    let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    if !read_only {
        connection
            .execute_batch(
                "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000;",
            )
            .map_err(fault)?;
    }
    connection.execute_batch("pragma cache_size = -16000; pragma temp_store = memory;").map_err(fault)?;
    Ok(connection)
}

fn write_loop(connection: &Connection, inbox: &Receiver<Unit>, on_foreign_commit: &dyn Fn()) {
    let mut version = data_version(connection);
    loop {
        let first = match inbox.recv_timeout(OTHER_PROCESS_POLL) {
            Ok(unit) => Some(unit),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        if let Some(first) = first {
            commit_group(connection, first, inbox);
        }
        // Our own commits do not change the version that this connection sees.
        let seen = data_version(connection);
        if seen != version {
            version = seen;
            on_foreign_commit();
        }
    }
    let _ = connection.execute_batch("pragma wal_checkpoint(truncate); pragma optimize;");
}

fn data_version(connection: &Connection) -> i64 {
    connection
        .prepare_cached("pragma data_version")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .unwrap_or(0)
}

fn commit_group(connection: &Connection, first: Unit, inbox: &Receiver<Unit>) {
    if let Err(error) = run(connection, "begin immediate") {
        return first.settle(Err(error));
    }
    let mut group = Vec::new();
    let mut next = Some(first);
    let mut spoiled = false;
    while let Some(mut unit) = next {
        let before = connection.total_changes();
        let keep = run_unit(connection, &mut *unit);
        group.push(unit);
        spoiled = !keep && connection.total_changes() != before;
        // A full disk or an I/O error makes SQLite roll back everything at once.
        let ended = spoiled || connection.is_autocommit() || group.len() >= GROUP_MAX;
        next = if ended { None } else { inbox.try_recv().ok() };
    }
    metrics::histogram!("hark_sqlite_group_size").record(group.len() as f64);
    let outcome = match &mut group[..] {
        _ if !spoiled => Ok(()),
        // There is nobody else's work to do again, and what it did is undone with the transaction.
        [_] => start_over(connection),
        group => run_apart(connection, group),
    };
    let outcome = outcome.and_then(|()| commit(connection)).map_err(|error| error.to_string());
    if outcome.is_err() && !connection.is_autocommit() {
        let _ = run(connection, "rollback");
    }
    for unit in group {
        unit.settle(outcome.clone().map_err(Error::internal));
    }
}

fn commit(connection: &Connection) -> Result<()> {
    if connection.is_autocommit() {
        return Err(Error::internal("the database rolled the transaction back, is the disk full?"));
    }
    run(connection, "commit")
}

/// Runs the units of a group again from the start, so that what failing ones did can be undone alone.
fn run_apart(connection: &Connection, group: &mut [Unit]) -> Result<()> {
    start_over(connection)?;
    for unit in group {
        run(connection, "savepoint unit")?;
        if !run_unit(connection, &mut **unit) {
            run(connection, "rollback to unit")?;
        }
        run(connection, "release unit")?;
    }
    Ok(())
}

/// Undoes the transaction and begins another.
fn start_over(connection: &Connection) -> Result<()> {
    if !connection.is_autocommit() {
        run(connection, "rollback")?;
    }
    run(connection, "begin immediate")
}

/// Runs a unit; one that panics has no answer, which its caller is told when it is settled.
fn run_unit(connection: &Connection, unit: &mut dyn Work) -> bool {
    catch_unwind(AssertUnwindSafe(|| unit.run(connection))).unwrap_or(false)
}

fn run(connection: &Connection, sql: &str) -> Result<()> {
    let mut statement = connection.prepare_cached(sql).map_err(fault)?;
    statement.execute([]).map(drop).map_err(fault)
}

pub(crate) fn query(connection: &Connection, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
    let mut out = Vec::new();
    each(connection, sql, parameters, &mut |row| {
        out.push(row);
        Ok(())
    })?;
    Ok(out)
}

/// Hands out the rows of an answer one by one.
pub(crate) fn each(
    connection: &Connection,
    sql: &str,
    parameters: &[Value],
    take: &mut dyn FnMut(Row) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(sql).map_err(fault)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(parameters)).map_err(fault)?;
    while let Some(row) = rows.next().map_err(fault)? {
        let values: Result<Vec<Value>> = (0..columns).map(|at| value(row, at)).collect();
        take(Row(values?))?;
    }
    Ok(())
}

pub(crate) fn execute(connection: &Connection, sql: &str, parameters: &[Value]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql).map_err(fault)?;
    let changed = statement.execute(rusqlite::params_from_iter(parameters)).map_err(fault)?;
    Ok(changed as u64)
}

fn value(row: &rusqlite::Row<'_>, at: usize) -> Result<Value> {
    use rusqlite::types::ValueRef;
    Ok(match row.get_ref(at).map_err(fault)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(int) => Value::Int(int),
        ValueRef::Real(float) => Value::Float(float),
        ValueRef::Text(text) => Value::Text(match std::str::from_utf8(text) {
            Ok(text) => text.to_owned(),
            Err(_) => String::from_utf8_lossy(text).into_owned(),
        }),
        ValueRef::Blob(_) => return Err(Error::internal("a row holds a blob, no column should")),
    })
}

/// Gives an SQLite failure its meaning.
pub(crate) fn fault(error: rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(failure, message) = &error
        && failure.code == ErrorCode::ConstraintViolation
        && let Some(columns) =
            message.as_deref().and_then(|text| text.strip_prefix("UNIQUE constraint failed: "))
    {
        return Error::Internal(UniqueViolation { constraint: columns.to_owned() }.into());
    }
    Error::Internal(anyhow::Error::new(error).context("sqlite"))
}
