//! Links between tickets: each of two linked tickets names the other.

use hark_store::{Body, Doc, Error, Id, Result, Tx};
use serde_json::{Value as Json, json};

use super::references::LINKS_MAX;
use super::{TICKET, events};

/// The tickets that a ticket names.
pub(super) fn linked(body: &Body) -> Vec<Id> {
    let ids = body.get("linkedTickets").and_then(Json::as_array).into_iter().flatten();
    ids.filter_map(Json::as_str).filter_map(Id::parse).collect()
}

/// Makes the tickets that a ticket names name it too, and those that it named before no longer.
pub(super) fn mirror(tx: &mut Tx<'_>, ticket: &Doc, before: &[Id]) -> Result<()> {
    let now = linked(&ticket.body);
    let gone = before.iter().filter(|id| !now.contains(id));
    let new = now.iter().filter(|id| !before.contains(id));
    let mut others: Vec<(Id, bool)> = gone.map(|id| (*id, false)).chain(new.map(|id| (*id, true))).collect();
    // Always in the order of ids, so that two transactions cannot wait for each other.
    others.sort_unstable();
    for (other, link) in others {
        if other == ticket.id {
            return Err(Error::invalid("a ticket cannot be linked to itself"));
        }
        set_link(tx, other, ticket.id, link)?;
    }
    Ok(())
}

/// Takes a ticket out of what others name.
pub(super) fn cut(tx: &mut Tx<'_>, ticket: &Doc) -> Result<()> {
    for other in linked(&ticket.body) {
        set_link(tx, other, ticket.id, false)?;
    }
    Ok(())
}

fn set_link(tx: &mut Tx<'_>, ticket: Id, to: Id, link: bool) -> Result<()> {
    let Some(mut ticket) = tx.find_locked(&TICKET, ticket)? else { return Ok(()) };
    let mut ids = linked(&ticket.body);
    if ids.contains(&to) == link {
        return Ok(());
    }
    if link {
        ids.push(to);
    } else {
        ids.retain(|id| *id != to);
    }
    if ids.len() > LINKS_MAX {
        return Err(Error::invalid(format!("ticket {} is linked to {LINKS_MAX} tickets already", ticket.id)));
    }
    let before = ticket.body.clone();
    ticket.set("linkedTickets", json!(ids));
    let ticket = tx.save(&TICKET, ticket)?;
    events::record_changes(tx, &before, &ticket)
}
