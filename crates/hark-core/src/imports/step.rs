//! The work of one job: what is next, and how an import moves on with it.

use std::time::Duration;

use hark_query::dates::{format_date, parse_date};
use hark_store::{Doc, Error, Id, JobError, LeasedJob, ReadTx, Result, Tx};
use serde_json::{Value as Json, json};

use super::rules::{enqueue, forget, status_of};
use super::{ERRORS_MAX, IMPORT, IMPORT_PART, Origin, Row, RowError, Status};

/// The jobs that work on imports.
pub const JOB: &str = "import";
/// How long an import that failed can be resumed. Then its credentials and rows are forgotten.
const RESUMABLE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

const FILE_BROKE_OFF: &str = "the file broke off before its end, send it again";

/// What an import needs next.
pub enum Step {
    /// Nothing: it is over.
    Nothing,
    /// Its file broke off, or its time to be resumed is over.
    Forget(Work),
    /// Rows that are stored have to be written.
    Rows(Work, Vec<Row>),
    /// A page of its source has to be fetched: with this, from this cursor on.
    Fetch(Work, Json, Option<String>),
}

/// An import and the part that is worked on, as they were when the work began.
#[derive(Clone, Debug)]
pub struct Work {
    /// The import.
    pub import: Doc,
    part: Option<Doc>,
}

impl Work {
    /// Where its contacts come from.
    ///
    /// # Errors
    /// When the document does not say.
    pub fn origin(&self) -> Result<Origin> {
        Ok(serde_json::from_value(self.import.body.get("source").cloned().unwrap_or_default())?)
    }

    /// Rows that are done.
    pub fn count(&self) -> u64 {
        number(&self.import, "count")
    }
}

/// Rows to be written, and what is known of those after them.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The rows.
    pub rows: Vec<Row>,
    /// Rows altogether, if the source says it now.
    pub total: Option<u64>,
    /// Where the source goes on; `None` when the part is done.
    pub next: Option<String>,
}

/// What an import needs next.
pub fn next_step(tx: &ReadTx<'_>, import: Id) -> Result<Step> {
    let Some(import) = tx.find(&IMPORT, import)? else { return Ok(Step::Nothing) };
    let part = tx.find_by(&IMPORT_PART, "import", &import.id.to_string())?;
    let work = Work { import, part };
    match status_of(&work.import)? {
        Status::Finished | Status::Cancelled => return Ok(Step::Nothing),
        Status::Receiving | Status::Failed => return Ok(Step::Forget(work)),
        Status::Waiting | Status::Running => {}
    }
    let Some(part) = &work.part else { return Ok(Step::Rows(work, Vec::new())) };
    if let Some(source) = tx.unseal(&IMPORT_PART, part, "source")? {
        let cursor = part.text("cursor").map(str::to_owned);
        return Ok(Step::Fetch(work, source, cursor));
    }
    let rows = part.body.get("rows").and_then(Json::as_array).into_iter().flatten().map(Row::from_json);
    let rows = rows.collect();
    Ok(Step::Rows(work, rows))
}

/// Writes the rows of a batch and moves the import on, with the end of the job and the next one.
///
/// # Errors
/// [`Error::Stale`] when somebody else has moved or cancelled the import since the work began, or
/// another worker has the job; nothing is written then.
pub fn advance(tx: &mut Tx<'_>, job: &LeasedJob, work: &Work, batch: &Batch) -> Result<Status> {
    let mut import = unchanged(tx, work)?;
    let (mut created, mut wrong) = (0, Vec::new());
    for row in &batch.rows {
        match row.write(tx)? {
            Ok((_, is_new)) => created += u64::from(is_new),
            Err(error) => wrong.push(error),
        }
    }
    match (&work.part, &batch.next) {
        (Some(part), Some(next)) => {
            let mut part = part.clone();
            part.set("cursor", next.as_str());
            tx.save(&IMPORT_PART, part)?;
        }
        (Some(part), None) => {
            tx.delete(&IMPORT_PART, part.id)?;
        }
        (None, _) => {}
    }
    count(&mut import, batch, created, wrong, tx.now());
    let more = tx.find_by(&IMPORT_PART, "import", &import.id.to_string())?.is_some();
    let status = if more { Status::Running } else { Status::Finished };
    import.set("status", json!(status));
    import.set("message", Json::Null);
    import.set("retryAt", Json::Null);
    if more {
        enqueue(tx, import.id, None)?;
    } else {
        import.set("remaining", 0);
        import.set("finishedAt", format_date(tx.now()));
    }
    tx.save(&IMPORT, import)?;
    tx.finish_job(job)?;
    Ok(status)
}

/// Lets an import wait because its source takes no more calls for now.
///
/// # Errors
/// As [`advance`].
pub fn pause(tx: &mut Tx<'_>, job: &LeasedJob, work: &Work, message: &str, after: Duration) -> Result<()> {
    let mut import = unchanged(tx, work)?;
    let pause_ms = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
    import.set("status", json!(Status::Waiting));
    import.set("message", message);
    import.set("retryAt", format_date(tx.now().saturating_add(pause_ms)));
    enqueue(tx, import.id, Some(after))?;
    tx.save(&IMPORT, import)?;
    tx.finish_job(job)
}

/// Gives an import up. If it can be `resumed`, what it had to do is kept for seven days.
///
/// # Errors
/// As [`advance`].
pub fn fail(tx: &mut Tx<'_>, job: &LeasedJob, work: &Work, message: &str, resumable: bool) -> Result<()> {
    let import = unchanged(tx, work)?;
    end_failed(tx, import, message, resumable)?;
    tx.finish_job(job)
}

fn end_failed(tx: &mut Tx<'_>, mut import: Doc, message: &str, resumable: bool) -> Result<()> {
    import.set("status", json!(Status::Failed));
    import.set("message", message);
    import.set("finishedAt", format_date(tx.now()));
    import.set("retryAt", Json::Null);
    if resumable {
        enqueue(tx, import.id, Some(RESUMABLE))?;
    } else {
        forget(tx, import.id)?;
    }
    tx.save(&IMPORT, import)?;
    Ok(())
}

/// Ends an import whose file broke off, and forgets what one that failed still had to do.
///
/// # Errors
/// As [`advance`].
pub fn settle(tx: &mut Tx<'_>, job: &LeasedJob, work: &Work) -> Result<()> {
    if status_of(&work.import)? == Status::Receiving {
        return fail(tx, job, work, FILE_BROKE_OFF, false);
    }
    unchanged(tx, work)?;
    forget(tx, work.import.id)?;
    tx.finish_job(job)
}

/// Gives an import up whose job was given up before it could say so itself: its worker died, or its
/// handler failed each time. It can be resumed like one that failed. One that had failed already
/// forgets what it still had to do.
pub fn died(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let Ok(import) = import_of(job) else { return Ok(()) };
    if tx.job_due_at(&job_key(import))?.is_some() {
        // Another job goes on with it.
        return Ok(());
    }
    let Some(import) = tx.find_locked(&IMPORT, import)? else { return Ok(()) };
    match status_of(&import)? {
        Status::Finished | Status::Cancelled => Ok(()),
        Status::Failed => forget(tx, import.id),
        Status::Receiving => end_failed(tx, import, FILE_BROKE_OFF, false),
        Status::Waiting | Status::Running => {
            let message = "the server ended several times while it worked on this import, resume it";
            end_failed(tx, import, message, true)
        }
    }
}

/// The import, locked, if it is as it was when the work began.
fn unchanged(tx: &Tx<'_>, work: &Work) -> Result<Doc> {
    let import = tx.find_locked(&IMPORT, work.import.id)?;
    import.filter(|import| import.rev == work.import.rev).ok_or(Error::Stale { what: IMPORT.name })
}

/// Notes what a batch has done.
fn count(import: &mut Doc, batch: &Batch, created: u64, wrong: Vec<RowError>, now: i64) {
    let (rows, failed) = (batch.rows.len() as u64, wrong.len() as u64);
    let done = number(import, "count") + rows;
    for (name, more) in
        [("count", rows), ("created", created), ("updated", rows - created - failed), ("failed", failed)]
    {
        let sum = number(import, name) + more;
        import.set(name, sum);
    }
    if let Some(total) = batch.total.or(import.body.get("total").and_then(Json::as_u64)) {
        import.set("total", total);
        import.set("remaining", total.saturating_sub(done));
    }
    if import.text("startedAt").is_none() {
        import.set("startedAt", format_date(now));
    }
    let elapsed_ms = import.text("startedAt").and_then(parse_date).map_or(0, |started| now - started);
    if elapsed_ms > 0 {
        let rate = done as f64 * 1_000.0 / elapsed_ms as f64;
        import.set("rate", (rate * 10.0).round() / 10.0);
    }
    if let Some(Json::Array(errors)) = import.body.get_mut("errors") {
        let room = ERRORS_MAX.saturating_sub(errors.len());
        errors.extend(wrong.into_iter().take(room).map(|error| json!(error)));
    }
}

fn number(import: &Doc, property: &str) -> u64 {
    import.body.get(property).and_then(Json::as_u64).unwrap_or_default()
}

/// The key under which an import has one waiting job.
pub(super) fn job_key(import: Id) -> String {
    format!("import:{import}")
}

/// What a job carries.
///
/// # Errors
/// [`JobError`] when it carries something else.
pub fn import_of(job: &LeasedJob) -> Result<Id, JobError> {
    #[derive(serde::Deserialize)]
    struct Payload {
        import: Id,
    }
    job.open::<Payload>().map(|payload| payload.import)
}
