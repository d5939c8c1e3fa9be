//! Finding tickets: searches, tickets of contacts, counts, and the ticket behind a notification.

use axum::http::Method;
use hark_core::tickets::search::{self, Found, annotate};
use hark_core::tickets::view::parts;
use hark_core::tickets::{TICKET, TicketList, TicketView};
use hark_query::{Filter, Query};
use hark_store::{Doc, Error, Permission, ReadTx, Result};
use schemars::JsonSchema;
use serde::Serialize;

use super::{READ, asked, page, read, views};
use crate::answer::{Document, Documents, Reply};
use crate::call::Call;
use crate::operation::{Listed, NoBody, Operation};
use crate::v3::sessions::extra;

/// Tickets that a search answers when it names no limit.
const HITS_DEFAULT: u32 = 30;
/// Tickets that a search answers at most.
const HITS_MAX: u32 = 100;
const SEARCH: &[(&str, &str)] = &[
    ("searchTerm", "What to search for"),
    ("limit", "Tickets at most, up to 100; 30 unless said otherwise"),
    ("type", "Only tickets of these types; any other property filters in the same way"),
];

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/tickets/search", "SearchForTickets", READ, by_words)
            .summary("Search tickets by title, number, description, form and tags, the best first")
            .parameters(SEARCH),
        Operation::new(
            Method::GET,
            "/v3/tickets/extendedsearch",
            "SearchForTicketsExtended",
            READ,
            everywhere,
        )
        .summary("Search tickets, their messages and their contacts; `foundIn` says where the words are")
        .parameters(SEARCH),
        Operation::new(
            Method::GET,
            "/v3/tickets/by-session-query",
            "FindTicketsBySessionQuery",
            READ,
            by_session,
        )
        .summary("List the tickets of the contacts that have these properties")
        .parameters(&[
            ("email", "The address of the contacts"),
            ("userId", "The user id of the contacts"),
            ("phone", "The telephone number of the contacts"),
            ("customData.TIN", "A custom property of the contacts; any other works in the same way"),
        ])
        .list(),
        Operation::new(
            Method::GET,
            "/v3/tickets/search-feature-requests",
            "SearchFeatureRequests",
            READ,
            feature_requests,
        )
        .summary("Find feature requests that say the same as a text, the most alike first")
        .parameters(&[
            ("query", "The text"),
            ("limit", "Tickets at most, up to 100; 30 unless said otherwise"),
            ("minScore", "How alike they must be at least, from 0 to 1"),
        ]),
        Operation::new(Method::GET, "/v3/tickets/ticketscount", "GetTicketCount", READ, count)
            .summary("Count the tickets that match the filters")
            .listed(Listed::Whole),
        Operation::new(
            Method::GET,
            "/v3/tickets/notification/{shareToken}",
            "GetNotificationTicket",
            READ,
            of_notification,
        )
        .summary("Get the ticket that a notification names by its share token"),
    ]
}

async fn by_words(call: Call, _: NoBody) -> Result<Documents<TicketView>> {
    let (text, filter, limit) = wanted(&call).await?;
    found(&call, move |tx| search::search(tx, &text, &filter, limit)).await
}

async fn everywhere(call: Call, _: NoBody) -> Result<Documents<TicketView>> {
    let (text, filter, limit) = wanted(&call).await?;
    let contacts = call.scope.permissions().has(Permission::ContactsRead);
    found(&call, move |tx| search::search_everywhere(tx, &text, &filter, contacts, limit)).await
}

async fn feature_requests(call: Call, _: NoBody) -> Result<Documents<TicketView>> {
    let query = call.query(&["query", "minScore"])?;
    let score_min = match extra(&query, "minScore").filter(|text| !text.is_empty()) {
        None => 0.0,
        Some(text) => text
            .parse()
            .ok()
            .filter(|score| (0.0..=1.0).contains(score))
            .ok_or_else(|| Error::invalid("`minScore` is a number from 0 to 1"))?,
    };
    let (text, _, limit) = ranked(query, "query")?;
    if text.trim().is_empty() {
        return Err(Error::invalid("`query` is missing, send the text to compare with"));
    }
    found(&call, move |tx| search::feature_requests(tx, &text, score_min, limit)).await
}

/// The text, the filter and the limit of a search.
async fn wanted(call: &Call) -> Result<(String, Filter, u32)> {
    ranked(asked(call, &["searchTerm"]).await?, "searchTerm")
}

fn ranked(query: Query, name: &str) -> Result<(String, Filter, u32)> {
    if query.cursor.is_some() || query.skip > 0 || !query.sort.keys.is_empty() {
        return Err(Error::invalid(
            "a search is ranked: leave out `sort`, `skip` and `cursor`; list tickets to sort and page",
        ));
    }
    let text = extra(&query, name).unwrap_or_default().to_owned();
    let limit = query.limit.unwrap_or(HITS_DEFAULT).min(HITS_MAX);
    Ok((text, query.filter, limit))
}

async fn found(
    call: &Call,
    rule: impl FnOnce(&ReadTx<'_>) -> Result<Vec<Found>> + Send + 'static,
) -> Result<Documents<TicketView>> {
    let work = move |tx: &ReadTx<'_>| {
        let found = rule(tx)?;
        let docs: Vec<Doc> = found.iter().map(|hit| hit.ticket.clone()).collect();
        let parts = parts(tx, &docs, false)?;
        Ok((found, docs, parts))
    };
    let (found, docs, parts) = call.read(work).await?;
    let mut views = views(call, &docs, &parts).await?;
    for (hit, view) in found.iter().zip(&mut views) {
        annotate(hit, view);
    }
    Ok(Documents::of(views))
}

async fn by_session(call: Call, _: NoBody) -> Result<Document<TicketList>> {
    call.scope.need(Permission::ContactsRead)?;
    let mut query = asked(&call, &[]).await?;
    let (contacts, of_tickets) = search::split_by_session(std::mem::take(&mut query.filter));
    if contacts == Filter::everything() {
        return Err(Error::invalid(
            "say whose tickets: send `email`, `userId`, `phone` or a property of `customData`",
        ));
    }
    let theirs = call.read(move |tx| search::of_contacts(tx, contacts)).await?;
    query.filter = of_tickets.and(theirs);
    page(&call, query).await
}

/// How many tickets there are.
#[derive(Serialize, JsonSchema)]
struct TicketCount {
    /// How many match.
    count: u64,
}

async fn count(call: Call, _: NoBody) -> Result<Reply<TicketCount>> {
    let query = asked(&call, &[]).await?;
    let count = call.read(move |tx| tx.total(&TICKET, &query.filter)).await?;
    Ok(Reply(TicketCount { count }))
}

async fn of_notification(call: Call, _: NoBody) -> Result<Document<TicketView>> {
    let token = call.path("shareToken")?.to_owned();
    read(&call, move |tx| {
        tx.find_by(&TICKET, "shareToken", &token)?.ok_or_else(|| Error::not_found(TICKET.name, token))
    })
    .await
}
