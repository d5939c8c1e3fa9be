//! Messages that are sent later: at a moment, or after a delay within which they can be taken back.

use hark_query::dates::{format_date, parse_date};
use hark_store::{Body, Doc, Error, Field, Id, Kind, LeasedJob, Millis, NewJob, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::post::{Author, NewMessage, checked, post};
use crate::tickets::{Attachment, Reference, TICKET};

/// A message that waits to be sent. It is gone when it was.
pub const SCHEDULED_MESSAGE: Kind = Kind {
    feed: true,
    ..Kind::new(
        "scheduled message",
        "scheduled_message",
        &[Field::text("ticket", "ticket"), Field::text("user", "user_id"), Field::text("sendAt", "send_at")],
    )
};

/// The kind of job that sends a scheduled message.
pub const SEND_JOB: &str = "message.send";
/// The longest delay: a year.
const DELAY_MAX_MS: Millis = 366 * 24 * 3_600_000;
/// Messages that wait in one ticket.
const WAITING_MAX: usize = 50;

/// A message that is to be sent later.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ScheduledInput {
    /// The ticket.
    pub ticket: Option<Reference>,
    /// What it says: a text, or a TipTap document as a JSON object.
    pub comment: Option<Json>,
    /// Whether only agents see it.
    pub is_note: Option<bool>,
    /// Files.
    pub attachments: Option<Vec<Attachment>>,
    /// When it is sent, ISO 8601.
    pub send_at: Option<String>,
    /// Instead of that, seconds from now.
    pub delay: Option<f64>,
}

/// Plans a message of a user.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ticket, [`Error::Invalid`] for a message that could not be
/// posted, or a time that is past or more than a year ahead.
pub fn schedule(tx: &mut Tx<'_>, user: Id, mut input: Body) -> Result<Doc> {
    let send_at = moment(tx.now(), input.shift_remove("sendAt"), input.shift_remove("delay"))?;
    let ticket = super::reference("ticket", &input)?;
    let ticket = ticket.ok_or_else(|| Error::invalid("`ticket` is missing, send the id of the ticket"))?;
    let comment = input.shift_remove("comment").unwrap_or_default();
    let note = input.shift_remove("isNote").unwrap_or_default() == true;
    input.retain(|name, _| name == "attachments");
    checked(&NewMessage {
        ticket,
        author: Author::User(user),
        content: comment.clone(),
        note,
        properties: input.clone(),
    })?;
    tx.get_locked(&TICKET, ticket)?;
    if tx.all_by(&SCHEDULED_MESSAGE, "ticket", &ticket.to_string(), WAITING_MAX as u32)?.len() >= WAITING_MAX
    {
        return Err(Error::invalid(format!("{WAITING_MAX} messages wait in this ticket already")));
    }
    let mut body = to_body(json!({
        "ticket": ticket, "user": user, "comment": comment, "isNote": note, "sendAt": format_date(send_at),
    }));
    body.extend(input.into_iter().filter(|(_, value)| !value.is_null()));
    let message = tx.insert(&SCHEDULED_MESSAGE, body)?;
    let job = NewJob::new(SEND_JOB, json!({"message": message.id})).at(send_at);
    tx.enqueue(job.unique(key(message.id)))?;
    Ok(message)
}

fn moment(now: Millis, send_at: Option<Json>, delay: Option<Json>) -> Result<Millis> {
    let wrong =
        || Error::invalid("send `sendAt`, a moment ahead, or `delay`, seconds from now, up to a year");
    let at = match (send_at.as_ref().and_then(Json::as_str), delay.as_ref().and_then(Json::as_f64)) {
        (Some(text), None) => parse_date(text).ok_or_else(wrong)?,
        (None, Some(seconds)) if seconds.is_finite() => now.saturating_add((seconds * 1_000.0) as Millis),
        _ => return Err(wrong()),
    };
    if at <= now || at > now + DELAY_MAX_MS { Err(wrong()) } else { Ok(at) }
}

/// Takes a message back that was not sent yet, and returns it.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it was sent; [`Error::Forbidden`] when another user wrote it.
pub fn cancel_scheduled(tx: &mut Tx<'_>, user: Id, id: Id) -> Result<Doc> {
    let message = tx.get_locked(&SCHEDULED_MESSAGE, id)?;
    if message.reference("user") != Some(user) {
        return Err(Error::Forbidden("only who wrote a message can take it back".to_owned()));
    }
    tx.delete(&SCHEDULED_MESSAGE, id)?;
    tx.cancel(&key(id))?;
    Ok(message)
}

/// Sends the message of a job and finishes the job.
pub fn send(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let id = job.payload["message"].as_str().and_then(Id::parse);
    let message = id.map(|id| tx.find_locked(&SCHEDULED_MESSAGE, id)).transpose()?.flatten();
    if let Some(message) = message {
        tx.delete(&SCHEDULED_MESSAGE, message.id)?;
        if let Some(new) = new_message(&message) {
            post(tx, new)?;
        }
    }
    tx.finish_job(job)
}

fn new_message(scheduled: &Doc) -> Option<NewMessage> {
    let attachments = scheduled.body.get("attachments").cloned();
    Some(NewMessage {
        ticket: scheduled.reference("ticket")?,
        author: Author::User(scheduled.reference("user")?),
        content: scheduled.body.get("comment").cloned().unwrap_or_default(),
        note: scheduled.is_true("isNote"),
        properties: attachments.map(|list| ("attachments".to_owned(), list)).into_iter().collect(),
    })
}

fn key(id: Id) -> String {
    format!("{SEND_JOB}:{id}")
}
