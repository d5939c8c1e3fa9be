//! The properties of a contact that somebody may set: what they hold, who may set them, and how
//! the bodies of the SDKs, of customers' servers and of REST v3 are read.
//!
//! The table is an allow-list: a property that is not in it can be set by no body. Bodies of SDKs
//! and servers are read leniently, because an error would cost a visitor the session: what does not
//! fit is cut or ignored. Bodies of REST v3 are read strictly and answered with what to change.
//!
//! SDKs compare what they are about to send with what we answered, by JSON text, and send again
//! what differs. A known property that cannot be stored as it came (a phone number sent as a
//! number) is therefore kept as custom data under its own name as well, where they look next.

use hark_store::{Body, Error, Result};
use serde_json::{Value as Json, json};

use super::shape::{Shape, clean, lenient_custom, strict_custom, usable_key};

/// Custom properties of a contact at most.
pub const CUSTOM_KEYS_MAX: usize = 35;
/// Characters of a user id at most.
pub const USER_ID_CHARS_MAX: usize = 250;

/// Who sets properties, from the least trusted on: whoever comes later may set all that those
/// before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setter {
    /// A visitor's SDK.
    Visitor,
    /// A customer's server with the secret token.
    Server,
    /// A member of the project over REST v3, or an import.
    Team,
}

/// A property that somebody may set.
#[derive(Debug)]
pub struct Property {
    /// Its name on the wire and in the document.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// The least trusted who may set it.
    pub setter: Setter,
}

const fn property(name: &'static str, shape: Shape, setter: Setter) -> Property {
    Property { name, shape, setter }
}

/// Every property of a contact that somebody may set, besides custom data.
pub const PROPERTIES: &[Property] = &[
    property("name", Shape::Text(200), Setter::Visitor),
    property("email", Shape::Text(320), Setter::Visitor),
    property("phone", Shape::Text(64), Setter::Visitor),
    property("avatar", Shape::Text(1_000), Setter::Visitor),
    property("lang", Shape::Text(64), Setter::Visitor),
    property("companyId", Shape::Text(120), Setter::Visitor),
    property("companyName", Shape::Text(200), Setter::Visitor),
    property("plan", Shape::Text(120), Setter::Visitor),
    property("value", Shape::Number, Setter::Visitor),
    property("sla", Shape::Number, Setter::Visitor),
    property("createdAt", Shape::Date, Setter::Visitor),
    property("deviceType", Shape::Text(64), Setter::Visitor),
    property("platform", Shape::Text(64), Setter::Visitor),
    property("lastActivity", Shape::Date, Setter::Server),
    property("lastPageView", Shape::Json(4_096), Setter::Server),
    property("userId", Shape::Text(USER_ID_CHARS_MAX), Setter::Team),
    property("tags", Shape::Tags, Setter::Team),
    property("location", Shape::Json(2_048), Setter::Team),
    property("blocked", Shape::Bool, Setter::Team),
    property("emailOnly", Shape::Bool, Setter::Team),
    property("unsubscribed", Shape::Bool, Setter::Team),
    property("unsubscribeReason", Shape::Text(500), Setter::Team),
    property("facebookId", Shape::Text(120), Setter::Team),
    property("instagramId", Shape::Text(120), Setter::Team),
    property("instagramUsername", Shape::Text(120), Setter::Team),
    property("telegramChatId", Shape::Text(120), Setter::Team),
    property("telegramUsername", Shape::Text(120), Setter::Team),
];

/// Dates that every contact has: null cannot take them away.
const ALWAYS_THERE: &[&str] = &["createdAt", "lastActivity"];

/// Names in SDK bodies that are part of the call and neither known nor custom properties.
const CALL_KEYS: &[&str] = &["userId", "userHash", "gleapId", "gleapHash", "company", "customData"];

/// The property of this name.
pub(super) fn known(name: &str) -> Option<&'static Property> {
    PROPERTIES.iter().find(|property| property.name == name)
}

/// What a property is while nobody has set it; `None` for those that are then left out.
pub(super) fn default_of(name: &str) -> Option<Json> {
    match name {
        "tags" => Some(json!([])),
        "lang" => Some(json!("en")),
        "value" => Some(json!(0)),
        "blocked" | "emailOnly" | "unsubscribed" => Some(json!(false)),
        _ => None,
    }
}

/// Checked properties, ready to be set on a contact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties {
    /// Known properties; null takes one away.
    pub known: Body,
    /// Custom properties; null takes one away.
    pub custom: Body,
    /// Whether custom properties come in an order of their own, as one object.
    nested: bool,
    /// Whether too many custom properties are an error.
    strict: bool,
}

impl Properties {
    /// Reads an identify body: custom properties stand at the top level.
    pub fn from_flat(body: &Body, setter: Setter) -> Properties {
        let mut properties = Properties::default();
        properties.read_lenient(body, setter, true);
        properties
    }

    /// Reads an update body of an SDK: custom properties stand in `customData`.
    pub fn from_nested(body: &Body, setter: Setter) -> Properties {
        let mut properties = Properties { nested: true, ..Properties::default() };
        properties.read_lenient(body, setter, false);
        properties
    }

    /// Reads a REST v3 body. Null takes a property away.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the first property that does not fit.
    pub fn from_rest(body: &Body) -> Result<Properties> {
        let mut properties = Properties { nested: true, strict: true, ..Properties::default() };
        for (name, value) in body {
            if name == "customData" {
                properties.custom = strict_custom(value)?;
            } else if let Some(property) = known(name) {
                if value.is_null() && ALWAYS_THERE.contains(&name.as_str()) {
                    return Err(Error::invalid(format!(
                        "`{name}` cannot be taken away, send a date or leave it out"
                    )));
                }
                let value = if value.is_null() { Json::Null } else { property.shape.strict(name, value)? };
                properties.known.insert(name.clone(), value);
            }
        }
        Ok(properties)
    }

    /// A known property's text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.known.get(name).and_then(Json::as_str)
    }

    fn read_lenient(&mut self, body: &Body, setter: Setter, flat: bool) {
        for (name, value) in body {
            match known(name).filter(|property| property.setter <= setter) {
                Some(property) => self.set_known(property, value, flat),
                None if flat && !CALL_KEYS.contains(&name.as_str()) => self.set_custom(name, value),
                None => {}
            }
        }
        if let Some(Json::Object(company)) = body.get("company") {
            for (key, name) in [("id", "companyId"), ("name", "companyName")] {
                if let (Some(value), Some(property)) = (company.get(key), known(name)) {
                    let (value, _) = property.shape.lenient(value);
                    self.known.entry(name).or_insert(value.unwrap_or_default());
                }
            }
            self.known.retain(|_, value| !value.is_null());
        }
        if let Some(Json::Object(custom)) = body.get("customData") {
            for (name, value) in custom {
                self.set_custom(name, value);
            }
        }
    }

    /// `flat` bodies come from `identify`, where mobile SDKs send empty texts for what they do not know.
    fn set_known(&mut self, property: &Property, value: &Json, flat: bool) {
        if value.is_null() || (flat && value.as_str() == Some("")) {
            return;
        }
        let (stored, as_it_came) = property.shape.lenient(value);
        if let Some(stored) = stored {
            self.known.insert(property.name.to_owned(), stored);
        }
        if !as_it_came {
            self.set_custom(property.name, value);
        }
    }

    fn set_custom(&mut self, name: &str, value: &Json) {
        let name = clean(name);
        let fits = self.custom.len() < CUSTOM_KEYS_MAX || self.custom.contains_key(&name);
        if !usable_key(&name) || !fits {
            return;
        }
        if let Some(value) = lenient_custom(value) {
            self.custom.insert(name, value);
        }
    }

    /// Sets the properties on a contact's document.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a strict reader's custom properties are too many together with
    /// those that the contact already has.
    pub fn apply(&self, contact: &mut Body) -> Result<()> {
        let mut custom = match contact.get("customData") {
            Some(Json::Object(custom)) => custom.clone(),
            _ => Body::new(),
        };
        for (name, value) in &self.known {
            let value = if value.is_null() { default_of(name) } else { Some(value.clone()) };
            match value {
                Some(value) => contact.insert(name.clone(), value),
                None => contact.shift_remove(name),
            };
            custom.shift_remove(name);
        }
        let custom = self.merge_custom(custom)?;
        contact.insert("customData".to_owned(), Json::Object(custom));
        Ok(())
    }

    /// An SDK compares an object of custom properties as a whole, so the order in which it sent
    /// them stays.
    fn merge_custom(&self, stored: Body) -> Result<Body> {
        let mut merged = if self.nested { Body::new() } else { stored.clone() };
        let mut room = CUSTOM_KEYS_MAX.saturating_sub(stored.len());
        for (name, value) in &self.custom {
            if !self.strict && !stored.contains_key(name) {
                if room == 0 {
                    continue;
                }
                room -= 1;
            }
            merged.insert(name.clone(), value.clone());
        }
        for (name, value) in stored {
            merged.entry(name).or_insert(value);
        }
        merged.retain(|_, value| !value.is_null());
        if self.strict && merged.len() > CUSTOM_KEYS_MAX {
            return Err(Error::invalid(format!(
                "a contact has {CUSTOM_KEYS_MAX} custom properties at most, this would make {}",
                merged.len()
            )));
        }
        Ok(merged)
    }
}
