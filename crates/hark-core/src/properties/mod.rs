//! Properties: the attributes that a project gives its tickets and contacts, and how forms show them.

use hark_store::{Body, Error, Field, Kind, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::documents::required_line;
use crate::resource::{Resource, lines, list, nothing_follows};

/// A property. `fieldId` is its name in `formData`, once per `targetSource`.
pub const PROPERTY: Kind = Kind {
    feed: true,
    ..Kind::new(
        "property",
        "property",
        &[Field::text("fieldId", "field_id"), Field::text("targetSource", "target_source")],
    )
};

/// Its rules.
pub const PROPERTIES: Resource = Resource {
    kind: &PROPERTY,
    audited: Some("property"),
    count_max: COUNT_MAX as u64,
    personal: false,
    defaults: || json!({ "options": [], "isSystem": false }),
    check,
    changed: nothing_follows,
};

/// Properties of a project at most.
pub(crate) const COUNT_MAX: u32 = 2_000;
/// Options to choose from.
const OPTIONS_MAX: usize = 500;
/// Characters of the name in `formData`.
const FIELD_ID_MAX: usize = 100;

/// The properties of a property that a caller may set.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct PropertyInput {
    /// What it holds: `text`, `textarea`, `number`, `select` and others that forms know.
    #[serde(rename = "type")]
    pub property_type: Option<String>,
    /// Its name for people.
    pub label: Option<String>,
    /// The sign before its name.
    pub label_icon: Option<String>,
    /// What an empty field shows; a text, or texts by language.
    pub placeholder: Option<Json>,
    /// Its name in `formData`.
    pub field_id: Option<String>,
    /// Where in a document it is.
    pub path: Option<String>,
    /// What a value must look like.
    pub validation: Option<String>,
    /// Who may change it.
    pub restrictions: Option<String>,
    /// Whose property it is: a ticket type, or contacts.
    pub target_source: Option<String>,
    /// Whether a form cannot do without it.
    pub required: Option<bool>,
    /// Whether it is only shown.
    pub read_only: Option<bool>,
    /// Whether it is only shown when it has a value.
    pub only_show_when_data_is_set: Option<bool>,
    /// What it can be.
    pub options: Option<Vec<PropertyOption>>,
    /// Where it is shown.
    pub visability: Option<Visibility>,
}

/// Something to choose.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct PropertyOption {
    /// Its name for people; a text, or texts by language.
    pub label: Json,
    /// The value.
    pub value: String,
    /// The sign before its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
}

/// Where a property is shown.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Visibility {
    /// Beside a ticket.
    pub sidebar: bool,
    /// In a ticket.
    pub detail: bool,
    /// In the form of a new ticket.
    pub create: bool,
    /// On a board's card.
    pub card: bool,
    /// Beside a shared ticket.
    pub shared_sidebar: bool,
    /// In a shared ticket.
    pub shared_detail: bool,
}

fn check(_: &mut Tx<'_>, body: &mut Body) -> Result<()> {
    for property in ["type", "label", "targetSource"] {
        required_line(body, property)?;
    }
    let field_id = required_line(body, "fieldId")?;
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if field_id.len() > FIELD_ID_MAX || !field_id.chars().all(fits) {
        return Err(Error::invalid(format!(
            "`fieldId` is made of letters, digits, `-` and `_`, at most {FIELD_ID_MAX} bytes"
        )));
    }
    lines(body, &["labelIcon", "path", "validation", "restrictions"])?;
    list(body, "options", OPTIONS_MAX)?;
    Ok(())
}
