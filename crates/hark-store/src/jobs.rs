//! Jobs and timers: work that is enqueued in the transaction it belongs to and finished in the
//! transaction of its last step.
//!
//! A job may run more than once (a worker can die after its work and before its last commit), so
//! handlers must be safe to repeat. What must happen once goes into the transaction of
//! [`Tx::finish_job`], which only the holder of the newest lease can commit.

use std::time::Duration;

use rand::Rng;
use serde::Serialize;
use serde_json::Value as Json;

use crate::clock::Millis;
use crate::engine::{Repeatable, unique_violation};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::lease::Place;
use crate::scope::Scope;
use crate::sql::{Row, Value};
use crate::tx::{ReadTx, Tx};

/// Bytes of a payload at most: payloads carry ids, not copies.
pub(crate) const PAYLOAD_MAX: usize = 64 * 1024;
/// Bytes of a unique key at most.
const KEY_MAX: usize = 200;
/// Characters of an error that are kept.
const ERROR_MAX: usize = 2_000;
/// Rows that a listing returns at most.
const PAGE_MAX: u32 = 1_000;
/// Attempts of a job that says nothing else: with the back-off about a day.
const ATTEMPTS_DEFAULT: u32 = 14;
/// The pause after the first failed attempt; it doubles with each further one.
const BACK_OFF_FIRST_MS: i64 = 5_000;
/// The longest pause between two attempts.
const BACK_OFF_MAX_MS: i64 = 6 * 60 * 60 * 1_000;

/// A job to be enqueued.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which handler runs it.
    pub kind: &'static str,
    /// What the handler needs: ids, not copies.
    pub payload: Json,
    /// When to run it; `None` is at once. Timers are jobs in the future.
    pub run_at: Option<Millis>,
    /// Unique among the project's waiting jobs.
    pub unique_key: Option<String>,
    /// What it depends on outside of the house, such as one webhook: few jobs of one kind for one
    /// target run beside each other, so that one that is slow keeps no others waiting.
    pub target: Option<String>,
    /// After how many failed attempts it is given up.
    pub attempts_max: u32,
}

impl NewJob {
    /// A job that runs at once, without a unique key.
    pub fn new(kind: &'static str, payload: Json) -> NewJob {
        NewJob { kind, payload, run_at: None, unique_key: None, target: None, attempts_max: ATTEMPTS_DEFAULT }
    }

    /// The same job at a time.
    pub fn at(self, run_at: Millis) -> NewJob {
        NewJob { run_at: Some(run_at), ..self }
    }

    /// The same job under a key that only one waiting job of the project has.
    pub fn unique(self, key: impl Into<String>) -> NewJob {
        NewJob { unique_key: Some(key.into()), ..self }
    }

    /// The same job for a target.
    pub fn toward(self, target: impl Into<String>) -> NewJob {
        NewJob { target: Some(target.into()), ..self }
    }

    /// The same job with another number of attempts.
    pub fn attempts(self, attempts_max: u32) -> NewJob {
        NewJob { attempts_max, ..self }
    }
}

/// A job that this process may work on until its lease ends.
#[derive(Clone, Debug)]
pub struct LeasedJob {
    /// The job's id.
    pub id: Id,
    /// Which handler runs it.
    pub kind: String,
    /// What the handler needs.
    pub payload: Json,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// After how many failed attempts it is given up.
    pub attempts_max: u32,
    /// When it was enqueued.
    pub created_at: Millis,
    pub(crate) run_at: Millis,
    pub(crate) lease: i64,
    pub(crate) target: Option<String>,
    pub(crate) scope: Scope,
}

impl LeasedJob {
    /// The right to work on the job's project (or the instance), with all permissions.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Where it belongs.
    pub(crate) fn place(&self) -> Place {
        Place { project: self.scope.partition(), kind: self.kind.clone(), target: self.target.clone() }
    }

    /// Whether the job is given up if this attempt fails with `error`.
    pub(crate) fn ends_with(&self, error: &JobError) -> bool {
        self.attempt >= self.attempts_max || error.next == Next::Never
    }

    /// Whether it was leased once more only to be given up, because its workers ended without a word.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.attempt > self.attempts_max
    }

    /// The payload as a type.
    ///
    /// # Errors
    /// [`JobError`] that gives the job up, because reading it again would not help.
    pub fn open<T: serde::de::DeserializeOwned>(&self) -> Result<T, JobError> {
        serde_json::from_value(self.payload.clone())
            .map_err(|error| JobError::never(format!("the payload cannot be read: {error}")))
    }
}

/// Why an attempt failed, and what comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobError {
    /// For the operator who looks at the dead letters.
    pub reason: String,
    /// Whether and when there is another attempt.
    pub next: Next,
}

/// What follows a failed attempt; without attempts left it is always the dead letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another attempt after a pause that doubles each time.
    BackOff,
    /// Another attempt after this time, such as a server's `Retry-After`.
    After(Duration),
    /// No other attempt: it cannot succeed.
    Never,
}

impl JobError {
    /// A failure that another attempt may mend.
    pub fn retry(reason: impl Into<String>) -> JobError {
        JobError { reason: reason.into(), next: Next::BackOff }
    }

    /// A failure that another attempt may mend, but not before `pause`.
    pub fn after(reason: impl Into<String>, pause: Duration) -> JobError {
        JobError { reason: reason.into(), next: Next::After(pause) }
    }

    /// The failure of a job whose workers all ended without a word, perhaps because of it.
    pub(crate) fn worker_ended() -> JobError {
        JobError::never("the worker ended during the last attempt")
    }

    /// A failure that no other attempt can mend.
    pub fn never(reason: impl Into<String>) -> JobError {
        JobError { reason: reason.into(), next: Next::Never }
    }
}

impl From<Error> for JobError {
    fn from(error: Error) -> JobError {
        match error {
            Error::TooMany { message, retry_after_s } => {
                JobError::after(message, Duration::from_secs(retry_after_s))
            }
            // The operator may read the whole story.
            Error::Internal(story) => JobError::retry(format!("{story:#}")),
            other => JobError::retry(other.to_string()),
        }
    }
}

/// A job that was given up.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadJob {
    /// The job's id.
    pub id: Id,
    /// Its project; `None` for a job of the instance.
    pub project: Option<Id>,
    /// Its kind.
    pub kind: String,
    /// What the handler was given.
    pub payload: Json,
    /// How often it was tried.
    pub attempt: u32,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: Millis,
    /// When it was given up.
    pub ended_at: Millis,
}

/// How many jobs there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobCounts {
    /// Waiting for their time or for a worker.
    pub waiting: i64,
    /// Leased.
    pub running: i64,
    /// Given up.
    pub dead: i64,
    /// Since when the oldest one that could run has been waiting.
    pub oldest_due: Option<Millis>,
}

/// The rows that a scope sees, as the row-level policy has it: its own partition's, and
/// everyone's for the instance. `?1` is the partition.
const VISIBLE: &str = "(project_id = ?1 or ?1 = '000000000000000000000000')";

impl Tx<'_> {
    /// Enqueues a job of this scope's project (or of the instance); workers hear of it after the commit.
    ///
    /// When a job with the same unique key waits already, that one is kept with its payload and
    /// runs at the earlier of the two times. A running job does not count, because it may have
    /// read what this one is about before it changed.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for a payload over 64 KiB.
    pub fn enqueue(&mut self, job: NewJob) -> Result<Id> {
        let payload = job.payload.to_string();
        if payload.len() > PAYLOAD_MAX {
            return Err(Error::TooLarge(format!(
                "the payload of a job of kind {} has {} bytes, at most {PAYLOAD_MAX} are allowed",
                job.kind,
                payload.len()
            )));
        }
        if job.unique_key.as_ref().is_some_and(|key| key.len() > KEY_MAX) {
            return Err(Error::invalid(format!("the unique key of a job has more than {KEY_MAX} bytes")));
        }
        if job.target.as_ref().is_some_and(|target| target.len() > KEY_MAX) {
            return Err(Error::invalid(format!("the target of a job has more than {KEY_MAX} bytes")));
        }
        let now = self.now();
        let id = self.new_id();
        let keyed = job.unique_key.is_some();
        let write =
            "insert into job (project_id, unique_key, id, kind, payload, state, run_at, lease, attempt,
                              attempts_max, created_at, target)
             values (?1, ?2, ?3, ?4, ?5, 'waiting', ?6, 0, 0, ?7, ?8, ?9)
             on conflict (project_id, unique_key) where state = 'waiting' and unique_key is not null
             do update set run_at = case when excluded.run_at < job.run_at then excluded.run_at else job.run_at end";
        let parameters = [
            self.partition(),
            Value::optional(job.unique_key),
            Value::text(id),
            Value::text(job.kind),
            Value::Text(payload),
            job.run_at.unwrap_or(now).into(),
            i64::from(job.attempts_max.max(1)).into(),
            now.into(),
            Value::optional(job.target),
        ];
        self.jobs_wait();
        if !keyed {
            return self.execute_soon(write, &parameters).map(|()| id);
        }
        let row = "job where project_id = ?1 and unique_key = ?2 and state = 'waiting'";
        self.write_back(write, &parameters, "id", row, 2)?.id(0)
    }

    /// Moves the waiting job with this key to another time, earlier or later, and tells whether there is one.
    pub fn reschedule(&mut self, unique_key: &str, run_at: Millis) -> Result<bool> {
        let sql =
            "update job set run_at = ?3 where project_id = ?1 and unique_key = ?2 and state = 'waiting'";
        let moved = self.execute(sql, &[self.partition(), Value::text(unique_key), run_at.into()])? > 0;
        self.jobs_wait();
        Ok(moved)
    }

    /// Removes the waiting job with this key and tells whether there was one. One that runs goes on.
    pub fn cancel(&mut self, unique_key: &str) -> Result<bool> {
        let sql = "delete from job where project_id = ?1 and unique_key = ?2 and state = 'waiting'";
        Ok(self.execute(sql, &[self.partition(), Value::text(unique_key)])? > 0)
    }

    /// Finishes a job together with everything else that this transaction does.
    ///
    /// # Errors
    /// [`Error::Stale`] when the lease ended and another worker has the job, or
    /// it is finished already; the transaction must then not commit.
    pub fn finish_job(&mut self, job: &LeasedJob) -> Result<()> {
        let sql = "delete from job where project_id = ?1 and id = ?2 and lease = ?3 and state = 'running'";
        held(self.execute(sql, &[self.partition(), Value::text(job.id), job.lease.into()])?)
    }

    /// Notes that an attempt failed, and either plans the next one or gives the job up.
    ///
    /// A job whose twin with the same unique key waits already is dropped in its favour.
    ///
    /// # Errors
    /// [`Error::Stale`] when another worker has the job.
    pub fn fail_job(&mut self, job: &LeasedJob, error: &JobError) -> Result<()> {
        let pause = if job.ends_with(error) { None } else { pause(error.next, job.attempt) };
        let retry_at = pause.map(|pause| self.now().saturating_add(pause));
        let reason: String = error.reason.chars().filter(|c| *c != '\0').take(ERROR_MAX).collect();
        if retry_at.is_some() && self.drop_twin(job.id, "running", Some(job.lease))? {
            return Ok(());
        }
        let sql = "update job set state = ?4, run_at = coalesce(?5, run_at), ended_at = ?6, last_error = ?7,
                          lease_until = null,
                          attempt = case when attempt > attempts_max then attempts_max else attempt end
             where project_id = ?1 and id = ?2 and lease = ?3 and state = 'running'";
        let failed = self.execute(
            sql,
            &[
                self.partition(),
                Value::text(job.id),
                job.lease.into(),
                Value::text(if retry_at.is_some() { "waiting" } else { "dead" }),
                retry_at.map_or(Value::Null, Value::Int),
                if retry_at.is_some() { Value::Null } else { self.now().into() },
                Value::Text(reason),
            ],
        );
        self.jobs_wait();
        held(failed.map_err(twin_came_between)?)
    }

    /// Gives a job back without counting the attempt, for a worker that has to stop.
    pub(crate) fn release_job(&mut self, job: &LeasedJob) -> Result<()> {
        if self.drop_twin(job.id, "running", Some(job.lease))? {
            return Ok(());
        }
        let sql = "update job set state = 'waiting', attempt = attempt - 1, lease_until = null
             where project_id = ?1 and id = ?2 and lease = ?3 and state = 'running'";
        let released = self.execute(sql, &[self.partition(), Value::text(job.id), job.lease.into()]);
        self.jobs_wait();
        held(released.map_err(twin_came_between)?)
    }

    /// Makes a job's lease end later.
    ///
    /// # Errors
    /// [`Error::Stale`] when another worker has the job, or it is finished.
    pub(crate) fn renew_job(&mut self, job: &LeasedJob, lease_ms: i64) -> Result<()> {
        let sql = "update job set lease_until = ?4
             where project_id = ?1 and id = ?2 and lease = ?3 and state = 'running'";
        let until = self.now().saturating_add(lease_ms);
        held(self.execute(sql, &[self.partition(), Value::text(job.id), job.lease.into(), until.into()])?)
    }

    /// Lets a dead job start again with all its attempts.
    ///
    /// # Errors
    /// [`Error::NotFound`] when no dead job of this scope has the id.
    pub fn revive_job(&mut self, id: Id) -> Result<()> {
        if self.drop_twin(id, "dead", None)? {
            return Ok(());
        }
        let sql = format!(
            "update job set state = 'waiting', run_at = ?3, attempt = 0, ended_at = null
             where {VISIBLE} and id = ?2 and state = 'dead'"
        );
        let revived = self.execute(&sql, &[self.partition(), Value::text(id), self.now().into()]);
        self.jobs_wait();
        if revived.map_err(twin_came_between)? == 0 {
            return Err(Error::not_found("dead job", id));
        }
        Ok(())
    }

    /// Deletes dead jobs that were given up before a time and tells how many there were.
    pub fn discard_dead_jobs(&mut self, before: Millis) -> Result<u64> {
        let sql = format!("delete from job where {VISIBLE} and state = 'dead' and ended_at < ?2");
        self.execute(&sql, &[self.partition(), before.into()])
    }

    /// Deletes the job if another one with its unique key waits, which will do the same work.
    /// One that runs is deleted under its own lease only.
    fn drop_twin(&self, id: Id, state: &str, lease: Option<i64>) -> Result<bool> {
        let sql = format!(
            "delete from job where {VISIBLE} and id = ?2 and state = ?3 and lease = coalesce(?4, lease) and exists (
                 select 1 from job twin where twin.project_id = job.project_id
                 and twin.unique_key = job.unique_key and twin.state = 'waiting')"
        );
        let lease = lease.map_or(Value::Null, Value::Int);
        Ok(self.execute(&sql, &[self.partition(), Value::text(id), Value::text(state), lease])? > 0)
    }
}

impl ReadTx<'_> {
    /// When the waiting job with this key will run, if there is one.
    pub fn job_due_at(&self, unique_key: &str) -> Result<Option<Millis>> {
        let sql = "select run_at from job where project_id = ?1 and unique_key = ?2 and state = 'waiting'";
        let row = self.query(sql, &[self.partition(), Value::text(unique_key)])?.into_iter().next();
        row.map(|mut row| row.int(0)).transpose()
    }

    /// The jobs that were given up, newest first; `before` is the last id of the page before.
    /// The instance's scope sees those of all projects.
    pub fn dead_jobs(&self, before: Option<Id>, limit: u32) -> Result<Vec<DeadJob>> {
        let sql = format!(
            "select project_id, id, kind, payload, attempt, last_error, created_at, ended_at from job
             where {VISIBLE} and state = 'dead' and id < ?2 order by id desc limit {}",
            limit.min(PAGE_MAX)
        );
        // No id sorts after this one.
        let before = before.map_or_else(|| "g".to_owned(), |id| id.to_string());
        self.query(&sql, &[self.partition(), Value::Text(before)])?.into_iter().map(dead).collect()
    }

    /// How many jobs there are; the instance's scope counts those of all projects.
    pub fn job_counts(&self) -> Result<JobCounts> {
        let sql = format!(
            "select state, count(*), min(case when due_at <= ?2 then due_at end) from job
             where {VISIBLE} group by state"
        );
        let mut counts = JobCounts::default();
        for mut row in self.query(&sql, &[self.partition(), self.now().into()])? {
            let (state, count, due) = (row.text(0)?, row.int(1)?, row.optional_int(2)?);
            match state.as_str() {
                "waiting" => counts.waiting = count,
                "running" => counts.running = count,
                _ => counts.dead = count,
            }
            counts.oldest_due = counts.oldest_due.into_iter().chain(due).min();
        }
        Ok(counts)
    }
}

fn held(rows: u64) -> Result<()> {
    if rows == 0 { Err(Error::Stale { what: "job" }) } else { Ok(()) }
}

/// On PostgreSQL a twin may be enqueued between looking for it and the update; the unit of work
/// then runs again and finds it.
fn twin_came_between(error: Error) -> Error {
    if unique_violation(&error).is_some() { Error::Internal(Repeatable.into()) } else { error }
}

/// Milliseconds until the next attempt, or `None` for none. Jitter keeps jobs that failed
/// together, such as all webhooks to one dead server, from coming back together.
fn pause(next: Next, attempt: u32) -> Option<i64> {
    match next {
        Next::Never => None,
        Next::After(pause) => Some(i64::try_from(pause.as_millis()).unwrap_or(BACK_OFF_MAX_MS)),
        Next::BackOff => {
            let doubled = BACK_OFF_FIRST_MS.saturating_mul(1 << attempt.saturating_sub(1).min(20));
            let pause = doubled.min(BACK_OFF_MAX_MS);
            Some(rand::rng().random_range(pause * 3 / 4..=pause * 5 / 4))
        }
    }
}

fn dead(mut row: Row) -> Result<DeadJob> {
    let project = row.id(0)?;
    Ok(DeadJob {
        project: (project != Id::INSTANCE).then_some(project),
        id: row.id(1)?,
        kind: row.text(2)?,
        payload: serde_json::from_str(&row.text(3)?)?,
        attempt: row.count(4)?,
        last_error: row.optional_text(5)?,
        created_at: row.int(6)?,
        ended_at: row.int(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit_and_never_overflow() {
        for attempt in 1..=200 {
            let pause = pause(Next::BackOff, attempt).expect("a pause");
            assert!(pause <= BACK_OFF_MAX_MS * 5 / 4, "{pause} after attempt {attempt}");
            assert!(pause >= BACK_OFF_FIRST_MS * 3 / 4);
        }
        let third = pause(Next::BackOff, 3).expect("a pause");
        assert!((15_000..=25_000).contains(&third), "{third}");
        assert_eq!(pause(Next::After(Duration::from_secs(7)), 9), Some(7_000));
        assert_eq!(pause(Next::After(Duration::MAX), 1), Some(BACK_OFF_MAX_MS));
        assert_eq!(pause(Next::Never, 1), None);
    }
}
