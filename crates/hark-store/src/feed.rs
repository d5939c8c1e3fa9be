//! The feed: numbered streams of events, written in the transaction that they tell about.
//!
//! A stream's numbers have no gaps and follow the order of commits, because the
//! row that counts them stays locked from the numbering to the commit. `epoch`
//! changes when a stream is lost (a restored backup), so that a client that
//! resumes can tell "nothing new" from "not the same stream any more".

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value as Json;

use crate::clock::Millis;
use crate::error::Result;
use crate::id::Id;
use crate::sql::{Row, Value};
use crate::tx::{ReadTx, Tx};

/// The stream on which every change of a project's documents is told.
pub const PROJECT_STREAM: &str = "project";
/// Events that one read of a stream returns at most.
pub const PAGE_MAX: u32 = 1_000;

/// Events that one call of [`Tx::trim_feed`] deletes at most.
const TRIM_MAX: u32 = 10_000;

/// The stream of one contact, which its SDK sockets follow.
pub fn contact_stream(contact: Id) -> String {
    format!("contact:{contact}")
}

/// An event that waits for its number.
#[derive(Debug)]
pub(crate) struct NewEvent {
    pub(crate) stream: String,
    pub(crate) event: String,
    pub(crate) document: Option<Id>,
    pub(crate) data: Json,
}

/// An event of a stream.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its number in the stream, from 1, without gaps.
    pub seq: i64,
    /// When it was written, unix milliseconds.
    pub at: Millis,
    /// What happened: `contact.updated`.
    pub event: String,
    /// The document it happened to.
    pub document: Option<String>,
    /// Who did it: `user:<id>`, `contact:<id>`, `system`.
    pub actor: String,
    /// What else belongs to it.
    pub data: Json,
}

/// Where a stream stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Tells this stream from a lost one of the same name.
    pub epoch: String,
    /// The number of the last event, 0 before the first.
    pub seq: i64,
}

/// Where the project's stream stands, as a column of a statement whose first parameter is the project.
pub(crate) const PROJECT_PLACE: &str =
    "(select epoch || ' ' || seq from stream_head where project_id = ?1 and stream = 'project') as place";

/// Reads [`PROJECT_PLACE`].
pub(crate) fn project_place(place: &Value) -> Option<Position> {
    let (epoch, seq) = place.as_text()?.rsplit_once(' ')?;
    Some(Position { epoch: epoch.to_owned(), seq: seq.parse().ok()? })
}

/// The kind of job that is enqueued, once for all that is new, when a followed event is written.
pub const FOLLOW_JOB: &str = "feed.follow";

/// What was written to streams.
pub(crate) struct Appended {
    /// The streams that have news.
    pub(crate) streams: Vec<String>,
    /// Whether background work waits for some of it.
    pub(crate) is_followed: bool,
}

/// Writes the events.
pub(crate) fn append(tx: &Tx<'_>, events: Vec<NewEvent>) -> Result<Appended> {
    let mut streams: BTreeMap<String, Vec<NewEvent>> = BTreeMap::new();
    for event in events {
        streams.entry(event.stream.clone()).or_default().push(event);
    }
    // Always in the order of names, so that two transactions cannot wait for each other.
    let names = streams.keys().cloned().collect();
    let mut is_followed = false;
    for (stream, events) in streams {
        is_followed |= append_to(tx, &stream, events)?;
    }
    Ok(Appended { streams: names, is_followed })
}

/// Writes events to one stream and tells whether any of them is followed.
fn append_to(tx: &Tx<'_>, stream: &str, events: Vec<NewEvent>) -> Result<bool> {
    let count = events.len() as i64;
    let mut head = tx.write_back(
        "insert into stream_head (project_id, stream, seq, epoch) values (?1, ?2, ?3, ?4)
         on conflict (project_id, stream) do update set seq = stream_head.seq + ?3",
        &[tx.partition(), Value::text(stream), count.into(), Value::text(tx.new_id())],
        "seq, follows",
        "stream_head where project_id = ?1 and stream = ?2",
        2,
    )?;
    let (last, follows) = (head.int(0)?, head.text(1)?);
    let is_followed =
        events.iter().any(|event| follows.split(' ').any(|topic| topic == topic_of(&event.event)));
    let actor = tx.scope().actor().label();
    for (at, event) in events.into_iter().enumerate() {
        let seq = last - count + 1 + at as i64;
        tx.execute(
            "insert into feed (project_id, stream, seq, at, event, document_id, actor, data)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            &[
                tx.partition(),
                Value::text(stream),
                seq.into(),
                tx.now().into(),
                Value::Text(event.event),
                Value::optional(event.document),
                Value::text(&actor),
                if event.data.is_null() { Value::Null } else { Value::Text(event.data.to_string()) },
            ],
        )?;
    }
    Ok(is_followed)
}

/// What an event is about: `ticket` of `ticket.created`.
pub fn topic_of(event: &str) -> &str {
    event.split('.').next().unwrap_or_default()
}

impl Tx<'_> {
    /// Makes every event of this project that is about one of these topics enqueue a [`FOLLOW_JOB`].
    /// Topics are words of letters.
    pub fn follow(&mut self, topics: &BTreeSet<&str>) -> Result<()> {
        let follows: Vec<&str> = topics.iter().copied().collect();
        let sql =
            "insert into stream_head (project_id, stream, seq, epoch, follows) values (?1, ?2, 0, ?3, ?4)
             on conflict (project_id, stream) do update set follows = excluded.follows";
        let values = [
            self.partition(),
            Value::text(PROJECT_STREAM),
            Value::text(self.new_id()),
            Value::Text(follows.join(" ")),
        ];
        self.execute(sql, &values).map(drop)
    }

    /// Deletes events of this project that are older than a time, but leaves each stream its newest
    /// `keep_min` (and always the last one, which shows where the stream stands).
    ///
    /// At most 10,000 at once, so that nobody waits long; returns how many, and the caller
    /// repeats until none are left.
    pub fn trim_feed(&mut self, older_than: Millis, keep_min: u32) -> Result<u64> {
        let sql = format!(
            "delete from feed where project_id = ?1 and (stream, seq) in (
                 select old.stream, old.seq from feed old
                 join stream_head head on head.project_id = old.project_id and head.stream = old.stream
                 where old.project_id = ?1 and old.at < ?2 and old.seq <= head.seq - ?3
                 order by old.at limit {TRIM_MAX})"
        );
        let keep = i64::from(keep_min.max(1));
        self.execute(&sql, &[self.partition(), older_than.into(), keep.into()])
    }
}

impl ReadTx<'_> {
    /// Where a stream of this project stands; a stream without events stands at 0 of epoch "".
    pub fn stream_position(&self, stream: &str) -> Result<Position> {
        let row = self
            .query(
                "select epoch, seq from stream_head where project_id = ?1 and stream = ?2",
                &[self.partition(), Value::text(stream)],
            )?
            .into_iter()
            .next();
        row.map_or_else(
            || Ok(Position { epoch: String::new(), seq: 0 }),
            |mut row| Ok(Position { epoch: row.text(0)?, seq: row.int(1)? }),
        )
    }

    /// Where these streams of the project stand, at most [`PAGE_MAX`] of them; those without
    /// events are left out.
    pub fn stream_positions(&self, streams: &[String]) -> Result<Vec<(String, i64)>> {
        let streams = &streams[..streams.len().min(PAGE_MAX as usize)];
        if streams.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (2..streams.len() + 2).map(|place| format!("?{place}")).collect();
        let sql = format!(
            "select stream, seq from stream_head where project_id = ?1 and stream in ({})",
            places.join(", ")
        );
        let mut parameters = vec![self.partition()];
        parameters.extend(streams.iter().map(Value::text));
        let rows = self.query(&sql, &parameters)?;
        rows.into_iter().map(|mut row| Ok((row.text(0)?, row.int(1)?))).collect()
    }

    /// The events of a stream after a number, oldest first, at most [`PAGE_MAX`].
    pub fn stream_after(&self, stream: &str, seq: i64, limit: u32) -> Result<Vec<Event>> {
        let limit = limit.min(PAGE_MAX);
        let sql = format!(
            "select seq, at, event, document_id, actor, data from feed
             where project_id = ?1 and stream = ?2 and seq > ?3 order by seq limit {limit}"
        );
        let rows = self.query(&sql, &[self.partition(), Value::text(stream), seq.into()])?;
        rows.into_iter().map(event).collect()
    }

    /// The number of the oldest event that is still kept, or `None` for an empty stream.
    pub fn stream_start(&self, stream: &str) -> Result<Option<i64>> {
        let mut rows = self.query(
            "select min(seq) from feed where project_id = ?1 and stream = ?2",
            &[self.partition(), Value::text(stream)],
        )?;
        rows.first_mut().map_or(Ok(None), |row| row.optional_int(0))
    }
}

impl ReadTx<'_> {
    /// The number up to which a reader has got a stream, 0 when it has got nothing.
    pub fn cursor(&self, stream: &str, reader: &str) -> Result<i64> {
        let sql = "select seq from stream_cursor where project_id = ?1 and stream = ?2 and reader = ?3";
        let mut rows = self.query(sql, &[self.partition(), Value::text(stream), Value::text(reader)])?;
        rows.first_mut().map_or(Ok(0), |row| row.int(0))
    }
}

impl Tx<'_> {
    /// Notes that a reader has got a stream up to a number, unless it is further already.
    pub fn move_cursor(&mut self, stream: &str, reader: &str, seq: i64) -> Result<()> {
        self.execute(
            "insert into stream_cursor (project_id, stream, reader, seq) values (?1, ?2, ?3, ?4)
             on conflict (project_id, stream, reader) do update set seq = excluded.seq
             where stream_cursor.seq < excluded.seq",
            &[self.partition(), Value::text(stream), Value::text(reader), seq.into()],
        )?;
        Ok(())
    }

    /// Deletes a stream with its events. A stream of the same name that begins later has another
    /// epoch.
    pub fn delete_stream(&mut self, stream: &str) -> Result<()> {
        for table in ["feed", "stream_head", "stream_cursor"] {
            let sql = format!("delete from {table} where project_id = ?1 and stream = ?2");
            self.execute(&sql, &[self.partition(), Value::text(stream)])?;
        }
        Ok(())
    }
}

fn event(mut row: Row) -> Result<Event> {
    Ok(Event {
        seq: row.int(0)?,
        at: row.int(1)?,
        event: row.text(2)?,
        document: row.optional_text(3)?,
        actor: row.text(4)?,
        data: row.optional_text(5)?.map_or(Ok(Json::Null), |text| serde_json::from_str(&text))?,
    })
}
