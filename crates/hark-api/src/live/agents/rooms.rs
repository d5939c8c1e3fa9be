//! The desk's rooms: opening and closing them, and the signs of presence that this node gives.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use hark_core::presence;
use hark_store::{Attendance, Id, Result};
use tokio::sync::mpsc;

use super::desk::{AFTER_FAULT, Desk, Seat};
use super::room::Room;

/// Signs that one transaction renews, and departures that one writes down.
const SIGNS_PER_WRITE: usize = 200;

/// Who left which place.
pub(super) struct Departure {
    pub(super) project: Id,
    pub(super) place: String,
    pub(super) seat: String,
}

impl Departure {
    /// Whether it is over, because the same socket follows the place again.
    fn is_over(&self, desk: &Desk) -> bool {
        let room = desk.state().rooms.get(&(self.project, self.place.clone())).cloned();
        let number = desk.number_of(&self.seat);
        room.zip(number).is_some_and(|(room, number)| room.is_followed_by(number))
    }
}

impl Desk {
    /// The room of a place, with one more follower.
    pub(super) fn room(&self, seat: &Seat, place: &str, channel: &str) -> Arc<Room> {
        let mut state = self.state();
        let key = (seat.project, place.to_owned());
        if let Some(room) = state.rooms.get(&key)
            && room.follow(seat.number, &seat.mailbox)
        {
            return room.clone();
        }
        let room = Arc::new(Room::new(seat.project, place.to_owned(), channel.to_owned()));
        room.follow(seat.number, &seat.mailbox);
        state.rooms.insert(key, room.clone());
        drop(state);
        tokio::spawn(self.clone().watch(room.clone()));
        room
    }

    /// Looks at a place for as long as somebody follows it.
    async fn watch(self, room: Arc<Room>) {
        while !room.close_if_idle() {
            let pause = match room.look(self.store()).await {
                Ok(()) => self.timing().keep_every,
                Err(error) => {
                    tracing::warn!(error = format!("{error:?}"), "who is there could not be read");
                    AFTER_FAULT
                }
            };
            let _ = tokio::time::timeout(pause, room.wake.notified()).await;
        }
        let mut state = self.state();
        let key = (room.project, room.place.clone());
        if state.rooms.get(&key).is_some_and(|known| Arc::ptr_eq(known, &room)) {
            state.rooms.remove(&key);
        }
    }

    /// Renews the signs of everybody who is here before they expire.
    pub(super) async fn keep_signs(self) {
        loop {
            tokio::time::sleep(self.timing().keep_every).await;
            let given = self.signs();
            for (project, signs) in &given {
                if let Err(error) = self.renew(*project, signs).await {
                    tracing::warn!(error = format!("{error:?}"), "signs of presence could not be renewed");
                }
            }
            self.see_off_again(given);
        }
    }

    /// The signs that this node gives, by project.
    fn signs(&self) -> HashMap<Id, Vec<Attendance>> {
        let mut projects: HashMap<Id, Vec<Attendance>> = HashMap::new();
        for room in self.state().rooms.values() {
            projects.entry(room.project).or_default().extend(room.signs());
        }
        projects
    }

    /// Notes once more that those left who did while their signs were renewed: their departure may have been
    /// written down before that.
    fn see_off_again(&self, renewed: HashMap<Id, Vec<Attendance>>) {
        let given = self.signs();
        let here: HashSet<(&str, &str)> =
            given.values().flatten().map(|sign| (sign.place.as_str(), sign.seat.as_str())).collect();
        for (project, signs) in renewed {
            let gone = signs.into_iter().filter(|sign| !here.contains(&(&*sign.place, &*sign.seat)));
            gone.for_each(|Attendance { place, seat, .. }| self.left(Departure { project, place, seat }));
        }
    }

    async fn renew(&self, project: Id, signs: &[Attendance]) -> Result<()> {
        let scope = self.store().operator_of(project).await?;
        for part in signs.chunks(SIGNS_PER_WRITE) {
            let part = part.to_vec();
            self.store().write(&scope, move |tx| presence::stay(tx, &part)).await?;
        }
        self.store().write(&scope, |tx| tx.forget_absent()).await.map(drop)
    }

    /// Writes down who left.
    pub(super) async fn see_off(self, mut departures: mpsc::UnboundedReceiver<Departure>) {
        let mut gone = Vec::new();
        while departures.recv_many(&mut gone, SIGNS_PER_WRITE).await > 0 {
            let mut projects: HashMap<Id, Vec<Departure>> = HashMap::new();
            for departure in gone.drain(..) {
                projects.entry(departure.project).or_default().push(departure);
            }
            for (project, departures) in projects {
                if let Err(error) = self.take_back(project, departures).await {
                    // They expire soon.
                    tracing::debug!(error = format!("{error:?}"), "departures could not be written down");
                }
            }
        }
    }

    async fn take_back(&self, project: Id, departures: Vec<Departure>) -> Result<()> {
        let scope = self.store().operator_of(project).await?;
        let desk = self.clone();
        // A socket follows first and writes its sign then. Asked in here, who follows wrote it before, or will.
        let leave = move |tx: &mut hark_store::Tx<'_>| {
            let mut gone = departures.iter().filter(|departure| !departure.is_over(&desk));
            gone.try_for_each(|departure| tx.leave(&departure.place, &departure.seat))
        };
        self.store().write(&scope, leave).await
    }
}
