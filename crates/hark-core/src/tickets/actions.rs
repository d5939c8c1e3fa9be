//! What agents do with tickets: snooze, link, archive.

use hark_query::dates::{format_date, parse_date};
use hark_query::{Filter, Path};
use hark_store::{Doc, Error, Id, Listing, Millis, NewJob, Result, Tx, to_body};
use serde_json::json;

use super::{Patch, TICKET, links, update};

/// Milliseconds of an hour, the unit of a snooze.
const HOUR_MS: f64 = 3_600_000.0;
/// The longest snooze: five years.
const SNOOZE_MAX_MS: Millis = 5 * 366 * 24 * 3_600_000;
/// The kind of job that archives the tickets of a type and status.
pub const ARCHIVE_JOB: &str = "ticket.archive";
/// Tickets that are archived in one transaction.
const ARCHIVE_CHUNK: u32 = 100;

/// Snoozes a ticket for hours, which need not be whole, or until a moment; neither, or 0 hours, wakes it.
///
/// # Errors
/// [`Error::Invalid`] for a time that is past or more than five years ahead.
pub fn snooze(tx: &mut Tx<'_>, id: Id, hours: Option<f64>, until: Option<&str>) -> Result<Doc> {
    let now = tx.now();
    let wrong =
        || Error::invalid("`duration` is hours from now, up to five years; `snoozedUntil` is a moment ahead");
    let until = match (hours, until.filter(|until| !until.is_empty())) {
        (Some(0.0), None) | (None, None) => {
            return update(tx, id, Patch::set("snoozed", false));
        }
        (_, Some(until)) => parse_date(until).ok_or_else(wrong)?,
        (Some(hours), None) if hours.is_finite() && hours > 0.0 => {
            now.saturating_add((hours * HOUR_MS) as Millis)
        }
        (Some(_), None) => return Err(wrong()),
    };
    if until <= now || until > now + SNOOZE_MAX_MS {
        return Err(wrong());
    }
    update(tx, id, Patch::new(to_body(json!({"snoozed": true, "snoozedUntil": format_date(until)}))))
}

/// Links two tickets, each to the other, or takes the link away.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ticket, [`Error::Invalid`] when both are the same.
pub fn link(tx: &mut Tx<'_>, id: Id, to: Id, link: bool) -> Result<Doc> {
    if id == to {
        return Err(Error::invalid("a ticket cannot be linked to itself"));
    }
    // In the order of ids, so that two calls cannot wait for each other.
    tx.get_locked(&TICKET, id.min(to))?;
    tx.get_locked(&TICKET, id.max(to))?;
    let mut ids = links::linked(&tx.get(&TICKET, id)?.body);
    match ids.iter().position(|known| *known == to) {
        Some(at) if !link => drop(ids.remove(at)),
        None if link => ids.push(to),
        _ => {}
    }
    update(tx, id, Patch::set("linkedTickets", json!(ids)))
}

/// Archives the tickets of a type and a status. Some are archived at once, and the rest by a job;
/// returns how many there are in all.
pub fn archive_all(tx: &mut Tx<'_>, ticket_type: &str, status: &str) -> Result<u64> {
    let filter = to_archive(ticket_type, status);
    let all = tx.count(&TICKET, &filter)?;
    archive_some(tx, ticket_type, status)?;
    tx.audit("tickets.archived", None, json!({"type": ticket_type, "status": status, "tickets": all}))?;
    Ok(all)
}

/// Archives some tickets of a type and a status, and enqueues a job for more when there are any.
pub fn archive_some(tx: &mut Tx<'_>, ticket_type: &str, status: &str) -> Result<()> {
    let page = tx.list(&TICKET, &Listing::new(to_archive(ticket_type, status), ARCHIVE_CHUNK))?;
    for ticket in &page.docs {
        update(tx, ticket.id, Patch::set("archived", true))?;
    }
    if page.next.is_some() {
        tx.enqueue(NewJob::new(ARCHIVE_JOB, json!({"type": ticket_type, "status": status})))?;
    }
    Ok(())
}

fn to_archive(ticket_type: &str, status: &str) -> Filter {
    Filter::equal(Path::known("type"), ticket_type)
        .and(Filter::equal(Path::known("status"), status))
        .and(Filter::equal(Path::known("archived"), false))
}
