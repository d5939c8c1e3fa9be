//! Calls that are carried out once: whoever repeats one under the same key gets the first answer.
//!
//! The key is noted in the transaction of the call's first write, so a call that was carried out cannot be
//! carried out again whatever dies. The answer, which is made of what is read after that, follows in a transaction
//! of its own; until it is there, and if the call failed half way, a repetition is refused. Answers are sealed, because some show secrets once.

use serde_json::Value as Json;

use crate::clock::Millis;
use crate::credentials::{hash, random_secret};
use crate::error::{Error, Result};
use crate::jobs::{LeasedJob, NewJob};
use crate::sql::Value;
use crate::tx::{ReadTx, Tx};

/// The kind of job that forgets calls.
pub const ONCE_JOB: &str = "once.forget";
/// How long a call is known.
const KEPT_MS: Millis = 24 * 60 * 60 * 1_000;
/// Calls that one unit of work forgets.
const FORGET_MAX: u32 = 500;

/// A call under a key of the caller's.
#[derive(Clone, Debug)]
pub struct OnceCall {
    actor: String,
    key: String,
    hash: String,
    run: String,
}

/// What is known of an earlier call under the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// There was none, or it changed nothing.
    Nothing,
    /// It was another call.
    Other,
    /// It is being carried out, or was, and its answer was not kept.
    Unanswered,
    /// Its answer.
    Answered(String),
}

impl OnceCall {
    /// A call by an actor, as [`crate::Actor::label`] writes it. `content` is what makes it another call.
    pub fn new(actor: &str, key: &str, content: &str) -> OnceCall {
        // Hashed, because keys are of any form and often made of something.
        OnceCall { actor: actor.to_owned(), key: hash(key), hash: hash(content), run: random_secret() }
    }

    fn key(&self, tx: &ReadTx<'_>) -> [Value; 3] {
        [tx.partition(), Value::text(&self.actor), Value::text(&self.key)]
    }

    fn place(&self) -> String {
        format!("once_call/{}/{}", self.actor, self.key)
    }
}

impl ReadTx<'_> {
    /// What is known of an earlier call under this one's key.
    pub fn earlier_call(&self, call: &OnceCall) -> Result<Earlier> {
        let sql = "select hash, ends_at, answer from once_call where project_id = ?1 and actor = ?2 and call_key = ?3";
        let Some(mut row) = self.query(sql, &call.key(self))?.into_iter().next() else {
            return Ok(Earlier::Nothing);
        };
        let (hash, ends_at, answer) = (row.text(0)?, row.int(1)?, row.optional_text(2)?);
        if ends_at <= self.now() {
            return Ok(Earlier::Nothing);
        }
        if hash != call.hash {
            return Ok(Earlier::Other);
        }
        let answer = answer.and_then(|answer| self.open_text(&call.place(), &answer));
        Ok(answer.map_or(Earlier::Unanswered, Earlier::Answered))
    }
}

impl Tx<'_> {
    /// Notes that this transaction carries the call out.
    ///
    /// # Errors
    /// [`Error::Conflict`] when another call has the key.
    pub fn begin_once(&mut self, call: &OnceCall) -> Result<()> {
        let (now, ends_at) = (self.now(), self.now() + KEPT_MS);
        let [project, actor, key] = call.key(self);
        let noted = self.execute(
            "insert into once_call (project_id, actor, call_key, hash, run, ends_at) values (?1, ?2, ?3, ?4, ?5, ?6)
             on conflict (project_id, actor, call_key) do update
             set hash = excluded.hash, run = excluded.run, ends_at = excluded.ends_at, answer = null
             where once_call.ends_at <= ?7 or once_call.run = excluded.run",
            &[project, actor, key, Value::text(&call.hash), Value::text(&call.run), ends_at.into(), now.into()],
        )?;
        if noted == 0 {
            return Err(Error::Conflict { what: "call", field: "Idempotency-Key".to_owned() });
        }
        let job = NewJob::new(ONCE_JOB, Json::Null).unique(ONCE_JOB);
        self.enqueue(job.at(ends_at)).map(drop)
    }

    /// Keeps the answer to a call that was begun.
    pub fn answer_once(&mut self, call: &OnceCall, answer: &str) -> Result<()> {
        let sealed = self.seal_text(&call.place(), answer)?;
        let [project, actor, key] = call.key(self);
        self.execute(
            "update once_call set answer = ?4 where project_id = ?1 and actor = ?2 and call_key = ?3 and run = ?5",
            &[project, actor, key, Value::Text(sealed), Value::text(&call.run)],
        )
        .map(drop)
    }
}

/// Forgets calls whose time is over, some at a time.
///
/// # Errors
/// When the database fails.
pub fn forget_calls(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let sql = format!(
        "delete from once_call where project_id = ?1 and (actor, call_key) in (
             select actor, call_key from once_call where project_id = ?1 and ends_at <= ?2 limit {FORGET_MAX})"
    );
    tx.execute(&sql, &[tx.partition(), tx.now().into()])?;
    tx.finish_job(job)?;
    let next = tx.query("select min(ends_at) from once_call where project_id = ?1", &[tx.partition()])?;
    if let Some(at) = next.into_iter().next().map(|mut row| row.optional_int(0)).transpose()?.flatten() {
        tx.enqueue(NewJob::new(ONCE_JOB, Json::Null).unique(ONCE_JOB).at(at.max(tx.now())))?;
    }
    Ok(())
}
