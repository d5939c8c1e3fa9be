//! What a contact did and what became of it, newest first.

use hark_query::dates::format_date;
use hark_store::{ContactEvent, EventFilter, Id, ReadTx, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::{CONTACT, IDENTITY_CHANGE, history};

/// A tracked event as it is answered.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EventView {
    /// What the contact did.
    pub name: String,
    /// When, ISO 8601.
    pub date: String,
    /// What belongs to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Json>,
}

/// Something in the life of a contact.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Activity {
    /// `event` (tracked), `identity` (an identity change) or `created`.
    #[serde(rename = "type")]
    pub activity_type: &'static str,
    /// The event's name, or what kind of change it was: `identify`, `update`, `merge`.
    pub name: String,
    /// When, ISO 8601.
    pub date: String,
    /// The event's data, or the identity change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Json>,
}

/// A page of events.
pub struct EventPage {
    /// The events.
    pub events: Vec<EventView>,
    /// The moment and the key of the last one, for [`EventFilter::behind`]; `None` when there are no more.
    pub next: Option<(i64, i64)>,
}

/// The tracked events of a contact, newest first.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when there is no such contact.
pub fn events(tx: &ReadTx<'_>, contact: Id, filter: &EventFilter, limit: u32) -> Result<EventPage> {
    tx.get(&CONTACT, contact)?;
    let view =
        |event: ContactEvent| EventView { name: event.name, date: format_date(event.at), data: event.data };
    // One more than asked for tells whether there are more.
    let mut events = tx.contact_events(contact, filter, limit.saturating_add(1))?;
    let more = events.len() > limit as usize;
    events.truncate(limit as usize);
    let next = events.last().filter(|_| more).map(|last| (last.at, last.key));
    Ok(EventPage { events: events.into_iter().map(view).collect(), next })
}

/// What happened to a contact before a moment, newest first: its tracked events, the changes of its
/// identity, and its beginning.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when there is no such contact.
pub fn activities(tx: &ReadTx<'_>, contact: Id, before: Option<i64>, limit: u32) -> Result<Vec<Activity>> {
    let doc = tx.get(&CONTACT, contact)?;
    let filter = EventFilter { before, ..EventFilter::default() };
    let events = events(tx, contact, &filter, limit)?.events.into_iter();
    let mut all: Vec<Activity> = events
        .map(|event| Activity {
            activity_type: "event",
            name: event.name,
            date: event.date,
            data: event.data,
        })
        .collect();
    for change in history::history(tx, contact)? {
        let date = change.text("at").unwrap_or_default().to_owned();
        let name = change.body.get("by").and_then(|by| by["method"].as_str()).unwrap_or_default().to_owned();
        all.push(Activity {
            activity_type: "identity",
            name,
            date,
            data: Some(change.view(&IDENTITY_CHANGE)),
        });
    }
    let by = doc.text("userId").map(|user_id| json!({ "userId": user_id }));
    let date = format_date(doc.created_at);
    all.push(Activity { activity_type: "created", name: "created".to_owned(), date, data: by });

    // Stable, so that of one moment the newer identity change stays in front.
    all.sort_by(|a, b| b.date.cmp(&a.date));
    if let Some(before) = before.map(format_date) {
        all.retain(|activity| activity.date < before);
    }
    all.truncate(limit as usize);
    Ok(all)
}
