//! Importers: contacts from files and other products, and the progress of these imports.

use axum::body::Bytes;
use axum::http::Method;
use hark_core::imports::{self, IMPORT, ImportView, Origin, Row, read_delimited, read_json, read_lines};
use hark_store::{Error, Id, Listing, Permission, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::answer::{Document, Documents, Reply};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, Body, Input, NoBody, Operation};
use crate::work::imports::source_of;

const IMPORT_CONTACTS: Access = Access::Project(Permission::ContactsImport);
/// Bytes of a file.
const FILE_BYTES_MAX: usize = 50 * 1024 * 1024;
/// Bytes of a JSON body, which is read as a whole.
const JSON_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Contacts of a JSON body that are written before the call is answered.
const AT_ONCE_MAX: usize = 500;
/// Characters of a credential.
const CREDENTIAL_MAX: usize = 1_000;

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, "/v3/sessions/importer", "ImportSession", IMPORT_CONTACTS, import)
            .summary(
                "Import contacts from JSON, CSV (`text/csv`) or NDJSON (`application/x-ndjson`). Up to 500 in JSON are \
                 written at once and answered with their ids; everything else is answered with an import to follow",
            )
            .body_bytes_max(FILE_BYTES_MAX)
            .also_takes(&["text/csv", "text/tab-separated-values", "application/x-ndjson"]),
        Operation::new(
            Method::POST,
            "/v3/sessions/importer/intercom",
            "ImportSessionIntercom",
            IMPORT_CONTACTS,
            async |call, Body(input): Body<IntercomInput>| begin(call, Origin::Intercom, &input).await,
        )
        .summary("Import contacts from Intercom"),
        Operation::new(
            Method::POST,
            "/v3/sessions/importer/hubspot",
            "ImportSessionHubspot",
            IMPORT_CONTACTS,
            async |call, Body(input): Body<HubspotInput>| begin(call, Origin::Hubspot, &input).await,
        )
        .summary("Import contacts from HubSpot"),
        Operation::new(
            Method::POST,
            "/v3/sessions/importer/zendesk",
            "ImportSessionZendesk",
            IMPORT_CONTACTS,
            async |call, Body(input): Body<ZendeskInput>| begin(call, Origin::Zendesk, &input).await,
        )
        .summary("Import contacts from Zendesk"),
        Operation::new(Method::GET, "/v3/imports", "GetImports", IMPORT_CONTACTS, list)
            .summary("List imports, without the errors of their rows")
            .list(),
        Operation::new(Method::GET, "/v3/imports/{importId}", "GetImport", IMPORT_CONTACTS, get)
            .summary("Get an import with its progress"),
        Operation::new(Method::POST, "/v3/imports/{importId}/cancel", "CancelImport", IMPORT_CONTACTS, cancel)
            .summary("Stop an import for good; contacts that it has brought stay"),
        Operation::new(Method::POST, "/v3/imports/{importId}/resume", "ResumeImport", IMPORT_CONTACTS, resume)
            .summary("Let an import that failed go on where it stopped"),
    ]
}

/// Where Intercom is, and the right to read it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct IntercomInput {
    /// The address of the API for the workspace's region; `https://api.intercom.io` when it is empty.
    #[serde(default)]
    endpoint: String,
    /// An access token.
    api_key: String,
}

/// The right to read HubSpot.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HubspotInput {
    /// The access token of a private app.
    api_key: String,
}

/// Which account of Zendesk, and the right to read it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ZendeskInput {
    /// The account: `acme` for `acme.zendesk.com`.
    subdomain: String,
    /// The address of the agent whose token it is.
    email: String,
    /// An API token.
    api_token: String,
}

/// An entry of the answer to a body of contacts: an id for each contact, or the one import.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum Imported {
    /// The id of a contact.
    Contact(Id),
    /// The import that brings the contacts.
    Import(#[schemars(with = "ImportView")] Json),
}

/// A list of contacts, or a file of them.
struct Contacts(Bytes);

impl Input for Contacts {
    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        let contact = json_schema!({"type": "object", "description": "a contact with `userId` or `email`"});
        Some(json_schema!({"oneOf": [
            {"type": "array", "items": contact},
            {"type": "object", "properties": {"sessions": {"type": "array", "items": contact}}},
        ]}))
    }

    fn read(body: &Bytes) -> Result<(Contacts, Vec<String>)> {
        Ok((Contacts(body.clone()), Vec::new()))
    }
}

async fn import(call: Call, Contacts(body): Contacts) -> Result<Reply<Vec<Imported>>> {
    let content_type = call.header("content-type").unwrap_or("application/json");
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let import = match media_type.as_str() {
        "text/csv" | "text/tab-separated-values" => {
            store_file(&call, Origin::Csv, read_delimited(&body)?).await?
        }
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
            store_file(&call, Origin::Ndjson, read_lines(&body)).await?
        }
        _ => {
            if body.len() > JSON_BYTES_MAX {
                return Err(Error::TooLarge(format!(
                    "a JSON body has {JSON_BYTES_MAX} bytes at most, send more contacts as application/x-ndjson"
                )));
            }
            let rows = read_json(&body)?;
            if rows.len() <= AT_ONCE_MAX {
                let ids = call.write(move |tx| imports::at_once(tx, &rows)).await?;
                return Ok(Reply(ids.into_iter().map(Imported::Contact).collect()));
            }
            store_file(&call, Origin::Json, rows.into_iter()).await?
        }
    };
    Ok(Reply(vec![Imported::Import(import)]))
}

/// Stores the rows of a file for the job, each part in a transaction of its own so that others can
/// write in between.
async fn store_file(call: &Call, origin: Origin, rows: impl Iterator<Item = Row> + Send) -> Result<Json> {
    let import = call.write(move |tx| imports::begin_file(tx, origin)).await?.id;
    let stored = async {
        let mut total = 0;
        for part in imports::parts(rows) {
            total += part.len();
            call.write(move |tx| imports::add_part(tx, import, &part)).await?;
        }
        call.write(move |tx| imports::end_file(tx, import, total)).await
    };
    match stored.await {
        Ok(import) => Ok(import.view(&IMPORT)),
        Err(error) => {
            call.write(move |tx| imports::discard(tx, import)).await?;
            Err(error)
        }
    }
}

/// Starts an import from a product.
async fn begin(call: Call, origin: Origin, input: &impl Serialize) -> Result<Documents<ImportView>> {
    let source = serde_json::to_value(input)?;
    for (property, value) in source.as_object().into_iter().flatten() {
        let text = value.as_str().unwrap_or_default().trim();
        if (text.is_empty() && property != "endpoint") || text.len() > CREDENTIAL_MAX {
            return Err(Error::invalid(format!(
                "`{property}` is empty or longer than {CREDENTIAL_MAX} bytes"
            )));
        }
    }
    // What can be seen to be wrong without asking the product is told at once.
    source_of(&call.app, origin, &source).map_err(|error| Error::invalid(error.to_string()))?;
    let import = call.write(move |tx| imports::begin_source(tx, origin, source.clone())).await?;
    Ok(Documents::of(vec![import.view(&IMPORT)]))
}

/// The list leaves the errors of rows out: an import may have a thousand.
async fn list(call: Call, _: NoBody) -> Result<Documents<ImportView>> {
    let listing = Listing::from_query(call.query(&[])?, documents::LIMIT_DEFAULT, documents::LIMIT_MAX);
    let (page, total) = call
        .read(move |tx| {
            let total = tx.total(&IMPORT, &listing.filter)?;
            Ok((tx.list(&IMPORT, &listing)?, total))
        })
        .await?;
    let without_errors = page.docs.into_iter().map(|mut import| {
        import.set("errors", Json::Null);
        import.view(&IMPORT)
    });
    Ok(Documents::of(without_errors.collect()).page(total, page.next))
}

async fn get(call: Call, _: NoBody) -> Result<Document<ImportView>> {
    let id = call.path_id("importId", IMPORT.name)?;
    documents::get(&call, &IMPORT, id).await
}

async fn cancel(call: Call, _: NoBody) -> Result<Document<ImportView>> {
    let id = call.path_id("importId", IMPORT.name)?;
    let import = call.write(move |tx| imports::cancel(tx, id)).await?;
    Ok(documents::one(&IMPORT, &import))
}

async fn resume(call: Call, _: NoBody) -> Result<Document<ImportView>> {
    let id = call.path_id("importId", IMPORT.name)?;
    let import = call.write(move |tx| imports::resume(tx, id)).await?;
    Ok(documents::one(&IMPORT, &import))
}
