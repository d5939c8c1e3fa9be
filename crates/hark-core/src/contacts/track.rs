//! Tracked events: reading them as SDKs and servers send them, and what a contact learns from them.

use hark_query::dates::format_date;
use hark_store::{Body, Doc, Id, Millis, NewContactEvent, Result, Tx};
use serde_json::{Value as Json, json};

use super::CONTACT;
use super::create::{save_changed, touch};
use super::identify::{Identity, identify_user};
use super::properties::Properties;
use super::shape::{clean, cut, moment, without_nul};

/// Events of one batch of an SDK at most; the rest of a longer one is left out.
pub const EVENTS_MAX: usize = 500;
/// Characters of an event's name at most.
const NAME_CHARS_MAX: usize = 128;
/// Bytes of an event's data at most; larger data is left out.
const DATA_BYTES_MAX: usize = 8 * 1024;
/// Names that `eventData` of a contact counts at most; events of others are kept but not counted there.
const COUNTED_NAMES_MAX: usize = 200;
/// Characters of a page's address that a contact remembers.
const PAGE_CHARS_MAX: usize = 2_000;
/// How far ahead a device's clock may be; later moments become the time of receipt.
const AHEAD_MAX_MS: Millis = 24 * 60 * 60_000;
/// Properties of an event's data that servers' events keep.
const SERVER_DATA_KEYS_MAX: usize = 10;

/// An event as it is recorded.
pub type TrackedEvent = NewContactEvent;

/// The events of an SDK's batch. What has no name is no event; a date that cannot be read is the
/// time of receipt.
pub fn read_events(events: &[Json], now: Millis) -> Vec<TrackedEvent> {
    events.iter().take(EVENTS_MAX).filter_map(|event| read_event(event, now)).collect()
}

/// An event of a server's batch: names have no `.` and no `$`, data has ten properties at most.
pub fn read_server_event(event: &Json, now: Millis) -> Option<TrackedEvent> {
    let mut event = read_event(event, now)?;
    event.name = event.name.replace(['.', '$'], "-");
    if let Some(Json::Object(data)) = &mut event.data {
        *data = std::mem::take(data).into_iter().take(SERVER_DATA_KEYS_MAX).collect();
    }
    Some(event)
}

fn read_event(event: &Json, now: Millis) -> Option<TrackedEvent> {
    let name = cut(clean(event.get("name")?.as_str()?).trim(), NAME_CHARS_MAX);
    if name.is_empty() {
        return None;
    }
    let said = event.get("date").and_then(moment);
    let at = said.filter(|at| *at <= now + AHEAD_MAX_MS).unwrap_or(now);
    let data = event.get("data").filter(|data| !data.is_null() && data.to_string().len() <= DATA_BYTES_MAX);
    Some(TrackedEvent { name, at, data: data.cloned().map(without_nul) })
}

/// Records events of a contact. A batch that arrives again changes nothing.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when there is no such contact.
pub fn track(tx: &mut Tx<'_>, contact: Id, events: &[TrackedEvent]) -> Result<Doc> {
    let contact = tx.get_locked(&CONTACT, contact)?;
    record(tx, contact, events)
}

/// Records events of the contact with a user id; a user id that is not known yet becomes a contact,
/// because events may arrive before the call that identifies it.
pub fn track_user(tx: &mut Tx<'_>, user_id: &str, events: &[TrackedEvent]) -> Result<Doc> {
    let identity = Identity::new(user_id, Properties::default(), true)?;
    let contact = identify_user(tx, &identity, false)?;
    record(tx, contact, events)
}

fn record(tx: &mut Tx<'_>, mut contact: Doc, events: &[TrackedEvent]) -> Result<Doc> {
    if tx.record_events(contact.id, events)? == 0 {
        return Ok(contact);
    }
    let before = contact.body.clone();
    learn(&mut contact.body, events);
    touch(&mut contact.body, tx.now());
    save_changed(tx, &before, contact)
}

/// What a contact's document keeps of its events.
fn learn(contact: &mut Body, events: &[TrackedEvent]) {
    for event in events {
        let at = format_date(event.at);
        count_event(contact, &event.name, 1, &at, &at);
        if contact.get("firstActivity").and_then(Json::as_str).is_none_or(|first| at.as_str() < first) {
            contact.insert("firstActivity".to_owned(), at.clone().into());
        }
        let page = event.data.as_ref().and_then(|data| data.get("page")).and_then(Json::as_str);
        if let Some(page) = page.filter(|_| event.name == "pageView") {
            let seen = contact.get("lastPageView").and_then(|view| view.get("date")).and_then(Json::as_str);
            if seen.is_none_or(|seen| seen <= at.as_str()) {
                let view = json!({"page": cut(page, PAGE_CHARS_MAX), "date": at});
                contact.insert("lastPageView".to_owned(), view);
            }
        }
    }
}

fn count_event(contact: &mut Body, name: &str, times: u64, first: &str, last: &str) {
    let counted = contact.entry("eventData").or_insert_with(|| json!({}));
    let Some(counted) = counted.as_object_mut() else { return };
    if counted.len() >= COUNTED_NAMES_MAX && !counted.contains_key(name) {
        return;
    }
    let entry = counted.entry(name).or_insert_with(|| json!({"count": 0, "first": first, "last": last}));
    let count = entry["count"].as_u64().unwrap_or_default() + times;
    let first = entry["first"].as_str().filter(|known| *known < first).unwrap_or(first);
    let last = entry["last"].as_str().filter(|known| *known > last).unwrap_or(last);
    *entry = json!({"count": count, "first": first, "last": last});
}

/// Adds a guest's counts of events to those of the contact it is merged into.
pub(super) fn add_event_data(guest: &Body, known: &mut Body) {
    let Some(Json::Object(counted)) = guest.get("eventData") else { return };
    for (name, entry) in counted {
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
        count_event(known, name, entry["count"].as_u64().unwrap_or_default(), text("first"), text("last"));
    }
}

/// Takes a guest's counts of events out again; names of which nothing is left go.
pub(super) fn take_event_data(brought: &Body, counted: &mut Body) {
    for (name, entry) in brought {
        let Some(known) = counted.get_mut(name) else { continue };
        let left = known["count"].as_u64().unwrap_or_default();
        let left = left.saturating_sub(entry["count"].as_u64().unwrap_or_default());
        known["count"] = left.into();
    }
    counted.retain(|name, entry| !brought.contains_key(name) || entry["count"] != 0);
}
