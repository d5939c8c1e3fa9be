//! What a contact is told of a message that it may see.

use hark_query::dates::format_date;
use hark_store::{Doc, Result, Tx, to_body};
use serde_json::json;

use crate::contacts::CONTACT;
use crate::updates;

/// Characters of a message that a notification shows.
const TEXT_MAX: usize = 500;

/// Counts a message as unread and tells the contact's running SDKs of it.
pub(super) fn contact(tx: &mut Tx<'_>, mut contact: Doc, ticket: &Doc, message: &Doc) -> Result<()> {
    let unread = updates::unread_of(&contact) + 1;
    contact.set("notificationsUnread", unread);
    let contact = tx.save(&CONTACT, contact)?;
    let text: String = message.text("text").unwrap_or_default().chars().take(TEXT_MAX).collect();
    let notification = json!({
        "actionType": "notification",
        // By this SDKs know that they have shown it already.
        "outbound": message.id,
        "createdAt": format_date(message.created_at),
        "sound": true,
        "data": {
            // SDKs insert the text as HTML.
            "text": escaped(&text),
            "sender": updates::sender(message),
            "conversation": {"shareToken": ticket.text("shareToken")},
        },
    });
    updates::tell(tx, contact.id, to_body(json!({"a": [notification], "u": unread})));
    Ok(())
}

/// Text as it stands in HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
