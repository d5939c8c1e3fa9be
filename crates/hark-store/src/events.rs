//! Contact events: what contacts did, in a narrow table of their own that only grows.
//!
//! An event is known by its contact, its moment and a hash of its name and data, so a batch that
//! arrives twice changes nothing. When contacts are merged, events move and keep the contact
//! that they were recorded for, so that the merge can be undone.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::clock::Millis;
use crate::engine::{Repeatable, unique_violation};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::sql::{Parameters, Row, Value};
use crate::tx::{ReadTx, Tx};

/// Events that one call records at most.
pub const EVENTS_MAX: usize = 10_000;
/// Events that one read returns at most.
pub const EVENTS_PAGE_MAX: u32 = 10_000;
/// Characters of an event's name.
pub const EVENT_NAME_CHARS_MAX: usize = 256;
/// Bytes of an event's data as JSON.
pub const EVENT_DATA_BYTES_MAX: usize = 64 * 1024;

/// Rows of one statement: few different statements, and few statements for many rows.
const ROWS: [usize; 3] = [128, 16, 1];

/// An event to record.
#[derive(Clone, Debug, PartialEq)]
pub struct NewContactEvent {
    /// What the contact did: `checkout`.
    pub name: String,
    /// When, unix milliseconds.
    pub at: Millis,
    /// What belongs to it.
    pub data: Option<Json>,
}

/// A recorded event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContactEvent {
    /// What the contact did.
    pub name: String,
    /// When, unix milliseconds.
    pub at: Millis,
    /// What belongs to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Json>,
    /// Tells it from other events of the same moment.
    #[serde(skip)]
    pub key: i64,
}

/// Which events of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only those with this name.
    pub name: Option<String>,
    /// Only those at this moment or later.
    pub from: Option<Millis>,
    /// Only those before this moment.
    pub before: Option<Millis>,
    /// Only those behind this one in the order of lists: the moment and the key of the last event
    /// of the page before.
    pub behind: Option<(Millis, i64)>,
}

impl ReadTx<'_> {
    /// The events of a contact, newest first, at most `limit` and [`EVENTS_PAGE_MAX`].
    pub fn contact_events(&self, contact: Id, filter: &EventFilter, limit: u32) -> Result<Vec<ContactEvent>> {
        let mut parameters = Parameters::new(self.partition());
        let condition = of_contact(contact, filter, &mut parameters);
        let limit = parameters.bind(Value::Int(limit.min(EVENTS_PAGE_MAX).into()));
        let sql = format!(
            "select name, at, data, key from contact_event where {condition}
             order by at desc, key desc limit {limit}"
        );
        self.query(&sql, parameters.values())?.into_iter().map(event).collect()
    }

    /// How many events of a contact there are.
    pub fn count_contact_events(&self, contact: Id, filter: &EventFilter) -> Result<u64> {
        let mut parameters = Parameters::new(self.partition());
        let condition = of_contact(contact, filter, &mut parameters);
        let sql = format!("select count(*) from contact_event where {condition}");
        self.counted(&sql, &parameters)
    }
}

impl Tx<'_> {
    /// Records events of a contact and tells how many of them were new.
    ///
    /// # Errors
    /// [`Error::TooLarge`] and [`Error::Invalid`] when there are too many, or one is out of bounds.
    pub fn record_events(&mut self, contact: Id, events: &[NewContactEvent]) -> Result<usize> {
        if events.len() > EVENTS_MAX {
            let sentence = format!("too many events at once, at most {EVENTS_MAX} are allowed");
            return Err(Error::TooLarge(sentence));
        }
        let contact = Value::text(contact);
        // In the order of the primary key, so that two batches cannot wait for each other.
        let mut rows = BTreeMap::new();
        for event in events {
            let data = checked(event)?;
            let key = key(event);
            rows.entry((event.at, key)).or_insert([
                contact.clone(),
                event.at.into(),
                key.into(),
                Value::text(&event.name),
                Value::optional(data),
            ]);
        }
        let rows: Vec<[Value; 5]> = rows.into_values().collect();
        let mut rest = rows.as_slice();
        let mut recorded = 0;
        for size in ROWS {
            while let Some((chunk, others)) = rest.split_at_checked(size) {
                recorded += self.insert_events(chunk)?;
                rest = others;
            }
        }
        Ok(recorded)
    }

    /// Gives all events of one contact to another; of two that are the same, one remains.
    pub fn move_events(&mut self, from: Id, to: Id) -> Result<u64> {
        self.hand_over(from, to, "true")
    }

    /// Gives back to a contact what was recorded for it and moved away.
    pub fn return_events(&mut self, from: Id, to: Id) -> Result<u64> {
        self.hand_over(from, to, "contact_event.origin_id = ?3")
    }

    /// Deletes all events of a contact and tells how many there were.
    pub fn delete_events(&mut self, contact: Id) -> Result<u64> {
        self.execute(
            "delete from contact_event where project_id = ?1 and contact_id = ?2",
            &[self.partition(), Value::text(contact)],
        )
    }

    fn insert_events(&self, rows: &[[Value; 5]]) -> Result<usize> {
        let mut parameters = Parameters::new(self.partition());
        let mut values = Vec::new();
        for row in rows {
            let [contact, at, key, name, data] = row.clone().map(|value| parameters.bind(value));
            values.push(format!("(?1, {contact}, {at}, {key}, {name}, {data}, {contact})"));
        }
        let sql = format!(
            "insert into contact_event (project_id, contact_id, at, key, name, data, origin_id)
             values {} on conflict do nothing",
            values.join(", ")
        );
        Ok(self.execute(&sql, parameters.values())? as usize)
    }

    fn hand_over(&self, from: Id, to: Id, condition: &str) -> Result<u64> {
        if from == to {
            return Ok(0);
        }
        let parameters = [self.partition(), Value::text(from), Value::text(to)];
        let theirs =
            format!("contact_event.project_id = ?1 and contact_event.contact_id = ?2 and {condition}");
        self.execute(
            &format!(
                "delete from contact_event where {theirs} and exists (
                     select 1 from contact_event other where other.project_id = ?1 and other.contact_id = ?3
                     and other.at = contact_event.at and other.key = contact_event.key)"
            ),
            &parameters,
        )?;
        let moved =
            self.execute(&format!("update contact_event set contact_id = ?3 where {theirs}"), &parameters);
        moved.map_err(|error| match unique_violation(&error) {
            // Someone recorded the same event between the two statements.
            Some(_) => Error::Internal(Repeatable.into()),
            None => error,
        })
    }
}

fn of_contact(contact: Id, filter: &EventFilter, parameters: &mut Parameters) -> String {
    let mut condition = format!("project_id = ?1 and contact_id = {}", parameters.bind(Value::text(contact)));
    let mut and = |part: String| {
        condition.push_str(" and ");
        condition.push_str(&part);
    };
    if let Some(name) = &filter.name {
        and(format!("name = {}", parameters.bind(Value::text(name))));
    }
    if let Some(from) = filter.from {
        and(format!("at >= {}", parameters.bind(from.into())));
    }
    if let Some(before) = filter.before {
        and(format!("at < {}", parameters.bind(before.into())));
    }
    if let Some((at, key)) = filter.behind {
        and(format!("(at, key) < ({}, {})", parameters.bind(at.into()), parameters.bind(key.into())));
    }
    condition
}

/// An event's data as it is stored.
fn checked(event: &NewContactEvent) -> Result<Option<String>> {
    let name = &event.name;
    if name.is_empty() || name.chars().nth(EVENT_NAME_CHARS_MAX).is_some() || name.contains('\0') {
        return Err(Error::Invalid(format!(
            "the name of an event must have 1 to {EVENT_NAME_CHARS_MAX} characters and no NUL"
        )));
    }
    let data = event.data.as_ref().map(Json::to_string);
    if data.as_ref().is_some_and(|data| data.len() > EVENT_DATA_BYTES_MAX) {
        return Err(Error::TooLarge(format!(
            "the data of the event `{name}` is too large, at most {EVENT_DATA_BYTES_MAX} bytes are allowed"
        )));
    }
    Ok(data)
}

/// The hash of an event's name and data, whatever the order of the data's keys.
fn key(event: &NewContactEvent) -> i64 {
    let mut hash = Sha256::new();
    hash.update(&event.name);
    if let Some(data) = &event.data {
        let mut data = data.clone();
        data.sort_all_objects();
        hash.update([0]);
        hash.update(data.to_string());
    }
    let mut first = [0; 8];
    first.copy_from_slice(&hash.finalize()[..8]);
    i64::from_be_bytes(first)
}

fn event(mut row: Row) -> Result<ContactEvent> {
    Ok(ContactEvent {
        name: row.text(0)?,
        at: row.int(1)?,
        data: row.optional_text(2)?.map(|text| serde_json::from_str(&text)).transpose()?,
        key: row.int(3)?,
    })
}
