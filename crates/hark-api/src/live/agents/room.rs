//! Who follows a presence channel on this node, and what they know of those who are there.
//!
//! The truth is in storage, where the signs of all nodes are: a bell, or the expiry of a sign, makes
//! the room look there and tell its followers what is different.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;
use hark_core::presence::{self, HERE, Member};
use hark_store::{Attendance, Id, Result, Sign, Store};
use serde_json::{Value as Json, json};
use tokio::sync::Notify;

use super::frame;
use super::mailbox::Mailbox;

/// A place as the sockets of this node see it.
pub(super) struct Room {
    pub(super) project: Id,
    pub(super) place: String,
    channel: String,
    /// Rings when something changed at the place.
    pub(super) wake: Notify,
    /// One look at a time, so that what is told is in order.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    guests: HashMap<u64, Guest>,
    members: BTreeMap<String, Json>,
    /// What was said last by which seat; `None` before the first look.
    said: Option<HashMap<(String, String), i64>>,
    /// Nobody follows it, and nobody looks any more.
    closed: bool,
}

struct Guest {
    mailbox: Arc<Mailbox>,
    /// The sign of its presence, once it has been told who else is there.
    sign: Option<Attendance>,
}

impl Room {
    pub(super) fn new(project: Id, place: String, channel: String) -> Room {
        let (wake, turn) = (Notify::new(), tokio::sync::Mutex::new(()));
        Room { project, place, channel, wake, turn, state: Mutex::default() }
    }

    /// Adds a follower, unless the room is closed. It is told nothing before it has entered.
    pub(super) fn follow(&self, number: u64, mailbox: &Arc<Mailbox>) -> bool {
        let mut state = self.state();
        if !state.closed {
            state.guests.insert(number, Guest { mailbox: mailbox.clone(), sign: None });
        }
        !state.closed
    }

    pub(super) fn unfollow(&self, number: u64) {
        let mut state = self.state();
        state.guests.remove(&number);
        if state.guests.is_empty() {
            drop(state);
            self.wake.notify_one();
        }
    }

    pub(super) fn is_followed_by(&self, number: u64) -> bool {
        self.state().guests.contains_key(&number)
    }

    /// Closes the room if nobody follows it.
    pub(super) fn close_if_idle(&self) -> bool {
        let mut state = self.state();
        state.closed |= state.guests.is_empty();
        state.closed
    }

    /// The signs of presence of those who follow here.
    pub(super) fn signs(&self) -> Vec<Attendance> {
        self.state().guests.values().filter_map(|guest| guest.sign.clone()).collect()
    }

    /// Lets a follower enter, and returns who is there as the protocol has it.
    pub(super) async fn enter(
        &self,
        store: &Store,
        number: u64,
        seat: &str,
        member: &Member,
    ) -> Result<Json> {
        let scope = store.operator_of(self.project).await?;
        let sign = presence::here(&self.place, seat, member);
        let entering = sign.clone();
        store.write(&scope, move |tx| presence::enter(tx, &entering)).await?;
        let _turn = self.turn.lock().await;
        let signs = self.read(store).await?;
        let mut state = self.state();
        state.tell(&self.channel, &signs);
        if let Some(guest) = state.guests.get_mut(&number) {
            guest.sign = Some(sign);
        }
        let ids: Vec<&String> = state.members.keys().collect();
        Ok(json!({"presence": {"count": ids.len(), "ids": ids, "hash": state.members}}))
    }

    /// Looks who is there, and tells the followers what is different.
    pub(super) async fn look(&self, store: &Store) -> Result<()> {
        let _turn = self.turn.lock().await;
        let signs = self.read(store).await?;
        self.state().tell(&self.channel, &signs);
        Ok(())
    }

    async fn read(&self, store: &Store) -> Result<Vec<Sign>> {
        let scope = store.operator_of(self.project).await?;
        let place = self.place.clone();
        store.peek(&scope, move |tx| tx.attendance(&place)).await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Goes on with what was read, and tells what is different.
    fn tell(&mut self, channel: &str, signs: &[Sign]) {
        let members = presence::members(signs);
        for who in self.members.keys().filter(|who| !members.contains_key(*who)) {
            let left = frame::event("pusher_internal:member_removed", channel, &json!({"user_id": who}));
            self.send(&left, None);
        }
        for (who, info) in members.iter().filter(|(who, _)| !self.members.contains_key(*who)) {
            let data = json!({"user_id": who, "user_info": info});
            self.send(&frame::event("pusher_internal:member_added", channel, &data), None);
        }
        let mut said = HashMap::new();
        for Sign { attendance: sign, stamp } in signs.iter().filter(|sign| sign.attendance.kind != HERE) {
            let key = (sign.seat.clone(), sign.kind.clone());
            let is_new =
                self.said.as_ref().is_some_and(|said| said.get(&key).is_none_or(|known| known < stamp));
            if is_new {
                let event = frame::said(&sign.kind, channel, &sign.data, &sign.who);
                self.send(&event, Some(&sign.seat));
            }
            said.insert(key, *stamp);
        }
        self.said = Some(said);
        self.members = members;
    }

    /// Sends a frame to everybody who has entered, but not to the seat that it comes from.
    fn send(&self, frame: &Utf8Bytes, from: Option<&str>) {
        let others = self.guests.values().filter(|guest| {
            guest.sign.as_ref().is_some_and(|sign| from.is_none_or(|seat| seat != sign.seat))
        });
        others.for_each(|guest| guest.mailbox.send(frame.clone()));
    }
}
