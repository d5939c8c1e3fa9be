//! File sessions, in which a verified user may read the files of its conversations.
//!
//! A file session begins with an identify that the customer's server vouched for and
//! lasts fifteen minutes; SDKs renew it by identifying again and end it at logout. Its
//! token names the project in its first bytes, because SDKs send nothing else along.

use hark_query::dates::format_date;
use hark_store::credentials::hash;
use hark_store::{Doc, Error, Field, Id, Kind, Millis, ReadTx, Result, Tx, to_body};
use serde_json::json;

use super::file::FILE;
use super::token::token;
use crate::messages::{self, MESSAGE};
use crate::tickets::TICKET;

/// A file session, known by the hash of its token.
pub const FILE_SESSION: Kind = Kind {
    hidden: &["hash"],
    ..Kind::new(
        "file session",
        "file_session",
        &[Field::text("hash", "hash"), Field::text("contact", "contact")],
    )
};

/// How long a file session lasts.
const LIFETIME_MS: Millis = 15 * 60_000;
/// Sessions of one contact, on as many devices; older ones make room.
const SESSIONS_MAX: usize = 20;

/// A new file session.
#[derive(Debug)]
pub struct FileSession {
    /// The token, of which only the hash is kept.
    pub token: String,
    /// When it ends, ISO 8601.
    pub expires_at: String,
}

/// Begins a file session of a contact.
pub fn begin(tx: &mut Tx<'_>, project: Id, contact: Id) -> Result<FileSession> {
    let expires_at = format_date(tx.now() + LIFETIME_MS);
    make_room(tx, contact)?;
    let token = token(project);
    let body = json!({"hash": hash(&token), "contact": contact, "expiresAt": expires_at});
    tx.insert(&FILE_SESSION, to_body(body))?;
    Ok(FileSession { token, expires_at })
}

/// The contact whose session this token is, unless it is over.
pub fn contact_of(tx: &ReadTx<'_>, token: &str) -> Result<Option<Id>> {
    let now = format_date(tx.now());
    let session = tx.find_by(&FILE_SESSION, "hash", &hash(token))?;
    let open = session.filter(|session| session.text("expiresAt").is_some_and(|end| end > now.as_str()));
    Ok(open.and_then(|session| session.reference("contact")))
}

/// Whether the contact of a session may read a file: its own, and those of its conversations but for notes.
pub fn may_read(tx: &ReadTx<'_>, token: &str, file: &Doc) -> Result<bool> {
    let Some(contact) = contact_of(tx, token)? else { return Ok(false) };
    if file.reference("contact") == Some(contact) {
        return Ok(true);
    }
    Ok(conversation_of(tx, file, contact)?.is_some())
}

/// The share token of the conversation that a file belongs to, for the contact of a session.
///
/// # Errors
/// [`Error::Unauthenticated`] when the session is over, [`Error::NotFound`] when it is no file of a
/// conversation of that contact.
pub fn location(tx: &ReadTx<'_>, token: &str, file: Id) -> Result<String> {
    let contact = contact_of(tx, token)?;
    let contact = contact.ok_or_else(|| Error::Unauthenticated("the file session is over".to_owned()))?;
    let found = tx.find(&FILE, file)?;
    let own = found.map(|file| conversation_of(tx, &file, contact)).transpose()?.flatten();
    let token = own.and_then(|ticket| ticket.text("shareToken").map(str::to_owned));
    token.ok_or_else(|| Error::not_found(FILE.name, file))
}

/// The ticket in whose conversation a contact sees a file; tickets may have become part of others.
fn conversation_of(tx: &ReadTx<'_>, file: &Doc, contact: Id) -> Result<Option<Doc>> {
    let message = file.reference("message").map(|id| tx.find(&MESSAGE, id)).transpose()?.flatten();
    if let Some(message) = message {
        if !messages::is_public(&message) {
            return Ok(None);
        }
        return messages::conversation_of(tx, &message, contact);
    }
    let ticket = file.reference("mergedFrom").or_else(|| file.reference("ticket"));
    let ticket = ticket.map(|id| tx.find(&TICKET, id)).transpose()?.flatten();
    Ok(ticket.filter(|ticket| ticket.reference("session") == Some(contact)))
}

/// Ends the session of this token, if there is one.
pub fn revoke(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    if let Some(session) = tx.find_by(&FILE_SESSION, "hash", &hash(token))? {
        tx.delete(&FILE_SESSION, session.id)?;
    }
    Ok(())
}

/// Ends every file session of a contact.
pub fn revoke_all(tx: &mut Tx<'_>, contact: Id) -> Result<()> {
    for session in sessions(tx, contact)? {
        tx.delete(&FILE_SESSION, session.id)?;
    }
    Ok(())
}

fn make_room(tx: &mut Tx<'_>, contact: Id) -> Result<()> {
    let now = format_date(tx.now());
    let (over, good): (Vec<Doc>, Vec<Doc>) = sessions(tx, contact)?
        .into_iter()
        .partition(|session| session.text("expiresAt").is_none_or(|at| at <= now.as_str()));
    let too_many = (good.len() + 1).saturating_sub(SESSIONS_MAX);
    for session in over.iter().chain(&good[..too_many]) {
        tx.delete(&FILE_SESSION, session.id)?;
    }
    Ok(())
}

fn sessions(tx: &Tx<'_>, contact: Id) -> Result<Vec<Doc>> {
    // Two devices that begin at once may both pass the limit by one, so there is some air.
    tx.all_by(&FILE_SESSION, "contact", &contact.to_string(), 10 * SESSIONS_MAX as u32)
}
