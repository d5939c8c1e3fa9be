//! Ticket types with their lanes, and boards.

use axum::http::Method;
use hark_core::tickets::TicketView;
use hark_core::tickets::types::{self, Lane, Move, TICKET_TYPES, TicketTypeInput};
use hark_core::tickets::view::parts;
use hark_store::{Doc, Error, Permission, ReadTx, Result};
use schemars::JsonSchema;
use serde_json::{Value as Json, json};

use super::{READ, WRITE, ticket_id, views, write};
use crate::answer::Document;
use crate::call::Call;
use crate::operation::{Body, NoBody, Operation};
use crate::v3::resource::Routes;
use crate::v3::sessions::extra;

static ROUTES: Routes = Routes {
    resource: &TICKET_TYPES,
    all: "/v3/ticket-types",
    one: "/v3/ticket-types/{ticketTypeId}",
    parameter: "ticketTypeId",
    list: ("FindTicketTypes", "List the ticket types that somebody described"),
    create: ("CreateTicketType", "Describe a ticket type and the lanes of its board"),
    get: ("FindTicketTypeById", "A ticket type"),
    update: ("UpdateTicketType", "Change a ticket type"),
    delete: ("DeleteTicketType", "Delete a ticket type; its tickets stay"),
    read: Permission::SettingsRead,
    write: Permission::SettingsManage,
};

/// Tickets of each lane that a board shows unless it is asked for more.
const CARDS: u32 = 50;

pub(super) fn operations() -> Vec<Operation> {
    let mut all = ROUTES.operations::<TicketTypeInput>();
    all.push(
        Operation::new(Method::GET, "/v3/tickets/board", "GetTicketBoard", READ, board)
            .summary("The board of a ticket type: its lanes with their tickets in the order of their ranks")
            .parameters(&[("type", "The ticket type"), ("limit", "Tickets of each lane at most, up to 200")]),
    );
    all.push(
        Operation::new(Method::PUT, "/v3/tickets/{ticketId}/move", "MoveTicket", WRITE, move_card)
            .summary("Move a ticket on its board: to a lane, or to a place between others"),
    );
    all
}

/// A board.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes what is answered")]
struct BoardView {
    /// The ticket type.
    #[schemars(rename = "type")]
    ticket_type: String,
    /// Its lanes, from left to right.
    lanes: Vec<LaneView>,
}

/// A lane of a board.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes what is answered")]
struct LaneView {
    /// The lane.
    #[schemars(flatten)]
    lane: Lane,
    /// How many tickets are in it.
    count: u64,
    /// The first of them.
    tickets: Vec<TicketView>,
}

async fn board(call: Call, _: NoBody) -> Result<Document<BoardView>> {
    let query = call.query(&["type"])?;
    let ticket_type = extra(&query, "type").map(str::trim).filter(|text| !text.is_empty());
    let ticket_type =
        ticket_type.ok_or_else(|| Error::invalid("`type` is missing, send a ticket type"))?.to_owned();
    let (of_type, cards) = (ticket_type.clone(), query.limit.unwrap_or(CARDS));
    let work = move |tx: &ReadTx<'_>| {
        let board = types::board(tx, &of_type, cards)?;
        let docs: Vec<Doc> = board.iter().flat_map(|lane| lane.tickets.iter().cloned()).collect();
        let parts = parts(tx, &docs, false)?;
        Ok((board, docs, parts))
    };
    let (board, docs, parts) = call.read(work).await?;
    let mut cards = views(&call, &docs, &parts).await?.into_iter();
    let mut lanes = Vec::new();
    for lane in board {
        let tickets: Vec<Json> = cards.by_ref().take(lane.tickets.len()).collect();
        let mut view = serde_json::to_value(&lane.lane)?;
        view["count"] = json!(lane.count);
        view["tickets"] = Json::Array(tickets);
        lanes.push(view);
    }
    Ok(Document::of(&json!({"type": ticket_type, "lanes": lanes})))
}

async fn move_card(call: Call, Body(to): Body<Move>) -> Result<Document<TicketView>> {
    let id = ticket_id(&call)?;
    write(&call, move |tx| types::move_card(tx, id, &to)).await
}
