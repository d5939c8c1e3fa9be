//! Copies all rows from one engine to the other, some at a time.

use std::collections::BTreeMap;

use crate::engine::{Conn, sqlite};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::schema::{self, Table, number};
use crate::search;
use crate::sql::{Row, Value};

/// Rows that are read at once from PostgreSQL.
const READ_ROWS: usize = 200;
/// Rows that are written with one statement.
const WRITE_ROWS: usize = 50;

/// Copies these partitions and what belongs to none; the target is empty. Returns the tables.
///
/// # Errors
/// When the engines disagree about the tables, or a row cannot be stored.
pub(crate) fn copy_all(source: &Conn<'_>, target: &Conn<'_>, partitions: &[Id]) -> Result<Vec<Table>> {
    let tables = schema::tables(source)?;
    let known = schema::tables(target)?;
    if tables != known {
        return Err(Error::internal(format!("the engines have other tables: {tables:?} and {known:?}")));
    }
    for table in tables.iter().filter(|table| !table.has("project_id")) {
        copy(source, target, table, None)?;
    }
    for partition in partitions {
        enter(source, *partition)?;
        enter(target, *partition)?;
        for table in tables.iter().filter(|table| table.has("project_id")) {
            copy(source, target, table, Some(*partition))?;
        }
    }
    if let Conn::Postgres(_) = target {
        schema::continue_numbering(source, target)?;
    }
    Ok(tables)
}

/// The rows of each table in these partitions.
pub(crate) fn counts(conn: &Conn<'_>, tables: &[Table], partitions: &[Id]) -> Result<BTreeMap<String, i64>> {
    let mut counts = BTreeMap::new();
    for table in tables.iter().filter(|table| !table.has("project_id")) {
        let count = number(conn, &format!("select count(*) from {}", table.name), &[])?;
        counts.insert(table.name.clone(), count);
    }
    for partition in partitions {
        enter(conn, *partition)?;
        for table in tables.iter().filter(|table| table.has("project_id")) {
            let sql = format!("select count(*) from {} where project_id = ?1", table.name);
            *counts.entry(table.name.clone()).or_default() += number(conn, &sql, &[Value::text(partition)])?;
        }
    }
    Ok(counts)
}

/// Lets row-level security show this partition.
fn enter(conn: &Conn<'_>, partition: Id) -> Result<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(link) => link.set_project(partition),
    }
}

fn copy(source: &Conn<'_>, target: &Conn<'_>, table: &Table, partition: Option<Id>) -> Result<()> {
    let mut rows = Vec::new();
    let mut take = |row: Row| {
        if table.name == search::ENTRIES {
            search::index_again(target, table, &row)?;
        }
        rows.push(row);
        if rows.len() == WRITE_ROWS { insert(target, table, &mut rows) } else { Ok(()) }
    };
    read(source, table, partition, &mut take)?;
    // Fewer than a statement's worth, so one by one: such a statement is prepared only once.
    let rest = std::mem::take(&mut rows);
    rest.into_iter().try_for_each(|row| insert(target, table, &mut vec![row]))
}

/// Hands out all rows of a table without holding more than a few.
fn read(
    source: &Conn<'_>,
    table: &Table,
    partition: Option<Id>,
    take: &mut dyn FnMut(Row) -> Result<()>,
) -> Result<()> {
    // An id is 24 hex digits, so it can stand in the text.
    let of = partition.map(|partition| format!(" where project_id = '{partition}'")).unwrap_or_default();
    let sql = format!("select {} from {}{of}", columns(table), table.name);
    match source {
        Conn::Sqlite(connection) => sqlite::each(connection, &sql, &[], take),
        Conn::Postgres(link) => {
            let cursor = format!("copy_{}", table.name);
            link.batch(&format!("declare {cursor} no scroll cursor for {sql}"))?;
            loop {
                let rows = link.query(&format!("fetch {READ_ROWS} from {cursor}"), &[])?;
                let last = rows.len() < READ_ROWS;
                rows.into_iter().try_for_each(&mut *take)?;
                if last {
                    return link.batch(&format!("close {cursor}"));
                }
            }
        }
    }
}

/// Writes the rows with one statement.
fn insert(target: &Conn<'_>, table: &Table, rows: &mut Vec<Row>) -> Result<()> {
    let width = table.columns.len();
    let tuples: Vec<String> = (0..rows.len())
        .map(|row| {
            let places: Vec<String> =
                (1..=width).map(|column| format!("?{}", row * width + column)).collect();
            format!("({})", places.join(", "))
        })
        .collect();
    let given = match target {
        Conn::Sqlite(_) => "",
        // Numbers that the database hands out are kept as they were.
        Conn::Postgres(_) => "overriding system value",
    };
    let sql = format!("insert into {} ({}) {given} values {}", table.name, columns(table), tuples.join(", "));
    let values: Vec<Value> = rows.drain(..).flat_map(|row| row.0).collect();
    target.execute(&sql, &values).map(drop).map_err(|error| match error {
        Error::Internal(story) => {
            Error::Internal(story.context(format!("rows of {} cannot be stored", table.name)))
        }
        other => other,
    })
}

fn columns(table: &Table) -> String {
    let quoted: Vec<String> = table.columns.iter().map(|column| format!("\"{column}\"")).collect();
    quoted.join(", ")
}
