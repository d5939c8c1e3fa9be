//! The limits of the engines: raw prepared statements, and the store's group commit by itself.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hark_store::testing::START;
use hark_store::{Clock, Field, Kind, Location, SecretKeys, Store, to_body};
use rusqlite::Connection;
use serde_json::Value as Json;
use tokio_postgres::types::ToSql;

use crate::data::contact;
use crate::rows::{self, Bound, document};

/// Writes that share a commit in the raw loop: as many as the concurrent writers it is compared with.
pub(crate) const GROUP: usize = 64;
const BARE_CONTACT: Kind = Kind::new("contact", "contact", &[Field::text("userId", "user_id")]);

/// Durable inserts per second into the table of contacts with all its columns and indexes.
pub(crate) struct Writes {
    /// One commit for each.
    pub(crate) one_by_one: f64,
    /// One commit for [`GROUP`], in one loop without anything around it.
    pub(crate) raw_groups: f64,
    /// [`GROUP`] concurrent callers of the store.
    pub(crate) group_commit: f64,
    /// All the rows of a created contact, in one loop that commits as many at once as there are connections.
    pub(crate) whole: f64,
}

/// Measures the three ways to write durably on SQLite.
pub(crate) async fn sqlite_writes(folder: &Path, seconds: u64, connections: usize) -> Result<Writes> {
    let path = folder.join("raw.db");
    let keys = SecretKeys::in_folder(folder);
    let store = Store::open(&Location::Sqlite(path.clone()), Clock::fixed(START), &keys).await?;
    store.close().await;
    let connection = Connection::open(&path)?;
    connection.execute_batch("pragma journal_mode = wal; pragma synchronous = full;")?;
    let time = Duration::from_secs(seconds);
    let one_by_one = raw_loop(&connection, 1, 0, time)?;
    let raw_groups = raw_loop(&connection, GROUP, 50_000_000, time)?;
    let whole = whole_loop(&connection, connections, 60_000_000, time)?;
    drop(connection);
    let store = Store::open(&Location::Sqlite(path), Clock::fixed(START), &keys).await?;
    let group_commit = through_the_store(&store, time).await?;
    store.close().await;
    Ok(Writes { one_by_one, raw_groups, group_commit, whole })
}

fn raw_loop(connection: &Connection, group: usize, first: usize, time: Duration) -> Result<f64> {
    let started = Instant::now();
    let mut statement = connection.prepare(rows::SQLITE[0])?;
    let mut count = 0;
    while started.elapsed() < time {
        connection.execute_batch("begin immediate")?;
        for _ in 0..group {
            let number = first + count;
            let id = format!("{number:024x}");
            statement.execute(("raw", &id, START, document(number, &id)))?;
            count += 1;
        }
        connection.execute_batch("commit")?;
    }
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

fn whole_loop(connection: &Connection, group: usize, first: usize, time: Duration) -> Result<f64> {
    let started = Instant::now();
    let statements: rusqlite::Result<Vec<_>> =
        rows::SQLITE.iter().map(|sql| connection.prepare(sql)).collect();
    let mut statements = statements?;
    let mut count = 0;
    while started.elapsed() < time {
        connection.execute_batch("begin immediate")?;
        for _ in 0..group {
            for (statement, values) in statements.iter_mut().zip(rows::values(first + count, "")) {
                let values = values.into_iter().map(|value| match value {
                    Bound::Text(text) => rusqlite::types::Value::Text(text),
                    Bound::Int(int) => rusqlite::types::Value::Integer(int),
                });
                statement.execute(rusqlite::params_from_iter(values))?;
            }
            count += 1;
        }
        connection.execute_batch("commit")?;
    }
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

async fn through_the_store(store: &Store, time: Duration) -> Result<f64> {
    let started = Instant::now();
    let writers: Vec<_> = (0..GROUP)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                let scope = store.operator();
                let mut count = 0usize;
                while started.elapsed() < time {
                    let number = 100_000_000 + writer * 1_000_000 + count;
                    let mut body = to_body(contact(number));
                    body.insert("gleapId".to_owned(), Json::String(format!("s-{number}")));
                    store.write(&scope, move |tx| tx.insert(&BARE_CONTACT, body.clone())).await?;
                    count += 1;
                }
                anyhow::Ok(count)
            })
        })
        .collect();
    let mut count = 0;
    for writer in writers {
        count += writer.await??;
    }
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

/// Point reads per second of one raw prepared statement on SQLite.
pub(crate) fn sqlite_reads(database: &Path, time: Duration) -> Result<f64> {
    let connection = Connection::open(database)?;
    let mut ids = connection.prepare("select project_id, id from contact limit 1000")?;
    let ids: Vec<(String, String)> =
        ids.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let mut statement =
        connection.prepare("select rev, doc from contact where project_id = ?1 and id = ?2")?;
    let started = Instant::now();
    let mut count = 0usize;
    while started.elapsed() < time {
        for (project, id) in &ids {
            let _: String = statement.query_row((project, id), |row| row.get(1))?;
            count += 1;
        }
    }
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

/// Contacts with all their rows, durably written, and point reads per second on PostgreSQL:
/// `connections` raw clients, one statement at a time each.
pub(crate) async fn postgres(url: &str, connections: usize, time: Duration) -> Result<(f64, f64)> {
    let (folder, place) = (tempfile::tempdir()?, Location::Postgres { url: url.to_owned(), connections: 2 });
    let store = Store::open(&place, Clock::fixed(START), &SecretKeys::in_folder(folder.path())).await?;
    store.close().await;
    let creates = postgres_loop(url, connections, time, true).await?;
    let reads = postgres_loop(url, connections, time, false).await?;
    Ok((creates, reads))
}

async fn postgres_loop(url: &str, connections: usize, time: Duration, create: bool) -> Result<f64> {
    let mut tasks = Vec::new();
    let started = Instant::now();
    for worker in 0..connections {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        tasks.push(tokio::spawn(async move {
            client.batch_execute("select set_config('hark.project', 'raw', false)").await?;
            let mut statements = Vec::new();
            for sql in rows::POSTGRES {
                statements.push(client.prepare(sql).await?);
            }
            let read =
                client.prepare("select doc::text from contact where project_id = $1 and id = $2").await?;
            let mut count = 0usize;
            while started.elapsed() < time {
                let number = worker * 10_000_000 + count;
                if create {
                    client.batch_execute("begin").await?;
                    for (statement, values) in statements.iter().zip(rows::values(number, "'")) {
                        let values: Vec<&(dyn ToSql + Sync)> = values
                            .iter()
                            .map(|value| match value {
                                Bound::Text(text) => text as &(dyn ToSql + Sync),
                                Bound::Int(int) => int,
                            })
                            .collect();
                        client.execute(statement, &values).await?;
                    }
                    client.batch_execute("commit").await?;
                } else {
                    let id = format!("{:024x}", worker * 10_000_000 + count % 500);
                    client.query_opt(&read, &[&"raw", &id]).await?;
                }
                count += 1;
            }
            anyhow::Ok(count)
        }));
    }
    let mut count = 0;
    for task in tasks {
        count += task.await.context("a raw client panicked")??;
    }
    Ok(count as f64 / started.elapsed().as_secs_f64())
}
