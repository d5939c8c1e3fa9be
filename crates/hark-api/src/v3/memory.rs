//! Contact memory: named notes about a contact.

use axum::http::Method;
use hark_core::contacts::memory::{self, Written};
use hark_store::{Doc, Id, Permission, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sessions::session_id;
use crate::answer::{Documents, Reply};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, Body, Listed, NoBody, Operation};

const READ: Access = Access::Project(Permission::ContactsRead);
const WRITE: Access = Access::Project(Permission::ContactsWrite);

const ALL: &str = "/v3/sessions/{sessionId}/memory";
const ONE: &str = "/v3/sessions/{sessionId}/memory/{entryName}";

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, ALL, "ListEntries", READ, list)
            .summary("List the memory entries of a contact, without their content")
            .listed(Listed::Short),
        Operation::new(Method::POST, ALL, "CreateEntry", WRITE, put)
            .summary("Write a memory entry, over the one of the same name if there is one"),
        Operation::new(Method::DELETE, ALL, "ClearAll", WRITE, clear)
            .summary("Delete all memory entries of a contact"),
        Operation::new(Method::GET, ONE, "GetEntry", READ, get).summary("Get a memory entry"),
        Operation::new(Method::PUT, ONE, "UpdateEntry", WRITE, update).summary("Change a memory entry"),
        Operation::new(Method::DELETE, ONE, "DeleteEntry", WRITE, delete).summary("Delete a memory entry"),
    ]
}

/// A memory entry to be written.
#[derive(Clone, Deserialize, JsonSchema)]
struct EntryBody {
    /// Its name, by which it is found again.
    name: String,
    /// What it is about, in a line.
    description: Option<String>,
    /// What it says.
    content: String,
}

/// What is to change about a memory entry.
#[derive(Clone, Deserialize, JsonSchema)]
struct UpdateBody {
    /// What it is about; stays as it is when it is left out.
    description: Option<String>,
    /// What it says.
    content: String,
}

/// A memory entry in a list.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ListItem {
    /// Its name.
    name: String,
    /// What it is about.
    description: String,
    /// Who wrote it last: `admin`, `bot` or `unknown`.
    actor: String,
    /// The user who wrote it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor_user_id: Option<Id>,
    /// When it was last written, ISO 8601.
    updated_at: String,
}

/// A memory entry.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Entry {
    /// What lists show of it.
    #[serde(flatten)]
    item: ListItem,
    /// What it says.
    content: String,
    /// When it was first written, ISO 8601.
    created_at: String,
}

/// What came of writing.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WriteResult {
    /// Whether it was done.
    ok: bool,
    /// Why not: `no_userId`, because guests have no memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// Whether entries are being condensed in the background; they never are here.
    consolidation_enqueued: bool,
    /// Entries that the contact has now; when all are deleted, how many there were.
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<usize>,
}

impl From<Written> for WriteResult {
    fn from(written: Written) -> WriteResult {
        let (reason, entries) = match written {
            Written::Stored(entries) => (None, Some(entries)),
            Written::Guest => (Some("no_userId"), None),
        };
        WriteResult { ok: reason.is_none(), reason, consolidation_enqueued: false, entries }
    }
}

async fn list(call: Call, _: NoBody) -> Result<Documents<ListItem>> {
    let id = session_id(&call)?;
    let entries = call.read(move |tx| memory::entries(tx, id)).await?;
    let items: serde_json::Result<Vec<serde_json::Value>> =
        entries.iter().map(|entry| serde_json::to_value(item(entry))).collect();
    documents::short(&call, items?)
}

async fn get(call: Call, _: NoBody) -> Result<Reply<Entry>> {
    let (id, name) = place(&call)?;
    let entry = call.peek(move |tx| memory::entry(tx, id, &name)).await?;
    let text = |property| entry.text(property).unwrap_or_default().to_owned();
    Ok(Reply(Entry { item: item(&entry), content: text("content"), created_at: text("createdAt") }))
}

async fn put(call: Call, Body(entry): Body<EntryBody>) -> Result<Reply<WriteResult>> {
    let id = session_id(&call)?;
    let write = move |tx: &mut hark_store::Tx<'_>| {
        memory::put(tx, id, &entry.name, entry.description.as_deref(), &entry.content)
    };
    Ok(Reply(call.write(write).await?.into()))
}

async fn update(call: Call, Body(entry): Body<UpdateBody>) -> Result<Reply<WriteResult>> {
    let (id, name) = place(&call)?;
    let write = move |tx: &mut hark_store::Tx<'_>| {
        memory::change(tx, id, &name, entry.description.as_deref(), &entry.content)
    };
    Ok(Reply(Written::Stored(call.write(write).await?).into()))
}

async fn delete(call: Call, _: NoBody) -> Result<Reply<WriteResult>> {
    let (id, name) = place(&call)?;
    let left = call.write(move |tx| memory::delete(tx, id, &name)).await?;
    Ok(Reply(Written::Stored(left).into()))
}

async fn clear(call: Call, _: NoBody) -> Result<Reply<WriteResult>> {
    let id = session_id(&call)?;
    let deleted = call.write(move |tx| memory::clear(tx, id)).await?;
    Ok(Reply(Written::Stored(deleted).into()))
}

fn place(call: &Call) -> Result<(Id, String)> {
    Ok((session_id(call)?, call.path("entryName")?.to_owned()))
}

fn item(entry: &Doc) -> ListItem {
    let text = |property| entry.text(property).unwrap_or_default().to_owned();
    ListItem {
        name: text("name"),
        description: text("description"),
        actor: text("actor"),
        actor_user_id: entry.reference("actorUserId"),
        updated_at: text("updatedAt"),
    }
}
