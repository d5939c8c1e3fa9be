//! Memory: named notes about a contact, written by people, bots and agents.

use hark_store::{Actor, Body, Doc, Error, Id, ReadTx, Result, Tx, to_body};
use serde_json::json;

use super::shape::clean;
use super::{CONTACT, CONTACT_MEMORY};

/// Entries of a contact at most.
pub const ENTRIES_MAX: u32 = 100;
/// Characters of an entry's name at most.
const NAME_CHARS_MAX: usize = 120;
/// Characters of an entry's description at most.
const DESCRIPTION_CHARS_MAX: usize = 500;
/// Characters of an entry's content at most.
const CONTENT_CHARS_MAX: usize = 20_000;

/// What came of writing memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is stored; the contact has so many entries now.
    Stored(usize),
    /// The contact is a guest, and guests have no memory.
    Guest,
}

/// The value under which an entry's name is unique.
pub(super) fn pair(contact: Id, name: &str) -> String {
    format!("{contact}:{name}")
}

/// The entries of a contact, oldest first.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contact.
pub fn entries(tx: &ReadTx<'_>, contact: Id) -> Result<Vec<Doc>> {
    tx.get(&CONTACT, contact)?;
    all(tx, contact)
}

/// The entry of a contact with this name.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn entry(tx: &ReadTx<'_>, contact: Id, name: &str) -> Result<Doc> {
    tx.find_by(&CONTACT_MEMORY, "pair", &pair(contact, name))?
        .ok_or_else(|| Error::not_found(CONTACT_MEMORY.name, name))
}

/// Writes an entry: a new one, or over the one of the same name.
///
/// # Errors
/// [`Error::Invalid`] when a text is missing or too long, or the contact has too many entries.
pub fn put(
    tx: &mut Tx<'_>,
    contact: Id,
    name: &str,
    description: Option<&str>,
    content: &str,
) -> Result<Written> {
    let name = text("name", name, NAME_CHARS_MAX, true)?;
    let known = lock(tx, contact)?;
    if known.text("userId").is_none() {
        return Ok(Written::Guest);
    }
    let entry = tx.find_by_locked(&CONTACT_MEMORY, "pair", &pair(contact, &name))?;
    let count = all(tx, contact)?.len();
    match entry {
        Some(entry) => write(tx, entry, description, content).map(|()| Written::Stored(count)),
        None if count >= ENTRIES_MAX as usize => Err(Error::invalid(format!(
            "a contact has {ENTRIES_MAX} memory entries at most, delete one first"
        ))),
        None => {
            let mut body = to_body(json!({
                "contact": contact,
                "pair": pair(contact, &name),
                "name": name,
                "description": text("description", description.unwrap_or_default(), DESCRIPTION_CHARS_MAX, false)?,
                "content": text("content", content, CONTENT_CHARS_MAX, true)?,
            }));
            body.extend(author(tx.scope().actor()));
            tx.insert(&CONTACT_MEMORY, body)?;
            Ok(Written::Stored(count + 1))
        }
    }
}

/// Changes an entry that exists, and tells how many the contact has.
///
/// # Errors
/// [`Error::NotFound`] when there is none, [`Error::Invalid`] when a text is missing or too long.
pub fn change(
    tx: &mut Tx<'_>,
    contact: Id,
    name: &str,
    description: Option<&str>,
    content: &str,
) -> Result<usize> {
    lock(tx, contact)?;
    let entry = entry(tx, contact, name)?;
    write(tx, entry, description, content)?;
    Ok(all(tx, contact)?.len())
}

/// Deletes an entry, and tells how many the contact has left.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn delete(tx: &mut Tx<'_>, contact: Id, name: &str) -> Result<usize> {
    lock(tx, contact)?;
    let entry = entry(tx, contact, name)?;
    tx.delete(&CONTACT_MEMORY, entry.id)?;
    Ok(all(tx, contact)?.len())
}

/// Deletes all entries of a contact and tells how many there were.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contact.
pub fn clear(tx: &mut Tx<'_>, contact: Id) -> Result<usize> {
    lock(tx, contact)?;
    let entries = all(tx, contact)?;
    for entry in &entries {
        tx.delete(&CONTACT_MEMORY, entry.id)?;
    }
    Ok(entries.len())
}

/// Entries are written one after the other, so that they can be counted.
fn lock(tx: &Tx<'_>, contact: Id) -> Result<Doc> {
    tx.get_locked(&CONTACT, contact)
}

fn all(tx: &ReadTx<'_>, contact: Id) -> Result<Vec<Doc>> {
    tx.all_by(&CONTACT_MEMORY, "contact", &contact.to_string(), ENTRIES_MAX)
}

fn write(tx: &mut Tx<'_>, mut entry: Doc, description: Option<&str>, content: &str) -> Result<()> {
    if let Some(description) = description {
        entry.set("description", text("description", description, DESCRIPTION_CHARS_MAX, false)?);
    }
    entry.set("content", text("content", content, CONTENT_CHARS_MAX, true)?);
    entry.body.shift_remove("actorUserId");
    entry.body.extend(author(tx.scope().actor()));
    tx.save(&CONTACT_MEMORY, entry)?;
    Ok(())
}

/// Who writes, in the words of the wire.
fn author(actor: &Actor) -> Body {
    match actor {
        Actor::User { id, service: false, .. } => to_body(json!({"actor": "admin", "actorUserId": id})),
        Actor::User { id, service: true, .. } => to_body(json!({"actor": "bot", "actorUserId": id})),
        _ => to_body(json!({"actor": "unknown"})),
    }
}

fn text(name: &str, text: &str, chars_max: usize, needed: bool) -> Result<String> {
    let text = clean(text);
    if needed && text.trim().is_empty() {
        return Err(Error::invalid(format!("`{name}` is missing or empty")));
    }
    if text.chars().count() > chars_max {
        return Err(Error::invalid(format!("`{name}` is longer than {chars_max} characters")));
    }
    Ok(text)
}
