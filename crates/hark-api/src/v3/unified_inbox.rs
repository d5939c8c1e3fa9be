//! The tickets of all projects that a user works in, and handing over those that are the user's.

use std::cmp::Reverse;

use axum::http::Method;
use hark_core::access::projects;
use hark_core::tickets::view::{self, parts};
use hark_core::tickets::{TICKET, TicketList, TicketView, inbox};
use hark_store::{Doc, Error, Id, Permission, ReadTx, Result, Scope};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::sessions::extra;
use crate::answer::{Document, Reply};
use crate::call::Call;
use crate::operation::{Access, NoBody, Operation};
use crate::people;

/// Tickets of a page unless a caller says otherwise, and at most.
const PAGE: u32 = 20;
const PAGE_MAX: u32 = 100;
/// Tickets that can be paged through.
const REACH_MAX: u32 = 1_000;
/// Projects that are looked into.
const PROJECTS_MAX: usize = 100;

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::POST,
            "/v3/users/me/reassign-tickets",
            "ReassignTickets",
            Access::Caller,
            reassign,
        )
        .summary("Hand over the open tickets of the user: they are nobody's until somebody takes them"),
        Operation::new(
            Method::GET,
            "/v3/users/unified-inbox",
            "GetUnifiedInboxTickets",
            Access::Caller,
            list,
        )
        .summary("Open tickets of all projects that the user works in, the last touched first")
        .parameters(&[
            ("type", "only tickets of this type"),
            ("filteredProjectId", "only tickets of this project"),
            ("page", "the page, from 1"),
            ("limit", "tickets of a page, up to 100"),
        ]),
        Operation::new(
            Method::GET,
            "/v3/users/unified-inbox/{ticketId}",
            "GetUnifiedInboxTicket",
            Access::Caller,
            get,
        )
        .summary("A ticket of any project that the user works in"),
    ]
}

/// That something was done.
#[derive(Serialize, JsonSchema)]
struct Success {
    /// True.
    success: bool,
}

/// The projects in which the caller may do something, or the one that is asked for.
async fn scopes(call: &Call, permission: Permission, only: Option<Id>) -> Result<Vec<Scope>> {
    let user = call.user()?;
    let caller = call.caller.as_ref().ok_or_else(|| Error::internal("a call without a caller"))?;
    let projects = call.read_instance(move |tx| projects::of_user(tx, user)).await?;
    let mut scopes = Vec::new();
    for project in projects.iter().filter(|project| only.is_none_or(|only| only == project.id)) {
        if scopes.len() == PROJECTS_MAX {
            break;
        }
        match call.app.store.enter(caller, project.id).await {
            Ok(scope) if scope.permissions().has(permission) => scopes.push(scope),
            // A token that is for another project only, or a role without the permission.
            Ok(_) | Err(Error::NotFound { .. } | Error::Forbidden(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(scopes)
}

async fn list(call: Call, _: NoBody) -> Result<Document<TicketList>> {
    let query = call.query(&["type", "filteredProjectId", "page"])?;
    let number = match extra(&query, "page").filter(|text| !text.is_empty()) {
        None => 1,
        Some(text) => text
            .parse::<u32>()
            .ok()
            .filter(|page| *page > 0)
            .ok_or_else(|| Error::invalid("`page` is a number from 1"))?,
    };
    let only = match extra(&query, "filteredProjectId").filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(Id::parse(text).ok_or_else(|| Error::not_found("project", text))?),
    };
    let ticket_type = extra(&query, "type").filter(|text| !text.is_empty()).map(str::to_owned);
    let limit = query.limit.unwrap_or(PAGE).min(PAGE_MAX);
    let reach = number.saturating_mul(limit);
    if reach > REACH_MAX {
        return Err(Error::invalid(format!("only the first {REACH_MAX} tickets can be paged through here")));
    }
    let (mut found, mut total) = (Vec::new(), 0);
    for scope in scopes(&call, Permission::TicketsRead, only).await? {
        let of_type = ticket_type.clone();
        let work = move |tx: &ReadTx<'_>| inbox::open(tx, of_type.as_deref(), reach);
        let (tickets, count) = call.app.store.read(&scope, work).await?;
        total += count;
        found.extend(tickets.into_iter().map(|ticket| (scope.clone(), ticket)));
    }
    found.sort_by_cached_key(|(_, ticket)| Reverse((inbox::touched_at(ticket), ticket.id)));
    let mut views = Vec::new();
    for (scope, ticket) in found.into_iter().skip((reach - limit) as usize).take(limit as usize) {
        views.push(seen(&call, scope, ticket, false).await?.1);
    }
    Ok(Document::of(&json!({"tickets": views, "count": views.len(), "totalCount": total})))
}

async fn get(call: Call, _: NoBody) -> Result<Document<TicketView>> {
    let id = call.path_id("ticketId", TICKET.name)?;
    for scope in scopes(&call, Permission::TicketsRead, None).await? {
        if let Some(ticket) = call.app.store.peek(&scope, move |tx| tx.find(&TICKET, id)).await? {
            let (rev, view) = seen(&call, scope, ticket, true).await?;
            return Ok(Document::of(&view).at(rev));
        }
    }
    Err(Error::not_found(TICKET.name, id))
}

/// A ticket as the caller sees it in its project.
async fn seen(call: &Call, scope: Scope, ticket: Doc, whole: bool) -> Result<(i64, serde_json::Value)> {
    let work = move |tx: &ReadTx<'_>| {
        let parts = parts(tx, std::slice::from_ref(&ticket), whole)?;
        Ok((ticket, parts))
    };
    let (ticket, parts) = call.app.store.peek(&scope, work).await?;
    let people = people::of(&call.app, &scope, parts.users()).await?;
    Ok((ticket.rev, view::ticket(&ticket, &parts, &people, &scope)))
}

async fn reassign(call: Call, _: NoBody) -> Result<Reply<Success>> {
    let user = call.user()?;
    for scope in scopes(&call, Permission::TicketsWrite, None).await? {
        // Some at a time, so that nobody waits long for this.
        while call.app.store.write(&scope, move |tx| inbox::hand_over(tx, user)).await? {}
    }
    // What dies before its end is carried on by whoever repeats it; afterwards a key of the call is known.
    call.write_instance(|_| Ok(())).await?;
    Ok(Reply(Success { success: true }))
}
