//! The files of a backup: beside the database's file, in a folder of the same name with `.files`.
//!
//! Objects never change, so they are linked where that works and copied elsewhere. The database is
//! saved first: what is stored later, it does not name, and what was deleted meanwhile is only counted.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::backup::with_end;
use crate::engine::{Conn, sqlite};
use crate::error::{Error, Result};
use crate::files::{is_usable, objects_folder};
use crate::schema::number;
use crate::sql::Value;
use crate::store::blocking;

/// Rows that are read at a time.
const PAGE: i64 = 1_000;

/// What became of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FilesReport {
    /// Files that are there now.
    pub files: u64,
    /// Files that the database names and that are not where they should be.
    pub missing: u64,
}

/// Saves the files that a backup names out of a data folder.
///
/// # Errors
/// [`Error::Invalid`] when there are files of a backup of this name already, or writing fails.
pub async fn backup_files(backup: &Path, data: &Path) -> Result<FilesReport> {
    let (backup, from, to) = (backup.to_owned(), objects_folder(data), beside(backup));
    blocking(move || {
        if to.exists() {
            return Err(Error::invalid(format!("{} exists already, choose another name", to.display())));
        }
        transfer(&backup, &from, &to)
    })
    .await
}

/// Brings the files of a backup back into a data folder, beside those that are there.
///
/// # Errors
/// [`Error::Invalid`] when reading or writing fails.
pub async fn restore_files(backup: &Path, data: &Path) -> Result<FilesReport> {
    let (backup, from, to) = (backup.to_owned(), beside(backup), objects_folder(data));
    blocking(move || transfer(&backup, &from, &to)).await
}

/// The folder of a backup's files.
fn beside(backup: &Path) -> PathBuf {
    with_end(backup, ".files")
}

fn transfer(backup: &Path, from: &Path, to: &Path) -> Result<FilesReport> {
    let connection = sqlite::connect(backup, true)?;
    let conn = Conn::Sqlite(&connection);
    let mut report = FilesReport::default();
    // An older backup knows no files.
    if number(&conn, "select count(*) from sqlite_schema where name = 'file'", &[])? == 0 {
        return Ok(report);
    }
    let sql =
        "select rowid, doc ->> '$.key' from file where rowid > ?1 and state = 'kept' order by rowid limit ?2";
    let mut last = i64::MIN;
    loop {
        let rows = conn.query(sql, &[last.into(), Value::Int(PAGE)])?;
        if rows.is_empty() {
            return Ok(report);
        }
        for mut row in rows {
            last = row.int(0)?;
            let key = row.text(1)?;
            if !is_usable(&key) {
                return Err(Error::invalid(format!("{} names a file by a strange key", backup.display())));
            }
            match place(&from.join(&key), &to.join(&key)) {
                Ok(true) => report.files += 1,
                Ok(false) => report.missing += 1,
                Err(error) => {
                    return Err(Error::invalid(format!(
                        "{} cannot be written: {error}",
                        to.join(&key).display()
                    )));
                }
            }
        }
    }
}

/// Makes a file be at another place too; tells whether it is there now.
fn place(from: &Path, to: &Path) -> std::io::Result<bool> {
    if to.exists() {
        return Ok(true);
    }
    if !from.exists() {
        return Ok(false);
    }
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder)?;
    if fs::hard_link(from, to).is_err() {
        let partial = with_end(to, ".partial");
        match fs::copy(from, &partial) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            copied => copied.map(drop)?,
        }
        File::open(&partial)?.sync_all()?;
        fs::rename(&partial, to)?;
    }
    File::open(folder)?.sync_all()?;
    Ok(true)
}
