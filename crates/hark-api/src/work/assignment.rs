//! Hands out tickets: finds out who can take them, which is known outside of the project too.

use hark_core::access::people;
use hark_core::assignment::{self, Agents};
use hark_core::presence;
use hark_store::{JobError, LeasedJob, Store};

/// Hands out what waits in a job's project.
pub(super) async fn run(store: Store, job: LeasedJob) -> Result<(), JobError> {
    let Some(project) = job.scope().project() else { return Ok(()) };
    let organisation = job.scope().organisation();
    let (candidates, online) =
        store.read(job.scope(), |tx| Ok((assignment::candidates(tx)?, presence::online(tx)?))).await?;
    let available = store
        .read(&store.operator(), move |tx| people::available(tx, project, organisation, &candidates))
        .await?;
    let agents = Agents { available, online: online.into_iter().collect() };
    let held = job.clone();
    Ok(store.write(job.scope(), move |tx| assignment::run(tx, &held, &agents)).await?)
}
