//! Backups: a plain SQLite file with our schema, from either engine and back into either.
//!
//! The file is written beside its final name and only gets that name when it is complete, checked
//! and on the disk. Readers and writers go on meanwhile; the file shows one moment. A backup is a
//! working database: it can be opened with any SQLite, or served as it is.
//!
//! Restoring gives all streams a new epoch, because numbers that were handed out after the backup
//! will be handed out again for something else.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use deadpool::managed::Object;
use rusqlite::Connection;

use crate::clock::{Clock, Millis};
use crate::copy::{copy_all, counts};
use crate::credentials::random_secret;
use crate::engine::postgres::{self, Link};
use crate::engine::{Conn, sqlite};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::migrate;
use crate::schema::{self, number};
use crate::sql::Value;
use crate::store::{Location, Store, blocking, migrate_postgres};

/// What was saved or brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupReport {
    /// The size of the backup.
    pub bytes: u64,
    /// The documents in it, of all kinds and projects.
    pub documents: u64,
}

/// Saves everything to a new file while the store goes on working.
///
/// # Errors
/// [`Error::Invalid`] when the file exists; otherwise when reading or writing fails.
pub async fn backup(store: &Store, to: &Path) -> Result<BackupReport> {
    let to = to.to_owned();
    if to.exists() {
        return Err(Error::invalid(format!("{} exists already, choose another name", to.display())));
    }
    let partial = Draft::beside(&to)?;
    let path = partial.0.clone();
    match store.postgres() {
        None => {
            let save = move |tx: &crate::tx::ReadTx<'_>| {
                tx.query("vacuum into ?1", &[Value::text(path.display())]).map(drop)
            };
            store.read(&store.operator(), save).await?;
        }
        Some(pool) => {
            // It leaves the pool, because it ends inside of another transaction than it began in.
            let link = Object::take(postgres::take(pool).await?);
            let now = store.clock().now();
            blocking(move || save_postgres(&link, &path, now)).await?;
        }
    }
    blocking(move || {
        let connection = sqlite::connect(&partial.0, false)?;
        // Without a log beside it, the file can be copied and read anywhere.
        let conn = Conn::Sqlite(&connection);
        conn.query("pragma journal_mode = delete", &[])?;
        check(&connection, &partial.0)?;
        let documents = documents(&conn)?;
        drop(connection);
        let bytes = fs::metadata(&partial.0).map_err(anyhow::Error::from)?.len();
        partial.keep(&to)?;
        Ok(BackupReport { bytes, documents })
    })
    .await
}

/// Brings a backup back, into an SQLite file or a PostgreSQL database that no server uses.
///
/// A backup of an older version is moved to the present schema. Nothing of the target changes
/// until the backup has been checked, and on a failure the target stays as it was.
///
/// # Errors
/// [`Error::Invalid`] when the file is no backup of ours or damaged, when a newer program wrote it,
/// when the target holds projects or accounts and `replace` is not said, or is in use.
pub async fn restore(from: &Path, to: &Location, replace: bool, clock: &Clock) -> Result<BackupReport> {
    let (from, now) = (from.to_owned(), clock.now());
    match to.clone() {
        Location::Sqlite(to) => {
            blocking(move || {
                if !replace && !sqlite_is_empty(&to) {
                    return Err(not_empty(&to.display().to_string()));
                }
                let (draft, report) = prepare(&from, &to, now)?;
                free_for_us(&to)?;
                draft.keep(&to)?;
                Ok(report)
            })
            .await
        }
        Location::Postgres { url, .. } => {
            let pool = postgres::pool(&postgres::Server::at(&url)?, 1)?;
            migrate_postgres(&pool, now).await?;
            let link = Object::take(postgres::take(&pool).await?);
            blocking(move || {
                let name = format!("hark-restore-{}.db", random_secret());
                let (draft, report) = prepare(&from, &std::env::temp_dir().join(name), now)?;
                let connection = sqlite::connect(&draft.0, true)?;
                restore_postgres(&connection, &link, replace)?;
                Ok(report)
            })
            .await
        }
    }
}

/// A file that becomes another when it is complete, and disappears otherwise.
struct Draft(PathBuf);

impl Draft {
    /// An empty file that only its owner can read, because secrets will be in it.
    fn beside(path: &Path) -> Result<Draft> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.partial", &random_secret()[..8]));
        let draft = path.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(&draft)
            .map_err(|error| Error::invalid(format!("{} cannot be written: {error}", draft.display())))?;
        Ok(Draft(draft))
    }

    /// Gives the file its name once its content is on the disk.
    fn keep(&self, path: &Path) -> Result<()> {
        let keep = || {
            File::open(&self.0)?.sync_all()?;
            fs::rename(&self.0, path)?;
            match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
                _ => Ok(()),
            }
        };
        keep().map_err(|error: std::io::Error| {
            Error::invalid(format!("{} cannot be written: {error}", path.display()))
        })
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            // Mostly there is nothing to remove.
            let _ = fs::remove_file(with_end(&self.0, end));
        }
    }
}

/// Copies one moment of a PostgreSQL database into an SQLite file.
fn save_postgres(link: &Link, path: &Path, now: Millis) -> Result<()> {
    let connection = sqlite::connect(path, false)?;
    let target = Conn::Sqlite(&connection);
    migrate_sqlite(&target, now)?;
    let source = Conn::Postgres(link);
    source.batch("begin isolation level repeatable read read only")?;
    link.set_project(Id::INSTANCE)?;
    let mut partitions = vec![Id::INSTANCE];
    loop {
        let last = partitions.last().copied().unwrap_or(Id::INSTANCE);
        let more = schema::projects(&source, last)?;
        if more.is_empty() {
            break;
        }
        partitions.extend(more);
    }
    target.batch("begin immediate")?;
    let tables = copy_all(&source, &target, &partitions)?;
    target.batch("commit")?;
    same_counts(counts(&source, &tables, &partitions)?, counts(&target, &tables, &partitions)?)?;
    source.batch("commit")
}

/// Copies a prepared backup into a PostgreSQL database, all or nothing.
fn restore_postgres(backup: &Connection, link: &Link, replace: bool) -> Result<()> {
    let (source, target) = (Conn::Sqlite(backup), Conn::Postgres(link));
    target.batch("begin")?;
    link.set_project(Id::INSTANCE)?;
    let tables = schema::tables(&target)?;
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    // From here on nobody else reads or writes until we are done.
    target.batch(&format!("lock table {} in access exclusive mode", names.join(", ")))?;
    if !replace && !is_empty(&target)? {
        return Err(not_empty("the database"));
    }
    target.batch(&format!("truncate table {}, {}", names.join(", "), schema::INDEX_OVER_WORDS))?;
    let partitions = sqlite_partitions(&source, &tables)?;
    let tables = copy_all(&source, &target, &partitions)?;
    same_counts(counts(&source, &tables, &partitions)?, counts(&target, &tables, &partitions)?)?;
    target.batch("commit")
}

/// Every partition that has a row, also of projects that are gone.
fn sqlite_partitions(source: &Conn<'_>, tables: &[schema::Table]) -> Result<Vec<Id>> {
    let selects: Vec<String> = tables
        .iter()
        .filter(|table| table.has("project_id"))
        .map(|table| format!("select project_id from {}", table.name))
        .collect();
    let rows = source.query(&selects.join(" union "), &[])?;
    rows.into_iter().map(|mut row| row.id(0)).collect()
}

/// A checked copy of the backup with the present schema and new epochs, to become `to`.
fn prepare(from: &Path, to: &Path, now: Millis) -> Result<(Draft, BackupReport)> {
    let bytes = fs::metadata(from)
        .map_err(|error| Error::invalid(format!("{} cannot be read: {error}", from.display())))?
        .len();
    let backup = sqlite::connect(from, true).map_err(|_| no_backup(from))?;
    check(&backup, from)?;
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(anyhow::Error::from)?;
    }
    let draft = Draft::beside(to)?;
    Conn::Sqlite(&backup).query("vacuum into ?1", &[Value::text(draft.0.display())])?;
    let connection = sqlite::connect(&draft.0, false)?;
    let conn = Conn::Sqlite(&connection);
    migrate_sqlite(&conn, now)?;
    let epoch = &random_secret()[..24];
    conn.execute("update stream_head set epoch = ?1", &[Value::text(epoch)])?;
    let tables = schema::tables(&conn)?;
    let partitions = sqlite_partitions(&conn, &tables)?;
    // An older backup may lack the newest tables.
    let in_backup = schema::tables(&Conn::Sqlite(&backup))?;
    let common: Vec<_> =
        tables.into_iter().filter(|table| in_backup.iter().any(|old| old.name == table.name)).collect();
    same_counts(counts(&Conn::Sqlite(&backup), &common, &partitions)?, counts(&conn, &common, &partitions)?)?;
    let documents = documents(&conn)?;
    // The copy must be one file when it gets its name.
    conn.query("pragma journal_mode = delete", &[])?;
    Ok((draft, BackupReport { bytes, documents }))
}

fn migrate_sqlite(conn: &Conn<'_>, now: Millis) -> Result<()> {
    conn.batch("begin immediate")?;
    migrate::migrate(conn, now)?;
    conn.batch("commit")
}

/// Whether the file is an undamaged database of ours.
fn check(connection: &Connection, path: &Path) -> Result<()> {
    let conn = Conn::Sqlite(connection);
    let damaged = |story: String| Error::invalid(format!("{} is damaged: {story}", path.display()));
    let ours = number(&conn, "select count(*) from sqlite_schema where name = 'hark_migration'", &[]);
    if ours.map_err(|_| no_backup(path))? == 0 {
        return Err(no_backup(path));
    }
    let complaints =
        conn.query("pragma integrity_check(1)", &[]).map_err(|error| damaged(format!("{error:?}")))?;
    match complaints.into_iter().next().map(|mut row| row.text(0)).transpose()?.as_deref() {
        Some("ok") => Ok(()),
        complaint => Err(damaged(complaint.unwrap_or("it cannot be checked").to_owned())),
    }
}

fn no_backup(path: &Path) -> Error {
    Error::invalid(format!("{} is not a backup of this program", path.display()))
}

fn documents(conn: &Conn<'_>) -> Result<u64> {
    let mut sum = 0;
    for table in schema::tables(conn)?.iter().filter(|table| table.is_of_documents()) {
        sum += number(conn, &format!("select count(*) from {}", table.name), &[])?;
    }
    Ok(sum.unsigned_abs())
}

fn same_counts(source: BTreeMap<String, i64>, target: BTreeMap<String, i64>) -> Result<()> {
    if source == target {
        return Ok(());
    }
    Err(Error::internal(format!("rows were lost on the way: {source:?} became {target:?}")))
}

/// Whether nothing that a person made is in the database.
fn is_empty(conn: &Conn<'_>) -> Result<bool> {
    let sql = "select (select count(*) from project) + (select count(*) from account)
         + (select count(*) from organisation)";
    Ok(number(conn, sql, &[])? == 0)
}

fn sqlite_is_empty(path: &Path) -> bool {
    if fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        return true;
    }
    // A file that is something else is not for us to overwrite.
    sqlite::connect(path, true).is_ok_and(|file| is_empty(&Conn::Sqlite(&file)).unwrap_or(false))
}

fn not_empty(target: &str) -> Error {
    Error::invalid(format!(
        "{target} holds data already, say that it may be replaced or choose another target"
    ))
}

/// Makes sure that no server has the file open, and folds its log into it.
fn free_for_us(path: &Path) -> Result<()> {
    if fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        return Ok(());
    }
    let connection = Connection::open(path).map_err(sqlite::fault)?;
    // Every open connection holds a shared lock, so we only get the exclusive one alone.
    connection.execute_batch("pragma locking_mode = exclusive; begin exclusive; commit;").map_err(
        |error| {
            Error::invalid(format!(
                "{} is in use or no database, stop the server first: {error}",
                path.display()
            ))
        },
    )?;
    drop(connection);
    for end in ["-wal", "-shm"] {
        // Closing the last connection has removed them already, unless the file is none of ours.
        let _ = fs::remove_file(with_end(path, end));
    }
    Ok(())
}

pub(crate) fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
