//! What running SDKs of a contact are told: events on the contact's numbered stream.
//!
//! Whoever publishes one does it in the transaction of the change that it tells about.

mod deliver;
mod follow;

use hark_store::{Body, Doc, Id, ReadTx, Result, Tx, contact_stream, to_body};
use serde_json::{Value as Json, json};

use crate::contacts::CONTACT;
use crate::tickets::merged;

pub(crate) use deliver::sender;
pub use deliver::{delivered, full_name, has_actions, name_senders, pending, position_for, senders};
pub use follow::{NOTIFICATION, Start, may_see, needs, notify_user, start, user_stream};

/// Something for the contact's SDKs to do or to show; its data is what they receive.
pub const UPDATE: &str = "sdk.update";

/// Tells every running SDK of the contact. `data` is an SDK's `update`: `a` actions, `u` the
/// number of unread messages; what is missing of these two is filled in on the way. `rc` is a
/// conversation that was read, `c` one that changed.
pub fn tell(tx: &mut Tx<'_>, contact: Id, data: Body) {
    tx.publish(contact_stream(contact), UPDATE, Json::Object(data));
}

/// Tells the contacts who read along in a ticket that their conversation is another now, besides messages to them
/// of which SDKs are told anyway: `c` names it. SDKs leave that alone, the messenger asks what it is.
pub(crate) fn changed(tx: &mut Tx<'_>, ticket: &Doc) -> Result<()> {
    for conversation in merged::conversations(tx, ticket.clone())? {
        if let Some(contact) = conversation.reference("session") {
            tell(tx, contact, to_body(json!({"c": conversation.text("shareToken")})));
        }
    }
    Ok(())
}

/// Makes every running SDK of a contact that is gone, became part of another,
/// or has other keys, connect anew.
pub fn disconnect(tx: &mut Tx<'_>, contact: Id) {
    tx.ring(contact_stream(contact));
}

/// Messages that the contact has not read; `None` when there is no such contact.
pub fn unread(tx: &ReadTx<'_>, contact: Id) -> Result<Option<i64>> {
    Ok(tx.find(&CONTACT, contact)?.as_ref().map(unread_of))
}

/// Messages that this contact has not read.
pub fn unread_of(contact: &Doc) -> i64 {
    contact.body.get("notificationsUnread").and_then(Json::as_i64).unwrap_or_default()
}

/// An `update` with everything that SDKs rely on: iOS takes a missing `u` for 0.
pub fn complete(data: Json, unread: i64) -> Json {
    let mut complete = hark_store::to_body(data);
    complete.entry("a").or_insert_with(|| json!([]));
    complete.entry("u").or_insert_with(|| json!(unread));
    Json::Object(complete)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_always_says_what_is_unread() {
        assert_eq!(complete(Json::Null, 2), json!({"a": [], "u": 2}));
        assert_eq!(complete(json!({"u": 5, "rc": "x"}), 2), json!({"u": 5, "rc": "x", "a": []}));
    }
}
