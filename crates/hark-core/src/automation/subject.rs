//! A ticket as conditions and texts of workflows see it: with its contact as `session`.

use hark_query::Path;
use hark_store::{Doc, ReadTx, Result};
use serde_json::Value as Json;

use crate::contacts::CONTACT;
use crate::tickets::TICKET;

/// Variables of a text that are filled in.
const VARIABLES_MAX: usize = 100;

/// A ticket with its contact.
pub(crate) fn subject(tx: &ReadTx<'_>, ticket: &Doc) -> Result<Json> {
    let mut subject = ticket.view(&TICKET);
    let contact =
        ticket.reference("session").map(|contact| tx.find(&CONTACT, contact)).transpose()?.flatten();
    if let Some(contact) = contact {
        subject["session"] = contact.view(&CONTACT);
    }
    Ok(subject)
}

/// A text with `{{session.name}}` and the like filled in; what is not there becomes nothing.
pub(super) fn fill(text: &str, subject: &Json) -> String {
    let mut filled = String::new();
    let mut rest = text;
    for _ in 0..VARIABLES_MAX {
        let Some((before, after)) = rest.split_once("{{") else { break };
        let Some((name, after)) = after.split_once("}}") else { break };
        filled.push_str(before);
        filled.push_str(&value(name.trim(), subject));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn value(name: &str, subject: &Json) -> String {
    let found = Path::parse(name).ok().and_then(|path| path.lookup(subject).cloned());
    match found {
        Some(Json::String(text)) => text,
        Some(value @ (Json::Number(_) | Json::Bool(_))) => value.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn variables_are_filled_in_once() {
        let subject = json!({"title": "{{bugId}}", "bugId": 7, "session": {"name": "Ada"}, "tags": ["a"]});
        for (text, filled) in [
            ("Hi {{ session.name }}, #{{bugId}}", "Hi Ada, #7"),
            ("{{title}}", "{{bugId}}"),
            ("{{nobody}}{{tags}}{{session}}.", "."),
            ("{{", "{{"),
            ("a }} b", "a }} b"),
        ] {
            assert_eq!(fill(text, &subject), filled, "{text}");
        }
    }
}
