//! Streams are kept for a while: what is older is deleted, a little at a time.

use std::time::Duration;

use hark_query::Filter;
use hark_store::access::PROJECT;
use hark_store::{Id, Listing, Millis, Result, Store};

/// How long events are kept; a client that was away for longer begins anew.
const KEPT_MS: Millis = 7 * 24 * 60 * 60 * 1_000;
/// How often old events are looked for.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Projects that are read at a time.
const PROJECTS_PER_READ: u32 = 200;
/// The pause between two deletions, in which others write.
const PAUSE: Duration = Duration::from_millis(50);

/// Deletes old events for ever. Nodes may do so at the same time.
pub(super) async fn keep_trimmed(store: Store) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = trim(&store).await {
            tracing::warn!(error = format!("{error:?}"), "old events could not be deleted");
        }
    }
}

/// Deletes the events of all projects that are too old, but of each stream its last.
///
/// # Errors
/// When the database fails.
pub async fn trim(store: &Store) -> Result<()> {
    let mut listing = Listing::new(Filter::everything(), PROJECTS_PER_READ);
    loop {
        let part = listing.clone();
        let page = store.read(&store.operator(), move |tx| tx.list(&PROJECT, &part)).await?;
        for project in &page.docs {
            trim_project(store, project.id).await?;
        }
        let Some(next) = page.next else { return Ok(()) };
        listing.cursor = Some(next);
    }
}

async fn trim_project(store: &Store, project: Id) -> Result<()> {
    let scope = store.operator_of(project).await?;
    let before = store.clock().now() - KEPT_MS;
    while store.write(&scope, move |tx| tx.trim_feed(before, 1)).await? > 0 {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
