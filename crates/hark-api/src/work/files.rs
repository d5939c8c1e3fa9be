//! Deletes the objects of files that are gone, were never finished, or are named by nothing.

use hark_core::files;
use hark_store::{JobError, LeasedJob};

use crate::app::App;

/// Deletes what is to be deleted, and looks again when the next file may have been given up.
///
/// An object goes before its row, so that an attempt that fails leaves the rows of what is left.
pub(super) async fn tidy(app: App, job: LeasedJob) -> Result<(), JobError> {
    while app.store.write(job.scope(), files::give_up_loose).await? {}
    loop {
        let removable = app.store.read(job.scope(), files::removable).await?;
        if removable.is_empty() {
            break;
        }
        for (id, key) in removable {
            app.files.delete(&key).await?;
            app.store.write(job.scope(), move |tx| files::removed(tx, id)).await?;
        }
    }
    app.store.write(job.scope(), files::tidied).await?;
    Ok(())
}
