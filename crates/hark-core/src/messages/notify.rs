//! What a contact is told of a message that it may see.

use hark_query::dates::format_date;
use hark_store::{Doc, Result, Tx, to_body};
use serde_json::json;

use super::content::teaser;
use crate::contacts::CONTACT;
use crate::updates;

/// Characters of a message that a notification shows.
const TEXT_MAX: usize = 500;

/// Counts a message as unread and tells the contact's running SDKs of it.
pub(super) fn contact(tx: &mut Tx<'_>, mut contact: Doc, ticket: &Doc, message: &Doc) -> Result<()> {
    let unread = updates::unread_of(&contact) + 1;
    contact.set("notificationsUnread", unread);
    let contact = tx.save(&CONTACT, contact)?;
    let text = teaser(message.text("text").unwrap_or_default(), TEXT_MAX);
    let notification = json!({
        "actionType": "notification",
        // By this SDKs know that they have shown it already.
        "outbound": message.id,
        "createdAt": format_date(message.created_at),
        "sound": true,
        "data": {
            "text": text,
            "sender": updates::sender(message),
            "conversation": {"shareToken": ticket.text("shareToken")},
        },
    });
    updates::tell(tx, contact.id, to_body(json!({"a": [notification], "u": unread})));
    Ok(())
}
