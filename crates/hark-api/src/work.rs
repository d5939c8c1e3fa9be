//! Background work: which handler runs which kind of job.

mod files;
pub mod imports;
mod mail;

use hark_core::access::letters::MAIL_JOB;
use hark_core::files::TIDY_JOB;
use hark_core::imports::{JOB as IMPORT_JOB, died as import_died};
use hark_store::Registry;

use crate::app::App;

/// The handlers of everything that handlers of calls enqueue.
pub fn registry(app: &App) -> Registry {
    let (app, importing, tidying) = (app.clone(), app.clone(), app.clone());
    Registry::new()
        .on(MAIL_JOB, move |_, job| mail::send(app.clone(), job))
        .on(IMPORT_JOB, move |_, job| imports::work(importing.clone(), job))
        .on_dead(IMPORT_JOB, import_died)
        .on(TIDY_JOB, move |_, job| files::tidy(tidying.clone(), job))
}
