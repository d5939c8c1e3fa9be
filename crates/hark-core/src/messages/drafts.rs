//! Drafts: what a user is about to write in a ticket, kept on the server; one for each user and ticket.

use hark_store::{Body, Doc, Error, Field, Id, Kind, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{content, properties};
use crate::tickets::{Attachment, TICKET};

/// A draft; `pair` is `ticket:user`.
pub const MESSAGE_DRAFT: Kind = Kind {
    hidden: &["pair"],
    ..Kind::new(
        "draft",
        "message_draft",
        &[Field::text("ticket", "ticket"), Field::text("user", "user_id"), Field::text("pair", "pair")],
    )
};

/// What a user is about to write.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct DraftInput {
    /// What it says so far: a text, or a TipTap document as a JSON object.
    pub comment: Option<Json>,
    /// Whether it is a note.
    pub is_note: Option<bool>,
    /// Files.
    pub attachments: Option<Vec<Attachment>>,
}

/// The draft of the user who acts.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn draft(tx: &ReadTx<'_>, ticket: Id, user: Id) -> Result<Doc> {
    tx.get(&TICKET, ticket)?;
    let draft = tx.find_by(&MESSAGE_DRAFT, "pair", &pair(ticket, user))?;
    draft.ok_or_else(|| Error::not_found(MESSAGE_DRAFT.name, ticket))
}

/// Keeps a draft in place of the one before.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ticket, [`Error::Invalid`] for what is no content.
pub fn keep_draft(tx: &mut Tx<'_>, ticket: Id, user: Id, mut input: Body) -> Result<Doc> {
    let comment = input.shift_remove("comment").filter(|comment| !comment.is_null());
    let is_note = input.shift_remove("isNote").unwrap_or_default() == true;
    let said = content::read(&comment.unwrap_or_else(|| json!("")))?;
    let mut body = properties::strict(input)?;
    body.retain(|name, value| name == "attachments" && !value.is_null());
    body.extend(to_body(json!({"comment": said.json(), "isNote": is_note})));
    tx.get_locked(&TICKET, ticket)?;
    let Some(mut known) = tx.find_by_locked(&MESSAGE_DRAFT, "pair", &pair(ticket, user))? else {
        body.extend(to_body(json!({"ticket": ticket, "user": user, "pair": pair(ticket, user)})));
        return tx.insert(&MESSAGE_DRAFT, body);
    };
    known.set("attachments", Json::Null);
    for (name, value) in body {
        known.set(&name, value);
    }
    tx.save(&MESSAGE_DRAFT, known)
}

/// Throws a draft away and returns it.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn drop_draft(tx: &mut Tx<'_>, ticket: Id, user: Id) -> Result<Doc> {
    let draft = draft(tx, ticket, user)?;
    tx.delete(&MESSAGE_DRAFT, draft.id)?;
    Ok(draft)
}

fn pair(ticket: Id, user: Id) -> String {
    format!("{ticket}:{user}")
}
