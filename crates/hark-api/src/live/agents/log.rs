//! The newest events of a stream in memory, read once for all sockets of this node that follow it.
//!
//! A socket takes what it has not got yet at its own pace. What is not here any more it reads from
//! storage, so nothing waits in memory for those that are slow.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;
use hark_core::updates;
use hark_store::{Event, Id, Permission, Permissions, Position, ReadTx, Result};
use serde_json::{Value as Json, json};
use tokio::sync::Notify;

use super::frame;
use super::mailbox::Mailbox;

/// Events that are kept in memory.
const ENTRIES_MAX: usize = 1_000;
/// Events that are read or taken at a time.
pub(super) const PAGE: u32 = 200;

/// A stream of a project as the sockets of this node follow it.
pub(super) struct Log {
    pub(super) project: Id,
    pub(super) stream: String,
    /// The channel on which clients know it.
    pub(super) channel: String,
    /// Rings when the stream has news.
    pub(super) wake: Notify,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Where the stream was read up to; without an epoch, nothing was read yet.
    head: Position,
    /// The last events up to there, without gaps.
    entries: VecDeque<Entry>,
    followers: HashMap<u64, Arc<Mailbox>>,
    /// Nobody follows it, and it is read no more.
    closed: bool,
}

/// An event, ready to be sent.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) seq: i64,
    needs: Permission,
    pub(super) frame: Utf8Bytes,
}

/// What a follower has not got yet.
pub(super) enum Batch {
    /// The next events of this epoch; none when it has them all.
    Entries(String, Vec<Entry>),
    /// They are not in memory.
    Older,
    /// The stream is not the same any more.
    Lost,
}

impl Entry {
    pub(super) fn of(event: &Event, channel: &str, epoch: &str) -> Entry {
        let mut data = match &event.data {
            Json::Object(data) => data.clone(),
            Json::Null => serde_json::Map::new(),
            other => [("value".to_owned(), other.clone())].into_iter().collect(),
        };
        data.insert("epoch".to_owned(), json!(epoch));
        data.insert("seq".to_owned(), json!(event.seq));
        data.insert("at".to_owned(), json!(hark_query::dates::format_date(event.at)));
        data.insert("actor".to_owned(), json!(event.actor));
        if let Some(document) = &event.document {
            data.insert("id".to_owned(), json!(document));
        }
        let frame = frame::event(&event.event, channel, &Json::Object(data));
        Entry { seq: event.seq, needs: updates::needs(&event.event), frame }
    }

    /// Whether somebody with these permissions gets it.
    pub(super) fn is_for(&self, permissions: &Permissions) -> bool {
        permissions.has(self.needs)
    }
}

impl Log {
    pub(super) fn new(project: Id, stream: String, channel: String) -> Log {
        Log { project, stream, channel, wake: Notify::new(), state: Mutex::default() }
    }

    /// Adds a follower, unless the log is closed.
    pub(super) fn follow(&self, number: u64, mailbox: &Arc<Mailbox>) -> bool {
        let mut state = self.state();
        if !state.closed {
            state.followers.insert(number, mailbox.clone());
        }
        !state.closed
    }

    pub(super) fn unfollow(&self, number: u64) {
        let mut state = self.state();
        state.followers.remove(&number);
        if state.followers.is_empty() {
            drop(state);
            self.wake.notify_one();
        }
    }

    /// Closes the log if nobody follows it.
    pub(super) fn close_if_idle(&self) -> bool {
        let mut state = self.state();
        state.closed |= state.followers.is_empty();
        state.closed
    }

    /// What comes behind an event, at most a page.
    pub(super) fn after(&self, seen: &Position) -> Batch {
        let state = self.state();
        if state.head.seq <= seen.seq && (state.head.epoch.is_empty() || state.head.epoch == seen.epoch) {
            return Batch::Entries(seen.epoch.clone(), Vec::new());
        }
        if state.head.epoch != seen.epoch && !seen.epoch.is_empty() {
            return Batch::Lost;
        }
        let first = state.head.seq - state.entries.len() as i64 + 1;
        if seen.seq + 1 < first {
            return Batch::Older;
        }
        let skip = (seen.seq + 1 - first) as usize;
        let entries = state.entries.iter().skip(skip).take(PAGE as usize).cloned().collect();
        Batch::Entries(state.head.epoch.clone(), entries)
    }

    /// Where it was read up to.
    pub(super) fn head(&self) -> Position {
        self.state().head.clone()
    }

    /// Begins at a place, with nothing in memory.
    pub(super) fn begin(&self, head: Position) {
        let mut state = self.state();
        state.entries.clear();
        state.head = head;
        state.wake_all();
    }

    /// Adds what was read behind the head of the same epoch, and wakes the followers.
    pub(super) fn push(&self, epoch: &str, events: &[Event]) {
        let Some(last) = events.last() else { return };
        let entries: Vec<Entry> = events.iter().map(|event| Entry::of(event, &self.channel, epoch)).collect();
        let mut state = self.state();
        state.entries.extend(entries);
        let excess = state.entries.len().saturating_sub(ENTRIES_MAX);
        state.entries.drain(..excess);
        state.head = Position { epoch: epoch.to_owned(), seq: last.seq };
        state.wake_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wake_all(&self) {
        self.followers.values().for_each(|mailbox| mailbox.wake());
    }
}

/// The events of a stream behind a place, at most a page, and the place as it has to be called now;
/// `None` when they are not what follows on it.
pub(super) fn page(tx: &ReadTx<'_>, stream: &str, seen: &Position) -> Result<Option<(String, Vec<Event>)>> {
    let now = tx.stream_position(stream)?;
    let is_this = seen.epoch == now.epoch || (seen.epoch.is_empty() && seen.seq == 0);
    if !is_this || now.seq < seen.seq {
        return Ok(None);
    }
    let events = tx.stream_after(stream, seen.seq, PAGE)?;
    let follows = events.first().map_or(now.seq == seen.seq, |first| first.seq == seen.seq + 1);
    Ok(follows.then_some((now.epoch, events)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Log {
        Log::new(Id::parse("0123456789abcdef01234567").expect("an id"), "project".into(), "private-x".into())
    }

    fn event(seq: i64) -> Event {
        Event {
            seq,
            at: 0,
            event: "team.created".into(),
            document: None,
            actor: "system".into(),
            data: Json::Null,
        }
    }

    fn at(seq: i64) -> Position {
        Position { epoch: "e".into(), seq }
    }

    fn seqs(batch: Batch) -> Vec<i64> {
        match batch {
            Batch::Entries(_, entries) => entries.iter().map(|entry| entry.seq).collect(),
            Batch::Older => vec![-1],
            Batch::Lost => vec![-2],
        }
    }

    #[test]
    fn a_follower_gets_what_it_has_not_got_or_is_sent_to_storage() {
        let log = log();
        assert_eq!(seqs(log.after(&at(3))), [] as [i64; 0], "nothing was read yet");
        log.begin(at(10));
        assert_eq!(seqs(log.after(&at(9))), [-1]);
        assert_eq!(seqs(log.after(&at(10))), [] as [i64; 0]);
        log.push("e", &[event(11), event(12), event(13)]);
        assert_eq!(seqs(log.after(&at(10))), [11, 12, 13]);
        assert_eq!(seqs(log.after(&at(12))), [13]);
        assert_eq!(seqs(log.after(&at(9))), [-1]);
        assert_eq!(seqs(log.after(&at(14))), [] as [i64; 0], "who read it later is ahead");
        assert_eq!(seqs(log.after(&Position { epoch: "other".into(), seq: 12 })), [-2]);
    }

    #[test]
    fn memory_has_a_limit() {
        let log = log();
        log.begin(at(0));
        for seq in 1..=3 * ENTRIES_MAX as i64 {
            log.push("e", &[event(seq)]);
        }
        assert_eq!(seqs(log.after(&at(0))), [-1]);
        let first = 2 * ENTRIES_MAX as i64;
        assert_eq!(seqs(log.after(&at(first))).len(), PAGE as usize);
        assert_eq!(seqs(log.after(&at(first)))[0], first + 1);
    }

    #[test]
    fn a_stream_that_had_no_event_gets_its_epoch_with_the_first() {
        let log = log();
        let nothing = Position { epoch: String::new(), seq: 0 };
        log.begin(nothing.clone());
        assert_eq!(seqs(log.after(&nothing)), [] as [i64; 0]);
        log.push("e", &[event(1)]);
        assert_eq!(seqs(log.after(&nothing)), [1]);
    }
}
