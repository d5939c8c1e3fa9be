//! The properties of a message besides what it says, with the bounds of their values.

use hark_store::{Body, Error, Result};
use serde_json::Value as Json;

use super::translations;
use crate::contacts::Shape;
use crate::documents::{check_attachments, check_web_address, depth_exceeds};

/// Levels of lists and objects in a property.
const DEPTH_MAX: usize = 32;
/// Files of a message at most.
const ATTACHMENTS_MAX: usize = 50;

/// Every property that can be set.
const PROPERTIES: &[(&str, Shape)] = &[
    ("type", Shape::Text(64)),
    ("attachments", Shape::Json(64 * 1024)),
    ("fallbackUser", Shape::Json(4_096)),
    ("channel", Shape::Json(4_096)),
    ("actions", Shape::Json(64 * 1024)),
    ("translatedData", Shape::Json(256 * 1024)),
    ("aiData", Shape::Json(64 * 1024)),
    ("status", Shape::Json(4_096)),
    ("statusHistory", Shape::Json(16 * 1024)),
    ("reply", Shape::Json(16 * 1024)),
    ("replyTo", Shape::Text(64)),
    ("messageRef", Shape::Text(255)),
    ("emailId", Shape::Text(1_000)),
    ("outbound", Shape::Text(64)),
    ("outboundTemplate", Shape::Text(64)),
    ("outboundSubject", Shape::Text(1_000)),
    ("rating", Shape::Text(64)),
    ("kaiChat", Shape::Bool),
    ("sendToChannel", Shape::Bool),
    ("sessionNotificationsUnread", Shape::Bool),
];

/// The properties as they are stored; null takes one away. Names that are no property of a message
/// are left out.
///
/// # Errors
/// [`Error::Invalid`] with the first property that does not fit.
pub(super) fn strict(properties: Body) -> Result<Body> {
    let mut fitted = Body::new();
    for (name, value) in properties {
        let Some((_, shape)) = PROPERTIES.iter().find(|(known, _)| *known == name) else { continue };
        let value = if value.is_null() { value } else { shape.strict(&name, &value)? };
        check(&name, &value)?;
        let is_translated = name == "translatedData" && !value.is_null();
        let value = if is_translated { translations::normal(&value)? } else { value };
        fitted.insert(name, value);
    }
    Ok(fitted)
}

/// What of a visitor's message fits; the rest is left out.
pub fn lenient(properties: &Body) -> Body {
    let fit = |(name, value): (&String, &Json)| {
        let (_, shape) = PROPERTIES.iter().find(|(known, _)| *known == name.as_str())?;
        let value = shape.lenient(value).0?;
        check(name, &value).is_ok().then(|| (name.clone(), value))
    };
    properties.iter().filter_map(fit).collect()
}

fn check(name: &str, value: &Json) -> Result<()> {
    if depth_exceeds(value, DEPTH_MAX) {
        return Err(Error::invalid(format!("`{name}` is nested deeper than {DEPTH_MAX} levels")));
    }
    if name == "type"
        && value.as_str().is_some_and(|text| text.trim().is_empty() || text.contains(char::is_control))
    {
        return Err(Error::invalid("`type` must be a name without control characters"));
    }
    if ["attachments", "actions", "statusHistory"].contains(&name) && !value.is_null() {
        let list = value.as_array().ok_or_else(|| Error::invalid(format!("`{name}` must be a list")))?;
        if list.len() > ATTACHMENTS_MAX {
            return Err(Error::invalid(format!("`{name}` has more than {ATTACHMENTS_MAX} entries")));
        }
    }
    match name {
        "attachments" => check_attachments(value),
        "fallbackUser" => ["imageUrl", "profileImageUrl"]
            .iter()
            .try_for_each(|picture| check_web_address(picture, value.get(*picture).unwrap_or(&Json::Null))),
        _ => Ok(()),
    }
}
