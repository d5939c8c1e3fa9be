//! Notes about contacts and tickets, for agents only.

use hark_content::Rich;
use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Error, Field, Id, Kind, Result, SearchText, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::contacts::CONTACT;
use crate::documents::required_line;
use crate::resource::{Resource, nothing_follows};
use crate::tickets::TICKET;

/// A note. `associatedEntity` is the id of a contact or ticket, `plainContent` its text, `movedFrom`
/// the guests that it was about before they were merged into its contact.
pub const NOTE: Kind = Kind {
    feed: true,
    search: Some(search_text),
    hidden: &["movedFrom"],
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
        return Err(Error::invalid(format!(
            "there are more than {NOTES_MAX} notes about {about}, delete some first"
        )));
    }
    if tx.find(&CONTACT, about)?.is_some() || tx.find(&TICKET, about)?.is_some() {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "`associatedEntity` is {about}, which is no contact or ticket of this project"
    )))
}

/// Deletes the notes about a contact or ticket.
pub(crate) fn delete_about(tx: &mut Tx<'_>, about: Id) -> Result<u64> {
    tx.delete_where(&NOTE, "associatedEntity", &about.to_string())
}

/// Gives the notes about a guest to the contact that it became part of.
pub(crate) fn move_all(tx: &mut Tx<'_>, guest: Id, known: Id) -> Result<()> {
    for mut note in about(tx, guest)? {
        let mut former = moved_from(&note);
        former.push(json!(guest));
        note.set("movedFrom", former);
        note.set("associatedEntity", json!(known));
        tx.save(&NOTE, note)?;
    }
    Ok(())
}

/// Gives a guest back the notes that it had before it became part of another contact.
pub(crate) fn return_all(tx: &mut Tx<'_>, known: Id, guest: Id) -> Result<()> {
    for mut note in about(tx, known)? {
        let mut former = moved_from(&note);
        let Some(place) = former.iter().position(|id| *id == json!(guest)) else { continue };
        former.truncate(place);
        note.set("movedFrom", if former.is_empty() { Json::Null } else { Json::Array(former) });
        note.set("associatedEntity", json!(guest));
        tx.save(&NOTE, note)?;
    }
    Ok(())
}

/// Merges add notes to a contact, so there may be more than a caller can create.
const MERGED_MAX: u32 = 10_000;

fn about(tx: &Tx<'_>, about: Id) -> Result<Vec<Doc>> {
    tx.all_by(&NOTE, "associatedEntity", &about.to_string(), MERGED_MAX)
}

fn moved_from(note: &Doc) -> Vec<Json> {
    note.body.get("movedFrom").and_then(Json::as_array).cloned().unwrap_or_default()
}

fn search_text(body: &Body) -> SearchText {
    let text = |property: &str| body.get(property).and_then(Json::as_str).unwrap_or_default().to_owned();
    SearchText { title: text("title"), body: text("plainContent") }
}
