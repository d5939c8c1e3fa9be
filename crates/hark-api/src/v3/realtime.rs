//! Tickets for the agents' socket, as clients of the Pusher protocol ask for them.

use axum::body::Bytes;
use axum::http::Method;
use hark_core::access::realtime::{Channel, ChannelInput, RealtimeKeys, SocketInput, Ticket};
use hark_store::access::USER;
use hark_store::{Doc, Error, Result};
use percent_encoding::percent_decode_str;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::answer::Reply;
use crate::call::Call;
use crate::operation::{Access, Body, Input, Operation};

/// Fields of a form at most.
const FIELDS_MAX: usize = 20;

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::POST,
            "/v3/users/me/session-auth",
            "AuthenticateUserPusherSession",
            Access::Caller,
            sign_in,
        )
        .summary("Sign the user in on a socket of the Pusher protocol"),
        Operation::new(
            Method::POST,
            "/v3/users/me/session-channel-auth",
            "AuthenticateUserPusherChannelSession",
            Access::Caller,
            follow,
        )
        .summary("Let a socket of the Pusher protocol follow a channel"),
    ]
}

/// JSON, or a form of the same properties, which is what clients of the protocol send by default.
struct JsonOrForm<T>(T);

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Input for JsonOrForm<T> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Body::<T>::schema(generator)
    }

    fn read(body: &Bytes) -> Result<(JsonOrForm<T>, Vec<String>)> {
        let is_json = body.trim_ascii_start().first().is_none_or(|byte| *byte == b'{');
        let json = if is_json { body.clone() } else { Bytes::from(form(body)?.to_string()) };
        let (Body(value), ignored) = Body::<T>::read(&json)?;
        Ok((JsonOrForm(value), ignored))
    }
}

fn form(body: &[u8]) -> Result<Json> {
    let wrong = || Error::invalid("the body is neither JSON nor a form");
    let text = std::str::from_utf8(body).map_err(|_| wrong())?;
    let mut fields = Map::new();
    for pair in text.split('&').take(FIELDS_MAX) {
        let (name, value) = pair.split_once('=').ok_or_else(wrong)?;
        let decode = |text: &str| {
            let text = text.replace('+', " ");
            percent_decode_str(&text).decode_utf8().map(|text| text.into_owned()).map_err(|_| wrong())
        };
        fields.insert(decode(name)?, Json::String(decode(value)?));
    }
    Ok(Json::Object(fields))
}

async fn sign_in(call: Call, JsonOrForm(input): JsonOrForm<SocketInput>) -> Result<Reply<Ticket>> {
    let (keys, user) = keys_and_user(&call).await?;
    keys.user(&input.socket_id, user.id, &name(&user)).map(Reply)
}

async fn follow(call: Call, JsonOrForm(input): JsonOrForm<ChannelInput>) -> Result<Reply<Ticket>> {
    let channel = Channel::parse(&input.channel_name)?;
    let (keys, user) = keys_and_user(&call).await?;
    may_follow(&call, &user, channel).await?;
    keys.channel(&input.socket_id, &input.channel_name, channel, user.id, &name(&user)).map(Reply)
}

/// Goes on for the user's own channel and for those of projects that the user can enter.
async fn may_follow(call: &Call, user: &Doc, channel: Channel) -> Result<()> {
    let refused = || Error::Forbidden("you may not follow this channel".to_owned());
    let project = match channel {
        Channel::User(id) if id == user.id => return Ok(()),
        Channel::User(_) => return Err(refused()),
        Channel::Project(id) | Channel::Presence(id) => id,
    };
    let caller = call.caller.as_ref().ok_or_else(refused)?;
    match call.app.store.enter(caller, project).await {
        Ok(_) => Ok(()),
        Err(Error::NotFound { .. }) => Err(refused()),
        Err(error) => Err(error),
    }
}

async fn keys_and_user(call: &Call) -> Result<(RealtimeKeys, Doc)> {
    let id = call.user()?;
    call.write(move |tx| Ok((RealtimeKeys::of(tx)?, tx.get(&USER, id)?))).await
}

fn name(user: &Doc) -> String {
    let names = [user.text("firstName"), user.text("lastName")].map(Option::unwrap_or_default);
    names.join(" ").trim().to_owned()
}
