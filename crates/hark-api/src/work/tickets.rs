//! Background work on tickets: waking those that sleep, and archiving many.

use hark_core::tickets::{actions, wake};
use hark_store::{Id, JobError, LeasedJob, Result, Tx};
use serde::Deserialize;

use crate::app::App;

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
