//! Tickets by the links that lead to them, for whoever has one.

use hark_store::{Doc, Error, ReadTx, Result, Tx};

use super::rules::{Input, as_seen, check, write};
use crate::contacts::CONTACT;
use crate::tickets::{TICKET, merged};

/// A ticket that a link leads to.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The ticket.
    pub ticket: Doc,
    /// Whether whoever has the link writes in it as its contact.
    pub may_comment: bool,
}

/// The ticket that a share token, or a secret one, leads to.
///
/// # Errors
/// [`Error::NotFound`] when it leads nowhere.
pub fn find(tx: &ReadTx<'_>, token: &str) -> Result<Shared> {
    for (property, may_comment) in [("secretShareToken", true), ("shareToken", false)] {
        let ticket = tx.find_by(&TICKET, property, token)?;
        let ticket = ticket.map(|ticket| merged::conversation(tx, ticket)).transpose()?;
        if let Some(ticket) = ticket.filter(|ticket| !ticket.is_true("isSpam")) {
            return Ok(Shared { ticket: as_seen(tx, ticket)?, may_comment });
        }
    }
    Err(Error::not_found("shared ticket", token))
}

/// Writes in a ticket as its contact. Files are below `media_url`.
///
/// # Errors
/// [`Error::Forbidden`] for a link that does not allow it, and like [`super::send`].
pub fn comment(tx: &mut Tx<'_>, token: &str, input: &Input, media_url: &str) -> Result<(Doc, Doc)> {
    check(input)?;
    let shared = find(tx, token)?;
    if !shared.may_comment {
        let sentence =
            "this link shows the ticket and does not write in it, use the one that its contact got";
        return Err(Error::Forbidden(sentence.to_owned()));
    }
    let contact = shared.ticket.reference("session");
    let contact =
        contact.ok_or_else(|| Error::invalid("this ticket has no contact that could write in it"))?;
    tx.get_locked(&CONTACT, contact)?;
    write(tx, contact, shared.ticket.id, input, media_url)
}
