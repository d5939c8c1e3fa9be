//! Tickets for the agents' socket, as clients of the Pusher protocol ask for them.

use axum::body::Bytes;
use axum::http::Method;
use hark_core::access::realtime::{
    self, Channel, ChannelInput, Follower, RealtimeKeys, SocketInput, Ticket, UserInfo,
};
use hark_store::access::USER;
use hark_store::{Actor, Doc, Error, Result};
use percent_encoding::percent_decode_str;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::answer::Reply;
use crate::call::Call;
use crate::dispatch::project;
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
    let (keys, who) = keys_and_follower(&call).await?;
    keys.user(&input.socket_id, &who).map(Reply)
}

async fn follow(call: Call, JsonOrForm(input): JsonOrForm<ChannelInput>) -> Result<Reply<Ticket>> {
    let channel = Channel::parse(&input.channel_name)?;
    let (keys, mut who) = keys_and_follower(&call).await?;
    may_follow(&call, channel).await?;
    who.resume = input.resume;
    keys.channel(&input.socket_id, &input.channel_name, &who).map(Reply)
}

/// Goes on for the user's own channel and for those of projects that the user can enter. The socket
/// asks again when the channel is followed, and whenever somebody's rights change.
async fn may_follow(call: &Call, channel: Channel) -> Result<()> {
    let refused = || Error::Forbidden("you may not follow this channel".to_owned());
    let project = match channel {
        Channel::User(id) if id == call.user()? => return Ok(()),
        Channel::User(_) => return Err(refused()),
        Channel::Project(id) | Channel::Presence(id) => id,
        // A ticket's name does not say whose it is.
        Channel::Ticket(_) => project(&call.headers)?,
    };
    let caller = call.caller.as_ref().ok_or_else(refused)?;
    let scope = match call.app.store.enter(caller, project).await {
        Ok(scope) => scope,
        Err(Error::NotFound { .. }) => return Err(refused()),
        Err(error) => return Err(error),
    };
    call.app.store.peek(&scope, move |tx| realtime::may_follow(tx, channel)).await
}

async fn keys_and_follower(call: &Call) -> Result<(RealtimeKeys, Follower)> {
    let id = call.user()?;
    let Actor::User { token, .. } = *call.scope.actor() else {
        return Err(Error::internal("a user without a token"));
    };
    let (keys, user) = call.write(move |tx| Ok((RealtimeKeys::of(tx)?, tx.get(&USER, id)?))).await?;
    let user_info = UserInfo { name: name(&user) };
    Ok((keys, Follower { user_id: id, user_info, token, resume: None }))
}

/// What others may know of a user: first and last name.
pub(super) fn name(user: &Doc) -> String {
    let names = [user.text("firstName"), user.text("lastName")].map(Option::unwrap_or_default);
    names.join(" ").trim().to_owned()
}
