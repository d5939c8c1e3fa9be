//! Cursors: where a page ended, as a text that only this module reads.

use hark_query::Sort;
use hark_query::limits::CURSOR_CHARS_MAX;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::id::Id;
use crate::kind::Kind;
use crate::order::SortValue;

/// Where a page ended.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// Which list this belongs to: a hash of project, kind and order.
    #[serde(rename = "l")]
    list: String,
    /// The last document of the page.
    #[serde(rename = "i")]
    pub(crate) id: Id,
    /// What it had at the sort keys. Left out where that is too long for a cursor: then the
    /// document is looked at again.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub(crate) values: Option<Vec<SortValue>>,
}

impl Cursor {
    pub(crate) fn new(list: String, id: Id, values: Vec<SortValue>) -> Cursor {
        Cursor { list, id, values: Some(values) }
    }

    /// The text for the caller, at most [`CURSOR_CHARS_MAX`] characters.
    pub(crate) fn write(mut self) -> Result<String> {
        let text = hex::encode(serde_json::to_vec(&self)?);
        if text.len() <= CURSOR_CHARS_MAX {
            return Ok(text);
        }
        self.values = None;
        Ok(hex::encode(serde_json::to_vec(&self)?))
    }

    /// Reads a caller's text.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no cursor, or one of another list.
    pub(crate) fn read(text: &str, list: &str) -> Result<Cursor> {
        if text.len() > CURSOR_CHARS_MAX {
            return Err(foreign());
        }
        let bytes = hex::decode(text).map_err(|_| foreign())?;
        let cursor: Cursor = serde_json::from_slice(&bytes).map_err(|_| foreign())?;
        if cursor.list != list {
            return Err(foreign());
        }
        Ok(cursor)
    }
}

/// What to say to a cursor that cannot be continued from.
pub(crate) fn foreign() -> Error {
    Error::invalid(
        "`cursor` is not from this list: send back what the page before gave you, with the same sort, \
         or leave it out to start over",
    )
}

/// Tells lists apart whose cursors must not be mixed up.
pub(crate) fn list_hash(project: Id, kind: &Kind, sort: &Sort) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{project} {}", kind.name));
    for key in &sort.keys {
        let direction = if key.descending { '-' } else { '+' };
        // Paths hold no control characters.
        hash.update(format!("\n{direction}{}", key.path));
    }
    hex::encode(&hash.finalize()[..8])
}
