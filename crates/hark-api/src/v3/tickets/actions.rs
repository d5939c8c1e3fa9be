//! What agents do with a ticket: snooze, link, archive, and what takes a service that is not set up.

use axum::http::Method;
use hark_core::tickets::{self, Patch as TicketPatch, TICKET, TicketView, actions};
use hark_store::{Error, Id, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{WRITE, ticket_id, write};
use crate::answer::{Document, Reply};
use crate::call::Call;
use crate::operation::{Body, NoBody, Operation};

const NOT_CONFIGURED: &[(u16, &str)] = &[(400, "What this needs is not set up")];

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::PUT, "/v3/tickets/{ticketId}/snooze", "SnoozeTicket", WRITE, snooze)
            .summary("Let a ticket sleep for hours or until a moment; its contact's answer wakes it earlier"),
        Operation::new(Method::PUT, "/v3/tickets/{ticketId}/link", "LinkTicket", WRITE, link)
            .summary("Link two tickets, each to the other"),
        Operation::new(Method::PUT, "/v3/tickets/{ticketId}/unlink", "UnlinkTicket", WRITE, unlink)
            .summary("Take the link between two tickets away"),
        Operation::new(Method::PUT, "/v3/tickets/{ticketId}/archive", "ArchiveTicket", WRITE, archive)
            .summary("Archive a ticket"),
        Operation::new(Method::PUT, "/v3/tickets/{ticketId}/unarchive", "UnarchiveTicket", WRITE, unarchive)
            .summary("Take a ticket out of the archive"),
        Operation::new(Method::PUT, "/v3/tickets/archive/all", "ArchiveAllTickets", WRITE, archive_all)
            .summary("Archive all tickets of a type and a status; many are archived behind the answer"),
        Operation::new(
            Method::POST,
            "/v3/tickets/{ticketId}/send-to-integration",
            "SendTicketToIntegration",
            WRITE,
            integrate,
        )
        .summary("Send a ticket to an integration")
        .also_answers(NOT_CONFIGURED),
        Operation::new(
            Method::POST,
            "/v3/tickets/{ticketId}/draft-reply",
            "GenerateDraftReply",
            WRITE,
            draft,
        )
        .summary("Let a machine draft a reply")
        .also_answers(NOT_CONFIGURED),
    ]
}

/// For how long a ticket sleeps.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Snooze {
    /// Hours from now, which need not be whole; 0 wakes the ticket.
    duration: Option<f64>,
    /// Instead of that, until when, ISO 8601.
    snoozed_until: Option<String>,
}

async fn snooze(call: Call, Body(wish): Body<Snooze>) -> Result<Document<TicketView>> {
    let id = ticket_id(&call)?;
    write(&call, move |tx| actions::snooze(tx, id, wish.duration, wish.snoozed_until.as_deref())).await
}

/// The other ticket.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Target {
    /// Its id.
    target_ticket_id: Id,
}

async fn link(call: Call, Body(target): Body<Target>) -> Result<Document<TicketView>> {
    let id = ticket_id(&call)?;
    write(&call, move |tx| actions::link(tx, id, target.target_ticket_id, true)).await
}

async fn unlink(call: Call, Body(target): Body<Target>) -> Result<Document<TicketView>> {
    let id = ticket_id(&call)?;
    write(&call, move |tx| actions::link(tx, id, target.target_ticket_id, false)).await
}

async fn archive(call: Call, _: NoBody) -> Result<Document<TicketView>> {
    set_archived(call, true).await
}

async fn unarchive(call: Call, _: NoBody) -> Result<Document<TicketView>> {
    set_archived(call, false).await
}

async fn set_archived(call: Call, archived: bool) -> Result<Document<TicketView>> {
    let id = ticket_id(&call)?;
    write(&call, move |tx| tickets::update(tx, id, TicketPatch::set("archived", archived))).await
}

/// Which tickets.
#[derive(Clone, Deserialize, JsonSchema)]
struct Lane {
    /// Their type.
    #[serde(rename = "type")]
    ticket_type: String,
    /// Their status.
    status: String,
}

/// How many tickets are archived, or will be in a moment.
#[derive(Serialize, JsonSchema)]
struct Archived {
    /// True.
    success: bool,
    /// How many.
    count: u64,
}

async fn archive_all(call: Call, Body(lane): Body<Lane>) -> Result<Reply<Archived>> {
    let count = call.write(move |tx| actions::archive_all(tx, &lane.ticket_type, &lane.status)).await?;
    Ok(Reply(Archived { success: true, count }))
}

/// An integration.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Integration {
    /// `github`, `jira` or another.
    integration_type: String,
    /// Which one of them.
    integration_id: String,
}

async fn integrate(call: Call, Body(wish): Body<Integration>) -> Result<Document<TicketView>> {
    let id = ticket_id(&call)?;
    call.peek(move |tx| tx.get(&TICKET, id)).await?;
    Err(Error::NotConfigured(format!(
        "this project has no integration {} of the type {}, set one up first",
        wish.integration_id, wish.integration_type
    )))
}

/// A reply that a machine drafted.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Draft {
    /// The reply.
    draft_reply: String,
}

async fn draft(call: Call, _: NoBody) -> Result<Reply<Draft>> {
    let id = ticket_id(&call)?;
    call.peek(move |tx| tx.get(&TICKET, id)).await?;
    Err(Error::NotConfigured(
        "no language model is configured, ask the operator of this server for one".to_owned(),
    ))
}
