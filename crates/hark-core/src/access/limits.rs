//! The limits that a project sets its own callers, below those of the operator.

use hark_store::access::PROJECT;
use hark_store::{Body, Doc, Error, Id, Result, Tx};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::audit;
use crate::documents::expect_revision;

/// Calls a minute below which no limit can be set: whoever set it must be able to change it again.
const MIN: u32 = 600;

/// Limits to be set, in calls a minute; null is the server's limit again.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LimitsInput {
    /// REST calls with any token.
    #[schemars(with = "Option<u32>")]
    pub rest: Json,
    /// Calls of the project's SDKs.
    #[schemars(with = "Option<u32>")]
    pub sdk: Json,
    /// Calls of server-side tracking.
    #[schemars(with = "Option<u32>")]
    pub tracking: Json,
}

/// A budget of a project: its name on the wire, and the operator's limit.
#[derive(Clone, Copy, Debug)]
pub struct Ceiling {
    /// `rest`, `sdk` or `tracking`.
    pub name: &'static str,
    /// Calls a minute at most.
    pub max: u32,
}

impl Ceiling {
    /// The smallest limit that a project can set.
    pub fn min(&self) -> u32 {
        MIN.min(self.max)
    }
}

/// Sets limits of a project; null takes one back. With `expected`, only if the project still has this
/// revision.
///
/// # Errors
/// [`Error::Stale`], and [`Error::Invalid`] for a limit out of bounds or when none is set.
pub fn set(
    tx: &mut Tx<'_>,
    project: Id,
    changes: &Body,
    ceilings: &[Ceiling],
    expected: Option<i64>,
) -> Result<Doc> {
    if changes.is_empty() {
        return Err(Error::invalid("nothing is set, send `rest`, `sdk` or `tracking` with calls a minute"));
    }
    let mut doc = tx.get_locked(&PROJECT, project)?;
    expect_revision(&PROJECT, &doc, expected)?;
    let mut limits = doc.body.get("limits").and_then(Json::as_object).cloned().unwrap_or_default();
    let mut changed = json!({});
    for ceiling in ceilings {
        let Some(limit) = changes.get(ceiling.name) else { continue };
        let (min, max) = (u64::from(ceiling.min()), u64::from(ceiling.max));
        let sound = limit.is_null() || limit.as_u64().is_some_and(|limit| (min..=max).contains(&limit));
        if !sound {
            return Err(Error::invalid(format!(
                "`{}` must be a whole number of calls a minute from {min} to {max}, or null for the server's limit",
                ceiling.name
            )));
        }
        let before = limits.shift_remove(ceiling.name);
        if before.as_ref().unwrap_or(&Json::Null) != limit {
            changed[ceiling.name] = json!({"from": before, "to": limit});
        }
        if !limit.is_null() {
            limits.insert(ceiling.name.to_owned(), limit.clone());
        }
    }
    if changed == json!({}) {
        return Ok(doc);
    }
    doc.set("limits", if limits.is_empty() { Json::Null } else { Json::Object(limits) });
    let doc = tx.save(&PROJECT, doc)?;
    audit::note(tx, project, "project.limits.changed", project, changed)?;
    Ok(doc)
}
