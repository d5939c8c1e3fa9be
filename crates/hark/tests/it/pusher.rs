//! A client of the Pusher protocol for tests: what it is told, frame by frame.

use std::collections::VecDeque;

use futures_util::{SinkExt, StreamExt};
use hark_test::PATIENCE;
use serde_json::{Value as Json, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// A connection of an agent.
pub(crate) struct Pusher {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The id by which the server knows the connection.
    pub(crate) id: String,
    kept: VecDeque<Json>,
}

/// What came: a frame, or the end with the code of the close frame (0 for a line that broke).
#[derive(Debug, PartialEq)]
pub(crate) enum Came {
    Frame(Json),
    End(u16),
}

impl Pusher {
    /// Connects to `address` with a project's key.
    pub(crate) async fn connect(address: &str, key: &str) -> Pusher {
        Pusher::try_connect(address, key).await.expect("a connection")
    }

    /// The same, or what came instead.
    pub(crate) async fn try_connect(address: &str, key: &str) -> Result<Pusher, Came> {
        let url = format!("ws://{address}/app/{key}?protocol=7&client=js&version=8.4.0&flash=false");
        let Ok((socket, _)) = tokio_tungstenite::connect_async(url).await else { return Err(Came::End(0)) };
        let mut pusher = Pusher { socket, id: String::new(), kept: VecDeque::new() };
        match pusher.next().await {
            Came::Frame(frame) if frame["event"] == "pusher:connection_established" => {
                let data = frame["data"].as_str().expect("the data is a text");
                let data: Json = serde_json::from_str(data).expect("JSON in a text");
                pusher.id = data["socket_id"].as_str().expect("a socket's id").to_owned();
                Ok(pusher)
            }
            other => Err(other),
        }
    }

    /// Sends a frame.
    pub(crate) async fn send(&mut self, frame: Json) {
        self.send_text(frame.to_string()).await;
    }

    /// Sends a text; a line that broke shows when something is read.
    pub(crate) async fn send_text(&mut self, text: String) {
        let _ = self.socket.send(Message::text(text)).await;
    }

    /// Asks to follow a channel with a ticket of `session-channel-auth`.
    pub(crate) async fn subscribe(&mut self, channel: &str, ticket: &Json, resume: Option<Json>) {
        let mut data = ticket.clone();
        data["channel"] = json!(channel);
        if let Some(resume) = resume {
            data["resume"] = resume;
        }
        self.send(json!({"event": "pusher:subscribe", "data": data})).await;
    }

    /// What comes next; the data of a frame is read where it is a text.
    pub(crate) async fn next(&mut self) -> Came {
        if let Some(frame) = self.kept.pop_front() {
            return Came::Frame(frame);
        }
        loop {
            let message =
                tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("something in time");
            match message {
                Some(Ok(Message::Text(text))) => {
                    return Came::Frame(serde_json::from_str(&text).expect("frames are JSON"));
                }
                Some(Ok(Message::Close(close))) => {
                    return Came::End(close.map_or(0, |close| close.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Came::End(0),
            }
        }
    }

    /// The next frame of this name, and its data; frames before it are passed over.
    pub(crate) async fn event(&mut self, name: &str) -> Json {
        loop {
            match self.next().await {
                Came::Frame(frame) if frame["event"] == name => return data(&frame),
                Came::Frame(_) => {}
                Came::End(code) => panic!("the connection ended with {code} before {name} came"),
            }
        }
    }

    /// Makes sure that everything sent before was handled; frames that come meanwhile are kept.
    pub(crate) async fn settle(&mut self) {
        self.send(json!({"event": "pusher:ping", "data": {}})).await;
        let mut kept = VecDeque::new();
        loop {
            match self.next().await {
                Came::Frame(frame) if frame["event"] == "pusher:pong" => break,
                Came::Frame(frame) => kept.push_back(frame),
                Came::End(code) => panic!("the connection ended with {code}"),
            }
        }
        self.kept = kept;
    }

    /// The frames that came while everything settled.
    pub(crate) fn take(&mut self) -> Vec<Json> {
        self.kept.drain(..).collect()
    }

    /// The code with which the connection ends; frames before that are passed over.
    pub(crate) async fn end(&mut self) -> u16 {
        loop {
            if let Came::End(code) = self.next().await {
                return code;
            }
        }
    }
}

/// The data of a frame, which travels as a text.
pub(crate) fn data(frame: &Json) -> Json {
    match frame["data"].as_str() {
        Some(text) => serde_json::from_str(text).expect("JSON in a text"),
        None => frame["data"].clone(),
    }
}
