//! The agents' socket: the Pusher protocol at `/app/{key}`, so that an unmodified `pusher-js` is a
//! client, with one extension: events are numbered, and a client that comes back goes on where it was.
//!
//! The key is the project's SDK key, which names the project of the connection and proves nothing. Who
//! the user is says the ticket of `POST /v3/users/me/session-channel-auth` with which a channel is
//! followed; the connection ends with the token that the ticket was asked for with.

mod desk;
mod frame;
mod log;
mod mailbox;
mod room;
mod rooms;
mod socket;

use axum::Router;
use axum::extract::ws::WebSocket;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hark_store::{Error, Result};
use tokio::sync::mpsc;

use super::{parameter, upgraded};
use crate::address::{caller_ip, network};
use crate::app::App;
use crate::problem::{self, Audience};
use crate::rate;
use desk::Seat;
use mailbox::Farewell;

pub(crate) use desk::Desk;

/// Versions of the protocol that clients may speak.
const PROTOCOLS: std::ops::RangeInclusive<u32> = 5..=7;

/// `/app/{key}`.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/app/{key}", get(upgrade))
}

async fn upgrade(State(app): State<App>, Path(key): Path<String>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let request_id = super::request_id(&parts);
    let upgrade = match upgraded(&app, &mut parts, frame::MESSAGE_BYTES_MAX).await {
        Ok(upgrade) => upgrade,
        Err(refusal) => return refusal,
    };
    // Clients of the protocol read refusals as frames, from an open socket.
    let admitted = match admit(&app, &key, &parts).await {
        Ok(admitted) => Ok(admitted),
        Err(Error::Unauthenticated(_)) => Err(Farewell::NO_SUCH_KEY),
        Err(Error::Invalid(_)) => Err(Farewell::OTHER_PROTOCOL),
        Err(error) => return problem::answer(&error, Audience::Sdk, &request_id).into_response(),
    };
    upgrade.on_upgrade(move |socket: WebSocket| async move {
        match admitted {
            // A task of its own, without what the upgrade needed.
            Ok((seat, frames)) => drop(tokio::spawn(socket::serve(seat, frames, socket))),
            Err(farewell) => socket::refuse(socket, farewell).await,
        }
    })
}

/// Reads a message of an agent's client, as the socket does; for tests that send anything.
///
/// # Errors
/// The sentence with which it is refused.
pub fn check_frame(text: &str) -> Result<(), String> {
    frame::read(text).map(drop)
}

type Admitted = (Seat, mpsc::Receiver<Option<axum::extract::ws::Utf8Bytes>>);

async fn admit(app: &App, key: &str, parts: &axum::http::request::Parts) -> Result<Admitted> {
    let protocol = parameter(parts.uri.query().unwrap_or_default(), "protocol");
    if protocol
        .is_some_and(|protocol| !protocol.parse().is_ok_and(|version: u32| PROTOCOLS.contains(&version)))
    {
        return Err(Error::invalid("an unknown version of the protocol"));
    }
    let ip = caller_ip(&app.settings, parts);
    let visitor = rate::guarded(app, ip, app.store.visitor(key)).await?;
    rate::spend(app, &visitor, ip).await.need(rate::SPENT)?;
    app.hub.agents().admit(&visitor, network(ip))
}
