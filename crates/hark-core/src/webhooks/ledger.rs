//! The ledger: what webhooks were or will be sent.

use hark_query::dates::format_date;
use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Error, Event, Id, Listing, NewJob, ReadTx, Result, Tx, to_body, topic_of};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{TEST_EVENT, WEBHOOK, WEBHOOK_DELIVERY, WEBHOOK_JOB, enabled, wants};
use crate::messages::MESSAGE;
use crate::tickets::TICKET;

/// Attempts before a delivery is given up; see [`super::deliver`] for the pauses between them.
pub(super) const ATTEMPTS_MAX: u32 = 8;
/// How long the ledger is kept.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// Old deliveries that are deleted at a time.
const FORGET_MAX: u32 = 200;

/// An attempt to send.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When, ISO 8601.
    pub at: String,
    /// The status of the answer, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: u64,
    /// The start of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Why there was no answer, or why it does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A delivery as it is answered.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryView {
    /// The delivery's id; the same in `webhook-id` of each attempt.
    pub id: Id,
    /// The webhook.
    pub webhook: Id,
    /// What happened.
    pub event: String,
    /// What it happened to.
    pub document: Option<Id>,
    /// `pending`, `delivered` or `failed`.
    pub status: String,
    /// The attempts until now.
    pub attempts: Vec<Attempt>,
    /// When the next attempt is due, ISO 8601.
    pub next_attempt_at: Option<String>,
    /// When it happened, ISO 8601.
    pub created_at: String,
    /// What is sent; not in lists.
    pub payload: Option<Json>,
}

/// Plans the deliveries of what happened.
pub fn notice(tx: &mut Tx<'_>, events: &[Event]) -> Result<()> {
    let webhooks = enabled(tx)?;
    if webhooks.is_empty() {
        return Ok(());
    }
    for event in events {
        let wanting = webhooks.iter().filter(|webhook| wants(&webhook.body, &event.event));
        for webhook in wanting {
            if passes(tx, &webhook.body, event)? {
                let document = event.document.as_deref().and_then(Id::parse);
                plan(tx, webhook.id, &event.event, document)?;
            }
        }
    }
    forget_old(tx)
}

/// Sends a webhook something to try it out.
///
/// # Errors
/// [`Error::NotFound`] when there is no such webhook.
pub fn test(tx: &mut Tx<'_>, webhook: Id) -> Result<Doc> {
    tx.get(&WEBHOOK, webhook)?;
    plan(tx, webhook, TEST_EVENT, None)
}

/// Sends a webhook a document that somebody wants it to have.
///
/// # Errors
/// [`Error::NotFound`] when there is no such webhook, [`Error::Invalid`] when it is switched off.
pub(crate) fn call(tx: &mut Tx<'_>, webhook: Id, event: &str, document: Id) -> Result<()> {
    if !tx.get(&WEBHOOK, webhook)?.is_true("enabled") {
        return Err(is_off(webhook));
    }
    plan(tx, webhook, event, Some(document)).map(drop)
}

/// Whether a webhook still gets a delivery: one that is switched off is only tried out.
pub(super) fn is_wanted(webhook: &Doc, delivery: &Doc) -> bool {
    webhook.is_true("enabled") || delivery.text("event") == Some(TEST_EVENT)
}

fn is_off(webhook: Id) -> Error {
    Error::invalid(format!("the webhook {webhook} is switched off, set `enabled`"))
}

/// Sends a delivery once more, with all its attempts.
///
/// # Errors
/// [`Error::NotFound`] when the webhook has no such delivery, [`Error::Invalid`] when it is switched off.
pub fn resend(tx: &mut Tx<'_>, webhook: Id, id: Id) -> Result<Doc> {
    let mut delivery = tx.get_locked(&WEBHOOK_DELIVERY, id)?;
    if delivery.reference("webhook") != Some(webhook) {
        return Err(Error::not_found(WEBHOOK_DELIVERY.name, id));
    }
    if delivery.text("status") == Some("pending") {
        return Ok(delivery);
    }
    if !is_wanted(&tx.get(&WEBHOOK, webhook)?, &delivery) {
        return Err(is_off(webhook));
    }
    delivery.set("status", "pending");
    delivery.set("attempts", json!([]));
    delivery.set("nextAttemptAt", format_date(tx.now()));
    let delivery = tx.save(&WEBHOOK_DELIVERY, delivery)?;
    send(tx, webhook, id)?;
    Ok(delivery)
}

fn plan(tx: &mut Tx<'_>, webhook: Id, event: &str, document: Option<Id>) -> Result<Doc> {
    let delivery = tx.insert(
        &WEBHOOK_DELIVERY,
        to_body(json!({
            "webhook": webhook, "event": event, "document": document, "status": "pending", "attempts": [],
            "nextAttemptAt": format_date(tx.now()),
        })),
    )?;
    send(tx, webhook, delivery.id)?;
    Ok(delivery)
}

fn send(tx: &mut Tx<'_>, webhook: Id, delivery: Id) -> Result<()> {
    // A server that does not answer keeps only its own deliveries waiting.
    let job = NewJob::new(WEBHOOK_JOB, json!({ "delivery": delivery })).toward(webhook.to_string());
    tx.enqueue(job.unique(format!("{WEBHOOK_JOB}:{delivery}")).attempts(ATTEMPTS_MAX))?;
    Ok(())
}

/// Whether a webhook's filters let an event through.
fn passes(tx: &ReadTx<'_>, webhook: &Body, event: &Event) -> Result<bool> {
    let types =
        webhook.get("filters").and_then(|filters| filters.get("ticketTypes")).and_then(Json::as_array);
    let Some(types) = types.filter(|types| !types.is_empty()) else { return Ok(true) };
    let Some(id) = event.document.as_deref().and_then(Id::parse) else { return Ok(false) };
    let ticket = match topic_of(&event.event) {
        "ticket" => Some(id),
        "message" => tx.find(&MESSAGE, id)?.and_then(|message| message.reference("ticket")),
        _ => return Ok(true),
    };
    let ticket = ticket.map(|ticket| tx.find(&TICKET, ticket)).transpose()?.flatten();
    Ok(ticket.is_some_and(|ticket| types.iter().any(|wanted| wanted.as_str() == ticket.text("type"))))
}

fn forget_old(tx: &mut Tx<'_>) -> Result<()> {
    let before = format_date(tx.now() - KEPT_MS);
    let old = Filter::test(Path::known("createdAt"), hark_query::Op::Less(hark_query::Literal::Text(before)));
    let oldest_first =
        hark_query::Sort { keys: vec![hark_query::SortKey { path: Path::known("id"), descending: false }] };
    // Ids begin with the time, so the oldest are found without looking at the others.
    let listing = Listing { sort: oldest_first, ..Listing::new(Filter::everything(), FORGET_MAX) };
    let oldest = tx.list(&WEBHOOK_DELIVERY, &listing)?.docs;
    for delivery in oldest.iter().take_while(|delivery| old.matches(&Json::Object(delivery.body.clone()))) {
        tx.delete(&WEBHOOK_DELIVERY, delivery.id)?;
    }
    Ok(())
}
