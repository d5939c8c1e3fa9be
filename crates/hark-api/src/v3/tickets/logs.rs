//! What an SDK captured with a report: console, network and replay, read from the file store.

use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, header};
use hark_core::files::{Purpose, of_ticket};
use hark_core::tickets::TICKET;
use hark_store::{Error, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value as Json};

use super::{READ, ticket_id};
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
        .summary("The lines of the console before a report, the oldest first"),
        Operation::new(
            Method::GET,
            "/v3/tickets/{ticketId}/network-logs",
            "GetNetworkLogsForTicket",
            READ,
            network,
        )
        .summary("The calls of the network before a report, without secrets"),
        Operation::new(
            Method::GET,
            "/v3/tickets/{ticketId}/event-logs",
            "GetEventLogsForTicket",
            READ,
            events,
        )
        .summary("What the user did before a report"),
        Operation::new(Method::GET, "/v3/tickets/{ticketId}/replay", "GetReplayForTicket", READ, replay)
            .summary("What the user saw before a report, as the SDK recorded it"),
    ]
}

/// JSON of the file store on its way to the wire.
struct Stored<T>(Answer, std::marker::PhantomData<fn() -> T>);

impl<T: JsonSchema> Output for Stored<T> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn answer(self) -> Result<Answer> {
        Ok(self.0)
    }
}

type Lines = Stored<Vec<Map<String, Json>>>;

async fn console(call: Call, _: NoBody) -> Result<Lines> {
    lines(&call, Purpose::ConsoleLog).await
}

async fn network(call: Call, _: NoBody) -> Result<Lines> {
    lines(&call, Purpose::NetworkLogs).await
}

async fn events(call: Call, _: NoBody) -> Result<Lines> {
    lines(&call, Purpose::EventLog).await
}

/// A log; a ticket without one has an empty one.
async fn lines(call: &Call, purpose: Purpose) -> Result<Lines> {
    let body = stored(call, purpose).await?.unwrap_or_else(|| Body::from("[]"));
    Ok(json(body))
}

async fn replay(call: Call, _: NoBody) -> Result<Stored<Map<String, Json>>> {
    let id = ticket_id(&call)?;
    let body = stored(&call, Purpose::Replay).await?;
    body.map(json).ok_or_else(|| Error::not_found("replay of the ticket", id))
}

/// A ticket's newest file of a purpose, unpacked.
async fn stored(call: &Call, purpose: Purpose) -> Result<Option<Body>> {
    let id = ticket_id(call)?;
    let file = call
        .peek(move |tx| {
            tx.get(&TICKET, id)?;
            of_ticket(tx, id, purpose)
        })
        .await?;
    let Some(file) = file else { return Ok(None) };
    let bytes = call.app.files.get(file.text("key").unwrap_or_default(), None).await?.bytes;
    Ok(Some(Body::from_stream(if file.is_true("compressed") { gunzip(bytes) } else { bytes })))
}

fn json<T>(body: Body) -> Stored<T> {
    let content_type = HeaderValue::from_static("application/json; charset=utf-8");
    let headers = vec![(header::CONTENT_TYPE, content_type)];
    Stored(Answer { status: StatusCode::OK, headers, body }, std::marker::PhantomData)
}
