//! Segments: saved filters of contacts, for everybody in the project or for some.

use hark_query::parse_conditions_at;
use hark_store::{Body, Error, Field, Id, Kind, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::documents::{LINE_MAX, required_line};
use crate::resource::{Resource, lines, list, nothing_follows};

/// A segment. `createdBy` is the user who made it.
pub const SEGMENT: Kind = Kind {
    feed: true,
    ..Kind::new("segment", "segment", &[Field::text("name", "name"), Field::bool("isPublic", "is_public")])
};

/// Its rules.
pub const SEGMENTS: Resource = Resource {
    kind: &SEGMENT,
    audited: None,
    count_max: 2_000,
    personal: true,
    defaults: || json!({ "conditions": {}, "isPublic": false, "users": [], "columns": [] }),
    check,
    changed: nothing_follows,
};

/// Users that a segment is shared with, and columns that it shows.
const ENTRIES_MAX: usize = 200;

/// The properties of a segment that a caller may set.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SegmentInput {
    /// Its name.
    pub name: Option<String>,
    /// Which contacts it shows: a condition of the query language.
    pub conditions: Option<Json>,
    /// In which order: the text of `sort`.
    pub sort_by: Option<String>,
    /// The columns of the list, as paths of properties.
    pub columns: Option<Vec<String>>,
    /// The picture beside the name.
    pub icon: Option<String>,
    /// Whether everybody in the project sees it.
    pub is_public: Option<bool>,
    /// The ids of the users who see it besides who made it.
    pub users: Option<Vec<Id>>,
}

fn check(tx: &mut Tx<'_>, body: &mut Body) -> Result<()> {
    required_line(body, "name")?;
    lines(body, &["sortBy", "icon"])?;
    list(body, "users", ENTRIES_MAX)?;
    let columns = list(body, "columns", ENTRIES_MAX)?;
    if columns.iter().filter_map(Json::as_str).any(|column| column.chars().count() > LINE_MAX) {
        return Err(Error::invalid(format!("`columns` has an entry longer than {LINE_MAX} characters")));
    }
    if let Some(conditions) = body.get("conditions") {
        parse_conditions_at(conditions, tx.now())?;
    }
    Ok(())
}
