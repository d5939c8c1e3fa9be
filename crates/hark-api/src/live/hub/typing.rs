//! Agents who type, as the sockets of the contact whom they answer hear it: told at once, never kept, and not
//! numbered, so that nothing waits for it. SDKs leave a frame of this name alone, the messenger shows it.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use hark_core::presence;
use hark_core::updates::full_name;
use hark_store::{Id, Result, Scope, Sign};
use serde_json::json;
use tokio::time::Instant;

use super::{Due, Hub, Key};
use crate::people;

/// The pause between two frames that say the same of one agent.
const PAUSE: Duration = Duration::from_secs(1);

/// What the sockets of a contact were told, by the seat from which an agent types.
#[derive(Default)]
pub(super) struct Typists(HashMap<String, Typist>);

#[derive(Clone, Copy)]
struct Typist {
    /// The sign that was looked at last.
    stamp: i64,
    /// When it was last told that the agent types; `None` when it was told that it stopped.
    told: Option<Instant>,
}

impl Typists {
    /// Those of the signs that are to be told, of all that there are.
    fn news(&mut self, signs: Vec<Sign>, now: Instant) -> Vec<Sign> {
        let mut known = HashMap::new();
        let mut news = Vec::new();
        for sign in signs {
            let before = self.0.get(&sign.attendance.seat).copied();
            let mut typist =
                Typist { stamp: sign.stamp, ..before.unwrap_or(Typist { stamp: 0, told: None }) };
            let is_new = before.is_none_or(|before| before.stamp < sign.stamp);
            let types = sign.attendance.data["typing"] == true;
            let seat = sign.attendance.seat.clone();
            let is_due = match typist.told {
                Some(at) => !types || now.duration_since(at) >= PAUSE,
                // Nobody was told that this one typed.
                None => types,
            };
            if is_new && is_due {
                typist.told = types.then_some(now);
                news.push(sign);
            }
            known.insert(seat, typist);
        }
        self.0 = known;
        news
    }
}

impl Hub {
    /// Somebody types to a contact, or stopped to.
    pub(super) fn hear_typing(&self, key: Key) {
        if self.state().followed.contains_key(&key) {
            // Nobody receives after a shutdown.
            let _ = self.0.due.send(Due::Typing(key));
        }
    }

    /// Tells the sockets of a contact who types.
    pub(super) async fn tell_typing(&self, key: Key) {
        let Some(scope) = self.state().followed.get(&key).map(|followed| followed.scope.clone()) else {
            return;
        };
        if let Err(error) = self.look_at_typing(&scope, key).await {
            tracing::warn!(error = format!("{error:?}"), "who types to a contact could not be read");
        }
    }

    async fn look_at_typing(&self, scope: &Scope, key: Key) -> Result<()> {
        let place = presence::contact_place(key.1);
        let signs = self.0.store.peek(scope, move |tx| tx.attendance(&place)).await?;
        let news = match self.state().followed.get_mut(&key) {
            Some(followed) => followed.typists.news(signs, Instant::now()),
            None => return Ok(()),
        };
        let users: BTreeSet<Id> = news.iter().filter_map(|sign| Id::parse(&sign.attendance.who)).collect();
        let people = people::read(&self.0.store, scope, &users).await?;
        for sign in news {
            let data = &sign.attendance.data;
            let person = Id::parse(&sign.attendance.who).and_then(|user| people.get(&user));
            let name = person.map(full_name).unwrap_or_default();
            let image = person.and_then(|person| person["profileImageUrl"].as_str()).unwrap_or_default();
            let image = if image.is_empty() { &self.0.picture } else { image };
            let frame = json!({"name": "typing", "data": {
                "shareToken": data["shareToken"], "typing": data["typing"],
                "sender": {"name": name, "profileImageUrl": image},
            }});
            let frame = Utf8Bytes::from(frame.to_string());
            if let Some(followed) = self.state().followed.get(&key) {
                followed.seats.iter().for_each(|seat| seat.hint(&frame));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use hark_store::Attendance;

    use super::*;

    fn sign(seat: &str, stamp: i64, typing: bool) -> Sign {
        let [place, kind, who] = ["contact:x", presence::TYPING, "y"].map(str::to_owned);
        let data = json!({ "typing": typing });
        Sign { attendance: Attendance { place, seat: seat.to_owned(), kind, who, data }, stamp }
    }

    #[test]
    fn what_changes_is_told_and_repeated_once_a_second() {
        let (mut typists, start) = (Typists::default(), Instant::now());
        let mut told = |after: Duration, signs: &[(&str, i64, bool)]| {
            let signs = signs.iter().map(|(seat, stamp, typing)| sign(seat, *stamp, *typing)).collect();
            let news = typists.news(signs, start + after).into_iter();
            news.map(|sign| sign.attendance.seat).collect::<Vec<_>>()
        };
        let none = Duration::ZERO;
        assert_eq!(told(none, &[("a", 1, true), ("b", 1, false)]), ["a"]);
        assert_eq!(told(PAUSE, &[("a", 1, true), ("b", 1, false)]), [""; 0], "the same signs");
        assert_eq!(told(PAUSE / 2, &[("a", 2, true), ("b", 2, true)]), ["b"], "too soon for the first");
        assert_eq!(told(2 * PAUSE, &[("a", 3, true), ("b", 3, false)]), ["a", "b"]);
        assert_eq!(told(2 * PAUSE, &[("a", 4, false), ("b", 4, false)]), ["a"]);
        assert_eq!(told(2 * PAUSE, &[("a", 5, true)]), ["a"]);
    }
}
