//! `flowConfig`: what SDKs are told about looks and behaviour, as one table of known keys.
//!
//! SDKs insert these values into other people's pages and parse some of them by
//! position, so each known key has a shape. Keys that we do not know are for the
//! messenger and are only bounded.

use std::borrow::Cow;

use hark_store::{Body, Error, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

/// Characters of a text that SDKs show.
const TEXT_MAX: usize = 500;
/// Bytes of an address or an embedded image.
const IMAGE_BYTES_MAX: usize = 64 * 1024;
/// Texts in a list.
const ITEMS_MAX: usize = 100;
/// Characters of a text in a list.
const ITEM_MAX: usize = 300;
/// Keys that a project may set.
const KEYS_MAX: usize = 200;
/// Characters of a key.
const KEY_MAX: usize = 64;
/// Nesting of the values of keys that we do not know.
const DEPTH_MAX: usize = 5;
/// Bytes of everything that a project sets; SDKs keep the whole answer in a browser's storage.
const BYTES_MAX: usize = 96 * 1024;

/// The values that a project sets; null removes one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FlowConfig(pub Body);

/// A key that SDKs read.
struct Known {
    key: &'static str,
    shape: Shape,
    default: Preset,
    sentence: &'static str,
}

/// What a value has to look like.
#[derive(Clone, Copy)]
enum Shape {
    /// `#RRGGBB`: SDKs read the digits by position.
    Color,
    /// An `http(s)` address or an embedded image.
    Image,
    /// True or false.
    Flag,
    /// A text without markup.
    Text,
    /// A whole number; digits in a text count as one.
    Whole(i64, i64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of texts.
    Texts,
}

/// What SDKs are told when the project sets nothing.
#[derive(Clone, Copy)]
enum Preset {
    /// Nothing.
    Absent,
    Text(&'static str),
    Flag(bool),
    Whole(i64),
    NoTexts,
}

const fn known(key: &'static str, shape: Shape, default: Preset, sentence: &'static str) -> Known {
    Known { key, shape, default, sentence }
}

const POSITIONS: &[&str] = &[
    "BOTTOM_RIGHT",
    "BOTTOM_LEFT",
    "BUTTON_CLASSIC",
    "BUTTON_CLASSIC_LEFT",
    "BUTTON_CLASSIC_BOTTOM",
    "BUTTON_NONE",
];
const BRAND: Preset = Preset::Text("#1D5FD1");

/// Everything that the official SDKs read, with defaults that let each of them start.
const KNOWN: &[Known] = &[
    known("color", Shape::Color, BRAND, "primary colour"),
    known("headerColor", Shape::Color, BRAND, "colour of the header"),
    known("headerColor2", Shape::Color, Preset::Absent, "second colour of the header's gradient"),
    known("headerColor3", Shape::Color, Preset::Absent, "third colour of the header's gradient"),
    known("buttonColor", Shape::Color, BRAND, "colour of the launcher"),
    known("backgroundColor", Shape::Color, Preset::Text("#FFFFFF"), "background of the widget"),
    known("lightBackgroundColor", Shape::Color, Preset::Absent, "background in light mode"),
    known("darkBackgroundColor", Shape::Color, Preset::Absent, "background in dark mode"),
    known("darkColor", Shape::Color, Preset::Absent, "primary colour in dark mode"),
    known("darkHeaderColor", Shape::Color, Preset::Absent, "colour of the header in dark mode"),
    known("darkHeaderColor2", Shape::Color, Preset::Absent, "second colour of the header in dark mode"),
    known("darkHeaderColor3", Shape::Color, Preset::Absent, "third colour of the header in dark mode"),
    known(
        "colorScheme",
        Shape::OneOf(&["auto", "light", "dark", "default"]),
        Preset::Absent,
        "light or dark",
    ),
    known("borderRadius", Shape::Whole(0, 100), Preset::Whole(20), "radius of corners in pixels"),
    known("buttonX", Shape::Whole(0, 2_000), Preset::Whole(20), "distance of the launcher from the side"),
    known("buttonY", Shape::Whole(0, 2_000), Preset::Whole(20), "distance of the launcher from the bottom"),
    known(
        "feedbackButtonPosition",
        Shape::OneOf(POSITIONS),
        Preset::Text("BOTTOM_RIGHT"),
        "place and style of the launcher",
    ),
    known("buttonLogo", Shape::Image, Preset::Absent, "icon of the launcher"),
    known("logo", Shape::Image, Preset::Absent, "logo on the home screen"),
    known("darkLogo", Shape::Image, Preset::Absent, "logo on the home screen in dark mode"),
    known("widgetButtonText", Shape::Text, Preset::Absent, "text of a classic launcher"),
    known("welcomeText", Shape::Text, Preset::Absent, "greeting on the home screen"),
    known(
        "hideForGuests",
        Shape::Flag,
        Preset::Flag(false),
        "no launcher for visitors who are not identified",
    ),
    known("enableWebReplays", Shape::Flag, Preset::Flag(false), "record replays in browsers"),
    known("enableReplays", Shape::Flag, Preset::Flag(false), "record replays in apps"),
    known("replaysInterval", Shape::Whole(1, 60), Preset::Whole(5), "seconds between two frames of a replay"),
    known("enableConsoleLogs", Shape::Flag, Preset::Flag(true), "add the console's log to reports"),
    known("enableNetworkLogs", Shape::Flag, Preset::Flag(false), "add the log of requests to reports"),
    known(
        "sendNetworkResources",
        Shape::Flag,
        Preset::Flag(false),
        "log every resource and not only requests",
    ),
    known(
        "networkLogPropsToIgnore",
        Shape::Texts,
        Preset::NoTexts,
        "names of properties that are taken out of logs",
    ),
    known("networkLogBlacklist", Shape::Texts, Preset::NoTexts, "parts of addresses that are not logged"),
    known("enableShortcuts", Shape::Flag, Preset::Flag(false), "Ctrl+U opens a report"),
    known("activationMethodShake", Shape::Flag, Preset::Flag(false), "shaking opens the app's widget"),
    known(
        "activationMethodScreenshotGesture",
        Shape::Flag,
        Preset::Flag(false),
        "a screenshot opens the app's widget",
    ),
    known("activationMethodFeedbackButton", Shape::Flag, Preset::Flag(true), "apps show the launcher"),
    known("v", Shape::Whole(1, 4), Preset::Absent, "version of the home screen"),
    known(
        "bgType",
        Shape::OneOf(&["image", "classic", "gradient"]),
        Preset::Absent,
        "background of the header",
    ),
    known("bgImage", Shape::Image, Preset::Absent, "image behind the header"),
    known("darkBgImage", Shape::Image, Preset::Absent, "image behind the header in dark mode"),
    known("bgBlur", Shape::Flag, Preset::Absent, "blur behind the header"),
    known("fadebg", Shape::Flag, Preset::Absent, "fade the header out"),
    known("animateBG", Shape::Flag, Preset::Absent, "move the header's gradient"),
    known("disableBGFade", Shape::Flag, Preset::Absent, "no fading, in older SDKs"),
    known("disableBGGradient", Shape::Flag, Preset::Absent, "no gradient, in older SDKs"),
    known("hideNews", Shape::Flag, Preset::Absent, "no news on the home screen"),
    known("hideFeatureRequests", Shape::Flag, Preset::Absent, "no feature requests on the home screen"),
    known("hideAllConversations", Shape::Flag, Preset::Absent, "no conversations on the home screen"),
    known("hideKnowledgeBase", Shape::Flag, Preset::Absent, "no help center on the home screen"),
];

/// Sets these values, each checked; null removes one.
///
/// # Errors
/// [`Error::Invalid`] with the key and what its value has to look like.
pub(super) fn merge(into: &mut Body, changes: Body) -> Result<()> {
    for (key, value) in changes {
        if value.is_null() {
            into.shift_remove(&key);
        } else {
            let value = accept(&key, value)?;
            into.insert(key, value);
        }
    }
    let bytes = serde_json::to_vec(into)?.len();
    if into.len() > KEYS_MAX || bytes > BYTES_MAX {
        return Err(Error::invalid(format!(
            "`flowConfig` holds {} keys and {bytes} bytes, {KEYS_MAX} keys and {BYTES_MAX} bytes are the most",
            into.len()
        )));
    }
    Ok(())
}

/// What SDKs are told: the defaults, and over them what the project set.
pub(super) fn with_defaults(set: &Body) -> Body {
    let mut all = Body::new();
    for known in KNOWN {
        let default = match known.default {
            Preset::Absent => continue,
            Preset::Text(text) => json!(text),
            Preset::Flag(flag) => json!(flag),
            Preset::Whole(number) => json!(number),
            Preset::NoTexts => json!([]),
        };
        all.insert(known.key.to_owned(), default);
    }
    for (key, value) in set {
        all.insert(key.clone(), value.clone());
    }
    all
}

/// Whether a text is one for people: no markup that a browser would read, no control characters.
pub(super) fn is_plain(text: &str) -> bool {
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let opens_tag = c == '<'
            && characters.peek().is_some_and(|next| next.is_alphabetic() || ['/', '!', '?'].contains(next));
        if opens_tag || (c.is_control() && c != '\n') {
            return false;
        }
    }
    true
}

fn accept(key: &str, value: Json) -> Result<Json> {
    if key == "staticTranslations" {
        return Err(Error::invalid("texts by language belong into `translations`, not into `flowConfig`"));
    }
    let name_is_good = !key.is_empty()
        && key.len() <= KEY_MAX
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if !name_is_good {
        return Err(Error::invalid(format!(
            "keys of `flowConfig` have up to {KEY_MAX} letters, digits, `_` and `-`"
        )));
    }
    let wrong = |wanted: String| Error::invalid(format!("`flowConfig.{key}` has to be {wanted}"));
    match KNOWN.iter().find(|known| known.key == key) {
        Some(known) => known.shape.accept(value).ok_or_else(|| wrong(known.shape.words())),
        None if is_bounded(&value, DEPTH_MAX) => Ok(value),
        None => Err(wrong(format!(
            "plain values without null and markup, at most {DEPTH_MAX} levels of {ITEMS_MAX} entries"
        ))),
    }
}

impl Shape {
    /// The value in the form in which it is kept, or `None` when it is no such value.
    fn accept(self, value: Json) -> Option<Json> {
        let fits = match (self, &value) {
            (Shape::Color, Json::String(text)) => is_color(text),
            (Shape::Image, Json::String(text)) => is_image(text),
            (Shape::Flag, Json::Bool(_)) => true,
            (Shape::Text, Json::String(text)) => text.chars().count() <= TEXT_MAX && is_plain(text),
            (Shape::OneOf(words), Json::String(text)) => words.contains(&text.as_str()),
            (Shape::Texts, Json::Array(items)) => items.len() <= ITEMS_MAX && items.iter().all(is_item),
            (Shape::Whole(min, max), value) => {
                let text = || value.as_str().and_then(|text| text.trim().parse().ok());
                let number = value.as_i64().or_else(text)?;
                return (min..=max).contains(&number).then(|| json!(number));
            }
            _ => false,
        };
        fits.then_some(value)
    }

    fn words(self) -> String {
        match self {
            Shape::Color => "a colour of six hex digits such as #1D5FD1".to_owned(),
            Shape::Image => format!(
                "an http(s) address or a data:image address of at most {IMAGE_BYTES_MAX} bytes, without quotes and spaces"
            ),
            Shape::Flag => "true or false".to_owned(),
            Shape::Text => format!("a text of at most {TEXT_MAX} characters without markup"),
            Shape::Whole(min, max) => format!("a whole number from {min} to {max}"),
            Shape::OneOf(words) => format!("one of {}", words.join(", ")),
            Shape::Texts => format!("a list of at most {ITEMS_MAX} texts of 1 to {ITEM_MAX} characters"),
        }
    }

    fn schema(self) -> Map<String, Json> {
        let schema = match self {
            Shape::Color => json!({"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}),
            Shape::Image => json!({"type": "string", "maxLength": IMAGE_BYTES_MAX}),
            Shape::Flag => json!({"type": "boolean"}),
            Shape::Text => json!({"type": "string", "maxLength": TEXT_MAX}),
            Shape::Whole(min, max) => json!({"type": "integer", "minimum": min, "maximum": max}),
            Shape::OneOf(words) => json!({"type": "string", "enum": words}),
            Shape::Texts => json!({"type": "array", "items": {"type": "string"}, "maxItems": ITEMS_MAX}),
        };
        hark_store::to_body(schema)
    }
}

fn is_color(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text[1..].chars().all(|c| c.is_ascii_hexdigit())
}

/// SDKs write addresses into attributes and style sheets, so nothing may end those.
fn is_image(text: &str) -> bool {
    const ENDS: &[char] = &['"', '\'', '<', '>', '\\', '(', ')', '`'];
    let inert = text.chars().all(|c| c.is_ascii_graphic() && !ENDS.contains(&c));
    let scheme = ["https://", "http://", "data:image/"].iter().any(|scheme| text.starts_with(scheme));
    inert && scheme && text.len() <= IMAGE_BYTES_MAX
}

fn is_item(item: &Json) -> bool {
    item.as_str().is_some_and(|text| !text.is_empty() && text.chars().count() <= ITEM_MAX && is_plain(text))
}

fn is_bounded(value: &Json, depth: usize) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(_) | Json::Number(_) => true,
        Json::String(text) => text.len() <= IMAGE_BYTES_MAX && is_plain(text) && !runs_as_script(text),
        Json::Array(items) => {
            depth > 1 && items.len() <= ITEMS_MAX && items.iter().all(|item| is_bounded(item, depth - 1))
        }
        Json::Object(entries) => {
            let good = |(key, value): (&String, &Json)| is_plain(key) && is_bounded(value, depth - 1);
            depth > 1 && entries.len() <= ITEMS_MAX && entries.iter().all(good)
        }
    }
}

/// Browsers ignore white space and control characters in front of and inside a scheme.
fn runs_as_script(text: &str) -> bool {
    let start: String = text.chars().filter(|c| c.is_ascii_graphic()).take(11).collect();
    let start = start.to_ascii_lowercase();
    start.starts_with("javascript:") || start.starts_with("vbscript:") || start.starts_with("data:text")
}

impl JsonSchema for FlowConfig {
    fn schema_name() -> Cow<'static, str> {
        "FlowConfig".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let properties: Map<String, Json> = KNOWN
            .iter()
            .map(|known| {
                let mut schema = known.shape.schema();
                schema.insert("description".to_owned(), json!(known.sentence));
                (known.key.to_owned(), Json::Object(schema))
            })
            .collect();
        json_schema!({
            "type": "object",
            "description": "what SDKs are told about looks and behaviour; keys that are not listed go to the messenger",
            "properties": properties,
            "additionalProperties": true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(key: &str, value: Json) -> Result<Body> {
        let mut body = Body::new();
        merge(&mut body, Body::from_iter([(key.to_owned(), value)]))?;
        Ok(body)
    }

    #[test]
    fn values_have_the_shape_that_sdks_read() {
        for (key, good) in [
            ("color", json!("#a1B2c3")),
            ("replaysInterval", json!(60)),
            ("buttonLogo", json!("https://example.com/logo.png")),
            ("buttonLogo", json!("data:image/png;base64,AAAA")),
            ("networkLogBlacklist", json!(["example.com"])),
            ("welcomeText", json!("1 < 2, and I <3 you")),
            ("capture", json!({"backgroundLogs": true})),
        ] {
            assert!(set(key, good.clone()).is_ok(), "{key} {good}");
        }
        for (key, bad) in [
            ("color", json!("#fff")),
            ("color", json!("rgba(0,0,0,1)")),
            ("color", json!("#ééé")),
            ("replaysInterval", json!(0)),
            ("replaysInterval", json!(61)),
            ("replaysInterval", json!(1.5)),
            ("buttonLogo", json!("javascript:alert(1)")),
            ("buttonLogo", json!("https://example.com/\" onerror=\"alert(1)")),
            ("welcomeText", json!("<img src=x>")),
            ("feedbackButtonPosition", json!("TOP")),
            ("hideForGuests", json!("true")),
            ("anything", json!({"a": {"b": {"c": {"d": {"e": 1}}}}})),
            ("anything", json!({"a": null})),
            ("anything", json!({"link": "java\tscript:alert(1)"})),
            ("anything", json!(["<script>"])),
            ("staticTranslations", json!({})),
            ("a key", json!(1)),
        ] {
            assert!(set(key, bad.clone()).is_err(), "{key} {bad}");
        }
    }

    #[test]
    fn digits_become_a_number_and_null_takes_a_value_back() {
        let mut body = set("borderRadius", json!("12")).expect("digits");
        assert_eq!(body["borderRadius"], json!(12));
        merge(&mut body, Body::from_iter([("borderRadius".to_owned(), Json::Null)])).expect("null");
        assert!(body.is_empty());
        assert_eq!(with_defaults(&body)["borderRadius"], json!(20));
    }

    #[test]
    fn the_whole_stays_small() {
        let big = json!("a".repeat(IMAGE_BYTES_MAX));
        let mut body = set("one", big.clone()).expect("one is fine");
        assert!(merge(&mut body, Body::from_iter([("two".to_owned(), big)])).is_err());
    }
}
