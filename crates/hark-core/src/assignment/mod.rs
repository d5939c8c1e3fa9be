//! Assignment: tickets of a team go to its members by themselves, in the way that the team chose;
//! what nobody can take waits in the team's queue until somebody can.
//!
//! One job of a project hands out everything that waits. It runs when a ticket comes to wait, when an
//! agent gets rid of one, and when agents or teams change, and never twice at once, so that turns
//! and limits hold whatever happens at the same time.

pub mod agents;
pub mod availability;

use std::collections::{BTreeMap, BTreeSet};

use hark_query::dates::format_date;
use hark_query::{Filter, Path, Sort, SortKey};
use hark_store::{Body, Doc, Id, Kind, LeasedJob, Listing, NewJob, ReadTx, Result, Tx, to_body};
use rand::Rng;
use serde_json::{Value as Json, json};

use crate::teams::{AssignmentMethod, TEAM, TeamInput};
use crate::tickets::{self, Patch, TICKET, types};

/// Who got a team's last ticket; the document has the team's id.
pub const ASSIGNMENT_TURN: Kind = Kind::new("assignment turn", "assignment_turn", &[]);

/// The kind of job that hands tickets out.
pub const ASSIGNMENT_JOB: &str = "assignment.run";

/// Methods by which teams hand tickets out.
const METHODS: [&str; 3] = ["random", "balanced", "circular"];
/// Teams of a project that hand tickets out.
const TEAMS_MAX: u32 = 500;
/// Tickets of a team that one transaction hands out.
const CHUNK: u32 = 100;

/// The agents who can take tickets at the moment.
#[derive(Clone, Debug, Default)]
pub struct Agents {
    /// Who works in the project and takes tickets.
    pub available: BTreeSet<Id>,
    /// Who has the project open.
    pub online: BTreeSet<Id>,
}

/// Hands tickets out if a ticket that was `before`, or is new, makes that possible.
pub(crate) fn follow(tx: &mut Tx<'_>, before: Option<&Body>, ticket: &Doc) -> Result<()> {
    let team = |body: &Body| body.get("processingTeam").cloned();
    let came_to_wait = waits(&ticket.body)
        && before.is_none_or(|before| !waits(before) || team(before) != team(&ticket.body));
    let got_rid_of = before.is_some_and(|before| {
        is_held(before) && (!is_held(&ticket.body) || user(before) != user(&ticket.body))
    });
    if came_to_wait || got_rid_of { wake(tx) } else { Ok(()) }
}

/// Hands out what waits, if a team does that.
pub fn wake(tx: &mut Tx<'_>) -> Result<()> {
    if tx.find_first(&TEAM, &hands_out(), &Sort::default())?.is_some() {
        tx.enqueue(NewJob::new(ASSIGNMENT_JOB, Json::Null).unique(ASSIGNMENT_JOB))?;
    }
    Ok(())
}

/// The members of all teams that hand tickets out.
pub fn candidates(tx: &ReadTx<'_>) -> Result<BTreeSet<Id>> {
    let teams = teams(tx)?;
    Ok(teams.into_iter().flat_map(|(_, team)| team.members.unwrap_or_default()).collect())
}

/// Hands out what waits and finishes the job; if there is more, it enqueues another.
pub fn run(tx: &mut Tx<'_>, job: &LeasedJob, agents: &Agents) -> Result<()> {
    tx.lock_name(ASSIGNMENT_JOB)?;
    let mut loads = BTreeMap::new();
    let mut is_more = false;
    for (id, team) in teams(tx)? {
        is_more |= hand_out(tx, id, &team, agents, &mut loads)?;
    }
    if is_more {
        tx.enqueue(NewJob::new(ASSIGNMENT_JOB, Json::Null).unique(ASSIGNMENT_JOB))?;
    }
    tx.finish_job(job)
}

fn hands_out() -> Filter {
    Filter::one_of(Path::known("assignmentMethod"), METHODS)
}

fn teams(tx: &ReadTx<'_>) -> Result<Vec<(Id, TeamInput)>> {
    let teams = tx.list(&TEAM, &Listing::new(hands_out(), TEAMS_MAX))?.docs;
    teams.iter().map(|team| Ok((team.id, team.open()?))).collect()
}

fn user(body: &Body) -> Option<&str> {
    body.get("processingUser").and_then(Json::as_str)
}

/// Whether somebody has to work on a ticket.
fn is_open(body: &Body) -> bool {
    let is = |name: &str| body.get(name) == Some(&Json::Bool(true));
    !types::is_dealt_with(body) && !is("archived") && !is("isSpam")
}

/// Whether a ticket counts for whoever has it.
fn is_held(body: &Body) -> bool {
    is_open(body) && user(body).is_some()
}

/// Whether a ticket waits for a member of its team.
fn waits(body: &Body) -> bool {
    let sleeps = body.get("snoozed") == Some(&Json::Bool(true));
    is_open(body) && !sleeps && user(body).is_none() && body.contains_key("processingTeam")
}

/// The filter that says the same as [`is_open`].
fn open_filter(tx: &ReadTx<'_>) -> Result<Filter> {
    let is_not = |name| Filter::equal(Path::known(name), true).negated();
    Ok(types::not_dealt_with(tx)?.and(is_not("archived")).and(is_not("isSpam")))
}

/// Hands out some tickets of a team and tells whether there may be more.
fn hand_out(
    tx: &mut Tx<'_>,
    id: Id,
    team: &TeamInput,
    agents: &Agents,
    loads: &mut BTreeMap<Id, u64>,
) -> Result<bool> {
    let waiting = open_filter(tx)?
        .and(Filter::equal(Path::known("processingTeam"), id.to_string()))
        .and(Filter::exists(Path::known("processingUser"), false))
        .and(Filter::equal(Path::known("snoozed"), true).negated());
    let oldest_first = Sort { keys: vec![SortKey { path: Path::known("id"), descending: false }] };
    let listing = Listing { sort: oldest_first, ..Listing::new(waiting, CHUNK) };
    let page = tx.list(&TICKET, &listing)?;
    let mut handed_out = 0;
    for ticket in &page.docs {
        let can = able(tx, team, agents, loads)?;
        let Some(agent) = choose(tx, id, team, &can, loads)? else {
            queue(tx, ticket)?;
            continue;
        };
        tickets::update(tx, ticket.id, Patch::set("processingUser", json!(agent)))?;
        *loads.entry(agent).or_default() += 1;
        remember(tx, id, agent)?;
        handed_out += 1;
    }
    Ok(handed_out > 0 && page.next.is_some())
}

/// The members who can take another ticket, in the team's order.
fn able(
    tx: &ReadTx<'_>,
    team: &TeamInput,
    agents: &Agents,
    loads: &mut BTreeMap<Id, u64>,
) -> Result<Vec<Id>> {
    let only_online = team.select_only_online_members == Some(true);
    let most = team.ticket_amount.filter(|_| team.limit_ticket_amount == Some(true));
    let mut able = Vec::new();
    for member in team.members.iter().flatten() {
        let is_there = agents.available.contains(member) && (!only_online || agents.online.contains(member));
        if is_there && most.is_none_or(|most| most >= 1.0) {
            let load = load(tx, *member, loads)?;
            if most.is_none_or(|most| (load as f64) < most.floor()) {
                able.push(*member);
            }
        }
    }
    Ok(able)
}

/// How many open tickets an agent has.
fn load(tx: &ReadTx<'_>, agent: Id, loads: &mut BTreeMap<Id, u64>) -> Result<u64> {
    if let Some(load) = loads.get(&agent) {
        return Ok(*load);
    }
    let held = open_filter(tx)?.and(Filter::equal(Path::known("processingUser"), agent.to_string()));
    let load = tx.count(&TICKET, &held)?;
    loads.insert(agent, load);
    Ok(load)
}

/// Whose turn it is among those who can.
fn choose(
    tx: &Tx<'_>,
    id: Id,
    team: &TeamInput,
    can: &[Id],
    loads: &BTreeMap<Id, u64>,
) -> Result<Option<Id>> {
    if can.is_empty() {
        return Ok(None);
    }
    Ok(match team.assignment_method {
        None | Some(AssignmentMethod::Manual) => None,
        Some(AssignmentMethod::Random) => can.get(rand::rng().random_range(0..can.len())).copied(),
        Some(AssignmentMethod::Balanced) => {
            can.iter().min_by_key(|agent| loads.get(*agent).copied().unwrap_or_default()).copied()
        }
        Some(AssignmentMethod::Circular) => {
            let last = tx.find_locked(&ASSIGNMENT_TURN, id)?.and_then(|turn| turn.reference("last"));
            let members = team.members.as_deref().unwrap_or_default();
            let after = last.and_then(|last| members.iter().position(|member| *member == last));
            let start = after.map_or(0, |after| after + 1);
            let round = members.iter().cycle().skip(start).take(members.len());
            round.copied().find(|member| can.contains(member))
        }
    })
}

fn remember(tx: &mut Tx<'_>, team: Id, agent: Id) -> Result<()> {
    match tx.find_locked(&ASSIGNMENT_TURN, team)? {
        Some(mut turn) => {
            turn.set("last", json!(agent));
            tx.save(&ASSIGNMENT_TURN, turn).map(drop)
        }
        None => tx.insert_as(&ASSIGNMENT_TURN, team, to_body(json!({ "last": agent }))).map(drop),
    }
}

fn queue(tx: &mut Tx<'_>, ticket: &Doc) -> Result<()> {
    if ticket.is_true("queued") {
        return Ok(());
    }
    let changes = to_body(json!({ "queued": true, "queuedAt": format_date(tx.now()) }));
    tickets::update(tx, ticket.id, Patch::new(changes)).map(drop)
}
