//! Message templates: prepared answers with actions.

use axum::http::Method;
use hark_core::message_templates::{
    self as templates, MESSAGE_TEMPLATE, TemplateInput, TemplateView, Visibility,
};
use hark_query::Sort;
use hark_store::{Listing, Permission, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::answer::{Answer, Document, Documents, Output};
use crate::call::Call;
use crate::documents::{self, LIMIT_DEFAULT, LIMIT_MAX};
use crate::operation::{Access, IF_MATCH, NoBody, Operation, Patch};

const READ: Access = Access::Project(Permission::TicketsRead);
const WRITE: Access = Access::Project(Permission::TicketsWrite);
const PARAMETERS: &[(&str, &str)] = &[
    ("searchTerm", "only templates with this text in their title"),
    ("visibility", "`public`, `private` or `all`"),
    ("withCount", "`true` for an object with the count of all that match"),
];

pub(crate) fn operations() -> Vec<Operation> {
    let all = "/v3/message-templates";
    let one = "/v3/message-templates/{messageTemplateId}";
    vec![
        Operation::new(Method::POST, all, "CreateMessageTemplate", WRITE, create)
            .summary("Create a message template"),
        Operation::new(Method::GET, all, "FindMessageTemplates", READ, list)
            .summary("List the message templates that the caller sees")
            .parameters(PARAMETERS)
            .list(),
        Operation::new(Method::GET, one, "FindMessageTemplateById", READ, get).summary("A message template"),
        Operation::new(Method::PUT, one, "UpdateMessageTemplate", WRITE, update)
            .summary("Change a message template")
            .headers(IF_MATCH),
        Operation::new(Method::DELETE, one, "DeleteMessageTemplate", WRITE, delete)
            .summary("Delete a message template"),
    ]
}

/// A list, bare or with its count.
enum Found {
    Bare(Documents<TemplateView>),
    Counted { data: Vec<Json>, total_count: u64 },
}

/// A list with its count, or the bare list.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it only describes the answer")]
enum FoundView {
    Bare(Vec<TemplateView>),
    #[serde(rename_all = "camelCase")]
    Counted {
        total_count: u64,
        data: Vec<TemplateView>,
    },
}

impl Output for Found {
    const HEADERS: &'static [&'static str] = Documents::<TemplateView>::HEADERS;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<FoundView>())
    }

    fn answer(self) -> Result<Answer> {
        match self {
            Found::Bare(documents) => documents.answer(),
            Found::Counted { data, total_count } => {
                Document::<FoundView>::of(&json!({"totalCount": total_count, "data": data})).answer()
            }
        }
    }
}

async fn create(call: Call, input: Patch<TemplateInput>) -> Result<Document<TemplateView>> {
    let user = call.user()?;
    let doc = call.write(move |tx| templates::create(tx, user, input.changes.clone())).await?;
    Ok(documents::one(&MESSAGE_TEMPLATE, &doc))
}

async fn list(call: Call, _: NoBody) -> Result<Found> {
    let own: Vec<&str> = PARAMETERS.iter().map(|(name, _)| *name).collect();
    let mut query = call.query(&own)?;
    let extra = |name: &str| {
        let found = query.extra.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let visibility = Visibility::parse(&extra("visibility"))?;
    let with_count = extra("withCount") == "true";
    let visible = templates::filter(call.user()?, visibility, &extra("searchTerm"));
    query.filter = query.filter.and(visible);
    if query.sort == Sort::default() {
        query.sort = templates::order();
    }
    if !with_count {
        return documents::list_by(&call, &MESSAGE_TEMPLATE, query).await.map(Found::Bare);
    }
    let listing = Listing::from_query(query, LIMIT_DEFAULT, LIMIT_MAX);
    let (page, total_count) = call.read(move |tx| tx.list_and_total(&MESSAGE_TEMPLATE, &listing)).await?;
    let data = page.docs.iter().map(|doc| doc.view(&MESSAGE_TEMPLATE)).collect();
    Ok(Found::Counted { data, total_count })
}

async fn get(call: Call, _: NoBody) -> Result<Document<TemplateView>> {
    let (user, id) = (call.user()?, call.path_id("messageTemplateId", MESSAGE_TEMPLATE.name)?);
    let doc = call.peek(move |tx| templates::get(tx, user, id)).await?;
    Ok(documents::one(&MESSAGE_TEMPLATE, &doc))
}

async fn update(call: Call, input: Patch<TemplateInput>) -> Result<Document<TemplateView>> {
    let (user, id) = (call.user()?, call.path_id("messageTemplateId", MESSAGE_TEMPLATE.name)?);
    let expected = call.if_match()?;
    let doc = call.write(move |tx| templates::update(tx, user, id, input.changes.clone(), expected)).await?;
    Ok(documents::one(&MESSAGE_TEMPLATE, &doc))
}

async fn delete(call: Call, _: NoBody) -> Result<Document<TemplateView>> {
    let (user, id) = (call.user()?, call.path_id("messageTemplateId", MESSAGE_TEMPLATE.name)?);
    let doc = call.write(move |tx| templates::delete(tx, user, id)).await?;
    Ok(documents::one(&MESSAGE_TEMPLATE, &doc))
}
