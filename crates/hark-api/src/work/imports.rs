//! Moves an import on by one part: stored rows, or a page of the product that it reads.

use std::time::Duration;

use hark_core::imports::{self, Batch, Origin, Step, Work, read_records};
use hark_deliver::secret::Secret;
use hark_deliver::service::ServiceError;
use hark_deliver::sources::Source;
use hark_store::{Error, JobError, LeasedJob, Result};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::app::App;

/// What an import needs to reach its source, as it is kept until its end.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SourceInput {
    endpoint: Option<String>,
    api_key: Secret,
    subdomain: String,
    email: String,
    api_token: Secret,
}

/// The source of an import, made of what its start was given.
///
/// # Errors
/// [`ServiceError::Refused`] when there can be no such source.
pub(crate) fn source_of(app: &App, origin: Origin, input: &Json) -> Result<Source, ServiceError> {
    let urls = &app.settings.services;
    let input = SourceInput::deserialize(input).map_err(|_| {
        ServiceError::Refused("the credentials were stored wrongly, start a new import".to_owned())
    })?;
    match origin {
        Origin::Intercom => Ok(Source::intercom(urls, input.endpoint.as_deref(), input.api_key)),
        Origin::Hubspot => Ok(Source::hubspot(urls, input.api_key)),
        Origin::Zendesk => Source::zendesk(urls, &input.subdomain, input.email, input.api_token),
        Origin::Json | Origin::Ndjson | Origin::Csv => {
            Err(ServiceError::Refused("a file has no source that could be asked".to_owned()))
        }
    }
}

/// Runs the job of an import, to its end and the next one's beginning.
///
/// # Errors
/// [`JobError`] when another attempt may do better.
pub async fn work(app: App, job: LeasedJob) -> Result<(), JobError> {
    let import = imports::import_of(&job)?;
    let done = match app.store.read(job.scope(), move |tx| imports::next_step(tx, import)).await? {
        Step::Nothing => Ok(()),
        Step::Forget(work) => write(&app, &job, move |tx, job| imports::settle(tx, job, &work)).await,
        Step::Rows(work, rows) => {
            let batch = Batch { rows, total: None, next: None };
            take(&app, &job, work, batch).await
        }
        Step::Fetch(work, source, cursor) => fetch(&app, &job, work, source, cursor).await,
    };
    match done {
        // Somebody cancelled the import, or another worker has the job: there is nothing left to do here.
        Err(Error::Stale { .. }) => Ok(()),
        done => Ok(done?),
    }
}

async fn fetch(app: &App, job: &LeasedJob, work: Work, source: Json, cursor: Option<String>) -> Result<()> {
    let origin = work.origin()?;
    let now_s = app.store.clock().now() / 1_000;
    let page = match source_of(app, origin, &source) {
        Ok(source) => source.page(&app.egress, cursor.as_deref(), now_s).await,
        Err(error) => Err(error),
    };
    match page {
        Ok(page) => {
            let rows = read_records(origin, &page.records, work.count());
            take(app, job, work, Batch { rows, total: page.total, next: page.next }).await
        }
        Err(ServiceError::Busy { retry_after_s, .. }) => {
            let message = "the source takes no more calls for now";
            let after = Duration::from_secs(retry_after_s);
            write(app, job, move |tx, job| imports::pause(tx, job, &work, message, after)).await
        }
        Err(ServiceError::Refused(message)) => give_up(app, job, work, message, false).await,
        Err(ServiceError::Failed(message)) if is_last(job) => give_up(app, job, work, message, true).await,
        Err(error @ ServiceError::Failed(_)) => Err(Error::Upstream(error.to_string())),
    }
}

/// Writes a batch. After the last attempt the import shows that it was given up.
async fn take(app: &App, job: &LeasedJob, work: Work, batch: Batch) -> Result<()> {
    let given_up = work.clone();
    match write(app, job, move |tx, job| imports::advance(tx, job, &work, &batch).map(drop)).await {
        Err(error) if is_last(job) && !matches!(error, Error::Stale { .. }) => {
            tracing::error!(job.id = %job.id, ?error, "an import could not be written and was given up");
            let message = "the contacts could not be written, the operator finds the reason in the log";
            give_up(app, job, given_up, message.to_owned(), true).await
        }
        done => done,
    }
}

async fn give_up(app: &App, job: &LeasedJob, work: Work, message: String, resumable: bool) -> Result<()> {
    write(app, job, move |tx, job| imports::fail(tx, job, &work, &message, resumable)).await
}

async fn write(
    app: &App,
    job: &LeasedJob,
    mut change: impl FnMut(&mut hark_store::Tx<'_>, &LeasedJob) -> Result<()> + Send + 'static,
) -> Result<()> {
    let held = job.clone();
    app.store.write(job.scope(), move |tx| change(tx, &held)).await
}

fn is_last(job: &LeasedJob) -> bool {
    job.attempt >= job.attempts_max
}
