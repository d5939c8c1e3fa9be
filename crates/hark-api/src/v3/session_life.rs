//! The life of a session: its events, activities, identity history, checklists, and the export of all.

use std::collections::BTreeMap;

use axum::http::Method;
use hark_core::contacts::{self, Activity, CONTACT, EXPORT_COLUMNS, EXPORT_SECRETS, EventView, SessionView};
use hark_core::export::Columns;
use hark_query::Filter;
use hark_query::dates::parse_date;
use hark_store::{Error, EventFilter, Id, Permission, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::sessions::{extra, is_plain, session_id};
use crate::answer::{Csv, Document, Documents, Reply};
use crate::call::Call;
use crate::documents::{self, LIMIT_DEFAULT, LIMIT_MAX};
use crate::export::{csv, unpaged};
use crate::operation::{Access, Listed, NoBody, Operation};

const READ: Access = Access::Project(Permission::ContactsRead);
const WRITE: Access = Access::Project(Permission::ContactsWrite);
const EXPORT: Access = Access::Project(Permission::ContactsExport);

/// Contacts that an export reads at a time.
const EXPORT_CHUNK: u32 = 500;

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/sessions/export", "ExportSessions", EXPORT, export)
            .summary("Export the contacts that match the filters as CSV, oldest first")
            .parameters(&[(
                "fields",
                "The columns with commas between them, nested ones dotted: name,email,customData.tier",
            )])
            .listed(Listed::Whole),
        Operation::new(
            Method::GET,
            "/v3/sessions/{sessionId}/activities",
            "GetSessionActivities",
            READ,
            activities,
        )
        .summary("What happened to a contact: events and identity changes, newest first")
        .parameters(&[("limit", "Activities at most"), ("before", "Only what happened before this moment")]),
        Operation::new(Method::GET, "/v3/sessions/{sessionId}/events", "GetSessionEvents", READ, events)
            .summary("The tracked events of a contact, newest first")
            .parameters(&[
                ("limit", "Events at most"),
                ("cursor", "Goes on behind the page whose `X-Next-Cursor` this is"),
                ("before", "Only events before this moment"),
                ("name", "Only events of this name"),
            ]),
        Operation::new(
            Method::GET,
            "/v3/sessions/{sessionId}/checklists",
            "GetChecklistsForSession",
            READ,
            checklists,
        )
        .summary("The progress of a contact in checklists"),
        Operation::new(
            Method::GET,
            "/v3/sessions/{sessionId}/identity-history",
            "GetSessionIdentityHistory",
            READ,
            history,
        )
        .summary("Every change of a contact's email, name or userId, and every merge, newest first"),
        Operation::new(
            Method::POST,
            "/v3/sessions/{sessionId}/identity-history/{changeId}/undo",
            "UndoSessionMerge",
            WRITE,
            undo,
        )
        .summary("Undo a merge; answers the contact that is there again"),
    ]
}

async fn events(call: Call, _: NoBody) -> Result<Documents<EventView>> {
    let id = session_id(&call)?;
    let query = call.query(&["before", "name"])?;
    if query.skip > 0 || !is_plain(&query) {
        return Err(Error::invalid(
            "events are newest first, and this call takes `name`, `before`, `limit` and `cursor` only",
        ));
    }
    let limit = query.limit.unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX);
    let filter = EventFilter {
        before: moment(extra(&query, "before"))?,
        name: extra(&query, "name").filter(|name| !name.is_empty()).map(str::to_owned),
        behind: query.cursor.as_deref().map(place).transpose()?,
        ..EventFilter::default()
    };
    let page = call.read(move |tx| contacts::events(tx, id, &filter, limit)).await?;
    let values: serde_json::Result<Vec<Json>> = page.events.iter().map(serde_json::to_value).collect();
    Ok(Documents::of(values?).next(page.next.map(|(at, key)| format!("{at}.{key}"))))
}

/// The place in a list of events that a cursor names.
fn place(cursor: &str) -> Result<(i64, i64)> {
    let parts = cursor.split_once('.').and_then(|(at, key)| Some((at.parse().ok()?, key.parse().ok()?)));
    parts.ok_or_else(|| {
        Error::invalid("`cursor` is not from a list of events: send the `X-Next-Cursor` of the page before")
    })
}

async fn activities(call: Call, _: NoBody) -> Result<Reply<Vec<Activity>>> {
    let id = session_id(&call)?;
    let query = call.query(&["before"])?;
    if query.skip > 0 || query.cursor.is_some() || !is_plain(&query) {
        return Err(Error::invalid(
            "activities are newest first, and this call takes `before` and `limit` only",
        ));
    }
    let limit = query.limit.unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX);
    let before = moment(extra(&query, "before"))?;
    Ok(Reply(call.read(move |tx| contacts::activities(tx, id, before, limit)).await?))
}

fn moment(text: Option<&str>) -> Result<Option<i64>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let wrong = || Error::invalid("`before` must be a date such as 2026-01-31T10:00:00.000Z");
    parse_date(text).ok_or_else(wrong).map(Some)
}

async fn checklists(call: Call, _: NoBody) -> Result<Reply<Vec<Checklist>>> {
    let id = session_id(&call)?;
    let contact = call.peek(move |tx| tx.get(&CONTACT, id)).await?;
    let tasks = match contact.body.get("checklistTasks") {
        Some(Json::Array(tasks)) => tasks.clone(),
        Some(Json::Object(tasks)) => tasks.values().cloned().collect(),
        _ => Vec::new(),
    };
    Ok(Reply(tasks.into_iter().map(Checklist).collect()))
}

/// The identity history of a contact.
#[derive(Serialize, JsonSchema)]
struct History {
    /// The changes, newest first.
    #[schemars(with = "Vec<Change>")]
    history: Json,
}

/// A change of who a contact is.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes what is answered as it is stored")]
struct Change {
    /// The change's id, with which a merge is undone.
    id: Id,
    /// The contact's id.
    contact: Id,
    /// When it was made, ISO 8601.
    at: String,
    /// What changed: `email`, `name` and `userId`, each with what it was and became.
    changes: BTreeMap<String, FromTo>,
    /// Who made it, and how.
    by: ChangedBy,
    /// The contact that became part of this one.
    merged: Option<Merged>,
    /// When the merge was undone, ISO 8601.
    undone_at: Option<String>,
}

/// What a property was and became; one that was not there has no such value.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes what is answered as it is stored")]
struct FromTo {
    /// What it was.
    from: Option<String>,
    /// What it became.
    to: Option<String>,
}

/// Who made a change, and how.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes what is answered as it is stored")]
struct ChangedBy {
    /// `api`, `sdk`, `admin`, `job` or `system`.
    source: String,
    /// `identify`, `partialupdate`, `update` or `merge`.
    method: String,
    /// The user.
    user_id: Option<Id>,
    /// Whether it was a service account or a customer's server.
    has_api_key: Option<bool>,
    /// For identify: whether the user id was proven.
    verified: Option<bool>,
}

/// A contact that became part of another one.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes what is answered as it is stored")]
struct Merged {
    /// The id that it had.
    contact: Id,
    /// The name that it had.
    name: Option<String>,
    /// The address that it had.
    email: Option<String>,
}

/// The progress of a contact in a checklist.
#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
struct Checklist(#[schemars(with = "BTreeMap<String, Json>")] Json);

async fn history(call: Call, _: NoBody) -> Result<Reply<History>> {
    let id = session_id(&call)?;
    let history = call
        .read(move |tx| {
            tx.get(&CONTACT, id)?;
            contacts::history_view(tx, id)
        })
        .await?;
    Ok(Reply(History { history }))
}

async fn undo(call: Call, _: NoBody) -> Result<Document<SessionView>> {
    let id = session_id(&call)?;
    let change: Id = call.path_id("changeId", contacts::IDENTITY_CHANGE.name)?;
    let contact = call.write(move |tx| contacts::undo_merge(tx, id, change)).await?;
    Ok(documents::one_for(&call.scope, &CONTACT, &contact))
}

async fn export(call: Call, _: NoBody) -> Result<Csv> {
    let query = call.query(&["fields"])?;
    unpaged(&query)?;
    let columns = Columns::parse(extra(&query, "fields"), EXPORT_COLUMNS, EXPORT_SECRETS)?;
    // Values of filters are personal data, and the log outlives the contacts.
    let noted = json!({"fields": columns.names(), "filtered": query.filter != Filter::everything()});
    call.write(move |tx| tx.audit("contacts.exported", None, noted.clone())).await?;

    let chunks = call.app.store.stream(&call.scope, &CONTACT, query.filter, EXPORT_CHUNK);
    csv("contacts.csv", columns, chunks, |contacts| async move {
        Ok(contacts.into_iter().map(|contact| contact.body).collect())
    })
    .await
}
