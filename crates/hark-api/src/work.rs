//! Background work: which handler runs which kind of job.

mod assignment;
mod files;
pub mod imports;
mod mail;
mod notifications;
mod pictures;
mod tickets;
mod webhooks;
pub(crate) mod workflows;

use hark_core::access::letters::MAIL_JOB;
use hark_core::assignment::ASSIGNMENT_JOB;
use hark_core::assignment::agents::AGENT_JOB;
use hark_core::automation::{self, FORGET_JOB, MAIL_JOB as WORKFLOW_MAIL_JOB, RUN_JOB, TRIAL_JOB};
use hark_core::files::TIDY_JOB;
use hark_core::follow;
use hark_core::imports::{JOB as IMPORT_JOB, died as import_died};
use hark_core::messages::{SEND_JOB, send};
use hark_core::notifications::{
    MAIL_JOB as NOTIFICATION_MAIL_JOB, NEWS_JOB, TIDY_JOB as NOTIFICATION_TIDY_JOB, tidy,
};
use hark_core::reports::RENDER_JOB;
use hark_core::sla::{self, SLA_JOB};
use hark_core::tickets::actions::ARCHIVE_JOB;
use hark_core::tickets::{TRANSCRIPT_JOB, WAKE_JOB};
use hark_core::webhooks::{WEBHOOK_JOB, died as webhook_died};
use hark_store::{
    COMPACT_JOB, FOLLOW_JOB, JobError, LeasedJob, ONCE_JOB, Registry, Result, SWEEP_JOB, Store, Tx,
    compact_words, forget_calls, sweep_words,
};

use crate::app::App;

/// The handlers of everything that handlers of calls enqueue.
pub fn registry(app: &App) -> Registry {
    let (app, importing, sending, tidying) = (app.clone(), app.clone(), app.clone(), app.clone());
    let (running, mailing) = (app.clone(), app.clone());
    let (waking, archiving, writing) = (app.clone(), app.clone(), app.clone());
    let (drawing, telling) = (app.clone(), app.clone());
    Registry::new()
        .on(MAIL_JOB, move |_, job| mail::send(app.clone(), job))
        .on(IMPORT_JOB, move |_, job| imports::work(importing.clone(), job))
        .on_dead(IMPORT_JOB, import_died)
        .on(RENDER_JOB, move |_, job| pictures::render(drawing.clone(), job))
        .on_dead(RENDER_JOB, pictures::died)
        .on(WAKE_JOB, move |_, job| tickets::wake_up(waking.clone(), job))
        .on(ARCHIVE_JOB, move |_, job| tickets::archive(archiving.clone(), job))
        .on(TRANSCRIPT_JOB, move |_, job| tickets::transcript(writing.clone(), job))
        .on(TIDY_JOB, move |_, job| files::tidy(tidying.clone(), job))
        .on(SEND_JOB, |store, job| rule(store, job, send))
        .on(FOLLOW_JOB, |store, job| rule(store, job, follow::advance))
        .on(WEBHOOK_JOB, move |_, job| webhooks::send(sending.clone(), job))
        .on_dead(WEBHOOK_JOB, webhook_died)
        .on(RUN_JOB, move |_, job| workflows::run(running.clone(), job))
        .on_dead(RUN_JOB, automation::died)
        .on(SWEEP_JOB, |store, job| rule(store, job, sweep_words))
        .on(COMPACT_JOB, |store, job| rule(store, job, compact_words))
        .on(ONCE_JOB, |store, job| rule(store, job, forget_calls))
        .on(FORGET_JOB, |store, job| rule(store, job, automation::forget_old))
        .on(WORKFLOW_MAIL_JOB, move |_, job| workflows::send_mail(mailing.clone(), job))
        .on_dead(WORKFLOW_MAIL_JOB, automation::mail_died)
        .on(NEWS_JOB, notifications::tell)
        .on(NOTIFICATION_MAIL_JOB, move |_, job| notifications::send_mail(telling.clone(), job))
        .on(NOTIFICATION_TIDY_JOB, |store, job| rule(store, job, tidy))
        .on(SLA_JOB, |store, job| rule(store, job, sla::breach))
        .on(ASSIGNMENT_JOB, assignment::run)
        .on(AGENT_JOB, assignment::follow)
        .on(TRIAL_JOB, |store, job| rule(store, job, automation::advance_trial))
}

/// Runs a job that is one rule, which finishes it.
async fn rule(
    store: Store,
    job: LeasedJob,
    rule: fn(&mut Tx<'_>, &LeasedJob) -> Result<()>,
) -> Result<(), JobError> {
    let held = job.clone();
    Ok(store.write(job.scope(), move |tx| rule(tx, &held)).await?)
}
