//! Starting, stopping and resuming imports.

use std::time::Duration;

use hark_query::dates::format_date;
use hark_store::{Doc, Error, Id, NewJob, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use super::step::{JOB, job_key};
use super::{IMPORT, IMPORT_PART, Origin, Row, Status};

/// Rows of a part at most: one transaction writes all of them.
const PART_ROWS_MAX: usize = 100;
/// Bytes of a part after which no row is added.
const PART_BYTES_MAX: usize = 512 * 1024;
/// Imports of a project that are not over at most.
const ACTIVE_MAX: usize = 20;
/// How long storing a file may take before it counts as broken off.
const RECEIVE_MAX: Duration = Duration::from_secs(60 * 60);
/// Attempts at one part; with the back-off about twenty minutes.
const ATTEMPTS: u32 = 8;
/// Seconds after which it makes sense to ask again for room for another import.
const ROOM_RETRY_S: u64 = 60;

/// Starts an import from a product. `source` is what the job needs to reach it, credentials
/// included; it is kept apart from the import and deleted with its end.
///
/// # Errors
/// [`Error::TooMany`] when too many imports of the project are not over.
pub fn begin_source(tx: &mut Tx<'_>, origin: Origin, source: Json) -> Result<Doc> {
    let import = begin(tx, origin, Status::Waiting)?;
    tx.insert(&IMPORT_PART, to_body(json!({"import": import.id, "source": source})))?;
    enqueue(tx, import.id, None)?;
    Ok(import)
}

/// Starts an import from a file whose rows [`add_part`] brings, until [`end_file`].
///
/// # Errors
/// [`Error::TooMany`] when too many imports of the project are not over.
pub fn begin_file(tx: &mut Tx<'_>, origin: Origin) -> Result<Doc> {
    let import = begin(tx, origin, Status::Receiving)?;
    // If this process ends before the file does, the job finds it unfinished.
    enqueue(tx, import.id, Some(RECEIVE_MAX))?;
    Ok(import)
}

/// Rows of a file as they are stored, in pieces that one transaction each can write.
pub fn parts(rows: impl Iterator<Item = Row>) -> impl Iterator<Item = Vec<Json>> {
    let mut rows = rows.map(|row| row.to_json());
    std::iter::from_fn(move || {
        let mut part = Vec::new();
        let mut bytes = 0;
        while part.len() < PART_ROWS_MAX && bytes < PART_BYTES_MAX {
            let Some(row) = rows.next() else { break };
            bytes += row.to_string().len();
            part.push(row);
        }
        (!part.is_empty()).then_some(part)
    })
}

/// Stores a part of a file's rows.
///
/// # Errors
/// [`Error::Invalid`] when the import was cancelled meanwhile.
pub fn add_part(tx: &mut Tx<'_>, import: Id, rows: &[Json]) -> Result<()> {
    receiving(tx, import)?;
    tx.insert(&IMPORT_PART, to_body(json!({"import": import, "rows": rows})))?;
    Ok(())
}

/// Takes back an import whose file cannot be used.
pub fn discard(tx: &mut Tx<'_>, import: Id) -> Result<()> {
    forget(tx, import)?;
    tx.cancel(&job_key(import))?;
    tx.delete(&IMPORT, import)?;
    Ok(())
}

/// Says that all rows of a file are stored, and lets the work begin.
///
/// # Errors
/// [`Error::Invalid`] when there are no rows, or the import was cancelled meanwhile.
pub fn end_file(tx: &mut Tx<'_>, import: Id, total: usize) -> Result<Doc> {
    let mut import = receiving(tx, import)?;
    if total == 0 {
        return Err(Error::invalid("there is no row in the file"));
    }
    import.set("status", json!(Status::Waiting));
    import.set("total", total);
    import.set("remaining", total);
    enqueue(tx, import.id, None)?;
    tx.save(&IMPORT, import)
}

/// Stops an import for good and forgets its credentials and rows. Contacts that it has brought stay.
///
/// # Errors
/// [`Error::Invalid`] when it is over.
pub fn cancel(tx: &mut Tx<'_>, import: Id) -> Result<Doc> {
    let mut import = tx.get_locked(&IMPORT, import)?;
    match status_of(&import)? {
        Status::Finished => return Err(Error::invalid("the import is finished, there is nothing to cancel")),
        Status::Cancelled => return Ok(import),
        Status::Receiving | Status::Waiting | Status::Running | Status::Failed => {}
    }
    import.set("status", json!(Status::Cancelled));
    import.set("finishedAt", format_date(tx.now()));
    import.set("retryAt", Json::Null);
    forget(tx, import.id)?;
    tx.cancel(&job_key(import.id))?;
    tx.audit("contacts.import.cancelled", Some(import.id.to_string()), Json::Null)?;
    tx.save(&IMPORT, import)
}

/// Lets an import that failed go on where it stopped.
///
/// # Errors
/// [`Error::Invalid`] when it did not fail, or has forgotten what it had to do.
pub fn resume(tx: &mut Tx<'_>, import: Id) -> Result<Doc> {
    let mut import = tx.get_locked(&IMPORT, import)?;
    match status_of(&import)? {
        Status::Failed => {}
        Status::Finished => return Err(Error::invalid("the import is finished, there is nothing to resume")),
        Status::Cancelled => return Err(Error::invalid("the import was cancelled, start a new one")),
        Status::Receiving | Status::Waiting | Status::Running => {
            return Err(Error::invalid("the import has not stopped, there is nothing to resume"));
        }
    }
    if tx.find_by(&IMPORT_PART, "import", &import.id.to_string())?.is_none() {
        return Err(Error::invalid(
            "the import keeps no credentials or rows any more, start a new one: it does not double contacts",
        ));
    }
    import.set("status", json!(Status::Waiting));
    import.set("message", Json::Null);
    import.set("finishedAt", Json::Null);
    enqueue(tx, import.id, None)?;
    tx.audit("contacts.import.resumed", Some(import.id.to_string()), Json::Null)?;
    tx.save(&IMPORT, import)
}

/// Deletes everything that an import still had to do.
pub(super) fn forget(tx: &mut Tx<'_>, import: Id) -> Result<()> {
    tx.delete_where(&IMPORT_PART, "import", &import.to_string())?;
    Ok(())
}

/// Lets a job look at the import, at once or after a while.
pub(super) fn enqueue(tx: &mut Tx<'_>, import: Id, after: Option<Duration>) -> Result<()> {
    let job = NewJob::new(JOB, json!({"import": import})).attempts(ATTEMPTS).unique(job_key(import));
    let pause_ms = after.map_or(0, |after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
    let run_at = tx.now().saturating_add(pause_ms);
    tx.enqueue(job.at(run_at))?;
    Ok(())
}

pub(super) fn status_of(import: &Doc) -> Result<Status> {
    let status = import.body.get("status").cloned().unwrap_or_default();
    Ok(serde_json::from_value(status)?)
}

/// The import, locked, while its file is being stored.
fn receiving(tx: &Tx<'_>, import: Id) -> Result<Doc> {
    let import = tx.get_locked(&IMPORT, import)?;
    match status_of(&import)? {
        Status::Receiving => Ok(import),
        _ => Err(Error::invalid("the import was cancelled before all of its rows had arrived")),
    }
}

fn begin(tx: &mut Tx<'_>, origin: Origin, status: Status) -> Result<Doc> {
    // Those who begin at once would each count without the others.
    tx.lock_name("imports")?;
    let mut active = 0;
    for status in ["receiving", "waiting", "running"] {
        active += tx.all_by(&IMPORT, "status", status, ACTIVE_MAX as u32)?.len();
    }
    if active >= ACTIVE_MAX {
        return Err(Error::TooMany {
            message: format!(
                "{ACTIVE_MAX} imports of this project are under way, wait for one or cancel one"
            ),
            retry_after_s: ROOM_RETRY_S,
        });
    }
    let properties = json!({"source": origin, "status": status, "count": 0, "created": 0, "updated": 0, "failed": 0, "errors": []});
    let import = tx.insert(&IMPORT, to_body(properties))?;
    tx.audit("contacts.import", Some(import.id.to_string()), json!({"source": origin}))?;
    Ok(import)
}
