//! Presence at a ticket for callers without a socket: who types, and who looks at it.

use axum::http::Method;
use hark_core::presence::{self, Member};
use hark_store::access::USER;
use hark_store::{Permission, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::realtime::name;
use crate::answer::Reply;
use crate::call::Call;
use crate::operation::{Access, Body, Operation};

pub(crate) fn operations() -> Vec<Operation> {
    let write = Access::Project(Permission::TicketsWrite);
    let read = Access::Project(Permission::TicketsRead);
    vec![
        Operation::new(Method::POST, "/v3/tickets/{ticketId}/typing", "IndicateUserTyping", write, typing)
            .summary("Tell whoever looks at a ticket that the caller types, or stopped to"),
        Operation::new(Method::POST, "/v3/tickets/{ticketId}/viewing", "IndicateUserViewing", read, viewing)
            .summary(
                "Tell whoever looks at a ticket that the caller does too, for 45 seconds, or stopped to",
            ),
    ]
}

/// Whether the caller types.
#[derive(Deserialize, JsonSchema)]
struct Typing {
    /// Whether the caller types.
    typing: bool,
}

/// Whether the caller looks at the ticket.
#[derive(Deserialize, JsonSchema)]
struct Viewing {
    /// Whether the caller looks at the ticket.
    viewing: bool,
}

/// It was told.
#[derive(Serialize, JsonSchema)]
struct Told {
    /// Always true.
    ok: bool,
}

async fn typing(call: Call, Body(input): Body<Typing>) -> Result<Reply<Told>> {
    let (ticket, member) = (call.path_id("ticketId", "ticket")?, member(&call).await?);
    call.write(move |tx| presence::type_in(tx, ticket, &member, input.typing)).await?;
    Ok(Reply(Told { ok: true }))
}

async fn viewing(call: Call, Body(input): Body<Viewing>) -> Result<Reply<Told>> {
    let (ticket, member) = (call.path_id("ticketId", "ticket")?, member(&call).await?);
    call.write(move |tx| presence::view(tx, ticket, &member, input.viewing)).await?;
    Ok(Reply(Told { ok: true }))
}

async fn member(call: &Call) -> Result<Member> {
    let id = call.user()?;
    let user = call.read_instance(move |tx| tx.get(&USER, id)).await?;
    Ok(Member { who: id.to_string(), info: json!({"name": name(&user)}) })
}
