//! Message templates: prepared answers with actions, for everybody in the project or for some.

use hark_query::{Filter, Op, Path, Sort, SortKey};
use hark_store::{Body, Doc, Error, Field, Id, Kind, Listing, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::documents::{LINE_MAX, depth_exceeds, expect_revision, required_line};
use crate::rank;

/// A message template. `createdBy` is the user who made it.
pub const MESSAGE_TEMPLATE: Kind = Kind {
    feed: true,
    ..Kind::new(
        "message template",
        "message_template",
        &[
            Field::text("title", "title"),
            Field::text("lexorank", "lexorank"),
            Field::bool("isPublic", "is_public"),
        ],
    )
};

/// Bytes of a content, of all attachments or of all actions, as JSON.
const JSON_BYTES_MAX: usize = 64 * 1024;
/// Levels of lists and objects in them.
const DEPTH_MAX: usize = 32;
/// Actions or attachments of a template.
const PARTS_MAX: usize = 20;
/// Users that a template is shared with.
const USERS_MAX: usize = 200;
/// Characters of a rank.
const RANK_MAX: usize = 100;
/// Templates of a project.
const TEMPLATES_MAX: u64 = 5_000;

/// The properties of a template that a caller may set.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TemplateInput {
    /// Its name.
    pub title: Option<String>,
    /// The answer: TipTap JSON or text.
    pub content: Option<Json>,
    /// Its place in lists; behind the last one unless said otherwise.
    pub lexorank: Option<String>,
    /// Whether everybody in the project sees it.
    pub is_public: Option<bool>,
    /// The ids of the users who see it otherwise.
    pub users: Option<Vec<Id>>,
    /// Files that go with the answer.
    pub attachments: Option<Vec<Json>>,
    /// What happens when it is used.
    pub actions: Option<Vec<TemplateAction>>,
}

/// Something that happens when a template is used.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct TemplateAction {
    /// What.
    #[serde(rename = "type")]
    pub action_type: String,
    /// With what.
    #[serde(default, skip_serializing_if = "Json::is_null")]
    pub data: Json,
}

/// A template as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemplateView {
    /// The template's id.
    pub id: Id,
    /// The template's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The project's id.
    pub project: Id,
    /// Who made it.
    pub created_by: Option<Id>,
    /// When it was created, ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
    /// What a caller set.
    #[serde(flatten)]
    pub template: TemplateInput,
}

/// Which of the templates that the user sees a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// All of them.
    All,
    /// Those of everybody.
    Public,
    /// The user's own, and those that somebody shares with the user.
    Private,
}

impl Visibility {
    /// Reads the parameter of a list; nothing means all.
    pub fn parse(text: &str) -> Result<Visibility> {
        match text {
            "" | "all" => Ok(Visibility::All),
            "public" => Ok(Visibility::Public),
            "private" => Ok(Visibility::Private),
            _ => Err(Error::invalid("`visibility` is public, private or all")),
        }
    }
}

/// The templates that a user sees, narrowed to a visibility and to titles with a text in them.
pub fn filter(user: Id, visibility: Visibility, search_term: &str) -> Filter {
    let is_user = |property| Filter::equal(Path::known(property), user.to_string());
    let public = Filter::equal(Path::known("isPublic"), true);
    let private = Filter::Any(vec![is_user("createdBy"), is_user("users")]);
    let seen = match visibility {
        Visibility::All => Filter::Any(vec![public, private]),
        Visibility::Public => public,
        Visibility::Private => private.and(public.negated()),
    };
    if search_term.is_empty() {
        return seen;
    }
    seen.and(Filter::test(Path::known("title"), Op::Contains(search_term.to_owned())))
}

/// The order of lists that name none.
pub fn order() -> Sort {
    Sort { keys: vec![SortKey { path: Path::known("lexorank"), descending: false }] }
}

/// A template that the user sees.
pub fn get(tx: &ReadTx<'_>, user: Id, id: Id) -> Result<Doc> {
    seen(tx.find(&MESSAGE_TEMPLATE, id)?, user, id)
}

/// Creates a template.
pub fn create(tx: &mut Tx<'_>, user: Id, body: Body) -> Result<Doc> {
    if tx.count(&MESSAGE_TEMPLATE, &Filter::everything())? >= TEMPLATES_MAX {
        return Err(Error::invalid(format!("a project has {TEMPLATES_MAX} message templates at most")));
    }
    let mut whole = hark_store::to_body(json!({
        "lexorank": rank::after(last_rank(tx)?.as_deref()),
        "isPublic": false, "users": [], "attachments": [], "actions": [],
    }));
    whole.extend(body.into_iter().filter(|(_, value)| !value.is_null()));
    check(&whole)?;
    whole.insert("createdBy".to_owned(), json!(user));
    tx.insert(&MESSAGE_TEMPLATE, whole)
}

/// Changes a template: one of everybody, or the user's own; with `expected`, only if it still has
/// this revision.
pub fn update(tx: &mut Tx<'_>, user: Id, id: Id, changes: Body, expected: Option<i64>) -> Result<Doc> {
    let mut doc = own(tx, user, id)?;
    expect_revision(&MESSAGE_TEMPLATE, &doc, expected)?;
    for (property, value) in changes {
        doc.set(&property, value);
    }
    check(&doc.body)?;
    tx.save(&MESSAGE_TEMPLATE, doc)
}

/// Deletes a template: one of everybody, or the user's own.
pub fn delete(tx: &mut Tx<'_>, user: Id, id: Id) -> Result<Doc> {
    let doc = own(tx, user, id)?;
    tx.delete(&MESSAGE_TEMPLATE, id)?;
    Ok(doc)
}

fn own(tx: &Tx<'_>, user: Id, id: Id) -> Result<Doc> {
    let doc = seen(tx.find_locked(&MESSAGE_TEMPLATE, id)?, user, id)?;
    if doc.is_true("isPublic") || doc.reference("createdBy") == Some(user) {
        return Ok(doc);
    }
    Err(Error::Forbidden("this template is shared with you, only who made it can change it".to_owned()))
}

fn seen(doc: Option<Doc>, user: Id, id: Id) -> Result<Doc> {
    let visible = filter(user, Visibility::All, "");
    let doc = doc.filter(|doc| visible.matches(&Json::Object(doc.body.clone())));
    doc.ok_or_else(|| Error::not_found(MESSAGE_TEMPLATE.name, id))
}

fn last_rank(tx: &ReadTx<'_>) -> Result<Option<String>> {
    let mut sort = order();
    sort.keys.iter_mut().for_each(|key| key.descending = true);
    let last = Listing { filter: Filter::everything(), sort, limit: 1, skip: 0, cursor: None };
    let page = tx.list(&MESSAGE_TEMPLATE, &last)?;
    Ok(page.docs.first().and_then(|doc| doc.text("lexorank")).map(str::to_owned))
}

fn check(body: &Body) -> Result<()> {
    required_line(body, "title")?;
    let is_content = body.get("content").is_some_and(|content| content.is_object() || content.is_string());
    if !is_content {
        return Err(Error::invalid(
            "`content` is missing, send a text or a TipTap document as a JSON object",
        ));
    }
    let rank = body.get("lexorank").and_then(Json::as_str).unwrap_or_default();
    if rank.is_empty() || rank.chars().count() > RANK_MAX {
        return Err(Error::invalid(format!("`lexorank` has between 1 and {RANK_MAX} characters")));
    }
    let parts =
        [("content", usize::MAX), ("users", USERS_MAX), ("attachments", PARTS_MAX), ("actions", PARTS_MAX)];
    for (property, count_max) in parts {
        check_part(property, body.get(property).unwrap_or(&Json::Null), count_max)?;
    }
    let mut actions = body.get("actions").and_then(Json::as_array).into_iter().flatten();
    let named = |action: &Json| {
        action["type"].as_str().is_some_and(|name| (1..=LINE_MAX).contains(&name.chars().count()))
    };
    if !actions.all(named) {
        return Err(Error::invalid(format!(
            "the `type` of an action has between 1 and {LINE_MAX} characters"
        )));
    }
    Ok(())
}

fn check_part(property: &str, value: &Json, count_max: usize) -> Result<()> {
    if value.as_array().is_some_and(|list| list.len() > count_max) {
        return Err(Error::invalid(format!("`{property}` has more than {count_max} entries")));
    }
    if depth_exceeds(value, DEPTH_MAX) {
        return Err(Error::invalid(format!("`{property}` is nested deeper than {DEPTH_MAX} levels")));
    }
    if value.to_string().len() > JSON_BYTES_MAX {
        return Err(Error::TooLarge(format!("`{property}` is larger than {JSON_BYTES_MAX} bytes")));
    }
    Ok(())
}
