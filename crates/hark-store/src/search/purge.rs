//! Words leave the vocabulary when the last document that has them does.
//!
//! Whether another document has a word is asked in a job: asked at once, in the transaction that
//! deletes, it would make FTS5 write out what it has gathered. Until then the words wait in a table.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::terms::belongs;
use super::words::{AnyOf, Form, Space, count};
use crate::error::Result;
use crate::jobs::{LeasedJob, NewJob};
use crate::schema::number;
use crate::sql::{Dialect, Value};
use crate::tx::Tx;

/// The kind of job that looks whether words are still used.
pub const SWEEP_JOB: &str = "search.sweep";
/// The kind of job that takes deleted words out of the index of the embedded database.
pub const COMPACT_JOB: &str = "search.compact";
/// How long words wait, so that many deletions are one job.
const SWEEP_AFTER_MS: i64 = 60_000;
/// How long the embedded database keeps deleted words in its index: merging it costs more than once a day is worth.
const COMPACT_AFTER_MS: i64 = 24 * 60 * 60 * 1_000;
/// Words that one unit of work asks for.
const WORDS_PER_UNIT: u32 = 500;
/// Pages of the index that one unit of work merges.
const PAGES_PER_UNIT: i64 = 200;

/// Words that documents do not have any more after a transaction.
#[derive(Debug, Default)]
pub(crate) struct Gone(BTreeSet<(i64, String)>);

impl Gone {
    /// Adds the words of a document as it was, without those that it still has.
    pub(super) fn note<'w>(
        &mut self,
        space: &Space,
        before: [&'w str; 2],
        after: impl Iterator<Item = &'w String>,
    ) {
        let after: BTreeSet<&str> = after.map(String::as_str).collect();
        let words = before.into_iter().flat_map(str::split_whitespace);
        let gone = words.filter(|word| belongs(word) && !after.contains(word));
        self.0.extend(gone.map(|word| (space.number, word.to_owned())));
    }

    /// Lets a job look at them.
    pub(crate) fn write(self, tx: &mut Tx<'_>) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        match tx.dialect() {
            // One by one, for the reason that the vocabulary has.
            Dialect::Sqlite => self.0.iter().try_for_each(|(space, term)| {
                let sql = "insert into search_gone (project_id, space, term) values (?1, ?2, ?3) on conflict do nothing";
                tx.execute(sql, &[tx.partition(), (*space).into(), Value::text(term)]).map(drop)
            })?,
            Dialect::Postgres => {
                let sql = tx.words(
                    "insert into search_gone (project_id, space, term)
                     select ?1, cast(value ->> 0 as bigint), value ->> 1
                     from {each ?2} where true on conflict do nothing",
                );
                tx.execute(&sql, &[tx.partition(), Value::Text(serde_json::to_string(&self.0)?)])?;
            }
        }
        let job = NewJob::new(SWEEP_JOB, Json::Null).unique(SWEEP_JOB);
        tx.enqueue(job.at(tx.now() + SWEEP_AFTER_MS)).map(drop)
    }
}

/// Takes those words out of the vocabulary that no document has any more, some at a time.
///
/// # Errors
/// When the database fails.
pub fn sweep_words(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let sql = format!(
        "select space, term from search_gone where project_id = ?1 order by space, term limit {WORDS_PER_UNIT}"
    );
    let gone = tx.query(&sql, &[tx.partition()])?;
    let is_all = gone.len() < WORDS_PER_UNIT as usize;
    for mut row in gone {
        let (space, term) = (row.int(0)?, row.text(1)?);
        let form = AnyOf(vec![Form { text: term.clone(), prefix: false }]);
        let size = i64::try_from(term.chars().count()).unwrap_or(i64::MAX);
        let key = [tx.partition(), space.into(), Value::Text(term), size.into()];
        if count(tx, &Space::new(space)?, &form, 1)? == 0 {
            // A document that is being written with this word keeps it findable; it only is not
            // suggested until the next one is.
            tx.execute(
                "delete from search_term where project_id = ?1 and space = ?2 and term = ?3 and size = ?4",
                &key,
            )?;
        }
        tx.execute("delete from search_gone where project_id = ?1 and space = ?2 and term = ?3", &key[..3])?;
    }
    tx.finish_job(job)?;
    if !is_all {
        tx.enqueue(NewJob::new(SWEEP_JOB, Json::Null).unique(SWEEP_JOB))?;
    }
    if tx.dialect() == Dialect::Sqlite {
        let job = NewJob::new(COMPACT_JOB, Json::Null).unique(COMPACT_JOB);
        tx.enqueue(job.at(tx.now() + COMPACT_AFTER_MS))?;
    }
    Ok(())
}

/// The rows that this connection has changed.
fn changes(tx: &Tx<'_>) -> Result<i64> {
    number(tx.conn(), "select total_changes()", &[])
}

/// Takes deleted words out of the index of the embedded database, which otherwise keeps them until it
/// merges by itself; some pages at a time.
///
/// # Errors
/// When the database fails.
pub fn compact_words(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    tx.finish_job(job)?;
    if tx.dialect() != Dialect::Sqlite {
        return Ok(());
    }
    let before = changes(tx)?;
    // A negative number begins or goes on with a merge of everything.
    let merge = "insert into search_words (search_words, rank) values ('merge', ?1)";
    tx.execute(merge, &[(-PAGES_PER_UNIT).into()])?;
    // The statement itself counts as one.
    if changes(tx)? - before >= 2 {
        tx.enqueue(NewJob::new(COMPACT_JOB, Json::Null).unique(COMPACT_JOB))?;
    }
    Ok(())
}
