//! Hands out tickets: finds out who can take them, which is known outside of the project too, and lets
//! projects follow when that changes there.

use hark_core::access::people;
use hark_core::assignment::agents::{self, Changed};
use hark_core::assignment::{self, Agents};
use hark_core::presence;
use hark_store::{Error, JobError, LeasedJob, Store};

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

/// Lets projects follow a change of an agent: who left hands over the tickets, a little at a time.
pub(super) async fn follow(store: Store, job: LeasedJob) -> Result<(), JobError> {
    let changed: Changed = job.open()?;
    for concerned in store.read(job.scope(), move |tx| changed.concerns(tx)).await? {
        let scope = match store.operator_of(concerned.project).await {
            Ok(scope) => scope,
            // It was deleted meanwhile.
            Err(Error::NotFound { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        if concerned.works_here {
            store.write(&scope, assignment::wake).await?;
            continue;
        }
        while store.write(&scope, move |tx| agents::leave(tx, changed.user)).await? {}
    }
    Ok(())
}
