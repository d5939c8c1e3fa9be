//! Sockets: from the upgrade request to a place among them. Those of SDKs are here, those of agents
//! in a folder of their own.

mod agents;
mod crowd;
mod hub;
mod seat;
mod socket;
mod trim;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hark_core::updates::{self, Start};
use hark_store::{Doc, Position, ReadTx, Result, contact_stream};

use crate::address::{caller_ip, network};
use crate::app::App;
use crate::edge::Tracked;
use crate::problem::{self, Audience};
use crate::rate;
use crate::sdk::Credentials;

pub use agents::check_frame;
pub use crowd::SocketLimits;
pub use hub::{Hub, Timing};
pub use trim::trim;

/// Bytes of a message from an SDK; real ones have up to four.
const MESSAGE_BYTES_MAX: usize = 4 * 1024;
/// Most sockets are idle most of the time, so their buffers are small.
const BUFFER_BYTES: usize = 1024;
/// Bytes that wait to be written at most.
const WRITE_BYTES_MAX: usize = 1024 * 1024;

/// `/ws`, and the sockets of agents.
pub(crate) fn routes() -> Router<App> {
    let sdk = get(|State(app): State<App>, request: Request| upgrade(app, request));
    Router::new().route("/ws", sdk).merge(agents::routes())
}

/// SDKs that are told a bare host connect to `/`; on a host whose name begins with `ws.` that
/// is the socket too.
pub(crate) fn wants_socket(request: &Request) -> bool {
    request.uri().path() == "/"
        && request.headers().contains_key(header::SEC_WEBSOCKET_KEY)
        && request.headers().get(header::HOST).is_some_and(|host| host.as_bytes().starts_with(b"ws."))
}

pub(crate) async fn upgrade(app: App, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let request_id = request_id(&parts);
    let upgrade = match upgraded(&app, &mut parts, MESSAGE_BYTES_MAX).await {
        Ok(upgrade) => upgrade,
        Err(refusal) => return refusal,
    };
    match place(&app, &parts).await {
        Ok(place) => upgrade.on_upgrade(move |socket| async move { socket::serve(place, socket) }),
        Err(error) => problem::answer(&error, Audience::Sdk, &request_id).into_response(),
    }
}

/// The upgrade that a request asks for, with the bounds of all sockets, or the answer to one that
/// asks for none.
async fn upgraded(
    app: &App,
    parts: &mut Parts,
    message_bytes_max: usize,
) -> Result<WebSocketUpgrade, Response> {
    let upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection> =
        WebSocketUpgrade::from_request_parts(parts, app).await;
    let upgrade = upgrade.map_err(|_| {
        let sentence = "this path speaks WebSocket, send an upgrade request";
        problem::of_status(StatusCode::UPGRADE_REQUIRED, sentence).into_response()
    })?;
    Ok(upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BYTES_MAX)
        .max_message_size(message_bytes_max)
        .max_frame_size(message_bytes_max))
}

fn request_id(parts: &Parts) -> String {
    Tracked::id_in(&parts.extensions).to_owned()
}

/// The place of the contact that the query string proves.
async fn place(app: &App, parts: &Parts) -> Result<hub::Place> {
    let query = parts.uri.query().unwrap_or_default();
    let ip = caller_ip(&app.settings, parts);
    let proven = crate::sdk::prove(app, Credentials::from_query(query));
    let (scope, contact) = rate::guarded(app, ip, proven).await?;
    rate::spend(app, &scope, ip).await.need(rate::SPENT)?;
    let (of, seen) = (contact.clone(), seen(query));
    let after = app.store.peek(&scope, move |tx| place_of(tx, &of, seen)).await?;
    app.hub.admit(&scope, &contact, network(ip), &after)
}

/// The event that a client names as the last that it got; SDKs name none.
fn seen(query: &str) -> Option<Position> {
    let epoch = parameter(query, "epoch")?.to_owned();
    let seq = parameter(query, "seq")?.parse().ok()?;
    Some(Position { epoch, seq })
}

/// Where a socket goes on: behind the event that it names, if that is still there, and otherwise
/// where the contact's devices stopped.
fn place_of(tx: &ReadTx<'_>, contact: &Doc, seen: Option<Position>) -> Result<Position> {
    if let Some(seen) = seen
        && let Start::After(position) =
            updates::start(tx, &contact_stream(contact.id), Some(&seen), i64::MAX)?
    {
        return Ok(position);
    }
    updates::position_for(tx, contact)
}

/// A parameter of a query string as it came: SDKs do not encode these values.
pub(crate) fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let value = query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))?;
    (!value.is_empty()).then_some(value)
}
