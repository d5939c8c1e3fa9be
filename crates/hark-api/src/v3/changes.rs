//! The change feed: the numbered events of the agents' socket, for programs that ask for them.

use axum::http::Method;
use hark_core::updates::{self, Start, user_stream};
use hark_query::dates::format_date;
use hark_store::{Error, Event, PAGE_MAX, PROJECT_STREAM, Permission, Position, ReadTx, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use crate::answer::Reply;
use crate::call::Call;
use crate::live::parameter;
use crate::operation::{Access, NoBody, Operation};

/// Events of a page that names no limit.
const LIMIT_DEFAULT: u32 = 100;

pub(crate) fn operations() -> Vec<Operation> {
    let access = Access::Project(Permission::TicketsRead);
    vec![
        Operation::new(Method::GET, "/v3/changes", "GetChanges", access, changes)
            .summary("What changed behind a number: the events that the agents' socket tells, in order")
            .parameters(&[
                ("stream", "`project` (the default), or `user` for the notifications of the caller"),
                ("after", "the number of the last event that is known; without it, only the present position is answered"),
                ("epoch", "the epoch that came with that number"),
                ("limit", "how many events to look at, 100 unless said, 1,000 at most"),
            ]),
    ]
}

/// Some of what changed, and where to go on.
#[derive(Serialize, JsonSchema)]
struct Changes {
    /// The stream's epoch: with another one, numbers mean something else.
    epoch: String,
    /// The number to go on after. Events that the caller may not see are passed over, so it can be
    /// higher than that of the last event.
    seq: i64,
    /// Whether there are more already.
    more: bool,
    /// Whether events behind `after` are not kept any more: read everything anew, and go on after `seq`.
    reset: bool,
    /// The events, oldest first.
    changes: Vec<Change>,
}

/// An event.
#[derive(Serialize, JsonSchema)]
struct Change {
    /// Its number in the stream.
    seq: i64,
    /// When it happened.
    at: String,
    /// What happened: `ticket.updated`.
    event: String,
    /// The id of the document that it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Who did it: `user:<id>`, `contact:<id>`, `system`.
    actor: String,
    /// What else belongs to it.
    #[serde(skip_serializing_if = "Json::is_null")]
    data: Json,
}

impl From<Event> for Change {
    fn from(event: Event) -> Change {
        Change {
            seq: event.seq,
            at: format_date(event.at),
            event: event.event,
            id: event.document,
            actor: event.actor,
            data: event.data,
        }
    }
}

async fn changes(call: Call, _: NoBody) -> Result<Reply<Changes>> {
    let given = |name: &str| parameter(call.raw_query(), name);
    let stream = match given("stream") {
        None | Some("project") => PROJECT_STREAM.to_owned(),
        Some("user") => user_stream(call.user()?),
        Some(_) => return Err(Error::invalid("`stream` must be `project` or `user`")),
    };
    let number = |name: &str| {
        let wrong = |_| Error::Invalid(format!("`{name}` must be a whole number"));
        given(name).map(|text| text.parse::<i64>().map_err(wrong)).transpose()
    };
    let limit = number("limit")?.unwrap_or(LIMIT_DEFAULT.into()).clamp(1, PAGE_MAX.into()) as u32;
    let (after, epoch) = (number("after")?, given("epoch").map(str::to_owned));
    call.peek(move |tx| read(tx, &stream, after, epoch, limit)).await.map(Reply)
}

fn read(
    tx: &ReadTx<'_>,
    stream: &str,
    after: Option<i64>,
    epoch: Option<String>,
    limit: u32,
) -> Result<Changes> {
    let seen = match (after, epoch) {
        (None, _) => None,
        (Some(seq), Some(epoch)) => Some(Position { epoch, seq }),
        // Whoever begins at a number and names no epoch means the present one.
        (Some(seq), None) => Some(Position { seq, ..tx.stream_position(stream)? }),
    };
    let (position, reset) = match updates::start(tx, stream, seen.as_ref(), i64::MAX)? {
        Start::After(position) => (position, false),
        Start::Lost(position) => (position, true),
    };
    let events = tx.stream_after(stream, position.seq, limit)?;
    let more = events.len() == limit as usize;
    let seq = events.last().map_or(position.seq, |last| last.seq);
    let permissions = tx.scope().permissions();
    let seen = |event: &Event| updates::may_see(permissions, &event.event);
    let changes = events.into_iter().filter(seen).map(Change::from).collect();
    Ok(Changes { epoch: position.epoch, seq, more, reset, changes })
}
