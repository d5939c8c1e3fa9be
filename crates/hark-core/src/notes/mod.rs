//! Notes about contacts and tickets, for agents only.

use hark_content::Rich;
use hark_query::{Filter, Path};
use hark_store::{Body, Error, Field, Id, Kind, Result, SearchText, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::contacts::CONTACT;
use crate::documents::required_line;
use crate::resource::{Resource, nothing_follows};

/// A note. `associatedEntity` is the id of a contact or ticket, `plainContent` its text.
pub const NOTE: Kind = Kind {
    feed: true,
    search: Some(search_text),
    ..Kind::new(
        "note",
        "note",
        &[Field::text("associatedEntity", "associated_entity"), Field::text("type", "type")],
    )
};

/// Its rules.
pub const NOTES: Resource = Resource {
    kind: &NOTE,
    audited: None,
    count_max: u64::MAX,
    personal: false,
    defaults: || json!({ "type": NoteType::Default, "metaData": {} }),
    check,
    changed: nothing_follows,
};

/// Notes about one contact or ticket.
const NOTES_MAX: u64 = 1_000;

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteType {
    /// Anything.
    Default,
    /// A call.
    PhoneCall,
    /// A meeting.
    Meeting,
}

/// The properties of a note that a caller may set.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NoteInput {
    /// What it is about, in a line.
    pub title: Option<String>,
    /// What it says: a text, or a TipTap document.
    pub content: Option<Json>,
    /// The contact or ticket that it is about.
    pub associated_entity: Option<Id>,
    /// What it is about.
    #[serde(rename = "type")]
    pub note_type: Option<NoteType>,
}

fn check(tx: &mut Tx<'_>, body: &mut Body) -> Result<()> {
    required_line(body, "title")?;
    let content = body.get("content").ok_or_else(|| Error::invalid("`content` is missing"))?;
    let content = Rich::from_wire(content)?;
    body.insert("content".to_owned(), content.json());
    body.insert("plainContent".to_owned(), json!(content.plain()));
    if let Some(about) = body.get("associatedEntity").and_then(Json::as_str).and_then(Id::parse) {
        check_about(tx, about)?;
    }
    Ok(())
}

fn check_about(tx: &Tx<'_>, about: Id) -> Result<()> {
    let notes = tx.count(&NOTE, &Filter::equal(Path::known("associatedEntity"), about.to_string()))?;
    if notes > NOTES_MAX {
        return Err(Error::invalid(format!("there are more than {NOTES_MAX} notes about {about}, delete some first")));
    }
    if tx.find(&CONTACT, about)?.is_some() {
        return Ok(());
    }
    Err(Error::invalid(format!("`associatedEntity` is {about}, which is no contact or ticket of this project")))
}

fn search_text(body: &Body) -> SearchText {
    let text = |property: &str| body.get(property).and_then(Json::as_str).unwrap_or_default().to_owned();
    SearchText { title: text("title"), body: text("plainContent") }
}
