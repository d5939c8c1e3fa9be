//! One delivery on its way: what to send, and what its outcome means.

use std::time::Duration;

use hark_query::dates::format_date;
use hark_store::{Doc, Error, Id, JobError, LeasedJob, ReadTx, Result, Tx};
use serde_json::{Value as Json, json};

use super::ledger::{ATTEMPTS_MAX, Attempt, is_wanted};
use super::{Header, WEBHOOK, WEBHOOK_DELIVERY};
use crate::follow;

/// Seconds after the first, second and later attempts: 27 hours in all.
const PAUSES_S: [u64; 7] = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600];
/// The longest pause that a server can ask for.
const PAUSE_MAX_S: u64 = 24 * 3600;
/// Deliveries in a row that are given up before a webhook is switched off.
const FAILURES_MAX: u64 = 20;

/// A delivery that is to be sent.
#[derive(Clone)]
pub struct Work {
    /// The delivery.
    pub delivery: Id,
    /// What happened.
    pub event: String,
    /// What it happened to.
    pub document: Option<Id>,
    /// The text to send, when an earlier attempt has made it.
    pub payload: Option<String>,
    /// Where to.
    pub url: String,
    /// Headers of the webhook.
    pub headers: Vec<(String, String)>,
    /// What signs it.
    pub secret: String,
}

/// How an attempt ended.
#[derive(Clone)]
pub struct Outcome {
    /// For the ledger.
    pub attempt: Attempt,
    /// Seconds after which the server wants to be asked again.
    pub retry_after_s: Option<u64>,
}

impl Outcome {
    fn is_success(&self) -> bool {
        self.attempt.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// What a job is to send; nothing when the webhook or the delivery is gone, or the webhook is switched
/// off, or it is done. The caller then ends the job with [`cancel`].
pub fn next_work(tx: &ReadTx<'_>, job: &LeasedJob) -> Result<Option<Work>> {
    let id = delivery_of(job)?;
    let Some(delivery) = tx.find(&WEBHOOK_DELIVERY, id)?.filter(is_pending) else { return Ok(None) };
    let webhook =
        delivery.reference("webhook").map(|webhook| tx.find(&WEBHOOK, webhook)).transpose()?.flatten();
    let Some(webhook) = webhook.filter(|webhook| is_wanted(webhook, &delivery)) else { return Ok(None) };
    let secret = super::secret(tx, webhook.id)?.secret;
    let headers: Option<Vec<Header>> = tx.unseal(&WEBHOOK, &webhook, "headers")?;
    let text = |doc: &Doc, name: &str| doc.text(name).unwrap_or_default().to_owned();
    Ok(Some(Work {
        delivery: id,
        event: text(&delivery, "event"),
        document: delivery.reference("document"),
        payload: delivery.text("payload").map(str::to_owned),
        url: text(&webhook, "url"),
        headers: headers.unwrap_or_default().into_iter().map(|header| (header.key, header.value)).collect(),
        secret,
    }))
}

/// Finishes a job that has nothing to send. A delivery that waited for a webhook that is switched off by
/// now has failed, and says why.
pub fn cancel(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let delivery = tx.find_locked(&WEBHOOK_DELIVERY, delivery_of(job)?)?;
    if let Some(mut delivery) = delivery.filter(is_pending) {
        let reason = json!({
            "at": format_date(tx.now()), "durationMs": 0, "error": "not sent, the webhook is switched off",
        });
        push_attempt(&mut delivery, reason);
        end(tx, delivery, false)?;
    }
    tx.finish_job(job)
}

/// Keeps the text that is sent, so that each attempt sends the same.
pub fn keep_payload(tx: &mut Tx<'_>, delivery: Id, payload: &str) -> Result<()> {
    if let Some(mut delivery) = tx.find_locked(&WEBHOOK_DELIVERY, delivery)? {
        delivery.set("payload", payload);
        tx.save(&WEBHOOK_DELIVERY, delivery)?;
    }
    Ok(())
}

/// Writes an attempt into the ledger and finishes the job, or plans the next attempt.
pub fn settle(tx: &mut Tx<'_>, job: &LeasedJob, delivery: Id, outcome: &Outcome) -> Result<()> {
    let Some(mut delivery) = tx.find_locked(&WEBHOOK_DELIVERY, delivery)? else {
        return tx.finish_job(job);
    };
    let tried = push_attempt(&mut delivery, json!(outcome.attempt));
    let is_gone = outcome.attempt.status == Some(410);
    if outcome.is_success() {
        close(tx, delivery, true, None)?;
        return tx.finish_job(job);
    }
    let pause = PAUSES_S.get(tried - 1).filter(|_| !is_gone && job.attempt < ATTEMPTS_MAX);
    let Some(pause_s) = pause else {
        let reason = is_gone.then_some("the server answered 410, it wants no more of these");
        close(tx, delivery, false, reason)?;
        return tx.finish_job(job);
    };
    let pause_s = outcome.retry_after_s.unwrap_or_default().clamp(*pause_s, PAUSE_MAX_S);
    let pause = Duration::from_secs(pause_s);
    delivery.set("nextAttemptAt", format_date(tx.now().saturating_add_unsigned(pause_s * 1_000)));
    tx.save(&WEBHOOK_DELIVERY, delivery)?;
    tx.fail_job(job, &JobError::after("the webhook was not taken", pause))
}

/// Closes the delivery of a job that was given up because its workers ended.
pub fn died(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let delivery = tx.find_locked(&WEBHOOK_DELIVERY, delivery_of(job)?)?;
    match delivery.filter(is_pending) {
        Some(delivery) => close(tx, delivery, false, None),
        None => Ok(()),
    }
}

fn delivery_of(job: &LeasedJob) -> Result<Id> {
    let id = job.payload["delivery"].as_str().and_then(Id::parse);
    id.ok_or_else(|| Error::internal("the job of a webhook without a delivery"))
}

fn is_pending(delivery: &Doc) -> bool {
    delivery.text("status") == Some("pending")
}

/// Notes an attempt, and tells how many there were.
fn push_attempt(delivery: &mut Doc, attempt: Json) -> usize {
    let mut attempts = delivery.body.get("attempts").and_then(Json::as_array).cloned().unwrap_or_default();
    attempts.push(attempt);
    let tried = attempts.len();
    delivery.set("attempts", Json::Array(attempts));
    tried
}

fn end(tx: &mut Tx<'_>, mut delivery: Doc, is_delivered: bool) -> Result<()> {
    delivery.set("status", if is_delivered { "delivered" } else { "failed" });
    delivery.set("nextAttemptAt", Json::Null);
    tx.save(&WEBHOOK_DELIVERY, delivery).map(drop)
}

/// Ends a delivery. A webhook that failed too often in a row, or asked for it, is switched off.
fn close(tx: &mut Tx<'_>, delivery: Doc, is_delivered: bool, reason: Option<&str>) -> Result<()> {
    let webhook = delivery.reference("webhook");
    end(tx, delivery, is_delivered)?;
    let Some(mut webhook) = webhook.map(|id| tx.find_locked(&WEBHOOK, id)).transpose()?.flatten() else {
        return Ok(());
    };
    let failures = webhook.body.get("failures").and_then(Json::as_u64).unwrap_or_default();
    if is_delivered {
        if failures > 0 {
            webhook.set("failures", Json::Null);
            tx.save(&WEBHOOK, webhook)?;
        }
        return Ok(());
    }
    webhook.set("failures", failures + 1);
    let too_many = (failures + 1 >= FAILURES_MAX).then_some("too many deliveries in a row failed");
    if let Some(reason) = reason.or(too_many) {
        webhook.set("enabled", false);
        webhook.set("disabledReason", reason);
    }
    let is_off = !webhook.is_true("enabled");
    tx.save(&WEBHOOK, webhook)?;
    if is_off { follow::refresh(tx) } else { Ok(()) }
}
