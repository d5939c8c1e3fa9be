//! Frames of the Pusher protocol: what clients send, read within bounds, and what they are sent.

use axum::extract::ws::Utf8Bytes;
use hark_core::access::realtime::Resume;
use hark_core::presence::{TYPING, VIEWING};
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// Bytes of a message from a client: the protocol's ten kilobytes of data, and their envelope.
pub(super) const MESSAGE_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a client event's data: it says who types or looks at what.
const CLIENT_DATA_BYTES_MAX: usize = 1024;
/// Client events that there are.
const CLIENT_EVENTS: [&str; 2] = [TYPING, VIEWING];

/// What a client sends.
#[derive(Debug, PartialEq)]
pub(super) enum FromClient {
    Ping,
    Pong,
    SignIn { auth: String, user_data: String },
    Subscribe(Subscribe),
    Unsubscribe { channel: String },
    Event { channel: String, name: &'static str, data: Json },
}

/// A wish to follow a channel.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Subscribe {
    pub(super) channel: String,
    #[serde(default)]
    pub(super) auth: String,
    #[serde(default)]
    pub(super) channel_data: String,
    /// Where the client goes on, unless the ticket says it.
    pub(super) resume: Option<Resume>,
}

#[derive(Deserialize)]
struct Envelope {
    event: String,
    channel: Option<String>,
    #[serde(default)]
    data: Json,
}

#[derive(Deserialize)]
struct SignIn {
    auth: String,
    user_data: String,
}

#[derive(Deserialize)]
struct Unsubscribe {
    channel: String,
}

/// Reads a message.
///
/// # Errors
/// A sentence for the developer of the client.
pub(super) fn read(text: &str) -> Result<FromClient, String> {
    let envelope: Envelope =
        serde_json::from_str(text).map_err(|error| format!("this is no frame: {error}"))?;
    let Envelope { event, channel, data } = envelope;
    if event == "pusher:ping" {
        return Ok(FromClient::Ping);
    }
    if event == "pusher:pong" {
        return Ok(FromClient::Pong);
    }
    match event.as_str() {
        "pusher:signin" => {
            inner(data).map(|SignIn { auth, user_data }| FromClient::SignIn { auth, user_data })
        }
        "pusher:subscribe" => inner(data).map(FromClient::Subscribe),
        "pusher:unsubscribe" => {
            inner(data).map(|Unsubscribe { channel }| FromClient::Unsubscribe { channel })
        }
        event => client_event(event, channel, data),
    }
}

fn client_event(event: &str, channel: Option<String>, data: Json) -> Result<FromClient, String> {
    let known = CLIENT_EVENTS.iter().copied().find(|name| *name == event);
    let name = known.ok_or_else(|| format!("there is no event of this name, known are {CLIENT_EVENTS:?}"))?;
    let channel = channel.ok_or("the event names no channel")?;
    if data.to_string().len() > CLIENT_DATA_BYTES_MAX {
        return Err(format!("the event's data is larger than {CLIENT_DATA_BYTES_MAX} bytes"));
    }
    Ok(FromClient::Event { channel, name, data })
}

/// The data of a frame: an object, or its text, which is how some clients send it.
fn inner<T: for<'d> Deserialize<'d>>(data: Json) -> Result<T, String> {
    let read = match data {
        Json::String(text) => serde_json::from_str(&text),
        data => serde_json::from_value(data),
    };
    read.map_err(|error| format!("the data of this frame is not what it takes: {error}"))
}

/// The first frame: which socket this is, and after how many seconds of silence the client asks.
pub(super) fn established(socket_id: &str, activity_timeout_s: u64) -> Utf8Bytes {
    let data = json!({"socket_id": socket_id, "activity_timeout": activity_timeout_s});
    frame("pusher:connection_established", None, &data)
}

/// The answer to a ping.
pub(super) fn pong() -> Utf8Bytes {
    frame("pusher:pong", None, &json!({}))
}

/// Something went wrong; a code of 4000 and more is that of the close frame that follows.
pub(super) fn error(code: Option<u16>, message: &str) -> Utf8Bytes {
    json!({"event": "pusher:error", "data": {"code": code, "message": message}}).to_string().into()
}

/// The user is signed in.
pub(super) fn signed_in(user_data: &str) -> Utf8Bytes {
    frame("pusher:signin_success", None, &json!({"user_data": user_data}))
}

/// The channel is followed from here on.
pub(super) fn subscribed(channel: &str, data: &Json) -> Utf8Bytes {
    frame("pusher_internal:subscription_succeeded", Some(channel), data)
}

/// The channel is not followed, or not any more.
pub(super) fn not_subscribed(channel: &str, status: u16, message: &str) -> Utf8Bytes {
    let data = json!({"type": "AuthError", "error": message, "status": status});
    frame("pusher:subscription_error", Some(channel), &data)
}

/// What another follower of a presence channel says.
pub(super) fn said(name: &str, channel: &str, data: &Json, who: &str) -> Utf8Bytes {
    let data = data.to_string();
    json!({"event": name, "channel": channel, "data": data, "user_id": who}).to_string().into()
}

/// An event on a channel. Its data travels as a text, as the protocol has it.
pub(super) fn event(name: &str, channel: &str, data: &Json) -> Utf8Bytes {
    frame(name, Some(channel), data)
}

fn frame(event: &str, channel: Option<&str>, data: &Json) -> Utf8Bytes {
    let mut frame = json!({"event": event, "data": data.to_string()});
    if let Some(channel) = channel {
        frame["channel"] = json!(channel);
    }
    frame.to_string().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_clients_write_them() {
        assert_eq!(read(r#"{"event":"pusher:ping","data":{}}"#), Ok(FromClient::Ping));
        let subscribe = Subscribe {
            channel: "private-x".into(),
            auth: "k:s".into(),
            channel_data: "{}".into(),
            resume: Some(Resume { epoch: "e".into(), seq: 3 }),
        };
        let data =
            r#"{"channel":"private-x","auth":"k:s","channel_data":"{}","resume":{"epoch":"e","seq":3}}"#;
        let as_object = format!(r#"{{"event":"pusher:subscribe","data":{data}}}"#);
        let as_text = json!({"event": "pusher:subscribe", "data": data}).to_string();
        assert_eq!(read(&as_object).as_ref(), Ok(&FromClient::Subscribe(subscribe)));
        assert_eq!(read(&as_text), read(&as_object));
        let typing = r#"{"event":"client-typing","channel":"presence-x","data":{"typing":true}}"#;
        assert!(matches!(read(typing), Ok(FromClient::Event { name: "client-typing", .. })));
    }

    use proptest::prelude::*;

    /// Frames that are nearly right: known names and keys with values of any kind.
    fn nearly() -> impl Strategy<Value = String> {
        let name = prop_oneof![
            Just("pusher:subscribe"),
            Just("pusher:unsubscribe"),
            Just("pusher:signin"),
            Just("pusher:ping"),
            Just("client-typing"),
            Just("client-other"),
        ];
        let value = prop_oneof![
            Just(Json::Null),
            any::<i64>().prop_map(Json::from),
            ".{0,40}".prop_map(Json::from),
            Just(json!({"epoch": "e", "seq": 1})),
            Just(json!("{\"channel\":\"x\"}")),
        ];
        let key = prop_oneof![
            Just("channel"),
            Just("auth"),
            Just("channel_data"),
            Just("user_data"),
            Just("resume"),
            Just("x")
        ];
        let data = proptest::collection::btree_map(key, value.clone(), 0..6);
        (name, value, data).prop_map(|(event, channel, data)| {
            json!({"event": event, "channel": channel, "data": data}).to_string()
        })
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_with_a_sentence(text in prop_oneof![".*", nearly()]) {
            match read(&text) {
                Ok(FromClient::Event { data, .. }) => prop_assert!(data.to_string().len() <= CLIENT_DATA_BYTES_MAX),
                Ok(_) => {}
                Err(sentence) => prop_assert!(!sentence.is_empty() && sentence.len() < 16 * text.len() + 400),
            }
        }
    }

    #[test]
    fn what_is_no_frame_is_refused_with_a_sentence() {
        let large = json!({"event": "client-typing", "channel": "x", "data": "x".repeat(2_000)}).to_string();
        for odd in ["", "null", "[]", "{}", r#"{"event":1}"#, r#"{"event":"pusher:subscribe"}"#, &large] {
            assert!(read(odd).is_err_and(|sentence| !sentence.is_empty()), "{odd}");
        }
        assert!(read(r#"{"event":"client-other","channel":"x"}"#).is_err());
        assert!(read(&"[".repeat(10_000)).is_err());
    }
}
