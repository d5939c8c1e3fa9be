//! Contacts: the visitors, customers and users of a project; REST v3 calls them sessions.
//!
//! A contact is a *guest* until somebody tells its `userId`. Its device proves itself with
//! `gleapId` and `gleapHash`. The stored document is the wire form of REST v3, defaults included.

mod create;
mod delete;
mod guest;
mod history;
mod identify;
pub mod memory;
mod merge;
mod properties;
mod shape;
mod subscription;
mod timeline;
mod track;
mod trust;
mod undo;
mod update;
mod view;
mod wire;

use hark_store::{Actor, Body, Doc, Error, Field, Kind, Permission, ReadTx, Result, SearchText};

pub use delete::{delete, delete_user};
pub use guest::{Visit, known, resume, start};
pub use history::{history, history_view};
pub use identify::{Identity, identify, identify_user};
pub use merge::merge;
pub use properties::{CUSTOM_KEYS_MAX, PROPERTIES, Properties, Property, Setter, USER_ID_CHARS_MAX};
pub(crate) use shape::cut;
pub use shape::{Shape, without_nul};
pub use subscription::{Named, resubscribe, unsubscribe};
pub use timeline::{Activity, EventPage, EventView, activities, events};
pub use track::{EVENTS_MAX, TrackedEvent, read_events, read_server_event, track, track_user};
pub use trust::CONTACT_TRUST;
pub use undo::undo_merge;
pub use update::{find_or_create, partial_update, update};
pub use view::{SESSION_BYTES_MAX, sdk_view};
pub use wire::{SessionInput, SessionView, TextOrNumber};

/// A contact. The database derives the lower-case address `emailKey` from `email`; it is no
/// property of the document.
pub const CONTACT: Kind = Kind {
    feed: true,
    search: Some(search_text),
    // Whoever has it can act as the contact's devices.
    guarded: &[("gleapHash", Permission::ContactsWrite)],
    ordered: &["last_activity", "created"],
    ..Kind::new(
        "contact",
        "contact",
        &[
            Field::text("createdAt", "created"),
            Field::text("gleapId", "gleap_id"),
            Field::text("userId", "user_id"),
            Field::text("email", "email"),
            Field::text("emailKey", "email_key"),
            Field::text("name", "name"),
            Field::text("plan", "plan"),
            Field::text("companyId", "company_id"),
            Field::text("lang", "lang"),
            Field::number("value", "value"),
            Field::text("lastActivity", "last_activity"),
            Field::bool("blocked", "blocked"),
            Field::bool("unsubscribed", "unsubscribed"),
        ],
    )
};

/// The id and hash of a guest that was merged into a contact: devices that still hold them are
/// that contact.
pub const CONTACT_ALIAS: Kind = Kind {
    hidden: &["gleapHash"],
    ..Kind::new(
        "contact alias",
        "contact_alias",
        &[Field::text("gleapId", "gleap_id"), Field::text("contact", "contact")],
    )
};

/// A named note about a contact; `pair` is `contact:name`.
pub const CONTACT_MEMORY: Kind = Kind {
    hidden: &["pair"],
    ..Kind::new(
        "memory entry",
        "contact_memory",
        &[Field::text("contact", "contact"), Field::text("pair", "pair")],
    )
};

/// A change of who a contact is: of its address, name or user id, or a merge. For a merge,
/// `former` is the guest's last document and `given` what the known contact got from it. The guest's own
/// changes are then the known contact's, and `of` is the guest.
pub const IDENTITY_CHANGE: Kind = Kind {
    hidden: &["former", "given", "aliases", "files", "history", "trusted"],
    ..Kind::new("identity change", "identity_change", &[Field::text("contact", "contact")])
};

/// Columns of an export of contacts that names none.
pub const EXPORT_COLUMNS: &str = "id,userId,name,email,phone,companyId,companyName,plan,value,lang,tags,\
    createdAt,firstActivity,lastActivity,sessions,unsubscribed,blocked";
/// Properties that no export of contacts has.
pub const EXPORT_SECRETS: &[&str] = &["gleapHash"];

/// Contacts with the same address that are looked at.
const SAME_ADDRESS_MAX: u32 = 100;

/// The contact with this user id.
pub fn find_by_user_id(tx: &ReadTx<'_>, user_id: &str) -> Result<Option<Doc>> {
    tx.find_by(&CONTACT, "userId", user_id)
}

/// The contacts with this address in any case, oldest first.
pub fn find_by_email(tx: &ReadTx<'_>, email: &str) -> Result<Vec<Doc>> {
    let key = email.to_ascii_lowercase();
    if key.is_empty() { Ok(Vec::new()) } else { tx.all_by(&CONTACT, "emailKey", &key, SAME_ADDRESS_MAX) }
}

/// Goes on unless a blocked contact writes itself; agents may write for it.
///
/// # Errors
/// [`Error::Forbidden`] when it does.
pub(crate) fn may_write(tx: &ReadTx<'_>, contact: &Doc) -> Result<()> {
    let by_itself = matches!(tx.scope().actor(), Actor::Contact { .. } | Actor::Visitor);
    if by_itself && contact.is_true("blocked") {
        return Err(Error::Forbidden("this contact is blocked, what it writes is turned away".to_owned()));
    }
    Ok(())
}

fn search_text(body: &Body) -> SearchText {
    let text = |property: &str| body.get(property).and_then(|value| value.as_str()).unwrap_or_default();
    SearchText {
        title: format!("{} {}", text("name"), text("email")),
        body: format!("{} {} {}", text("userId"), text("companyName"), text("phone")),
    }
}
