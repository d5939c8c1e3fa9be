//! Background work that follows the project's stream: webhooks, and workflows that start by themselves.
//!
//! A write whose events somebody follows enqueues one job ([`FOLLOW_JOB`]); it reads what is new
//! since the last one, hands it on, and keeps its place in the same transaction. So each event is
//! handled exactly once, in order, whatever dies in between, and projects that nobody follows pay
//! nothing.

use std::collections::BTreeSet;

use hark_store::{
    Body, Doc, Error, Event, FOLLOW_JOB, Id, Kind, LeasedJob, NewJob, PROJECT_STREAM, Result, Tx, to_body,
    topic_of,
};
use serde_json::{Value as Json, json};

use crate::automation::{self, TIMELINE_EVENT};
use crate::webhooks;

/// The place in the stream, and what is followed since when: one document.
pub const FOLLOWER: Kind = Kind::new("follower", "follower", &[]);

/// The document's id, the same in every project.
const PLACE: &str = "00000000000000000000000b";
/// Events that are handled at a time.
const BATCH: u32 = 200;

/// An entry of a timeline that somebody may wait for.
pub(crate) struct Entry<'a> {
    /// Its event.
    pub(crate) event: &'a Event,
    /// The number of the event of the change that it belongs to; a change may have several entries.
    pub(crate) change: i64,
}

/// Follows what is asked for now; called when that may have changed.
pub(crate) fn refresh(tx: &mut Tx<'_>) -> Result<()> {
    let mut topics: BTreeSet<&str> = webhooks::topics(tx)?.into_iter().collect();
    if automation::is_wanted(tx)? {
        topics.insert("ticket");
    }
    tx.follow(&topics)?;
    let place = tx.find_locked(&FOLLOWER, place_id()?)?;
    let known = place.as_ref().map(since).unwrap_or_default();
    // What happened before anybody wanted to hear of it is nobody's news.
    let now = tx.stream_position(PROJECT_STREAM)?.seq;
    let since: Body = topics
        .iter()
        .map(|topic| ((*topic).to_owned(), known.get(*topic).cloned().unwrap_or_else(|| json!(now))))
        .collect();
    let (seq, change) = match place.filter(|_| !known.is_empty()) {
        Some(place) => (number(&place, "seq"), number(&place, "change")),
        None => (now, now),
    };
    keep(tx, seq, change, since)
}

/// Handles some of what is new and finishes the job; if there is more, it enqueues another.
pub fn advance(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let place = tx.find_locked(&FOLLOWER, place_id()?)?;
    if let Some(place) = place.filter(|place| !since(place).is_empty()) {
        let events = tx.stream_after(PROJECT_STREAM, number(&place, "seq"), BATCH)?;
        let is_full = events.len() >= BATCH as usize;
        let events = if is_full { whole_changes(&events) } else { &events };
        let since = since(&place);
        let change = handle(tx, events, &since, number(&place, "change"))?;
        if let Some(last) = events.last() {
            keep(tx, last.seq, change, since)?;
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

/// Hands on what is about a topic and happened since it is followed. Takes the change that was the last
/// before these events, and returns the last among them.
fn handle(tx: &mut Tx<'_>, events: &[Event], since: &Body, mut change: i64) -> Result<i64> {
    let is_news = |event: &&Event| {
        let since = since.get(topic_of(&event.event)).and_then(Json::as_i64);
        since.is_some_and(|since| event.seq > since)
    };
    let news: Vec<Event> = events.iter().filter(is_news).cloned().collect();
    webhooks::notice(tx, &news)?;
    // Entries of a timeline follow the event of the document that changed, whether that is followed or not.
    let mut entries = Vec::new();
    for event in events {
        if event.event != TIMELINE_EVENT {
            change = event.seq;
        } else if is_news(&event) {
            entries.push(Entry { event, change });
        }
    }
    automation::notice(tx, &entries)?;
    Ok(change)
}

fn keep(tx: &mut Tx<'_>, seq: i64, change: i64, since: Body) -> Result<()> {
    match tx.find_locked(&FOLLOWER, place_id()?)? {
        Some(mut place) => {
            place.set("seq", seq);
            place.set("change", change);
            place.set("since", Json::Object(since));
            tx.save(&FOLLOWER, place)?;
        }
        None => {
            let place = json!({ "seq": seq, "change": change, "since": since });
            tx.insert_as(&FOLLOWER, place_id()?, to_body(place))?;
        }
    }
    Ok(())
}

/// The topics that are followed, each with the number of the event after which it is.
fn since(place: &Doc) -> Body {
    place.body.get("since").and_then(Json::as_object).cloned().unwrap_or_default()
}

/// A number of an event that a place keeps.
fn number(place: &Doc, name: &str) -> i64 {
    place.body.get(name).and_then(Json::as_i64).unwrap_or_default()
}

fn place_id() -> Result<Id> {
    Id::parse(PLACE).ok_or_else(|| Error::internal("the follower's id is none"))
}
