//! What SDKs see of their contact: little, no null, and small enough for a cookie.

use hark_store::Body;
use serde_json::Value as Json;

/// Bytes of a session object as an SDK puts it into a cookie (URI-encoded); browsers refuse cookies
/// of more than 4,096 bytes with their name, and then go on with the old one.
pub const SESSION_BYTES_MAX: usize = 3_800;

/// What SDKs read of a contact, in this order.
const SEEN: &[&str] = &[
    "gleapId",
    "gleapHash",
    "userId",
    "lang",
    "name",
    "email",
    "phone",
    "avatar",
    "companyId",
    "companyName",
    "plan",
    "value",
    "sla",
    "createdAt",
    "customData",
];
/// What an SDK cannot do without.
const NEEDED: &[&str] = &["gleapId", "gleapHash", "userId"];

/// The session object of a contact. An object that would be too large for a cookie loses its
/// largest custom properties first and then its largest other ones; their SDK then sends those
/// again with each identify, which is only a waste.
pub fn sdk_view(contact: &Body) -> Body {
    let mut view = Body::new();
    for name in SEEN {
        let empty = |value: &Json| value.is_null() || value.as_object().is_some_and(Body::is_empty);
        if let Some(value) = contact.get(*name).filter(|value| !empty(value)) {
            view.insert((*name).to_owned(), value.clone());
        }
    }
    shorten(&mut view);
    view
}

fn shorten(view: &mut Body) {
    let mut excess = encoded_bytes(view).saturating_sub(SESSION_BYTES_MAX);
    if excess == 0 {
        return;
    }
    if let Some(Json::Object(mut custom)) = view.shift_remove("customData") {
        excess = drop_largest(&mut custom, excess, &[]);
        if !custom.is_empty() {
            view.insert("customData".to_owned(), Json::Object(custom));
        }
    }
    let mut needed = NEEDED.to_vec();
    needed.push("customData");
    drop_largest(view, excess, &needed);
}

/// Drops the largest properties until `excess` bytes are gone, and returns how many are still too many.
fn drop_largest(body: &mut Body, mut excess: usize, needed: &[&str]) -> usize {
    while excess > 0 {
        let droppable = body.iter().filter(|(name, _)| !needed.contains(&name.as_str()));
        let sizes =
            droppable.map(|(name, value)| (encoded(name) + encoded(&value.to_string()), name.clone()));
        let Some((size, name)) = sizes.max() else { return excess };
        body.shift_remove(&name);
        excess = excess.saturating_sub(size);
    }
    0
}

fn encoded_bytes(view: &Body) -> usize {
    view.iter().map(|(name, value)| encoded(name) + encoded(&value.to_string()) + encoded("\"\":,")).sum()
}

/// Bytes of a text after JavaScript's `encodeURIComponent`.
fn encoded(text: &str) -> usize {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) { 1 } else { 3 })
        .sum()
}
