//! Tickets: create, compose, list, get, change and delete.

mod actions;
mod exports;
mod merges;
mod searches;
mod trackers;
mod transcripts;
mod types;

use axum::http::Method;
use hark_core::documents::list_within;
use hark_core::tickets::search;
use hark_core::tickets::view::{self, Parts, parts};
use hark_core::tickets::{
    self, Compose, ComposeInput, NewTicket, Patch as TicketPatch, TICKET, TicketInput, TicketList, TicketView,
};
use hark_query::Query;
use hark_store::{Body as Properties, Doc, Error, Id, Listing, Permission, ReadTx, Result, Tx};
use serde_json::{Value as Json, json};

use crate::answer::Document;
use crate::call::Call;
use crate::documents::LIMIT_MAX;
use crate::operation::{Access, IF_MATCH, NoBody, Operation, Patch};
use crate::people;

pub(super) const READ: Access = Access::Project(Permission::TicketsRead);
pub(super) const WRITE: Access = Access::Project(Permission::TicketsWrite);
const DELETE: Access = Access::Project(Permission::TicketsDelete);

/// Bytes of tickets or messages in one answer; a list that would have more ends earlier.
pub(super) const PAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

pub(crate) fn operations() -> Vec<Operation> {
    let parts = [
        basics(),
        searches::operations(),
        exports::operations(),
        trackers::operations(),
        actions::operations(),
        merges::operations(),
        transcripts::operations(),
        types::operations(),
    ];
    parts.into_iter().flatten().collect()
}

fn basics() -> Vec<Operation> {
    let all = "/v3/tickets";
    let one = "/v3/tickets/{ticketId}";
    vec![
        Operation::new(Method::POST, all, "CreateTicket", WRITE, create).summary("Create a ticket"),
        Operation::new(Method::GET, all, "GetTickets", READ, list)
            .summary("List tickets with their count; `nextCursor` is there when there are more")
            .parameters(&[
                ("archived", "`true` for archived tickets only, `false` for the others only"),
                ("ignoreArchived", "`true` to leave archived tickets out"),
                ("isSpam", "`true` for spam only, `false` for what is none"),
            ])
            .list(),
        Operation::new(Method::POST, "/v3/tickets/compose", "CreateTicketWithMessage", WRITE, compose)
            .summary("Create a ticket with a first message to its contact"),
        Operation::new(Method::GET, one, "GetTicket", READ, get).summary("Get a ticket"),
        Operation::new(Method::PUT, one, "UpdateTicket", WRITE, update)
            .summary("Change a ticket; with If-Match only if it still has this ETag")
            .headers(IF_MATCH),
        Operation::new(Method::DELETE, one, "DeleteTicket", DELETE, delete)
            .summary("Delete a ticket with everything in it"),
    ]
}

async fn create(call: Call, input: Patch<TicketInput>) -> Result<Document<TicketView>> {
    check_members(&call, &input.changes).await?;
    write(&call, move |tx| tickets::create(tx, NewTicket::new(input.changes.clone()))).await
}

async fn compose(call: Call, input: Patch<ComposeInput>) -> Result<Document<TicketView>> {
    check_members(&call, &input.changes).await?;
    let compose = Compose { author: call.user()?, input: input.changes };
    write(&call, move |tx| tickets::compose(tx, compose.clone())).await
}

async fn list(call: Call, _: NoBody) -> Result<Document<TicketList>> {
    let query = asked(&call, &[]).await?;
    page(&call, query).await
}

/// The query of a list of tickets. What it asks of their contacts has become a condition on tickets.
pub(super) async fn asked(call: &Call, own: &[&str]) -> Result<Query> {
    let mut query = tickets::prepared(call.query(own)?);
    if let Some(key) = query.sort.keys.iter().find(|key| search::property_of_contact(&key.path).is_some()) {
        return Err(Error::invalid(format!(
            "tickets cannot be sorted by `{}`, sort by a property of their own",
            key.path
        )));
    }
    if search::contact_tests(&query.filter) > 0 {
        call.scope.need(Permission::ContactsRead)?;
        let filter = std::mem::take(&mut query.filter);
        query.filter = call.read(move |tx| search::through_contacts(tx, filter)).await?;
    }
    Ok(query)
}

async fn get(call: Call, _: NoBody) -> Result<Document<TicketView>> {
    let id = ticket_id(&call)?;
    read(&call, move |tx| tx.get(&TICKET, id)).await
}

async fn update(call: Call, input: Patch<TicketInput>) -> Result<Document<TicketView>> {
    let id = ticket_id(&call)?;
    let expected = call.if_match()?;
    check_members(&call, &input.changes).await?;
    write(&call, move |tx| {
        tickets::update(tx, id, TicketPatch::new(input.changes.clone()).expecting(expected))
    })
    .await
}

async fn delete(call: Call, _: NoBody) -> Result<Document<TicketView>> {
    let id = ticket_id(&call)?;
    write(&call, move |tx| tickets::delete(tx, id)).await
}

/// The ticket in the path.
pub(super) fn ticket_id(call: &Call) -> Result<Id> {
    call.path_id("ticketId", TICKET.name)
}

/// Goes on if the users whom properties name work in the project.
pub(super) async fn check_members(call: &Call, properties: &Properties) -> Result<()> {
    people::need(&call.app, &call.scope, tickets::member_ids(properties)?).await
}

/// Runs a rule and answers the ticket that it returns.
pub(super) async fn write(
    call: &Call,
    mut rule: impl FnMut(&mut Tx<'_>) -> Result<Doc> + Send + 'static,
) -> Result<Document<TicketView>> {
    let work = move |tx: &mut Tx<'_>| {
        let ticket = rule(tx)?;
        let parts = parts(tx, std::slice::from_ref(&ticket), true)?;
        Ok((ticket, parts))
    };
    let (ticket, parts) = call.write(work).await?;
    one(call, &ticket, &parts).await
}

/// Answers the ticket that a rule reads.
pub(super) async fn read(
    call: &Call,
    rule: impl FnOnce(&ReadTx<'_>) -> Result<Doc> + Send + 'static,
) -> Result<Document<TicketView>> {
    let work = move |tx: &ReadTx<'_>| {
        let ticket = rule(tx)?;
        let parts = parts(tx, std::slice::from_ref(&ticket), true)?;
        Ok((ticket, parts))
    };
    let (ticket, parts) = call.peek(work).await?;
    one(call, &ticket, &parts).await
}

async fn one(call: &Call, ticket: &Doc, parts: &Parts) -> Result<Document<TicketView>> {
    let people = people::of(&call.app, &call.scope, parts.users()).await?;
    Ok(Document::of(&view::ticket(ticket, parts, &people, &call.scope)).at(ticket.rev))
}

/// The tickets that match a query of [`asked`], in their envelope.
pub(super) async fn page(call: &Call, query: Query) -> Result<Document<TicketList>> {
    let listing = Listing::from_query(query, LIMIT_MAX, LIMIT_MAX);
    let work = move |tx: &ReadTx<'_>| {
        let total = tx.total(&TICKET, &listing.filter)?;
        let page = list_within(tx, &TICKET, &listing, PAGE_BYTES_MAX)?;
        let parts = parts(tx, &page.docs, false)?;
        Ok((page, total, parts))
    };
    let (page, total, parts) = call.read(work).await?;
    let views = views(call, &page.docs, &parts).await?;
    let mut envelope = json!({"tickets": views, "count": page.docs.len(), "totalCount": total});
    if let Some(next) = page.next {
        envelope["nextCursor"] = json!(next);
    }
    Ok(Document::of(&envelope))
}

/// Tickets as the caller sees them.
pub(super) async fn views(call: &Call, tickets: &[Doc], parts: &Parts) -> Result<Vec<Json>> {
    let people = people::of(&call.app, &call.scope, parts.users()).await?;
    Ok(tickets.iter().map(|ticket| view::ticket(ticket, parts, &people, &call.scope)).collect())
}
