//! What a new contact is, and what happens to one whenever it shows itself.

use hark_query::dates::{format_date, parse_date};
use hark_store::credentials::random_secret;
use hark_store::{Body, Doc, Millis, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use super::CONTACT;

/// The last activity is written down at most this often.
const ACTIVITY_EVERY_MS: Millis = 60_000;
/// After so long without activity the next one begins another visit.
const VISIT_PAUSE_MS: Millis = 30 * 60_000;

/// The document of a new contact: a guest with an id and a hash of its own.
pub(super) fn fresh(tx: &Tx<'_>) -> Body {
    let now = format_date(tx.now());
    let organisation = tx.scope().organisation().map(|id| id.to_string());
    let mut body = to_body(json!({ "organisation": organisation }));
    body.extend(to_body(json!({
        // By these devices prove that they are the contact.
        "gleapId": new_gleap_id(),
        "gleapHash": random_secret(),
        "lang": "en",
        "value": 0,
        "sessions": 0,
        "countFeedbackReports": 0,
        "countFeedbackComments": 0,
        "emailOnly": false,
        "blocked": false,
        "unsubscribed": false,
        "firstActivity": now,
        "lastActivity": now,
        "tags": [],
        "customData": {},
        "eventData": {},
        "checklistTasks": {},
        "outboundHistory": {},
    })));
    body
}

/// Saves a contact if it is not as it was, in content and in the order of its properties.
pub(super) fn save_changed(tx: &mut Tx<'_>, before: &Body, contact: Doc) -> Result<Doc> {
    if serde_json::to_string(before)? == serde_json::to_string(&contact.body)? {
        return Ok(contact);
    }
    tx.save(&CONTACT, contact)
}

/// Notes that a contact is active, so coarsely that most calls change nothing.
pub(super) fn touch(contact: &mut Body, now: Millis) {
    let last = contact.get("lastActivity").and_then(Json::as_str).and_then(parse_date);
    let idle_ms = last.map_or(Millis::MAX, |last| now.saturating_sub(last));
    if idle_ms >= ACTIVITY_EVERY_MS {
        contact.insert("lastActivity".to_owned(), format_date(now).into());
    }
    let visits = contact.get("sessions").and_then(Json::as_u64).unwrap_or_default();
    if idle_ms >= VISIT_PAUSE_MS || visits == 0 {
        contact.insert("sessions".to_owned(), (visits + 1).into());
    }
}

/// A random UUID (version 4).
fn new_gleap_id() -> String {
    let mut bytes: [u8; 16] = rand::random();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
