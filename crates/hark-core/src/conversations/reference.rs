//! Ids for messages that something else than the messenger sends, which say where they belong.

use std::fmt;

use hark_store::{Error, Id, ReadTx, Result};
use rand::Rng;

use super::rules::own;
use crate::tickets::TICKET;

/// The id of a message that is to come, with the ticket that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    ticket: Id,
    number: u64,
}

impl Reference {
    /// Reads one.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is none.
    pub fn parse(text: &str) -> Result<Reference> {
        let parts = text.split_once('-').and_then(|(ticket, number)| {
            // One reference has one spelling, so that what is sent under it is sent once.
            let plain = number.len() == 16
                && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
            let number = u64::from_str_radix(number, 16).ok().filter(|_| plain)?;
            Some(Reference { ticket: Id::parse(ticket)?, number })
        });
        parts.ok_or_else(|| Error::not_found("capture", text))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}", self.ticket, self.number)
    }
}

/// An id for a message that is to come in the contact's conversation.
///
/// # Errors
/// [`Error::NotFound`] when the conversation is not the contact's.
pub fn reference(tx: &ReadTx<'_>, contact: Id, token: &str) -> Result<Reference> {
    Ok(Reference { ticket: own(tx, contact, token)?.id, number: rand::rng().random() })
}

/// The share token of the contact's conversation that a reference belongs to. Whoever guesses the reference of
/// somebody else's conversation learns nothing of it.
pub(super) fn token_of(tx: &ReadTx<'_>, contact: Id, reference: &Reference) -> Result<String> {
    let missing = || Error::not_found("capture", reference.to_string());
    let ticket = tx.find(&TICKET, reference.ticket)?.filter(|one| one.reference("session") == Some(contact));
    ticket.ok_or_else(missing)?.text("shareToken").map(str::to_owned).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_one_spelling() {
        let text = "0123456789abcdef01234567-00000000000000ff";
        let reference = Reference::parse(text).expect("a reference");
        assert_eq!(reference.to_string(), text);
        for odd in ["", "-", "0123456789abcdef01234567", "0123456789abcdef01234567-ff", "x-00000000000000ff"]
        {
            assert!(Reference::parse(odd).is_err(), "{odd}");
        }
        assert!(Reference::parse("0123456789abcdef01234567-00000000000000FF").is_err());
        assert!(Reference::parse("0123456789abcdef01234567-+0000000000000ff").is_err());
    }
}
