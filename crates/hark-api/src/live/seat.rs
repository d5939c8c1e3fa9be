//! A socket as the hub knows it, and what is delivered to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use axum::extract::ws::Utf8Bytes;
use hark_core::contacts::CONTACT;
use hark_core::updates;
use hark_store::{Event, Id, ReadTx, Result, contact_stream};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

/// What waits for a socket to be sent.
pub(super) enum Parcel {
    /// A sign of life.
    Ping,
    /// An update, and its number when it has something to show, of which then is noted that it was sent.
    Update(Utf8Bytes, Option<i64>),
}

/// Frames that wait for a socket in memory.
pub(super) const QUEUE_MAX: usize = 64;
/// Events that one look reads; with a first update and some pings they fit into a queue.
const EVENTS_PER_LOOK: usize = 50;

/// A socket as the hub knows it.
pub(super) struct Seat {
    pub(super) number: u64,
    /// The contact's id for SDKs when the socket was opened: one with other keys is not its contact any more.
    pub(super) gleap_id: String,
    /// The last event that went into the queue.
    pub(super) seq: i64,
    pub(super) stage: Stage,
    pub(super) pulse: Arc<Pulse>,
    pub(super) line: Option<Line>,
}

/// What a socket's task tells the hub without a lock.
#[derive(Default)]
pub(super) struct Pulse {
    /// Milliseconds of the hub's life at which something came from the socket.
    pub(super) heard_ms: AtomicU64,
    /// There is news for which the queue had no room.
    pub(super) behind: AtomicBool,
}

/// The way to an open socket.
pub(super) struct Line {
    pub(super) queue: mpsc::Sender<Parcel>,
    pub(super) task: AbortHandle,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The SDK would drop what it is sent.
    Waits,
    /// The first update is due.
    Ready,
    /// It gets what is new.
    Live,
}

impl Seat {
    /// Whether the SDK has started and its queue takes what a look finds. If not, the socket's task
    /// asks for another look when it has emptied the queue.
    pub(super) fn takes_news(&self) -> bool {
        let Some(line) = self.line.as_ref().filter(|_| self.stage != Stage::Waits) else { return false };
        if line.queue.capacity() > EVENTS_PER_LOOK {
            return true;
        }
        self.pulse.behind.store(true, Ordering::SeqCst);
        // The task may have emptied it before it could see that.
        line.queue.capacity() == QUEUE_MAX
    }

    /// Whether the queue took the frame; a socket that is not open yet has no queue to be full.
    pub(super) fn send(&self, parcel: Parcel) -> bool {
        self.line.as_ref().is_none_or(|line| line.queue.try_send(parcel).is_ok())
    }

    /// Queues a frame that may as well be lost, if the queue has plenty of room.
    pub(super) fn hint(&self, frame: &Utf8Bytes) {
        let line = self.line.as_ref().filter(|line| line.queue.capacity() > EVENTS_PER_LOOK);
        if let Some(line) = line.filter(|_| self.stage == Stage::Live) {
            let _ = line.queue.try_send(Parcel::Update(frame.clone(), None));
        }
    }

    /// Queues what this socket has not got yet; false when its connection is of no use any more.
    pub(super) fn deliver(&mut self, news: &News) -> bool {
        if self.stage == Stage::Ready {
            self.stage = Stage::Live;
            let first = updates::complete(json!({}), news.unread);
            if !self.send(Parcel::Update(update(first, self.seq, &news.epoch).into(), None)) {
                return false;
            }
        }
        for Piece { seq, frame, shows } in &news.pieces {
            if *seq <= self.seq {
                continue;
            }
            self.seq = *seq;
            let Some(frame) = frame else { continue };
            if !self.send(Parcel::Update(frame.clone(), shows.then_some(*seq))) {
                return false;
            }
        }
        true
    }
}

/// Events by number, with the update of those that concern SDKs.
pub(super) type Updates = Vec<(i64, Option<Json>)>;

/// An event as sockets get it.
pub(super) struct Piece {
    seq: i64,
    /// The frame that tells SDKs about it, if it concerns them.
    frame: Option<Utf8Bytes>,
    /// Whether there is something to show.
    shows: bool,
}

/// What a look found.
#[derive(Default)]
pub(super) struct News {
    /// The event after which it looked.
    pub(super) after: i64,
    /// Messages that the contact has not read.
    pub(super) unread: i64,
    /// Tells the stream from a lost one of the same name.
    pub(super) epoch: String,
    /// The events in order.
    pub(super) pieces: Vec<Piece>,
    /// There are more events than one look reads.
    pub(super) more: bool,
    /// The contact's id for SDKs; `None` when the contact is gone or became another.
    pub(super) gleap_id: Option<String>,
}

/// What is new for a contact after an event, and the updates that tell about it by number.
pub(super) fn news(tx: &ReadTx<'_>, contact: Id, after: i64) -> Result<(News, Updates)> {
    let stream = contact_stream(contact);
    let Some(contact) = tx.find(&CONTACT, contact)? else {
        return Ok((News { after, ..News::default() }, Vec::new()));
    };
    let unread = updates::unread_of(&contact);
    let epoch = tx.stream_position(&stream)?.epoch;
    let events = tx.stream_after(&stream, after, EVENTS_PER_LOOK as u32)?;
    let more = events.len() == EVENTS_PER_LOOK;
    let told = |event: Event| {
        let data = (event.event == updates::UPDATE).then(|| updates::complete(event.data, unread));
        (event.seq, data)
    };
    let updates = events.into_iter().map(told).collect();
    let gleap_id = contact.text("gleapId").map(str::to_owned);
    Ok((News { after, unread, epoch, pieces: Vec::new(), more, gleap_id }, updates))
}

impl News {
    /// With these updates, whose senders have been named; `told` makes of the text of a frame what is sent.
    pub(super) fn with(mut self, updates: Updates, told: impl Fn(String) -> String) -> News {
        let epoch = &self.epoch;
        let piece = |(seq, data): (i64, Option<Json>)| {
            let shows = data.as_ref().is_some_and(updates::has_actions);
            Piece { seq, frame: data.map(|data| told(update(data, seq, epoch)).into()), shows }
        };
        self.pieces = updates.into_iter().map(piece).collect();
        self
    }
}

/// The frame of an `update`. `seq` and `epoch` say where in the contact's stream it stands, for
/// clients that resume; SDKs read `name` and `data` alone.
fn update(data: Json, seq: i64, epoch: &str) -> String {
    json!({"name": "update", "data": data, "seq": seq, "epoch": epoch}).to_string()
}
