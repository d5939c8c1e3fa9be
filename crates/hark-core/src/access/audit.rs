//! Who changed who may do what: entries in the audit log of the project or organisation it counts in.

use std::fmt::Display;

use hark_store::{Id, Result, Tx};
use serde_json::Value as Json;

use super::members;

/// Notes an administrative action, in the instance's scope.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    place: Id,
    action: &'static str,
    target: impl Display,
    detail: Json,
) -> Result<()> {
    tx.audit_in(place, action, Some(target.to_string()), detail)
}

/// Notes that a user changed how it signs in, in the instance's scope: in the log of each organisation
/// that it works for.
pub(crate) fn of_user(tx: &mut Tx<'_>, user: Id, action: &'static str, detail: Json) -> Result<()> {
    for organisation in members::organisations(tx, user)? {
        note(tx, organisation, action, user, detail.clone())?;
    }
    Ok(())
}
