//! Files: sessions in which a verified user may read the files of its conversations.
//!
//! A file session begins with an identify that the customer's server vouched for and
//! lasts fifteen minutes; SDKs renew it by identifying again and end it at logout. Its
//! token names the project in its first bytes, because SDKs send nothing else along.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hark_query::dates::format_date;
use hark_store::credentials::hash;
use hark_store::{Doc, Field, Id, Kind, Millis, Result, Tx, to_body};
use serde_json::json;

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
/// Random bytes of a token, behind the 12 of the project's id; 43 characters in all.
const RANDOM_BYTES: usize = 20;

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

/// The project that a token names; anybody can write such a token, so this grants nothing.
pub fn project_of(token: &str) -> Option<Id> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == 12 + RANDOM_BYTES)?;
    Id::parse(&hex::encode(&bytes[..12]))
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

fn token(project: Id) -> String {
    let mut bytes = hex::decode(project.to_string()).unwrap_or_default();
    bytes.extend(rand::random::<[u8; RANDOM_BYTES]>());
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_43_characters_and_names_its_project() {
        let project = Id::parse("0123456789abcdef01234567").expect("an id");
        let token = token(project);
        assert_eq!(token.len(), 43);
        assert_eq!(project_of(&token), Some(project));
        for other in ["", "null", &token[1..], "ééé"] {
            assert_eq!(project_of(other), None, "{other}");
        }
    }
}
