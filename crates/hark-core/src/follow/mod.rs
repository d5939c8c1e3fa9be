//! Background work that follows the project's stream: webhooks, and workflows that start by themselves.
//!
//! A write whose events somebody follows enqueues one job ([`FOLLOW_JOB`]); it reads what is new
//! since the last one, hands it on, and keeps its place in the same transaction. So each event is
//! handled exactly once, in order, whatever dies in between, and projects that nobody follows pay
//! nothing.

use std::collections::BTreeSet;

use hark_store::{
    Doc, Error, Event, FOLLOW_JOB, Id, Kind, LeasedJob, NewJob, PROJECT_STREAM, Result, Tx, to_body,
};
use serde_json::{Value as Json, json};

use crate::automation::{self, TIMELINE_EVENT};
use crate::webhooks;

/// The place in the stream: one document.
pub const FOLLOWER: Kind = Kind::new("follower", "follower", &[]);

/// The document's id, the same in every project.
const PLACE: &str = "00000000000000000000000b";
/// Events that are handled at a time.
const BATCH: u32 = 200;

/// Follows what is asked for now; called when that may have changed.
pub(crate) fn refresh(tx: &mut Tx<'_>) -> Result<()> {
    let mut topics: BTreeSet<&str> = webhooks::topics(tx)?.into_iter().collect();
    if automation::is_wanted(tx)? {
        topics.insert("ticket");
    }
    tx.follow(&topics)?;
    let is_new = tx.find(&FOLLOWER, place_id()?)?.is_none_or(|place| !place.is_true("active"));
    if is_new || topics.is_empty() {
        // What happened while nobody followed is nobody's news.
        let now = tx.stream_position(PROJECT_STREAM)?.seq;
        keep(tx, now, !topics.is_empty())?;
    }
    Ok(())
}

/// Handles some of what is new and finishes the job; if there is more, it enqueues another.
pub fn advance(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let place = tx.find_locked(&FOLLOWER, place_id()?)?;
    if let Some(place) = place.filter(|place| place.is_true("active")) {
        let events = tx.stream_after(PROJECT_STREAM, seq_of(&place), BATCH)?;
        let is_full = events.len() >= BATCH as usize;
        let events = if is_full { whole_changes(&events) } else { &events };
        handle(tx, events)?;
        if let Some(last) = events.last() {
            keep(tx, last.seq, true)?;
        }
        if is_full {
            tx.enqueue(NewJob::new(FOLLOW_JOB, Json::Null).unique(FOLLOW_JOB))?;
        }
    }
    tx.finish_job(job)
}

/// The events without the last change, whose entries in a timeline may not all be among them.
fn whole_changes(events: &[Event]) -> &[Event] {
    let last_change = events.iter().rposition(|event| event.event != TIMELINE_EVENT);
    match last_change {
        Some(start) if start > 0 => &events[..start],
        _ => events,
    }
}

fn handle(tx: &mut Tx<'_>, events: &[Event]) -> Result<()> {
    webhooks::notice(tx, events)?;
    automation::notice(tx, events)
}

fn keep(tx: &mut Tx<'_>, seq: i64, active: bool) -> Result<()> {
    match tx.find_locked(&FOLLOWER, place_id()?)? {
        Some(mut place) => {
            place.set("seq", seq);
            place.set("active", active);
            tx.save(&FOLLOWER, place)?;
        }
        None => {
            tx.insert_as(&FOLLOWER, place_id()?, to_body(json!({ "seq": seq, "active": active })))?;
        }
    }
    Ok(())
}

fn seq_of(place: &Doc) -> i64 {
    place.body.get("seq").and_then(Json::as_i64).unwrap_or_default()
}

fn place_id() -> Result<Id> {
    Id::parse(PLACE).ok_or_else(|| Error::internal("the follower's id is none"))
}
