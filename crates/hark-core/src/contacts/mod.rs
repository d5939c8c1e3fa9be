//! Contacts: the visitors, customers and users of a project; REST v3 calls them sessions.

use hark_store::{Body, Field, Kind, SearchText};

/// A contact. `emailKey` is the address in lower case, by which it is found.
pub const CONTACT: Kind = Kind {
    feed: true,
    search: Some(search_text),
    ..Kind::new(
        "contact",
        "contact",
        &[
            Field::text("gleapId", "gleap_id"),
            Field::text("userId", "user_id"),
            Field::text("emailKey", "email"),
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

fn search_text(body: &Body) -> SearchText {
    let text = |property: &str| body.get(property).and_then(|value| value.as_str()).unwrap_or_default();
    SearchText {
        title: format!("{} {}", text("name"), text("email")),
        body: format!("{} {} {}", text("userId"), text("companyName"), text("phone")),
    }
}
