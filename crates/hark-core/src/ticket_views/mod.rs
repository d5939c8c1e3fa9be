//! Ticket views: saved filters and orders of the inbox, for everybody in the project or for some.

use hark_query::parse_conditions_at;
use hark_store::{Body, Field, Id, Kind, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::documents::required_line;
use crate::resource::{Resource, list, nothing_follows, one_of};

/// A ticket view. `createdBy` is the user who made it.
pub const TICKET_VIEW: Kind = Kind {
    feed: true,
    ..Kind::new(
        "ticket view",
        "ticket_view",
        &[Field::text("name", "name"), Field::bool("isPublic", "is_public")],
    )
};

/// Its rules.
pub const TICKET_VIEWS: Resource = Resource {
    kind: &TICKET_VIEW,
    audited: None,
    count_max: 2_000,
    personal: true,
    defaults: || json!({ "conditions": {}, "isPublic": false, "users": [], "viewType": "list", "dataSources": [] }),
    check,
    changed: nothing_follows,
};

/// Users that a view is shared with.
const USERS_MAX: usize = 200;
/// Ticket types that a view shows.
const SOURCES_MAX: usize = 100;

/// The properties of a ticket view that a caller may set.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketViewInput {
    /// Its name.
    pub name: Option<String>,
    /// Which tickets it shows: a condition of the query language.
    pub conditions: Option<Json>,
    /// In which order: the text of `sort`, or what the dashboard needs to know.
    pub sort_by: Option<Json>,
    /// The ids of the users who see it besides who made it.
    pub users: Option<Vec<Id>>,
    /// Whether everybody in the project sees it.
    pub is_public: Option<bool>,
    /// `list` or `board`.
    pub view_type: Option<String>,
    /// The ticket types that it shows.
    pub data_sources: Option<Vec<String>>,
}

fn check(tx: &mut Tx<'_>, body: &mut Body) -> Result<()> {
    required_line(body, "name")?;
    list(body, "users", USERS_MAX)?;
    list(body, "dataSources", SOURCES_MAX)?;
    one_of(body, "viewType", &["list", "board"])?;
    if let Some(conditions) = body.get("conditions") {
        parse_conditions_at(conditions, tx.now())?;
    }
    Ok(())
}
