//! The two engines behind one connection type: statements in, rows out.
//!
//! Everything above this module is written once. A unit of work is a plain
//! synchronous function on a [`Conn`]: on SQLite it runs on a thread that owns
//! the connection, on PostgreSQL on a blocking thread that drives the client.

pub(crate) mod bells;
pub(crate) mod postgres;
pub(crate) mod sqlite;
pub(crate) mod statistics;

use crate::error::{Error, Result};
use crate::sql::{Dialect, Row, Value};

/// A connection inside a unit of work.
pub(crate) enum Conn<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c postgres::Link),
}

impl Conn<'_> {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Conn::Sqlite(_) => Dialect::Sqlite,
            Conn::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement and reads all its rows. Callers bound the count with `limit`.
    pub(crate) fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        match self {
            Conn::Sqlite(connection) => sqlite::query(connection, sql, parameters),
            Conn::Postgres(link) => link.query(sql, parameters),
        }
    }

    /// Runs a statement that deserves another plan for other parameters, all of them text.
    pub(crate) fn query_planned(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        match self {
            Conn::Sqlite(connection) => sqlite::query(connection, sql, parameters),
            Conn::Postgres(link) => link.query_planned(sql, parameters),
        }
    }

    /// Runs a statement that should find one row or none.
    pub(crate) fn query_one(&self, sql: &str, parameters: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, parameters)?.into_iter().next())
    }

    /// Runs a statement and tells how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64> {
        match self {
            Conn::Sqlite(connection) => sqlite::execute(connection, sql, parameters),
            Conn::Postgres(link) => link.execute(sql, parameters),
        }
    }

    /// Runs a statement at once, or on PostgreSQL before the next one, which fails if this one does. For
    /// statements of whose answer nothing is needed: sent together they cost one message there and back.
    pub(crate) fn execute_soon(&self, sql: &str, parameters: &[Value]) -> Result<()> {
        match self {
            Conn::Sqlite(connection) => sqlite::execute(connection, sql, parameters).map(drop),
            Conn::Postgres(link) => link.execute_soon(sql, parameters),
        }
    }

    /// Runs several statements without parameters, such as a migration.
    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        match self {
            Conn::Sqlite(connection) => connection.execute_batch(sql).map_err(sqlite::fault),
            Conn::Postgres(link) => link.batch(sql),
        }
    }
}

/// The unique constraint `table_field` that a statement broke, as the field's wire name is
/// known to the caller by the constraint's name.
#[derive(Debug, thiserror::Error)]
#[error("unique constraint {constraint}")]
pub(crate) struct UniqueViolation {
    /// The name of the index or constraint on PostgreSQL; `table.column, …` on SQLite.
    pub(crate) constraint: String,
}

/// A failure that goes away when the same unit of work runs again.
#[derive(Debug, thiserror::Error)]
#[error("the transaction lost a race and can be repeated")]
pub(crate) struct Repeatable;

/// The unique violation inside an error, if that is what it is.
pub(crate) fn unique_violation(error: &Error) -> Option<&UniqueViolation> {
    match error {
        Error::Internal(story) => story.downcast_ref(),
        _ => None,
    }
}

/// Whether the same unit of work may succeed when it runs again.
pub(crate) fn repeatable(error: &Error) -> bool {
    matches!(error, Error::Internal(story) if story.downcast_ref::<Repeatable>().is_some())
}
