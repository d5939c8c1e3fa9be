//! The users behind the ids that documents of a project name. They are the instance's, so they are
//! read outside of the project's transaction.

use std::collections::BTreeSet;

use hark_core::access::people::{People, people};
use hark_store::{Error, Id, Result, Scope, Store};

use crate::app::App;

/// The users among these who work in the scope's project.
pub(crate) async fn of(app: &App, scope: &Scope, ids: &BTreeSet<Id>) -> Result<People> {
    read(&app.store, scope, ids).await
}

/// The same without an app around the store.
pub(crate) async fn read(store: &Store, scope: &Scope, ids: &BTreeSet<Id>) -> Result<People> {
    let Some(project) = scope.project().filter(|_| !ids.is_empty()) else {
        return Ok(People::new());
    };
    let (organisation, ids) = (scope.organisation(), ids.clone());
    store.peek(&store.operator(), move |tx| people(tx, project, organisation, &ids)).await
}

/// Goes on if all of these work in the scope's project.
///
/// # Errors
/// [`Error::Invalid`] when one does not.
pub(crate) async fn need(app: &App, scope: &Scope, ids: impl IntoIterator<Item = Id>) -> Result<()> {
    let ids: BTreeSet<Id> = ids.into_iter().collect();
    let known = of(app, scope, &ids).await?;
    match ids.iter().find(|id| !known.contains_key(id)) {
        None => Ok(()),
        Some(id) => Err(Error::invalid(format!("there is no user {id} in this project"))),
    }
}
