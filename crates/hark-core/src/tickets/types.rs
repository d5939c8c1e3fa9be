//! Ticket types: what kinds of tickets a project keeps, with the lanes of their boards.
//!
//! A type that nobody described takes any status; the lanes of one that is described are the
//! statuses that its tickets can have. The fields of a type's form are the properties whose
//! `targetSource` is the type.

use hark_query::{Filter, Literal, Op, Path, Sort, SortKey};
use hark_store::{Body, Doc, Error, Field, Id, Kind, Listing, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::cards::make_room;
use super::{DONE, OPEN, Patch, TICKET, update};
use crate::documents::required_line;
use crate::rank;
use crate::resource::{Resource, lines, list, nothing_follows};

/// A ticket type; `type` is its name on tickets.
pub const TICKET_TYPE: Kind =
    Kind { feed: true, ..Kind::new("ticket type", "ticket_type", &[Field::text("type", "type")]) };

/// Its rules.
pub const TICKET_TYPES: Resource = Resource {
    kind: &TICKET_TYPE,
    audited: Some("ticketType"),
    count_max: TYPES_MAX as u64,
    personal: false,
    defaults: || json!({ "lanes": default_lanes(), "enabled": true }),
    check,
    changed: nothing_follows,
};

/// Types of a project.
const TYPES_MAX: u32 = 200;
/// When a ticket came into a closed lane.
const CLOSED_AT: &str = "closedAt";
/// Lanes of a board.
const LANES_MAX: usize = 50;
/// Characters of a type's name and of a lane's id.
const NAME_MAX: usize = 64;
/// Tickets of a lane that a board shows.
const CARDS_MAX: u32 = 200;
/// Characters after which ranks are not squeezed in any more.
const RANK_MAX: usize = 90;

/// The properties of a ticket type that a caller may set.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketTypeInput {
    /// Its name on tickets: `BUG`, `FOR-RELEASE`.
    #[serde(rename = "type")]
    pub ticket_type: Option<String>,
    /// Its name for people.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The sign before its name.
    pub icon: Option<String>,
    /// Its colour.
    pub color: Option<String>,
    /// Whether it is offered.
    pub enabled: Option<bool>,
    /// The lanes of its board, from left to right; new tickets come into the first.
    pub lanes: Option<Vec<Lane>>,
}

/// A lane of a board.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Lane {
    /// The status of the tickets in it; made up when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name for people.
    pub title: String,
    /// Its colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Whether its tickets are dealt with.
    #[serde(default)]
    pub closed: bool,
}

fn default_lanes() -> Json {
    json!([
        {"id": OPEN, "title": "Open", "closed": false},
        {"id": "INPROGRESS", "title": "In progress", "closed": false},
        {"id": DONE, "title": "Done", "closed": true},
    ])
}

fn check(tx: &mut Tx<'_>, body: &mut Body) -> Result<()> {
    let name = required_line(body, "type")?.to_owned();
    if !is_name(&name) {
        return Err(Error::invalid(format!(
            "`type` is made of letters, digits, `-` and `_`, {NAME_MAX} characters at most"
        )));
    }
    required_line(body, "title")?;
    lines(body, &["description", "icon", "color"])?;
    if list(body, "lanes", LANES_MAX)?.is_empty() {
        return Err(Error::invalid("a ticket type needs a lane at least"));
    }
    let made_up: Vec<String> = (0..LANES_MAX).map(|_| tx.new_id().to_string()).collect();
    let lanes = body.get_mut("lanes").and_then(Json::as_array_mut).into_iter().flatten();
    let mut ids: Vec<String> = Vec::new();
    for (lane, made_up) in lanes.zip(made_up) {
        let id = lane["id"].as_str().map_or(made_up, str::to_owned);
        if !is_name(&id) || ids.contains(&id) {
            return Err(Error::invalid(format!("the id `{id}` of a lane is there twice, or no name")));
        }
        if lane["title"].as_str().is_none_or(|title| title.trim().is_empty() || title.chars().count() > 200) {
            return Err(Error::invalid("the `title` of a lane has between 1 and 200 characters"));
        }
        lane["id"] = json!(id);
        ids.push(id);
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    (1..=NAME_MAX).contains(&name.chars().count())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// The lanes of a type, or `None` when nobody described it.
pub fn lanes(tx: &ReadTx<'_>, ticket_type: &str) -> Result<Option<Vec<Lane>>> {
    let Some(described) = tx.find_by(&TICKET_TYPE, "type", ticket_type)? else { return Ok(None) };
    let lanes = described.body.get("lanes").cloned().unwrap_or_default();
    Ok(Some(serde_json::from_value(lanes)?))
}

/// The status of a new ticket of a type, unless it has one.
pub(super) fn first_status(tx: &ReadTx<'_>, ticket_type: &str) -> Result<String> {
    let first = lanes(tx, ticket_type)?.and_then(|lanes| lanes.into_iter().find_map(|lane| lane.id));
    Ok(first.unwrap_or_else(|| OPEN.to_owned()))
}

/// The status to which a ticket of a type comes back when it is not dealt with after all.
pub(crate) fn open_status(tx: &ReadTx<'_>, ticket_type: &str) -> Result<String> {
    let lanes = lanes(tx, ticket_type)?.unwrap_or_default();
    let open = lanes.into_iter().filter(|lane| !lane.closed).find_map(|lane| lane.id);
    Ok(open.unwrap_or_else(|| OPEN.to_owned()))
}

/// The status of tickets of a type that are dealt with.
pub(crate) fn closed_status(tx: &ReadTx<'_>, ticket_type: &str) -> Result<String> {
    let lanes = lanes(tx, ticket_type)?.unwrap_or_default();
    let closed = lanes.into_iter().filter(|lane| lane.closed).find_map(|lane| lane.id);
    Ok(closed.unwrap_or_else(|| DONE.to_owned()))
}

/// Whether tickets of a type with this status are dealt with.
pub(crate) fn is_closed(tx: &ReadTx<'_>, ticket_type: &str, status: &str) -> Result<bool> {
    let lanes = lanes(tx, ticket_type)?.unwrap_or_default();
    let lane = lanes.iter().find(|lane| lane.id.as_deref() == Some(status));
    Ok(lane.map_or(status == DONE, |lane| lane.closed))
}

/// Whether a ticket is dealt with: in a closed lane of its type. The one place that says so; the moment is
/// kept in step with status and type wherever these change.
pub(crate) fn is_dealt_with(ticket: &Body) -> bool {
    ticket.contains_key(CLOSED_AT)
}

/// The filter that says the opposite of [`is_dealt_with`]. What is `DONE` is left out by that already, which
/// indexes know, unless a type has an open lane of that name.
pub(crate) fn not_dealt_with(tx: &ReadTx<'_>) -> Result<Filter> {
    let is_open = Filter::exists(Path::known(CLOSED_AT), false);
    for described in tx.list(&TICKET_TYPE, &Listing::new(Filter::everything(), TYPES_MAX))?.docs {
        let lanes = described.body.get("lanes").cloned().unwrap_or_default();
        let lanes: Vec<Lane> = serde_json::from_value(lanes)?;
        if lanes.iter().any(|lane| !lane.closed && lane.id.as_deref() == Some(DONE)) {
            return Ok(is_open);
        }
    }
    Ok(is_open.and(Filter::equal(Path::known("status"), DONE).negated()))
}

/// Goes on for a status that tickets of a type can have.
///
/// # Errors
/// [`Error::Invalid`] with those that they can.
pub(super) fn need_lane(tx: &ReadTx<'_>, ticket_type: &str, status: &str) -> Result<()> {
    let Some(lanes) = lanes(tx, ticket_type)? else { return Ok(()) };
    if lanes.iter().any(|lane| lane.id.as_deref() == Some(status)) {
        return Ok(());
    }
    let known: Vec<&str> = lanes.iter().filter_map(|lane| lane.id.as_deref()).collect();
    Err(Error::invalid(format!(
        "tickets of the type {ticket_type} have no status {status}, send one of {}",
        known.join(", ")
    )))
}

/// A lane with the first of its tickets.
#[derive(Debug)]
pub struct BoardLane {
    /// The lane.
    pub lane: Lane,
    /// How many tickets are in it.
    pub count: u64,
    /// The first of them, in the order of their ranks.
    pub tickets: Vec<Doc>,
}

/// The board of a type: its lanes with their tickets that are neither archived nor spam.
pub fn board(tx: &ReadTx<'_>, ticket_type: &str, cards: u32) -> Result<Vec<BoardLane>> {
    let lanes = match lanes(tx, ticket_type)? {
        Some(lanes) => lanes,
        None => serde_json::from_value(default_lanes())?,
    };
    let of_type = Filter::equal(Path::known("type"), ticket_type)
        .and(Filter::equal(Path::known("archived"), false))
        .and(Filter::equal(Path::known("isSpam"), false));
    let by_rank = Sort { keys: vec![SortKey { path: Path::known("lexorank"), descending: false }] };
    let mut board = Vec::new();
    for lane in lanes {
        let status = lane.id.clone().unwrap_or_default();
        let filter = of_type.clone().and(Filter::equal(Path::known("status"), status));
        let count = tx.total(&TICKET, &filter)?;
        let listing = Listing { sort: by_rank.clone(), ..Listing::new(filter, cards.min(CARDS_MAX)) };
        board.push(BoardLane { lane, count, tickets: tx.list(&TICKET, &listing)?.docs });
    }
    Ok(board)
}

/// Where a ticket goes on its board.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Move {
    /// The lane; its own unless said otherwise.
    pub status: Option<String>,
    /// The ticket behind which it comes.
    pub after_ticket_id: Option<Id>,
    /// The ticket before which it comes.
    pub before_ticket_id: Option<Id>,
}

/// Moves a ticket to another lane, or to another place in its own. Where nothing fits between two cards,
/// because they have the same rank or one of a caller, the cards of the lane get new ones.
///
/// # Errors
/// [`Error::NotFound`] when a ticket is not there, [`Error::Invalid`] when there is no such lane, or the
/// neighbours are in the wrong order.
pub fn move_card(tx: &mut Tx<'_>, id: Id, to: &Move) -> Result<Doc> {
    let ticket = tx.get_locked(&TICKET, id)?;
    let status = to.status.as_deref().or(ticket.text("status")).unwrap_or_default().to_owned();
    let mut changes = to_body(json!({"status": status}));
    let (after, before) = (rank_of(tx, to.after_ticket_id)?, rank_of(tx, to.before_ticket_id)?);
    if after.is_some() || before.is_some() {
        let lane = lane_of(&ticket, &status);
        let is_tied = is_tied(tx, &lane, to)?;
        let after = match &before {
            Some(before) if after.is_none() => neighbour(tx, &lane, before, true)?,
            _ => after,
        };
        let before = match &after {
            Some(after) if before.is_none() => neighbour(tx, &lane, after, false)?,
            _ => before,
        };
        let rank = rank::between(after.as_deref(), before.as_deref());
        let rank = match rank.filter(|rank| rank.len() <= RANK_MAX && !is_tied) {
            Some(rank) => rank,
            None => make_room(tx, lane, to.after_ticket_id, to.before_ticket_id)?,
        };
        changes.insert("lexorank".to_owned(), json!(rank));
    }
    update(tx, id, Patch::new(changes))
}

fn rank_of(tx: &Tx<'_>, ticket: Option<Id>) -> Result<Option<String>> {
    let Some(id) = ticket else { return Ok(None) };
    Ok(tx.get(&TICKET, id)?.text("lexorank").map(str::to_owned))
}

/// Whether another card of the lane has the rank of the one neighbour that is named, so that the place
/// next to it is no matter of ranks.
fn is_tied(tx: &Tx<'_>, lane: &Filter, to: &Move) -> Result<bool> {
    let ((Some(one), None) | (None, Some(one))) = (to.after_ticket_id, to.before_ticket_id) else {
        return Ok(false);
    };
    let Some(rank) = rank_of(tx, Some(one))? else { return Ok(false) };
    let others = lane.clone().and(Filter::equal(Path::known("id"), one.to_string()).negated());
    let same = others.and(Filter::equal(Path::known("lexorank"), rank));
    Ok(tx.find_first(&TICKET, &same, &Sort::default())?.is_some())
}

/// The other tickets of a lane.
fn lane_of(ticket: &Doc, status: &str) -> Filter {
    Filter::equal(Path::known("type"), ticket.text("type").unwrap_or_default())
        .and(Filter::equal(Path::known("status"), status))
        .and(Filter::equal(Path::known("id"), ticket.id.to_string()).negated())
}

/// The rank next to another one in a lane, above or below it.
fn neighbour(tx: &Tx<'_>, lane: &Filter, rank: &str, above: bool) -> Result<Option<String>> {
    let bound = Literal::from(rank);
    let beyond = if above { Op::Less(bound) } else { Op::Greater(bound) };
    let filter = lane.clone().and(Filter::test(Path::known("lexorank"), beyond));
    let sort = Sort { keys: vec![SortKey { path: Path::known("lexorank"), descending: above }] };
    Ok(tx.find_first(&TICKET, &filter, &sort)?.and_then(|ticket| ticket.text("lexorank").map(str::to_owned)))
}
