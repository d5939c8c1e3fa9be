//! Whether an agent takes tickets of a project.

use hark_store::access::USER;
use hark_store::{Id, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::access::people::takes_tickets;

/// Whether an agent takes tickets.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub struct AvailabilityInput {
    /// Whether it does, in this project.
    pub available: bool,
}

/// Whether an agent takes tickets, as it is answered.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct AvailabilityView {
    /// Whether it does, in this project.
    pub available: bool,
    /// Whether it has the project open.
    pub online: bool,
}

/// Whether a user takes tickets of a project; in the instance's scope.
pub fn takes(tx: &ReadTx<'_>, user: Id, project: Id) -> Result<bool> {
    Ok(takes_tickets(&tx.get(&USER, user)?, project))
}

/// Notes whether a user takes tickets of a project; in the instance's scope. Who begins to take them
/// somewhere is not away everywhere.
pub fn set(tx: &mut Tx<'_>, user: Id, project: Id, available: bool) -> Result<()> {
    let mut user = tx.get_locked(&USER, user)?;
    if takes_tickets(&user, project) == available {
        return Ok(());
    }
    let away = user.body.get("unavailableProjects").and_then(Json::as_array).into_iter().flatten();
    let mut away: Vec<Json> = away.filter(|id| **id != json!(project)).cloned().collect();
    if available {
        user.set("available", true);
    } else {
        away.push(json!(project));
    }
    user.set("unavailableProjects", away);
    tx.save(&USER, user).map(drop)
}
