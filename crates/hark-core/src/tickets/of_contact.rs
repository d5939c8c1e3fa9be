//! Tickets and messages of a contact: they go with it when it is deleted, move when it is merged into
//! another, and come back when that is undone.

use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Id, Kind, Listing, Result, Tx};
use serde_json::{Value as Json, json};

use super::delete::remove;
use super::{TICKET, events, merged, moved, unmerge, votes};
use crate::contacts;
use crate::messages::{self, MESSAGE};

/// Documents that are read at a time.
const CHUNK: u32 = 200;
/// Merges that a ticket remembers; older ones cannot be undone for it.
const HISTORY_MAX: usize = 50;

/// How much was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Tickets.
    pub tickets: u64,
    /// Messages, in these tickets and elsewhere.
    pub messages: u64,
    /// Votes of its address.
    pub votes: u64,
}

/// Deletes the tickets of a contact with everything in them, and what it wrote elsewhere.
pub(crate) fn delete(tx: &mut Tx<'_>, contact: &Doc) -> Result<Deleted> {
    let of = contact.id.to_string();
    let mut deleted = Deleted::default();
    loop {
        let tickets = tx.all_by(&TICKET, "session", &of, CHUNK)?;
        if tickets.is_empty() {
            break;
        }
        for ticket in tickets {
            // It went with another that it was part of.
            let Some(ticket) = tx.find(&TICKET, ticket.id)? else { continue };
            if ticket.is_true(merged::KEEPS) {
                // First what others have in it goes back to them.
                unmerge::release(tx, &ticket)?;
                let home = merged::home(tx, ticket.clone())?;
                deleted.messages += moved::drop_messages(tx, ticket.id, home.id)?;
            }
            deleted.messages += remove(tx, ticket.id)?.1;
            deleted.tickets += 1;
        }
    }
    let (messages, elsewhere) = messages::remove_where(tx, "session", &of)?;
    deleted.messages += messages;
    elsewhere.into_iter().try_for_each(|ticket| messages::lost_some(tx, ticket))?;
    let email = contact.text("email").unwrap_or_default();
    // Votes are known by their address alone, and any visitor can give that of somebody else.
    if contacts::find_by_email(tx, email)?.iter().all(|other| other.id == contact.id) {
        deleted.votes = votes::forget(tx, email)?;
    }
    Ok(deleted)
}

/// Gives a guest's tickets and messages to the contact that it became part of.
pub(crate) fn move_all(tx: &mut Tx<'_>, guest: Id, known: Id) -> Result<()> {
    let (from, to) = (guest.to_string(), known.to_string());
    for kind in [&TICKET, &MESSAGE] {
        loop {
            let docs = tx.all_by(kind, "session", &from, CHUNK)?;
            if docs.is_empty() {
                break;
            }
            for mut doc in docs {
                let before = doc.body.clone();
                let mut history = history(&doc.body);
                history.push(from.clone());
                let surplus = history.len().saturating_sub(HISTORY_MAX);
                doc.set("sessionHistory", json!(history[surplus..]));
                doc.set("session", to.as_str());
                save_as(tx, kind, &before, doc)?;
            }
        }
    }
    Ok(())
}

/// Gives a guest back what it had before it became part of another contact.
pub(crate) fn return_all(tx: &mut Tx<'_>, known: Id, guest: Id) -> Result<()> {
    let (of, back) = (known.to_string(), guest.to_string());
    for kind in [&TICKET, &MESSAGE] {
        let mut listing = Listing::new(Filter::equal(Path::known("session"), of.as_str()), CHUNK);
        let mut mine: Vec<Doc> = Vec::new();
        loop {
            let page = tx.list(kind, &listing)?;
            mine.extend(page.docs.into_iter().filter(|doc| history(&doc.body).contains(&back)));
            let Some(next) = page.next else { break };
            listing.cursor = Some(next);
        }
        for mut doc in mine {
            let before = doc.body.clone();
            let history = history(&doc.body);
            let kept = history.iter().position(|former| *former == back).unwrap_or_default();
            let older = if kept == 0 { Json::Null } else { json!(history[..kept]) };
            doc.set("sessionHistory", older);
            doc.set("session", back.as_str());
            save_as(tx, kind, &before, doc)?;
        }
    }
    Ok(())
}

/// The guests that a ticket or message belonged to before, now parts of its contact.
pub(super) fn history(body: &Body) -> Vec<String> {
    let former = body.get("sessionHistory").and_then(Json::as_array).into_iter().flatten();
    former.filter_map(Json::as_str).map(str::to_owned).collect()
}

fn save_as(tx: &mut Tx<'_>, kind: &'static Kind, before: &Body, doc: Doc) -> Result<()> {
    let doc = tx.save(kind, doc)?;
    if kind.name == TICKET.name { events::record_changes(tx, before, &doc) } else { Ok(()) }
}
