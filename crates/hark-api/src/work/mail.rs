//! Sends letters; without a mail server they are shown to the operator.

use hark_core::access::letters::Letter;
use hark_core::files;
use hark_deliver::mail::{Mail, MailError};
use hark_store::{JobError, LeasedJob};

use crate::app::App;

/// Writes the job's letter, with fresh secrets, and hands it to the mail server.
///
/// A second attempt makes the secrets of the first worthless, so it is another
/// message and has an id of its own.
pub(super) async fn send(app: App, job: LeasedJob) -> Result<(), JobError> {
    let letter: Letter = job.open()?;
    let public_url = app.settings.public_url.clone();
    let written = app.store.write(job.scope(), move |tx| letter.write(tx, &public_url)).await?;
    let Some(written) = written else {
        return Ok(());
    };
    if !app.mailer.configured() {
        // The one target that may show secrets, as docs/operate.md says.
        tracing::warn!(
            target: "hark::operator",
            to = written.to,
            text = written.text,
            "no mail server is configured, hand this letter on yourself"
        );
        return Ok(());
    }
    let mail = Mail {
        to: written.to,
        subject: written.subject.to_owned(),
        text: written.text,
        headers: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        message_id: message_id(&app, &format!("{}.{}", job.id, job.attempt)),
        ..Mail::default()
    };
    send_now(&app, &mail).await
}

/// Sends a mail about what a project stores, with the addresses of its files as they are today.
pub(super) async fn send_of(app: &App, job: &LeasedJob, mut mail: Mail) -> Result<(), JobError> {
    let project = job.scope().project();
    for text in [Some(&mut mail.text), mail.html.as_mut()].into_iter().flatten() {
        if let Some(told) = files::told_anew(text, project.as_slice(), || app.settings.media_url()) {
            *text = told;
        }
    }
    send_now(app, &mail).await
}

async fn send_now(app: &App, mail: &Mail) -> Result<(), JobError> {
    app.mailer.send(mail).await.map_err(outcome)
}

/// The id of a message: what makes it different from others, and our host.
pub(super) fn message_id(app: &App, name: &str) -> String {
    format!("{name}@{}", host_of(&app.settings.public_url))
}

/// What a mail server's answer means for a job.
fn outcome(error: MailError) -> JobError {
    if error.is_permanent() { JobError::never(error.to_string()) } else { JobError::retry(error.to_string()) }
}

/// The host of an address for browsers: `hark.example.com` of `https://hark.example.com:8443`.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or_default().to_owned()
}
