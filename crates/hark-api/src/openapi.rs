//! The API description, made of the table of operations and the handlers' own types.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use crate::app::App;
use crate::once;
use crate::operation::{Access, Listed, Operation, TextErrors};
use crate::problem::Problem;

/// Errors that an operation can answer besides what its access implies.
const ERRORS: &[(u16, &str)] = &[
    (400, "the call breaks a rule"),
    (404, "not found"),
    (409, "conflict"),
    (413, "too large"),
    (429, "too many calls"),
    (500, "a fault of ours"),
];

/// OpenAPI 3.1 of these operations.
pub fn describe(operations: &[Operation]) -> Json {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let problem = generator.subschema_for::<Problem>();
    let mut paths: Map<String, Json> = Map::new();
    for operation in operations {
        let entry = paths.entry(operation.path).or_insert_with(|| json!({}));
        entry[operation.method.as_str().to_lowercase()] =
            describe_one(operation, &mut generator, problem.as_value());
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Hark", "version": env!("CARGO_PKG_VERSION"), "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "headers": headers(),
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "apiToken": {"type": "apiKey", "in": "header", "name": "Api-Token"},
            },
        },
    })
}

fn describe_one(operation: &Operation, generator: &mut SchemaGenerator, problem: &Json) -> Json {
    let mut success = json!({"description": "done"});
    if let Some(schema) = (operation.output)(generator) {
        success["content"][operation.content_type]["schema"] = schema.to_value();
    }
    let body = request_body(operation, generator);
    let ignored = body.as_ref().map(|_| IGNORED);
    let replayed = operation.takes_key().then_some(REPLAYED);
    success["headers"] = header_references(
        operation.answer_headers.iter().copied().chain(ignored).chain(replayed).chain(EVERYWHERE),
    );
    let mut responses = Map::new();
    responses.insert(operation.status.as_u16().to_string(), success);
    for (status, description) in errors(operation) {
        let content = match operation.text_errors {
            TextErrors::Always => json!({"text/plain": {"schema": {"type": "string"}}}),
            _ => json!({"application/json": {"schema": problem}}),
        };
        let later = (status == 429).then_some("Retry-After");
        let headers = header_references(EVERYWHERE.into_iter().chain(later));
        let response = json!({"description": description, "content": content, "headers": headers});
        responses.insert(status.to_string(), response);
    }
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.group],
        "summary": operation.summary,
        "parameters": parameters(operation),
        "responses": responses,
        "security": security(operation.access),
    });
    if let Some(body) = body {
        described["requestBody"] = body;
    }
    described
}

/// The body of an operation that takes one. It may be left out where `{}` would do.
fn request_body(operation: &Operation, generator: &mut SchemaGenerator) -> Option<Json> {
    let schema = (operation.input)(generator)?.to_value();
    let reference = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    let resolved = reference.and_then(|name| generator.definitions().get(name)).unwrap_or(&schema);
    let is_any_object = resolved["type"] == "object" && resolved.get("required").is_none();
    let content = Map::from_iter([(operation.takes.to_owned(), json!({"schema": schema}))]);
    let mut body = json!({"required": !is_any_object, "content": content});
    for content_type in operation.also_takes {
        body["content"][content_type] = json!({"schema": {"type": "string"}});
    }
    Some(body)
}

/// Properties of the body that the operation does not know.
const IGNORED: &str = "Hark-Ignored-Fields";
/// An answer that was given before.
const REPLAYED: &str = "Idempotency-Replayed";
/// Headers of every answer of an operation.
const EVERYWHERE: [&str; 4] = ["X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"];

/// Headers of answers: name, type and sentence.
const HEADERS: &[(&str, &str, &str)] = &[
    ("X-Total-Count", "integer", "how many documents match"),
    ("X-Next-Cursor", "string", "the `cursor` of the next page; left out on the last one"),
    ("ETag", "string", "the document's revision, for `If-Match`"),
    (IGNORED, "string", "properties of the body that the operation does not know"),
    ("X-Request-Id", "string", "the number under which the log knows the call"),
    ("RateLimit-Limit", "integer", "calls that the budget allows"),
    ("RateLimit-Remaining", "integer", "calls that are left of the budget"),
    ("RateLimit-Reset", "integer", "seconds until the budget is whole again"),
    ("Retry-After", "integer", "seconds after which to try again"),
    (REPLAYED, "string", "`true` when this is the answer to an earlier call with the same key"),
];

fn headers() -> Json {
    let header = |(name, kind, sentence): &(&str, &str, &str)| {
        ((*name).to_owned(), json!({"description": sentence, "schema": {"type": kind}}))
    };
    Json::Object(HEADERS.iter().map(header).collect())
}

fn header_references<'n>(names: impl Iterator<Item = &'n str>) -> Json {
    let reference = |name: &str| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")}));
    Json::Object(names.map(reference).collect())
}

fn errors(operation: &Operation) -> Vec<(u16, &'static str)> {
    let access = operation.access;
    let mut errors = ERRORS.to_vec();
    errors.extend(operation.also_answers);
    if operation.takes_key() {
        errors.push((422, "the idempotency key was used for another call"));
    }
    if access != Access::Public {
        errors.push((401, "no valid credential"));
    }
    if matches!(access, Access::Project(_) | Access::Caller) {
        errors.push((403, "the permission is missing"));
    }
    errors.sort_unstable();
    errors
}

fn security(access: Access) -> Json {
    match access {
        Access::Public => json!([]),
        Access::Caller | Access::Project(_) => json!([{"bearer": []}]),
        Access::SdkKey => json!([]),
        Access::Visitor | Access::Contact | Access::Server => json!([{"apiToken": []}]),
    }
}

fn parameters(operation: &Operation) -> Vec<Json> {
    let text = json!({"type": "string"});
    let parameter = |place: &str, name: &str, sentence: &str, required: bool| json!({"in": place, "name": name, "description": sentence, "required": required, "schema": text});
    let mut all: Vec<Json> =
        path_parameters(operation.path).map(|name| parameter("path", name, "", true)).collect();
    match operation.access {
        Access::Project(_) => all.push(parameter("header", "project", "the id of the project", true)),
        Access::Contact => {
            all.push(parameter("header", "gleap-id", "the contact's id", true));
            all.push(parameter("header", "gleap-hash", "the contact's hash", true));
        }
        _ => {}
    }
    if operation.takes_key() {
        let sentence = "a key of yours for this call: repeated with it within 24 hours, the call is answered again and \
                        not carried out again";
        all.push(parameter("header", once::KEY, sentence, false));
    }
    for (name, sentence, required) in operation.headers {
        all.push(parameter("header", name, sentence, *required));
    }
    for (name, sentence) in operation.parameters {
        all.push(parameter("query", name, sentence, false));
    }
    let known = match operation.list {
        Some(Listed::Paged) => LIST_PARAMETERS,
        Some(Listed::Short) => &LIST_PARAMETERS[..3],
        Some(Listed::Whole) | None => &[],
    };
    for (name, sentence) in known {
        all.push(parameter("query", name, sentence, false));
    }
    if operation.list.is_some() {
        all.push(filters());
    }
    all
}

/// Every other query parameter is a filter on a property.
fn filters() -> Json {
    json!({
        "in": "query", "name": "filters", "required": false, "style": "form", "explode": true,
        "description": "any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B`",
        "schema": {"type": "object", "additionalProperties": {"type": "string"}},
    })
}

const LIST_PARAMETERS: &[(&str, &str)] = &[
    ("limit", "documents at most"),
    ("skip", "documents to leave out at the start"),
    ("sort", "properties, with `-` for descending: `-createdAt,name`"),
    ("cursor", "goes on behind the page whose `X-Next-Cursor` this is"),
];

/// The names in braces.
pub fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// `/openapi.json` and `/docs`.
pub(crate) fn routes() -> Router<App> {
    let description = describe(&crate::operations());
    let text: Arc<str> = description.to_string().into();
    let page: Arc<str> = crate::docs_page::page(&description).into();
    let policy = [(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    )];
    Router::new().route("/openapi.json", get(move || answer("application/json", text.clone()))).route(
        "/docs",
        get(move || async move { (policy, answer("text/html; charset=utf-8", page.clone()).await) }),
    )
}

async fn answer(content_type: &'static str, text: Arc<str>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, content_type)], text.to_string())
}
