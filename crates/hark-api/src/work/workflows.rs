//! Runs workflows, one step and one transaction after the other, and sends their mails.

use hark_content::Rich;
use hark_core::automation::{self, Needs, Progress};
use hark_deliver::mail::Mail;
use hark_store::{Error, JobError, LeasedJob, Result, Scope};

use super::mail;
use crate::app::App;
use crate::people;

/// Runs a job's workflow to its end, or to where it waits.
pub(super) async fn run(app: App, job: LeasedJob) -> Result<(), JobError> {
    loop {
        match step(&app, &job).await {
            Ok(Progress::More) => {}
            Ok(Progress::Done) => return Ok(()),
            Err(error) if is_refusal(&error) => {
                let (held, reason) = (job.clone(), error.to_string());
                app.store.write(job.scope(), move |tx| automation::fail_step(tx, &held, &reason)).await?;
            }
            // Another worker has the job.
            Err(Error::Stale { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

async fn step(app: &App, job: &LeasedJob) -> Result<Progress> {
    let held = job.clone();
    let needs = app.store.read(job.scope(), move |tx| automation::needs_of_step(tx, &held)).await?;
    provide(app, job.scope(), needs).await?;
    let held = job.clone();
    app.store.write(job.scope(), move |tx| automation::step(tx, &held)).await
}

/// Goes on if there is what actions need.
///
/// # Errors
/// [`Error::Invalid`] for a user who does not work in the project, [`Error::NotConfigured`] for mail
/// without a mail server.
pub(crate) async fn provide(app: &App, scope: &Scope, needs: Needs) -> Result<()> {
    people::need(app, scope, needs.users).await?;
    if needs.mail && !app.mailer.configured() {
        let sentence = "no mail server is configured for send_email, ask the operator of this server for one";
        return Err(Error::NotConfigured(sentence.to_owned()));
    }
    Ok(())
}

/// Whether an action cannot work, however often it is tried.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error,
        Error::NotFound { .. }
            | Error::Conflict { .. }
            | Error::Invalid(_)
            | Error::TooLarge(_)
            | Error::Forbidden(_)
            | Error::NotConfigured(_)
    )
}

/// Sends the mail of a step.
pub(super) async fn send_mail(app: App, job: LeasedJob) -> Result<(), JobError> {
    let held = job.clone();
    let Some(letter) = app.store.read(job.scope(), move |tx| automation::mail_of(tx, &held)).await? else {
        return Ok(());
    };
    let content = Rich::from_wire(&letter.content).map_err(Error::from)?;
    let mail = Mail {
        to: letter.to,
        subject: letter.subject,
        text: content.document().to_plain_with_addresses(),
        html: Some(content.html().into_string()),
        headers: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        // The same in each attempt, so that nobody reads it twice.
        message_id: mail::message_id(&app, &job.id.to_string()),
    };
    mail::send_of(&app, &job, mail).await
}
