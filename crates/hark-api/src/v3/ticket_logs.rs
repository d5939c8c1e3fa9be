//! What SDKs captured with a ticket: console, network, events and replay, unpacked while they are sent.

use std::marker::PhantomData;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method, StatusCode};
use hark_core::files::{self, Purpose};
use hark_core::tickets::TICKET;
use hark_store::{Doc, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::tickets::{READ, ticket_id};
use crate::answer::{Answer, Output};
use crate::call::Call;
use crate::gzip::gunzip;
use crate::operation::{NoBody, Operation};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::GET,
            "/v3/tickets/{ticketId}/console-logs",
            "GetConsoleLogsForTicket",
            READ,
            console,
        )
        .summary("The lines of the console that were captured with a ticket"),
        Operation::new(
            Method::GET,
            "/v3/tickets/{ticketId}/network-logs",
            "GetNetworkLogsForTicket",
            READ,
            network,
        )
        .summary("The calls of the network that were captured with a ticket, without secrets"),
        Operation::new(
            Method::GET,
            "/v3/tickets/{ticketId}/event-logs",
            "GetEventLogsForTicket",
            READ,
            activity,
        )
        .summary("What the user did before a ticket, as its SDK kept it"),
        Operation::new(Method::GET, "/v3/tickets/{ticketId}/replay", "GetReplayForTicket", READ, replay)
            .summary("The recording of a page or the frames of an app; an empty object when there is none"),
    ]
}

/// A line of the console.
#[derive(Serialize, JsonSchema)]
struct ConsoleEntry {
    /// The text.
    log: String,
    /// When it was written.
    date: Option<String>,
    /// `INFO`, `WARNING`, `ERROR`, `CLICK` or a level of the site's own.
    priority: Option<String>,
}

/// A call of the network.
#[derive(Serialize, JsonSchema)]
struct NetworkEntry {
    /// The method, or `RESOURCE`.
    #[serde(rename = "type")]
    method: String,
    /// The address.
    url: Json,
    /// When it began.
    date: Option<String>,
    /// How long it took, in milliseconds.
    duration: Option<f64>,
    /// Whether it succeeded.
    success: Option<bool>,
    /// What was sent.
    request: Option<Map<String, Json>>,
    /// What came back.
    response: Option<Map<String, Json>>,
}

/// Something that the user did.
#[derive(Serialize, JsonSchema)]
struct ActivityEntry {
    /// Its name.
    name: String,
    /// When it was.
    date: Option<String>,
    /// What belongs to it.
    data: Option<Json>,
}

/// A replay.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ReplayView {
    /// `rrweb` for the recording of a page, `frames` for the frames of an app.
    #[serde(rename = "type")]
    replay_type: Option<String>,
    /// The events of a recording, unpacked.
    events: Option<Vec<Map<String, Json>>>,
    /// The frames, the oldest first, with `url`, `screenname`, `date` and `interactions`.
    frames: Option<Vec<Map<String, Json>>>,
    /// Milliseconds between frames.
    interval: Option<f64>,
    /// When it begins, in unix milliseconds.
    start_date: Option<f64>,
    /// The address of the site.
    base_url: Option<String>,
    /// The width of the page.
    width: Option<f64>,
    /// The height of the page.
    height: Option<f64>,
    /// Whether the page was on a mobile device.
    is_mobile: Option<bool>,
    /// Events that could not be kept.
    events_left_out: Option<u64>,
}

/// JSON that `T` describes, sent while it is unpacked.
struct Captured<T> {
    body: Body,
    described_by: PhantomData<fn() -> T>,
}

impl<T: JsonSchema> Output for Captured<T> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn answer(self) -> Result<Answer> {
        let content_type = HeaderValue::from_static("application/json; charset=utf-8");
        Ok(Answer { status: StatusCode::OK, headers: vec![(CONTENT_TYPE, content_type)], body: self.body })
    }
}

async fn console(call: Call, _: NoBody) -> Result<Captured<Vec<ConsoleEntry>>> {
    captured(&call, Purpose::ConsoleLog, "[]").await
}

async fn network(call: Call, _: NoBody) -> Result<Captured<Vec<NetworkEntry>>> {
    captured(&call, Purpose::NetworkLogs, "[]").await
}

async fn activity(call: Call, _: NoBody) -> Result<Captured<Vec<ActivityEntry>>> {
    captured(&call, Purpose::EventLog, "[]").await
}

async fn replay(call: Call, _: NoBody) -> Result<Captured<ReplayView>> {
    captured(&call, Purpose::Replay, "{}").await
}

async fn captured<T>(call: &Call, purpose: Purpose, nothing: &'static str) -> Result<Captured<T>> {
    let id = ticket_id(call)?;
    let file: Option<Doc> = call
        .peek(move |tx| {
            tx.get(&TICKET, id)?;
            files::of_ticket(tx, id, purpose)
        })
        .await?;
    let body = match file {
        Some(file) => {
            let packed = call.app.files.get(file.text("key").unwrap_or_default(), None).await?;
            Body::from_stream(gunzip(packed.bytes))
        }
        None => Body::from(nothing),
    };
    Ok(Captured { body, described_by: PhantomData })
}
