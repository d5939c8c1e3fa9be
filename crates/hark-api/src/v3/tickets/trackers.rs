//! Tracker tickets: create one, list and search them, and what one of a ticket could say.

use axum::http::Method;
use hark_core::tickets::tracker::{self, TrackerData, TrackerInput};
use hark_core::tickets::view::parts;
use hark_core::tickets::{TicketList, TicketView};
use hark_query::Query;
use hark_store::{Error, Id, ReadTx, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{READ, WRITE, page, views, write};
use crate::answer::{Document, Reply};
use crate::call::Call;
use crate::operation::{Body, NoBody, Operation};
use crate::v3::sessions::extra;

/// Tracker tickets of a page.
const PAGE: u32 = 20;
/// Tracker tickets that a search finds at most.
const FOUND_MAX: usize = 1_000;
/// Pages at most.
const PAGES_MAX: u32 = 5_000;

pub(super) fn operations() -> Vec<Operation> {
    let all = "/v3/tickets/tracker-tickets";
    vec![
        Operation::new(Method::POST, all, "CreateTrackerTicket", WRITE, create)
            .summary("Create a tracker ticket that is linked to others"),
        Operation::new(Method::GET, all, "FindTrackerTickets", READ, list)
            .summary("List tracker tickets, twenty at a time, or search them")
            .parameters(&[("searchTerm", "What to search for"), ("page", "The page, from 1")]),
        Operation::new(
            Method::POST,
            "/v3/tickets/generate-data",
            "GenerateTrackerTicketData",
            READ,
            generate,
        )
        .summary("What a tracker ticket of a ticket could say, taken from what its contact wrote"),
    ]
}

async fn create(call: Call, Body(input): Body<TrackerInput>) -> Result<Document<TicketView>> {
    write(&call, move |tx| tracker::create_tracker(tx, &input)).await
}

async fn list(call: Call, _: NoBody) -> Result<Document<TicketList>> {
    let query = call.query(&["searchTerm", "page"])?;
    let number = match extra(&query, "page").filter(|text| !text.is_empty()) {
        None => 1,
        Some(text) => text
            .parse()
            .ok()
            .filter(|page| (1..=PAGES_MAX).contains(page))
            .ok_or_else(|| Error::invalid(format!("`page` is a number from 1 to {PAGES_MAX}")))?,
    };
    let text = extra(&query, "searchTerm").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let Some(text) = text else {
        let filter = query.filter.and(tracker::trackers());
        let skip = (number - 1) * PAGE;
        return page(&call, Query { filter, skip, limit: Some(PAGE), ..Query::default() }).await;
    };
    let work = move |tx: &ReadTx<'_>| {
        let found = tracker::search_trackers(tx, &text, FOUND_MAX)?;
        let total = found.len();
        let found = found.into_iter().skip(((number - 1) * PAGE) as usize).take(PAGE as usize);
        let found: Vec<_> = found.collect();
        let parts = parts(tx, &found, false)?;
        Ok((found, total, parts))
    };
    let (found, total, parts) = call.read(work).await?;
    let views = views(&call, &found, &parts).await?;
    Ok(Document::of(&json!({"tickets": views, "count": views.len(), "totalCount": total})))
}

/// The ticket that a tracker ticket would track.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Source {
    /// The ticket's id.
    source_ticket_id: Id,
    /// The type of the tracker ticket.
    #[serde(rename = "type")]
    ticket_type: Option<String>,
}

async fn generate(call: Call, Body(source): Body<Source>) -> Result<Reply<TrackerData>> {
    let work = move |tx: &ReadTx<'_>| {
        tracker::tracker_data(tx, source.source_ticket_id, source.ticket_type.as_deref())
    };
    Ok(Reply(call.read(work).await?))
}
