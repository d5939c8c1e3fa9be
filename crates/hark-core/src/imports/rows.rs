//! Rows on their way to contacts: what was read, how it waits, and how it is written.

use hark_store::{Body, Doc, Error, Id, Result, Tx};
use serde_json::{Value as Json, json};

use super::RowError;
use crate::contacts::{Properties, Setter, find_or_create, without_nul};

/// Rows of a refused list that its error names.
const NAMED_MAX: usize = 5;
/// Characters of a row's error at most: it may quote the row.
const MESSAGE_CHARS_MAX: usize = 300;

/// What was read of a contact.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its place, from 1; see [`RowError::row`].
    pub number: u64,
    /// Its id in the product that it comes from.
    pub record: Option<String>,
    /// The contact's properties in the names of REST v3, or why there are none.
    pub contact: Result<Body, String>,
}

impl Row {
    /// A row of a file or list.
    pub(super) fn new(number: u64, contact: Result<Body, String>) -> Row {
        Row { number, record: None, contact }
    }

    /// The row as it waits in a part, without U+0000, which PostgreSQL cannot store.
    pub(super) fn to_json(&self) -> Json {
        without_nul(match &self.contact {
            Ok(contact) => json!([self.number, contact]),
            Err(message) => json!([self.number, message]),
        })
    }

    /// The row that waits in a part.
    pub(super) fn from_json(stored: &Json) -> Row {
        let contact = match stored.get(1) {
            Some(Json::Object(contact)) => Ok(contact.clone()),
            Some(Json::String(message)) => Err(message.clone()),
            _ => Err("the row was stored wrongly".to_owned()),
        };
        Row::new(stored.get(0).and_then(Json::as_u64).unwrap_or_default(), contact)
    }

    /// Writes the contact: one with the same `userId`, else with the same address, is changed. Tells whether it
    /// is new, too.
    ///
    /// # Errors
    /// Whatever is no fault of the row; its own faults are the inner error.
    pub(super) fn write(&self, tx: &mut Tx<'_>) -> Result<Result<(Doc, bool), RowError>> {
        let wrong = |message: String| {
            // What comes from a product may hold U+0000, which PostgreSQL cannot store.
            let message = message.chars().filter(|c| *c != '\0').take(MESSAGE_CHARS_MAX).collect();
            let record = self.record.as_ref().map(|record| record.replace('\0', ""));
            RowError { row: self.number, record, message }
        };
        let contact = match &self.contact {
            Ok(contact) => contact,
            Err(message) => return Ok(Err(wrong(message.clone()))),
        };
        let properties = match self.record {
            // Nobody can mend a record of another product, so what does not fit is cut or left out.
            Some(_) => Ok(Properties::from_nested(contact, Setter::Team)),
            None => Properties::from_rest(contact),
        };
        match properties.and_then(|properties| find_or_create(tx, &properties)) {
            Ok(written) => Ok(Ok(written)),
            // The rules of contacts look at a row before they write anything of it.
            Err(Error::Invalid(message) | Error::TooLarge(message)) => Ok(Err(wrong(message))),
            Err(error) => Err(error),
        }
    }
}

/// Writes a short list at once, all of it or nothing, and returns the contacts' ids in its order.
///
/// # Errors
/// [`Error::Invalid`] that names the first rows that are wrong.
pub fn at_once(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Vec<Id>> {
    let mut ids = Vec::with_capacity(rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        match row.write(tx)? {
            Ok((contact, _)) => ids.push(contact.id),
            Err(error) => wrong.push(format!("row {}: {}", error.row, error.message)),
        }
    }
    if wrong.is_empty() {
        return Ok(ids);
    }
    let more = wrong.len().saturating_sub(NAMED_MAX);
    wrong.truncate(NAMED_MAX);
    let more = if more > 0 { format!("; and {more} more rows") } else { String::new() };
    Err(Error::invalid(format!("nothing was imported: {}{more}", wrong.join("; "))))
}
