//! What the database says about its own tables, for tools that treat them all alike.

use crate::engine::Conn;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::sql::{Dialect, Row, Value};

/// The index of full-text search, which is another thing on each engine and made from entries.
pub(crate) const INDEX_OVER_WORDS: &str = "search_words";
/// Projects that are listed at once.
const PAGE: u32 = 500;

/// A table and its columns, without those that the database derives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// In alphabetical order.
    pub(crate) columns: Vec<String>,
}

impl Table {
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    /// A column of a row that was read with all columns.
    pub(crate) fn value<'r>(&self, row: &'r Row, column: &str) -> Option<&'r Value> {
        self.columns.iter().position(|name| name == column).and_then(|at| row.0.get(at))
    }

    /// Whether it keeps documents.
    pub(crate) fn is_of_documents(&self) -> bool {
        self.has("doc")
    }
}

/// The ordinary tables of our schema in alphabetical order, without the list of migrations and
/// the index over words.
pub(crate) fn tables(conn: &Conn<'_>) -> Result<Vec<Table>> {
    let sql = match conn.dialect() {
        // `hidden` is 0 for ordinary columns; the tables behind a virtual one are no `table`s.
        Dialect::Sqlite => {
            "select tables.name, columns.name from pragma_table_list tables, pragma_table_xinfo(tables.name) columns
             where tables.schema = 'main' and tables.type = 'table' and tables.name not like 'sqlite\\_%' escape '\\'
             and columns.hidden = 0 and tables.name <> 'hark_migration' order by 1, 2"
        }
        Dialect::Postgres => {
            "select table_name::text collate \"C\", column_name::text collate \"C\" from information_schema.columns
             where table_schema = current_schema() and is_generated = 'NEVER'
             and table_name not in ('hark_migration', 'search_words') order by 1, 2"
        }
    };
    let mut tables: Vec<Table> = Vec::new();
    for mut row in conn.query(sql, &[])? {
        let (name, column) = (row.text(0)?, row.text(1)?);
        match tables.last_mut() {
            Some(last) if last.name == name => last.columns.push(column),
            _ => tables.push(Table { name, columns: vec![column] }),
        }
    }
    Ok(tables)
}

/// The projects after one, in the order of their ids; the connection must be set to the instance.
pub(crate) fn projects(conn: &Conn<'_>, after: Id) -> Result<Vec<Id>> {
    let sql = format!("select id from project where project_id = ?1 and id > ?2 order by id limit {PAGE}");
    let rows = conn.query(&sql, &[Value::text(Id::INSTANCE), Value::text(after)])?;
    rows.into_iter().map(|mut row| row.id(0)).collect()
}

/// Lets PostgreSQL go on numbering behind the numbers that were copied.
pub(crate) fn continue_numbering(source: &Conn<'_>, target: &Conn<'_>) -> Result<()> {
    let numbered = target.query(
        "select table_name::text, column_name::text from information_schema.columns
         where table_schema = current_schema() and is_identity = 'YES'",
        &[],
    )?;
    for mut row in numbered {
        let (table, column) = (row.text(0)?, row.text(1)?);
        let next = number(source, &format!("select coalesce(max({column}), 0) + 1 from {table}"), &[])?;
        target.batch(&format!("alter table {table} alter column {column} restart with {next}"))?;
    }
    Ok(())
}

/// One number out of the database.
pub(crate) fn number(conn: &Conn<'_>, sql: &str, parameters: &[Value]) -> Result<i64> {
    let row = conn.query_one(sql, parameters)?;
    row.ok_or_else(|| Error::internal("a number without a row"))?.int(0)
}
