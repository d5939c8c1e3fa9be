//! Background work on tickets: waking those that sleep, archiving many, and sending transcripts.

use hark_core::tickets::view::parts;
use hark_core::tickets::{TranscriptJob, actions, conversation, wake, write_transcript};
use hark_deliver::mail::Mail;
use hark_store::{Id, JobError, LeasedJob, ReadTx, Result, Tx};
use serde::Deserialize;

use super::mail;
use crate::app::App;
use crate::people;

/// The ticket that a job is about.
#[derive(Deserialize)]
struct One {
    ticket: Id,
}

/// The tickets that a job archives.
#[derive(Deserialize)]
struct Lane {
    #[serde(rename = "type")]
    ticket_type: String,
    status: String,
}

/// Wakes a ticket whose time has come.
pub(super) async fn wake_up(app: App, job: LeasedJob) -> Result<(), JobError> {
    let one: One = job.open()?;
    finish(&app, job, move |tx| wake(tx, one.ticket)).await
}

/// Archives some of the tickets of a type and a status.
pub(super) async fn archive(app: App, job: LeasedJob) -> Result<(), JobError> {
    let lane: Lane = job.open()?;
    finish(&app, job, move |tx| actions::archive_some(tx, &lane.ticket_type, &lane.status)).await
}

/// Sends the transcript of a ticket to one address. Every attempt has the same message id.
pub(super) async fn transcript(app: App, job: LeasedJob) -> Result<(), JobError> {
    let wanted: TranscriptJob = job.open()?;
    let work = move |tx: &ReadTx<'_>| {
        let Some(said) = conversation(tx, wanted.ticket)? else { return Ok(None) };
        let parts = parts(tx, &said.messages, false)?;
        Ok(Some((said, parts)))
    };
    let Some((said, parts)) = app.store.read(job.scope(), work).await? else { return Ok(()) };
    let people = people::of(&app, job.scope(), parts.users()).await?;
    let written = write_transcript(&said, &parts, &people);
    let mail = Mail {
        to: wanted.to,
        subject: written.subject,
        text: written.text,
        html: Some(written.html),
        headers: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        message_id: mail::message_id(&app, &job.id.to_string()),
    };
    mail::send_of(&app, &job, mail).await
}

/// Runs a rule and finishes its job in one transaction.
pub(super) async fn finish(
    app: &App,
    job: LeasedJob,
    mut rule: impl FnMut(&mut Tx<'_>) -> Result<()> + Send + 'static,
) -> Result<(), JobError> {
    let scope = job.scope().clone();
    let work = move |tx: &mut Tx<'_>| {
        rule(tx)?;
        tx.finish_job(&job)
    };
    Ok(app.store.write(&scope, work).await?)
}
