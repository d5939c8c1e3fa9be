//! One SDK socket: frames out of its queue, and signs of life in.

use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::hub::Place;
use super::seat::Parcel;

/// How a client that cannot see protocol pings, such as a page, asks whether the server is there; SDKs
/// say nothing like it, so none gets the answer that does not know it.
const PING: &str = r#"{"name":"ping"}"#;
const PONG: &str = r#"{"name":"pong"}"#;

/// Serves the socket until it ends. The connection then just breaks, without a close frame of
/// ours: some SDKs take a close for a farewell and do not come back.
pub(super) fn serve(place: Place, socket: WebSocket) {
    let (queue, frames) = Place::queue();
    let (hub, seat) = (place.hub(), place.seat());
    let task = tokio::spawn(converse(place, socket, frames)).abort_handle();
    hub.open(seat, queue, task);
}

async fn converse(place: Place, mut socket: WebSocket, mut frames: mpsc::Receiver<Parcel>) {
    let send_max: Duration = place.send_max();
    loop {
        tokio::select! {
            received = socket.recv() => match received {
                Some(Ok(Message::Close(_))) => {
                    // Answers the client's farewell.
                    let _ = timeout(send_max, socket.flush()).await;
                    return;
                }
                Some(Ok(Message::Text(text))) if text.as_str() == PING => {
                    place.heard();
                    let pong = socket.send(Message::Text(Utf8Bytes::from_static(PONG)));
                    if !matches!(timeout(send_max, pong).await, Ok(Ok(()))) {
                        return;
                    }
                }
                // Texts such as `PING` and `9` are how browsers say that they are there.
                Some(Ok(_)) => place.heard(),
                Some(Err(_)) | None => return,
            },
            frame = frames.recv() => {
                let Some(parcel) = frame else { return };
                let (message, shown) = match parcel {
                    Parcel::Ping => (Message::Ping(bytes::Bytes::new()), None),
                    Parcel::Update(frame, shown) => (Message::Text(frame), shown),
                };
                if !matches!(timeout(send_max, socket.send(message)).await, Ok(Ok(()))) {
                    return;
                }
                if let Some(seq) = shown {
                    place.shown(seq);
                }
                if frames.is_empty() {
                    place.caught_up();
                }
            }
        }
    }
}
