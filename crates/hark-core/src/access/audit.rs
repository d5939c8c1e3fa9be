//! Who changed who may do what: entries in the audit log of the project or organisation it counts in.

use std::fmt::Display;

use hark_store::{Id, Result, Tx};
use serde_json::Value as Json;

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
