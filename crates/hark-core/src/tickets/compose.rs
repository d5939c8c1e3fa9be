//! A ticket with its first message, as an agent writes to a contact.

use hark_store::{Body, Doc, Error, Id, Permission, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{NewTicket, Reference, TICKET, create};
use crate::access::Address;
use crate::contacts::{Properties, find_or_create};
use crate::messages::{Author, NewMessage, post};

/// A ticket with its first message.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ComposeInput {
    /// `BUG`, `FEATURE_REQUEST`, `INQUIRY` or another type.
    #[serde(rename = "type")]
    pub ticket_type: Option<String>,
    /// What it is about.
    pub title: Option<String>,
    /// The first message: a text, or a TipTap document as a JSON object.
    pub message: Option<Json>,
    /// `LOW`, `MEDIUM` or `HIGH`.
    pub priority: Option<String>,
    /// `OPEN`, `INPROGRESS`, `DONE` or a lane of the type's board.
    pub status: Option<String>,
    /// The user who works on it.
    pub processing_user: Option<Reference>,
    /// The team that works on it.
    pub processing_team: Option<Reference>,
    /// Its tags.
    pub tags: Option<Vec<String>>,
    /// The contact.
    pub session: Option<Reference>,
    /// The address of the contact, which is created when there is none with it.
    pub email: Option<String>,
    /// The values of its form.
    pub form_data: Option<Map<String, Json>>,
    /// Whether nothing answers by itself.
    pub prevent_auto_reply: Option<bool>,
}

/// A ticket that an agent composes.
#[derive(Clone, Debug)]
pub struct Compose {
    /// The agent.
    pub author: Id,
    /// The properties of [`ComposeInput`].
    pub input: Body,
}

/// Creates a ticket, for the contact that is named or has the address, and posts the first message.
///
/// # Errors
/// [`Error::Invalid`] when the type or the title is missing, or a property does not fit, [`Error::Forbidden`]
/// for an address without the permission to write contacts.
pub fn compose(tx: &mut Tx<'_>, mut compose: Compose) -> Result<Doc> {
    for property in ["type", "title"] {
        if compose.input.get(property).and_then(Json::as_str).is_none_or(|text| text.trim().is_empty()) {
            return Err(Error::invalid(format!("`{property}` is missing or empty")));
        }
    }
    let message = compose.input.shift_remove("message").filter(|text| !text.is_null() && text != "");
    let email = compose.input.shift_remove("email").unwrap_or_default();
    let email = email.as_str().map(str::trim).filter(|email| !email.is_empty());
    let named = compose.input.get("session").is_some_and(|session| !session.is_null());
    let mut new = NewTicket::new(compose.input);
    if let (false, Some(email)) = (named, email) {
        tx.scope().need(Permission::ContactsWrite)?;
        let email = Address::parse(email)?.text;
        let (contact, _) = find_or_create(tx, &Properties::from_rest(&to_body(json!({"email": email})))?)?;
        new = new.of_contact(contact.id);
    }
    let ticket = create(tx, new)?;
    if let Some(message) = message {
        post(tx, NewMessage::new(ticket.id, Author::User(compose.author), message))?;
    }
    tx.get(&TICKET, ticket.id)
}
