//! Server-side tracking: a customer's server tells about its users, with the project's secret token.

use std::collections::BTreeMap;

use axum::http::Method;
use hark_core::contacts::{self, Identity, Properties, Setter, TrackedEvent};
use hark_store::{Error, Id, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use crate::answer::Reply;
use crate::call::Call;
use crate::flat::Flat;
use crate::live::parameter;
use crate::operation::{Access, NoBody, Operation, group};
use crate::sdk::Person;

/// Events of one call at most.
const EVENTS_MAX: usize = 5_000;
/// Bytes of one call's events.
const EVENTS_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Every operation of server-side tracking.
pub(crate) fn operations() -> Vec<Operation> {
    let server = Access::Server;
    let all = vec![
        Operation::new(Method::POST, "/admin/identify", "AdminIdentify", server, identify)
            .summary("Create or change the contact of a user; properties that are not known are custom ones")
            .parameters(&[(
                "preventLastActivityUpdate",
                "`true` leaves the time of the last activity as it is",
            )]),
        Operation::new(Method::POST, "/admin/track", "AdminTrack", server, track)
            .summary("Record what users did")
            .body_bytes_max(EVENTS_BYTES_MAX),
        Operation::new(Method::GET, "/admin/auth", "AdminAuth", server, auth)
            .summary("Check the secret token"),
        Operation::new(Method::DELETE, "/admin/contacts/{userId}", "AdminDeleteContact", server, delete)
            .summary("Delete the contact of a user with all its data"),
    ];
    group("Server-side tracking", all)
}

/// A user as a customer's server knows it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body, which is read as it came")]
struct User {
    /// Who the user is.
    #[schemars(flatten)]
    person: Person,
    /// The language.
    lang: Option<String>,
    /// When the user was created, ISO 8601.
    created_at: Option<String>,
    /// When the user was last active, ISO 8601.
    last_activity: Option<String>,
    /// The page that the user saw last, with `page` and `date`.
    last_page_view: Option<Json>,
}

/// What users did.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes the body, which is read as it came")]
struct Batch {
    /// Each with `userId`, `name`, `date` and `data`; a batch that comes again changes nothing.
    events: Vec<Json>,
}

/// The contact of a user.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Identified {
    /// The contact's id.
    id: Id,
    /// The user's id in the customer's system.
    user_id: String,
}

/// How many events were taken.
#[derive(Serialize, JsonSchema)]
struct Tracked {
    /// Events with a user and a name.
    accepted: usize,
}

/// What the token is good for.
#[derive(Serialize, JsonSchema)]
struct Authorised {
    /// The project's id.
    project: Id,
}

async fn identify(call: Call, input: Flat<User>) -> Result<Reply<Identified>> {
    let user_id = user_id(&Json::Object(input.body.clone())).unwrap_or_default();
    let active = parameter(call.raw_query(), "preventLastActivityUpdate") != Some("true");
    let identity = Identity::new(&user_id, Properties::from_flat(&input.body, Setter::Server), true)?;
    let contact = call.write(move |tx| contacts::identify_user(tx, &identity, active)).await?;
    Ok(Reply(Identified { id: contact.id, user_id }))
}

async fn track(call: Call, input: Flat<Batch>) -> Result<Reply<Tracked>> {
    let events = input.body.get("events").and_then(Json::as_array).ok_or_else(|| {
        Error::invalid("`events` is missing, send {\"events\": [{\"userId\", \"name\", \"date\", \"data\"}]}")
    })?;
    if events.len() > EVENTS_MAX {
        return Err(Error::TooLarge(format!("a call takes {EVENTS_MAX} events at most, send more calls")));
    }
    let now = call.app.store.clock().now();
    // In the order of user ids, so that two batches cannot wait for each other.
    let mut by_user: BTreeMap<String, Vec<TrackedEvent>> = BTreeMap::new();
    for event in events {
        if let (Some(user_id), Some(event)) = (user_id(event), contacts::read_server_event(event, now)) {
            by_user.entry(user_id).or_default().push(event);
        }
    }
    let accepted = by_user.values().map(Vec::len).sum();
    call.write(move |tx| {
        for (user_id, events) in &by_user {
            contacts::track_user(tx, user_id, events)?;
        }
        Ok(())
    })
    .await?;
    Ok(Reply(Tracked { accepted }))
}

async fn auth(call: Call, _: NoBody) -> Result<Reply<Authorised>> {
    Ok(Reply(Authorised { project: call.project()? }))
}

async fn delete(call: Call, _: NoBody) -> Result<Reply<Identified>> {
    let user_id = call.path("userId")?.to_owned();
    let asked = user_id.clone();
    let id = call.write(move |tx| contacts::delete_user(tx, &asked)).await?;
    Ok(Reply(Identified { id, user_id }))
}

/// The user id of a body or an event; programs send it as a number too.
fn user_id(of: &Json) -> Option<String> {
    match of.get("userId")? {
        Json::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
