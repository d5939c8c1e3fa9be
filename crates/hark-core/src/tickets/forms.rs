//! The forms of ticket types: values that callers of REST send have to be what the properties of the type say.
//!
//! What SDKs, workflows and the server itself write is not looked at here: a report of a visitor is kept
//! whatever it holds. That a form is complete is asked of people only, because programs that were
//! written for another server do not know what a project has required since.

use hark_query::dates::parse_date;
use hark_store::{Actor, Body, Doc, Error, Result, Tx};
use serde_json::Value as Json;

use crate::access::Address;
use crate::documents::check_web_address;
use crate::properties::{COUNT_MAX, PROPERTY};

/// Properties of a ticket that hold values of its form, as callers send them.
const SENT_AS: [&str; 2] = ["formData", "attributes"];

/// Whether a body sends values of a form.
pub(super) fn are_sent(body: &Body) -> bool {
    SENT_AS.iter().any(|name| body.contains_key(*name))
}

/// Goes on for a ticket whose form's values fit, of those that differ from `before`.
///
/// # Errors
/// [`Error::Invalid`] with the first that does not, or that a person left out of a new ticket or took away
/// although the form needs it.
pub(super) fn check(tx: &Tx<'_>, before: Option<&Body>, after: &Body) -> Result<()> {
    let Actor::User { service, .. } = tx.scope().actor() else { return Ok(()) };
    let ticket_type = after.get("type").and_then(Json::as_str).unwrap_or_default();
    for property in tx.all_by(&PROPERTY, "targetSource", ticket_type, COUNT_MAX)? {
        let name = property.text("fieldId").unwrap_or_default();
        let (was, is) = (before.and_then(|ticket| value_of(ticket, name)), value_of(after, name));
        match is {
            Some(value) if was != is => fits(&property, name, value)?,
            None if !service && is_missed(&property, before.is_none(), was.is_some()) => {
                let label = property.text("label").unwrap_or(name);
                return Err(Error::invalid(format!(
                    "tickets of the type {ticket_type} need `{label}`, send it in `formData.{name}`"
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The value of a form's field, unless it is empty.
fn value_of<'b>(ticket: &'b Body, name: &str) -> Option<&'b Json> {
    let value = ticket.get("formData")?.get(name)?;
    let is_empty = match value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(list) => list.is_empty(),
        _ => false,
    };
    (!is_empty).then_some(value)
}

/// Whether a value that is not there should be: in a new ticket if forms of new tickets show it, in another
/// one if it was there before.
fn is_missed(property: &Doc, is_new: bool, was_there: bool) -> bool {
    let is_shown = || property.body.get("visability").is_none_or(|shown| shown["create"] != false);
    property.is_true("required") && (was_there || is_new && is_shown())
}

/// Goes on for a value that is what a property says. What a type that nobody knows here means is not checked.
fn fits(property: &Doc, name: &str, value: &Json) -> Result<()> {
    let kind = property.text("type").unwrap_or_default().to_ascii_lowercase();
    let options = options(property);
    let is_scalar = !value.is_array() && !value.is_object();
    let text = value.as_str().unwrap_or_default();
    let many = matches!(kind.as_str(), "multiselect" | "multiplechoice" | "checkboxes" | "tags");
    let wanted = match kind.as_str() {
        _ if many => {
            let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            let is_choice = |one: &Json| match &options {
                Some(options) => is_one_of(options, one),
                None => !one.is_array() && !one.is_object() && !one.is_null(),
            };
            (!list.iter().all(is_choice)).then_some("a list")
        }
        _ if options.as_ref().is_some_and(|options| !is_one_of(options, value)) => Some("a choice"),
        "text" | "textarea" | "string" | "select" | "dropdown" | "radio" => (!is_scalar).then_some("a text"),
        "number" | "rating" | "scale" => {
            let is_number = value.is_number() || text.trim().parse().is_ok_and(f64::is_finite);
            (!is_number).then_some("a number")
        }
        "boolean" | "bool" | "checkbox" | "switch" | "consent" => {
            let is_bool = value.is_boolean() || matches!(text, "true" | "false");
            (!is_bool).then_some("true or false")
        }
        "date" | "datetime" => {
            parse_date(text).is_none().then_some("a date such as 2026-01-31T10:00:00.000Z")
        }
        "email" => Address::parse(text).is_err().then_some("an e-mail address"),
        "url" | "link" => {
            let is_web = value.is_string() && check_web_address(name, value).is_ok();
            (!is_web).then_some("a web address")
        }
        _ => None,
    };
    match (wanted, options) {
        (None, _) => Ok(()),
        (Some(_), Some(options)) => {
            let of = if many { "a list of" } else { "one of" };
            let known = options.join(", ");
            Err(Error::invalid(format!("`formData.{name}` must be {of} {known}")))
        }
        (Some(wanted), None) => Err(Error::invalid(format!("`formData.{name}` must be {wanted}"))),
    }
}

/// The values to choose from, if there are some.
fn options(property: &Doc) -> Option<Vec<&str>> {
    let options = property.body.get("options").and_then(Json::as_array).into_iter().flatten();
    let values: Vec<&str> = options.filter_map(|option| option["value"].as_str()).collect();
    (!values.is_empty()).then_some(values)
}

fn is_one_of(options: &[&str], value: &Json) -> bool {
    match value {
        Json::String(text) => options.contains(&text.as_str()),
        Json::Number(_) | Json::Bool(_) => options.contains(&value.to_string().as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use hark_store::{Id, to_body};
    use serde_json::json;

    use super::*;

    fn property(body: Json) -> Doc {
        let id = Id::parse("0123456789abcdef01234567").expect("an id");
        Doc { id, rev: 1, created_at: 0, updated_at: 0, body: to_body(body) }
    }

    #[test]
    fn values_are_of_the_type_of_their_property() {
        let good = [
            ("text", json!("x")),
            ("textarea", json!(5)),
            ("number", json!(1.5)),
            ("number", json!(" 12 ")),
            ("rating", json!("4")),
            ("boolean", json!(false)),
            ("checkbox", json!("true")),
            ("date", json!("2026-01-31")),
            ("email", json!("a@example.com")),
            ("url", json!("https://example.com/a")),
            ("multiselect", json!(["a", 1])),
            ("upload", json!([{"name": "a", "url": "https://example.com"}])),
            ("something", json!({"a": 1})),
        ];
        for (kind, value) in good {
            assert!(fits(&property(json!({ "type": kind })), "x", &value).is_ok(), "{kind}: {value}");
        }
        let wrong = [
            ("text", json!(["x"])),
            ("number", json!("many")),
            ("number", json!("NaN")),
            ("number", json!(true)),
            ("boolean", json!(1)),
            ("date", json!("tomorrow")),
            ("email", json!("nobody")),
            ("url", json!("javascript:alert(1)")),
            ("url", json!(5)),
            ("multiselect", json!([{"a": 1}])),
        ];
        for (kind, value) in wrong {
            assert!(fits(&property(json!({ "type": kind })), "x", &value).is_err(), "{kind}: {value}");
        }
    }

    #[test]
    fn choices_are_among_the_options() {
        let of = |kind: &str| {
            property(
                json!({"type": kind, "options": [{"label": "F", "value": "ff"}, {"label": "1", "value": "1"}]}),
            )
        };
        for (kind, value) in [
            ("select", json!("ff")),
            ("select", json!(1)),
            ("multiselect", json!(["1", "ff"])),
            ("multiselect", json!("ff")),
        ] {
            assert!(fits(&of(kind), "x", &value).is_ok(), "{kind}: {value}");
        }
        for (kind, value) in [
            ("select", json!("F")),
            ("select", json!(["ff"])),
            ("multiselect", json!(["ff", "x"])),
            ("text", json!("other")),
        ] {
            assert!(fits(&of(kind), "x", &value).is_err(), "{kind}: {value}");
        }
    }
}
