//! Where a message goes, and which contacts read it there: tickets may have become part of others.

use hark_query::dates::format_date;
use hark_store::{Body, Doc, Error, Id, ReadTx, Result, Tx};
use serde_json::json;

use super::post::{Author, NewMessage};
use super::unread;
use crate::tickets::{TICKET, locks, merged};

/// A contact and the ticket in whose conversation it reads a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    /// The contact.
    pub(super) contact: Id,
    /// The ticket.
    pub(super) ticket: Id,
}

/// Who reads a message.
#[derive(Debug)]
pub(super) struct Audience {
    /// The ticket that the message is written in, locked.
    pub(super) ticket: Doc,
    /// The contact of the ticket that it was addressed to.
    pub(super) sender: Option<Id>,
    /// Who reads it; their documents and tickets are locked.
    pub(super) readers: Vec<Reader>,
    /// What the message carries, if it is not for everybody in its ticket or for others too.
    pub(super) marks: Body,
}

impl Audience {
    /// Whether the contact of the ticket sees the message, as far as other contacts are concerned.
    pub(super) fn has_own_contact(&self) -> bool {
        !self.marks.contains_key("mergedSession")
    }
}

/// Finds out where a message goes and locks everybody concerned, so that two messages cannot wait for each
/// other.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ticket.
pub(super) fn of(tx: &Tx<'_>, new: &NewMessage) -> Result<Audience> {
    loop {
        let audience = found(tx, new)?;
        let tickets = audience.readers.iter().map(|reader| reader.ticket).chain([audience.ticket.id]);
        locks::with_contacts(tx, &tickets.collect::<Vec<_>>(), None)?;
        let ticket = tx.get(&TICKET, audience.ticket.id)?;
        // Merged between the look and the lock: it is somewhere else now.
        let moved = merged::into(&ticket).is_some();
        // Given to another contact meanwhile: that one has to be locked.
        let given = ticket.text("session") != audience.ticket.text("session");
        if !moved && !given {
            return Ok(Audience { ticket, ..audience });
        }
    }
}

fn found(tx: &ReadTx<'_>, new: &NewMessage) -> Result<Audience> {
    let path = merged::path(tx, tx.get(&TICKET, new.ticket)?)?;
    let marks = merged::marks(&path);
    let sender = path.first().and_then(|addressed| addressed.reference("session"));
    let ticket = path.last().cloned().ok_or_else(|| Error::internal("a path has a ticket"))?;
    let reads = |doc: &Doc| Some(Reader { contact: doc.reference("session")?, ticket: doc.id });
    if path.len() > 1 {
        let conversation = merged::conversation_in(path);
        let readers = conversation.as_ref().and_then(reads).filter(|reader| Some(reader.contact) == sender);
        return Ok(Audience { ticket, sender, readers: readers.into_iter().collect(), marks });
    }
    let mut readers: Vec<Reader> = reads(&ticket).into_iter().collect();
    let mut marks = marks;
    if matches!(new.author, Author::User(_) | Author::Bot) && !new.note {
        let others = merged::other_conversations(tx, &ticket)?;
        readers.extend(others.iter().filter_map(reads));
        if !others.is_empty() {
            let ids: Vec<Id> = others.iter().map(|other| other.id).collect();
            marks.insert(merged::SEEN_IN.to_owned(), json!(ids));
        }
    }
    Ok(Audience { ticket, sender, readers, marks })
}

/// Notes a message in the ticket in whose conversation a contact sees it, when it is written in another.
pub(super) fn note_elsewhere(tx: &mut Tx<'_>, ticket: Id, message: &Doc, is_news: bool) -> Result<Doc> {
    let mut ticket = tx.get(&TICKET, ticket)?;
    ticket.set("latestPublicComment", message.id.to_string());
    let now = format_date(tx.now());
    ticket.set("lastNotification", now);
    if is_news {
        unread::count_in(&mut ticket);
    }
    tx.save(&TICKET, ticket)
}
