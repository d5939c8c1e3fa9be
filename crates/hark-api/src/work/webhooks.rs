//! Sends webhooks: makes the text, signs it, and writes down how it went.

use std::time::Instant;

use hark_core::contacts::CONTACT;
use hark_core::files;
use hark_core::messages::MESSAGE;
use hark_core::tickets::{TICKET, view};
use hark_core::webhooks::{self, Attempt, Outcome, Work};
use hark_deliver::egress::{OutgoingAnswer, OutgoingRequest};
use hark_deliver::secret::Secret;
use hark_query::dates::format_date;
use hark_store::{Error, Id, JobError, Kind, LeasedJob, Result, Scope, topic_of};
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::people;

/// How long a server may take.
const TIMEOUT_MS: u64 = 15_000;
/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Characters of an answer that are kept.
const ANSWER_CHARS_MAX: usize = 1_000;
/// Bytes of a text that is sent; of a larger document only its id is sent.
const PAYLOAD_BYTES_MAX: usize = 512 * 1024;

/// Sends what a job is about.
pub(super) async fn send(app: App, job: LeasedJob) -> Result<(), JobError> {
    let looked_at = job.clone();
    let work = app.store.read(job.scope(), move |tx| webhooks::next_work(tx, &looked_at)).await?;
    let Some(work) = work else {
        let held = job.clone();
        return Ok(app.store.write(job.scope(), move |tx| webhooks::cancel(tx, &held)).await?);
    };
    let payload = payload(&app, job.scope(), &work).await?;
    let outcome = attempt(&app, &work, &payload).await;
    let (held, delivery) = (job.clone(), work.delivery);
    app.store.write(job.scope(), move |tx| webhooks::settle(tx, &held, delivery, &outcome)).await?;
    Ok(())
}

async fn attempt(app: &App, work: &Work, payload: &str) -> Outcome {
    let now = app.store.clock().now();
    let started = Instant::now();
    let answer = app.egress.send(request(work, payload, now / 1_000)).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let blank = Attempt { at: format_date(now), status: None, duration_ms, answer: None, error: None };
    match answer {
        Ok(answer) => Outcome {
            retry_after_s: answer.header("retry-after").and_then(|text| text.trim().parse().ok()),
            attempt: Attempt { status: Some(answer.status), answer: Some(start_of(&answer)), ..blank },
        },
        Err(error) => {
            Outcome { attempt: Attempt { error: Some(error.to_string()), ..blank }, retry_after_s: None }
        }
    }
}

fn request(work: &Work, payload: &str, now_s: i64) -> OutgoingRequest {
    let id = format!("msg_{}", work.delivery);
    let signature = webhooks::sign(&work.secret, &id, now_s, payload);
    let mut request = OutgoingRequest::post(&work.url, "webhook")
        .without_redirects()
        .timeout_ms(TIMEOUT_MS)
        .body_bytes_max(ANSWER_BYTES_MAX)
        .body("application/json", payload)
        .header("webhook-id", id)
        .header("webhook-timestamp", now_s.to_string())
        .header("webhook-signature", signature);
    for (name, value) in &work.headers {
        request = request.header(name, Secret::new(value));
    }
    request
}

/// The start of an answer, as text.
fn start_of(answer: &OutgoingAnswer) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    text.chars().filter(|c| !c.is_control() || *c == '\n').take(ANSWER_CHARS_MAX).collect()
}

/// The text of a delivery: the one that an earlier attempt made, or a new one.
async fn payload(app: &App, scope: &Scope, work: &Work) -> Result<String> {
    if let Some(payload) = &work.payload {
        return Ok(payload.clone());
    }
    let data = data(app, scope, work).await?;
    let project = scope.project().ok_or_else(|| Error::internal("a webhook without a project"))?;
    let mut payload = json!({ "event": work.event, "projectId": project, "data": data });
    let mut text = payload.to_string();
    if text.len() > PAYLOAD_BYTES_MAX {
        payload["data"] = json!({ "id": work.document, "_id": work.document, "truncated": true });
        text = payload.to_string();
    }
    text = files::told_anew(&text, &[project], || app.settings.media_url()).unwrap_or(text);
    let (delivery, kept) = (work.delivery, text.clone());
    app.store.write(scope, move |tx| webhooks::keep_payload(tx, delivery, &kept)).await?;
    Ok(text)
}

/// What a delivery is about, as REST v3 answers it; of what is gone only the id.
async fn data(app: &App, scope: &Scope, work: &Work) -> Result<Json> {
    let Some(id) = work.document else {
        return Ok(json!({ "message": "this webhook works" }));
    };
    let found = match topic_of(&work.event) {
        "ticket" => talk(app, scope, &TICKET, id).await?,
        "message" => talk(app, scope, &MESSAGE, id).await?,
        _ => app
            .store
            .read(scope, move |tx| tx.find(&CONTACT, id))
            .await?
            .map(|contact| contact.view(&CONTACT)),
    };
    Ok(found.unwrap_or_else(|| json!({ "id": id, "_id": id })))
}

/// A ticket or message with what it names.
async fn talk(app: &App, scope: &Scope, kind: &'static Kind, id: Id) -> Result<Option<Json>> {
    let found = app.store.read(scope, move |tx| {
        let Some(doc) = tx.find(kind, id)? else { return Ok(None) };
        let parts = view::parts(tx, std::slice::from_ref(&doc), false)?;
        Ok(Some((doc, parts)))
    });
    let Some((doc, parts)) = found.await? else { return Ok(None) };
    let people = people::of(app, scope, parts.users()).await?;
    let shown = if kind.name == TICKET.name { view::ticket } else { view::message };
    let mut shown = shown(&doc, &parts, &people, scope);
    // Whoever has it reads the conversation without signing in.
    if let Some(shown) = shown.as_object_mut() {
        shown.shift_remove("secretShareToken");
    }
    Ok(Some(shown))
}
