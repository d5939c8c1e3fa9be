//! Crashes that are the same: one ticket with a count, and a few of the others as evidence.

use hark_store::{Doc, Field, Id, Kind, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use crate::tickets::{self, Patch, TICKET, types};

/// Crashes with one fingerprint. `ticket` is the first of them, `kept` how many others have tickets.
pub const CRASH_GROUP: Kind = Kind::new(
    "crash group",
    "crash_group",
    &[Field::text("fingerprint", "fingerprint"), Field::text("ticket", "ticket")],
);

/// Repetitions of a crash that get a ticket of their own; further ones are only counted.
const KEPT_MAX: u64 = 20;

/// What a crash is among those with its fingerprint.
pub(super) enum Standing {
    /// The first one, or the first since the former was dealt with.
    First,
    /// A repetition of this ticket that is kept.
    Kept(Id),
    /// A repetition that is only counted.
    Counted,
}

/// Counts a crash. Callers hold the lock of its contact.
pub(super) fn count(tx: &mut Tx<'_>, fingerprint: &str) -> Result<Standing> {
    tx.lock_name(&format!("crash:{fingerprint}"))?;
    let Some(mut group) = tx.find_by_locked(&CRASH_GROUP, "fingerprint", fingerprint)? else {
        return Ok(Standing::First);
    };
    let first = group.reference("ticket").map(|id| tx.find_locked(&TICKET, id)).transpose()?.flatten();
    let Some(first) = first.filter(is_open) else {
        tx.delete(&CRASH_GROUP, group.id)?;
        return Ok(Standing::First);
    };
    let count = first.body.get("duplicatesCount").and_then(Json::as_u64).unwrap_or(1);
    tickets::update(tx, first.id, Patch::set("duplicatesCount", count + 1))?;
    let kept = group.body.get("kept").and_then(Json::as_u64).unwrap_or_default();
    if kept >= KEPT_MAX {
        return Ok(Standing::Counted);
    }
    group.set("kept", kept + 1);
    tx.save(&CRASH_GROUP, group)?;
    Ok(Standing::Kept(first.id))
}

/// Makes a ticket the first of its fingerprint.
pub(super) fn begin(tx: &mut Tx<'_>, fingerprint: &str, ticket: Id) -> Result<()> {
    let group = json!({"fingerprint": fingerprint, "ticket": ticket, "kept": 0});
    tx.insert(&CRASH_GROUP, to_body(group)).map(drop)
}

/// Forgets the group of a ticket that is deleted: the next such crash is a first one.
pub fn forget(tx: &mut Tx<'_>, ticket: Id) -> Result<()> {
    tx.delete_where(&CRASH_GROUP, "ticket", &ticket.to_string()).map(drop)
}

fn is_open(ticket: &Doc) -> bool {
    !ticket.is_true("archived") && !types::is_dealt_with(&ticket.body)
}
