//! Tells users of what happened in tickets, in the dashboard and by mail.

use hark_core::notifications::{self, Hearer, MailJob, News};
use hark_deliver::mail::Mail;
use hark_store::{Id, JobError, LeasedJob, Result, Store};

use super::mail;
use crate::app::App;
use crate::people;

/// Tells those whom a piece of news concerns; who that could be is known outside of the project.
pub(super) async fn tell(store: Store, job: LeasedJob) -> Result<(), JobError> {
    let news: News = job.open()?;
    let Some(project) = job.scope().project() else { return Ok(()) };
    let organisation = job.scope().organisation();
    let hearers =
        store.read(&store.operator(), move |tx| notifications::hearers(tx, project, organisation)).await?;
    let held = job.clone();
    Ok(store.write(job.scope(), move |tx| notifications::tell(tx, &held, &news, &hearers)).await?)
}

/// Mails what gathered in a ticket to somebody who may still read it and has not.
pub(super) async fn send_mail(app: App, job: LeasedJob) -> Result<(), JobError> {
    let wanted: MailJob = job.open()?;
    let Some(project) = job.scope().project().filter(|_| app.mailer.configured()) else { return Ok(()) };
    let Some(to) = hearer(&app, &job, project, wanted.user).await? else { return Ok(()) };
    let (held, reader) = (job.clone(), to.clone());
    let begin = move |tx: &mut hark_store::Tx<'_>| notifications::begin_letter(tx, &held, wanted, &reader);
    let Some(letter) = app.store.write(job.scope(), begin).await? else { return Ok(()) };
    let people = people::of(&app, job.scope(), letter.users()).await?;
    let public_url = &app.settings.public_url;
    let Some((subject, text)) = notifications::write_letter(&letter, &to, &people, project, public_url)
    else {
        return Ok(());
    };
    let mail = Mail {
        to: to.email,
        subject,
        text,
        headers: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        // The same in each attempt, so that nobody reads it twice.
        message_id: mail::message_id(&app, &job.id.to_string()),
        ..Mail::default()
    };
    mail::send_of(&app, &job, mail).await?;
    let held = job.clone();
    Ok(app.store.write(job.scope(), move |tx| notifications::mailed(tx, &held, &letter)).await?)
}

async fn hearer(app: &App, job: &LeasedJob, project: Id, user: Id) -> Result<Option<Hearer>> {
    let organisation = job.scope().organisation();
    app.store
        .read(&app.store.operator(), move |tx| notifications::hearer(tx, project, organisation, user))
        .await
}
