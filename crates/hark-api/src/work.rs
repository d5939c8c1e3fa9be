//! Background work: which handler runs which kind of job.

pub mod imports;
mod mail;
mod tickets;

use hark_core::access::letters::MAIL_JOB;
use hark_core::imports::{JOB as IMPORT_JOB, died as import_died};
use hark_core::tickets::actions::ARCHIVE_JOB;
use hark_core::tickets::{TRANSCRIPT_JOB, WAKE_JOB};
use hark_store::Registry;

use crate::app::App;

/// The handlers of everything that handlers of calls enqueue.
pub fn registry(app: &App) -> Registry {
    let (app, importing) = (app.clone(), app.clone());
    let (waking, archiving, writing) = (app.clone(), app.clone(), app.clone());
    Registry::new()
        .on(MAIL_JOB, move |_, job| mail::send(app.clone(), job))
        .on(IMPORT_JOB, move |_, job| imports::work(importing.clone(), job))
        .on_dead(IMPORT_JOB, import_died)
        .on(WAKE_JOB, move |_, job| tickets::wake_up(waking.clone(), job))
        .on(ARCHIVE_JOB, move |_, job| tickets::archive(archiving.clone(), job))
        .on(TRANSCRIPT_JOB, move |_, job| tickets::transcript(writing.clone(), job))
}
