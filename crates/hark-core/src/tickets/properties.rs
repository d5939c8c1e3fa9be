//! The properties of a ticket that somebody may set, with the bounds of their values.

use hark_store::{Body, Error, Result};
use serde_json::{Value as Json, json};

use crate::contacts::{Shape, cut};
use crate::documents::{check_attachments, check_web_address, depth_exceeds};

/// Levels of lists and objects in a property.
const DEPTH_MAX: usize = 32;
/// Bytes of a form, of custom data and the like, as JSON.
const JSON_BYTES_MAX: usize = 128 * 1024;
/// Characters of a name: of a type, a status, a channel.
const NAME_MAX: usize = 64;
/// Characters of a title.
const TITLE_MAX: usize = 1_000;
/// Characters of a description.
const TEXT_MAX: usize = 50_000;
/// Characters of a web address.
const URL_MAX: usize = 4_000;
/// Characters of a rank.
const RANK_MAX: usize = 100;

/// Priorities, the lowest first.
pub(super) const PRIORITIES: [&str; 3] = ["LOW", "MEDIUM", "HIGH"];
/// What a conversation sounds like.
const SENTIMENTS: [&str; 3] = ["positive", "negative", "neutral"];

/// Every property that can be set, besides references to other documents.
const PROPERTIES: &[(&str, Shape)] = &[
    ("title", Shape::Text(TITLE_MAX)),
    ("summary", Shape::Text(TEXT_MAX)),
    ("description", Shape::Text(TEXT_MAX)),
    ("plainContent", Shape::Text(TEXT_MAX)),
    ("content", Shape::Json(JSON_BYTES_MAX)),
    ("type", Shape::Text(NAME_MAX)),
    ("status", Shape::Text(NAME_MAX)),
    ("priority", Shape::Text(NAME_MAX)),
    ("sentiment", Shape::Text(NAME_MAX)),
    ("tags", Shape::Tags),
    ("form", Shape::Json(JSON_BYTES_MAX)),
    ("formData", Shape::Json(JSON_BYTES_MAX)),
    ("attributes", Shape::Json(JSON_BYTES_MAX)),
    ("customData", Shape::Json(JSON_BYTES_MAX)),
    ("metaData", Shape::Json(JSON_BYTES_MAX)),
    ("attachments", Shape::Json(JSON_BYTES_MAX)),
    ("bot", Shape::Json(4_096)),
    ("channel", Shape::Json(4_096)),
    ("integrationRefs", Shape::Json(JSON_BYTES_MAX)),
    ("emailRefs", Shape::Json(JSON_BYTES_MAX)),
    ("lastResponse", Shape::Json(1_024)),
    ("archived", Shape::Bool),
    ("isSpam", Shape::Bool),
    ("hidden", Shape::Bool),
    ("disabled", Shape::Bool),
    ("isSilent", Shape::Bool),
    ("hideContent", Shape::Bool),
    ("trackerTicket", Shape::Bool),
    ("conversationClosed", Shape::Bool),
    ("noHumanInteraction", Shape::Bool),
    ("preventAutoReply", Shape::Bool),
    ("needInitialPush", Shape::Bool),
    ("manuallyAdded", Shape::Bool),
    ("isManualStart", Shape::Bool),
    ("faqSuggested", Shape::Bool),
    ("notificationsUnread", Shape::Bool),
    ("sessionNotificationsUnread", Shape::Bool),
    ("slaBreached", Shape::Bool),
    ("slaBreachedAt", Shape::Date),
    ("snoozed", Shape::Bool),
    ("snoozedUntil", Shape::Date),
    ("queued", Shape::Bool),
    ("queuedAt", Shape::Date),
    ("dueDate", Shape::Date),
    ("lastNotification", Shape::Date),
    ("lexorank", Shape::Text(RANK_MAX)),
    ("aiSummary", Shape::Text(TEXT_MAX)),
    ("aiSupportSummary", Shape::Text(TEXT_MAX)),
    ("conversationRating", Shape::Number),
    ("score", Shape::Number),
    ("plan", Shape::Text(255)),
    ("outbound", Shape::Text(NAME_MAX)),
    ("botId", Shape::Text(NAME_MAX)),
    ("imageUrl", Shape::Text(URL_MAX)),
    ("screenshotUrl", Shape::Text(URL_MAX)),
    ("screenshotDataUrl", Shape::Text(URL_MAX)),
    ("screenRecordingUrl", Shape::Text(URL_MAX)),
    ("replayUrl", Shape::Text(URL_MAX)),
    ("replayDataUrl", Shape::Text(URL_MAX)),
    ("replayStartDate", Shape::Date),
    ("generatingScreenshot", Shape::Bool),
    ("screenshotRenderingFailed", Shape::Bool),
    ("screenshotLive", Shape::Bool),
    ("generatingReplay", Shape::Bool),
    ("replayRenderingFailed", Shape::Bool),
    ("replayLive", Shape::Bool),
    ("hasWebReplay", Shape::Bool),
    ("hasConsoleLog", Shape::Bool),
    ("hasNetworkLogs", Shape::Bool),
    ("hasCustomEventLog", Shape::Bool),
    ("fingerprint", Shape::Text(NAME_MAX)),
    ("duplicatesCount", Shape::Number),
];

/// Properties that must be objects.
const OBJECTS: &[&str] =
    &["form", "formData", "attributes", "customData", "metaData", "bot", "channel", "lastResponse"];
/// Properties that must be lists.
const LISTS: &[&str] = &["attachments", "emailRefs"];
/// Properties that lead into the web.
const ADDRESSES: &[&str] =
    &["imageUrl", "screenshotUrl", "screenshotDataUrl", "screenRecordingUrl", "replayUrl", "replayDataUrl"];
/// Properties that every ticket has: null cannot take them away.
const ALWAYS_THERE: &[&str] = &["title", "type", "status", "priority", "lexorank"];

fn shape_of(name: &str) -> Option<Shape> {
    PROPERTIES.iter().find(|(known, _)| *known == name).map(|(_, shape)| *shape)
}

/// The properties as they are stored; null takes one away. Names that are no property of a ticket
/// are left out.
///
/// # Errors
/// [`Error::Invalid`] with the first property that does not fit.
pub(super) fn strict(properties: Body) -> Result<Body> {
    let mut fitted = Body::new();
    for (name, value) in properties {
        let Some(shape) = shape_of(&name) else { continue };
        if value.is_null() && ALWAYS_THERE.contains(&name.as_str()) {
            return Err(Error::invalid(format!(
                "`{name}` cannot be taken away, send a value or leave it out"
            )));
        }
        let value = if value.is_null() { value } else { shape.strict(&name, &value)? };
        check(&name, &value)?;
        fitted.insert(name, value);
    }
    Ok(fitted)
}

/// What of a visitor's report fits: texts are cut, what has the wrong type or is too large is left out.
/// SDKs get no second chance to send a report, so nothing in it is an error.
pub fn lenient(properties: &Body) -> Body {
    let fit = |(name, value): (&String, &Json)| {
        let mut value = shape_of(name)?.lenient(value).0?;
        if let ("attachments", Json::Array(list)) = (name.as_str(), &mut value) {
            list.retain(|attachment| check_attachments(&json!([attachment])).is_ok());
        }
        if let (true, Json::String(text)) = (["type", "status"].contains(&name.as_str()), &value) {
            value = cut(text.trim(), NAME_MAX).into();
        }
        check(name, &value).is_ok().then(|| (name.clone(), value))
    };
    properties.iter().filter_map(fit).collect()
}

fn check(name: &str, value: &Json) -> Result<()> {
    if value.is_null() {
        return Ok(());
    }
    if OBJECTS.contains(&name) && !value.is_object() {
        return Err(Error::invalid(format!("`{name}` must be an object")));
    }
    if LISTS.contains(&name) && !value.is_array() {
        return Err(Error::invalid(format!("`{name}` must be a list")));
    }
    if depth_exceeds(value, DEPTH_MAX) {
        return Err(Error::invalid(format!("`{name}` is nested deeper than {DEPTH_MAX} levels")));
    }
    let text = value.as_str().unwrap_or_default();
    match name {
        "type" | "status" | "lexorank" if text.trim().is_empty() || text.chars().any(char::is_control) => {
            Err(Error::invalid(format!("`{name}` must be a name without control characters")))
        }
        "attachments" => check_attachments(value),
        name if ADDRESSES.contains(&name) => check_web_address(name, value),
        "priority" if !PRIORITIES.contains(&text) => Err(Error::invalid("`priority` is LOW, MEDIUM or HIGH")),
        "sentiment" if !SENTIMENTS.contains(&text) => {
            Err(Error::invalid("`sentiment` is positive, negative or neutral"))
        }
        _ => Ok(()),
    }
}

/// The place of a priority in their order, from 1.
pub(super) fn priority_order(priority: &str) -> usize {
    PRIORITIES.iter().position(|known| *known == priority).map_or(0, |place| place + 1)
}

#[cfg(test)]
mod tests {
    use hark_store::to_body;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_loses_what_does_not_fit_and_a_caller_is_told() {
        let body = to_body(json!({
            "title": "x".repeat(TITLE_MAX + 1), "priority": "URGENT", "formData": [1], "tags": ["a"],
            "isSilent": "true", "type": "CRASH", "constructor": 1,
        }));
        let fitted = lenient(&body);
        assert_eq!(fitted["title"].as_str().map(str::len), Some(TITLE_MAX));
        assert_eq!((&fitted["isSilent"], &fitted["type"]), (&json!(true), &json!("CRASH")));
        assert_eq!(fitted.len(), 4, "{fitted:?}");
        for (name, value) in
            body.iter().filter(|(name, _)| ["title", "priority", "formData"].contains(&name.as_str()))
        {
            let one = Body::from_iter([(name.clone(), value.clone())]);
            assert!(matches!(strict(one), Err(Error::Invalid(_))), "{name}");
        }
        let mut deep = json!(1);
        for _ in 0..DEPTH_MAX + 1 {
            deep = json!([deep]);
        }
        assert!(strict(to_body(json!({"customData": {"a": deep}}))).is_err());
        assert!(strict(to_body(json!({"status": null}))).is_err());
    }

    #[test]
    fn priorities_have_an_order() {
        assert!(priority_order("LOW") < priority_order("MEDIUM"));
        assert!(priority_order("MEDIUM") < priority_order("HIGH"));
    }
}
