//! Service levels: how soon a ticket's first answer and its solution are due, in working time, and
//! what happens when they are late.
//!
//! The target of the first answer is the contact's `sla` in seconds; without one, that of the first
//! policy whose conditions fit the ticket; without one, its team's `slaOptions.defaultSla`. Solutions
//! have a target only through policies. Working time is that of the policy's operating hours or else
//! of the team's.
//!
//! The clocks of a ticket are a document of their own. They are set in the transaction that changes
//! the ticket, and one timer job stands at the moment at which the next of them is late; there the
//! ticket is flagged, its timeline gets an entry, and workflows hear of it.

mod calendar;
mod clock;

use hark_query::{Filter, Path, Sort, SortKey, parse_conditions_at};
use hark_store::{
    Body, Doc, Error, Field, Id, Kind, LeasedJob, Listing, Millis, NewJob, ReadTx, Result, Tx, to_body,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

pub use calendar::Calendar;
pub use clock::{Clock, Now};

use crate::automation::subject;
use crate::documents::required_line;
use crate::notifications;
use crate::resource::{Resource, list, nothing_follows};
use crate::teams::{OperatingHours, TEAM, TeamInput, check_hours};
use crate::tickets::types::is_dealt_with;
use crate::tickets::{self, Patch, TICKET};

/// A policy.
pub const SLA_POLICY: Kind = Kind::new("SLA policy", "sla_policy", &[Field::text("name", "name")]);

/// The clocks of a ticket; the document has the ticket's id. `rules` are what they go by.
pub const SLA_CLOCK: Kind = Kind { hidden: &["rules"], ..Kind::new("SLA clock", "sla_clock", &[]) };

/// The rules of policies.
pub const SLA_POLICIES: Resource = Resource {
    kind: &SLA_POLICY,
    audited: Some("sla_policy"),
    count_max: POLICIES_MAX,
    personal: false,
    defaults: || json!({ "enabled": true, "order": 0, "conditions": {}, "pauseWhileSnoozed": true, "pauseStatuses": [] }),
    check,
    changed: nothing_follows,
};

/// The kind of job that stands at the moment at which something is late.
pub const SLA_JOB: &str = "sla.breach";
/// The entry of the timeline about it.
pub const SLA_BREACHED: &str = "SLA_BREACHED";

/// Policies of a project.
const POLICIES_MAX: u64 = 100;
/// Statuses in which clocks pause.
const STATUSES_MAX: usize = 50;
/// The longest target: ten years.
const TARGET_MAX_S: f64 = 10.0 * 366.0 * 24.0 * 3600.0;

/// What changes which rules a ticket goes by.
const DECIDES: &[&str] = &["processingTeam", "session", "type", "priority", "tags"];
/// What changes whether its clocks run.
const MOVES: &[&str] = &["status", "closedAt", "snoozed", "archived", "isSpam", "firstAgentReplyAt"];

/// The properties of a policy that a caller may set.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SlaPolicyInput {
    /// Its name.
    pub name: Option<String>,
    /// Whether it counts.
    pub enabled: Option<bool>,
    /// Its place among the others; the first that fits counts, the lowest first.
    pub order: Option<f64>,
    /// For which tickets: a condition of the query language on the ticket's properties, with the
    /// contact as `session`.
    pub conditions: Option<Json>,
    /// Seconds of working time until the first answer is due.
    pub first_response: Option<f64>,
    /// Seconds of working time until the ticket has to be closed.
    pub resolution: Option<f64>,
    /// Whether clocks pause while a ticket sleeps.
    pub pause_while_snoozed: Option<bool>,
    /// Statuses in which clocks pause, such as one for waiting on the customer.
    pub pause_statuses: Option<Vec<String>>,
    /// When work is done; otherwise the hours of the ticket's team count.
    pub operating_hours: Option<OperatingHours>,
}

/// The clocks of a ticket as they are answered.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SlaView {
    /// The ticket's id.
    pub id: Id,
    /// The policy that they go by, if it is one.
    pub policy: Option<Id>,
    /// The clock of the first answer.
    pub first_response: Option<Clock>,
    /// The clock of the solution.
    pub resolution: Option<Clock>,
}

/// What the clocks of a ticket go by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Rules {
    policy: Option<Id>,
    first_response: Option<i64>,
    resolution: Option<i64>,
    pause_while_snoozed: bool,
    pause_statuses: Vec<String>,
    operating_hours: Json,
}

impl Rules {
    fn calendar(&self) -> Calendar {
        let hours = serde_json::from_value::<OperatingHours>(self.operating_hours.clone());
        hours.map_or_else(|_| Calendar::always(), |hours| Calendar::of(&hours))
    }

    /// Whether clocks count while the ticket is like this.
    fn runs(&self, ticket: &Doc) -> bool {
        let status = ticket.text("status").unwrap_or_default();
        let sleeps = self.pause_while_snoozed && ticket.is_true("snoozed");
        let waits = self.pause_statuses.iter().any(|paused| paused == status);
        let is_away = ticket.is_true("archived") || ticket.is_true("isSpam");
        !is_dealt_with(&ticket.body) && !sleeps && !waits && !is_away
    }
}

/// Sets the clocks of a ticket that was `before`, or is new.
pub(crate) fn follow(tx: &mut Tx<'_>, before: Option<&Body>, ticket: &Doc) -> Result<()> {
    let differs = |names: &[&str]| {
        before.is_none_or(|before| names.iter().any(|name| before.get(*name) != ticket.body.get(*name)))
    };
    let (is_decided_anew, moves) = (differs(DECIDES), differs(MOVES));
    if !is_decided_anew && !moves {
        return Ok(());
    }
    let clocks = if before.is_some() { tx.find_locked(&SLA_CLOCK, ticket.id)? } else { None };
    let rules = match &clocks {
        Some(clocks) if !is_decided_anew => rules_of(clocks)?,
        None if !is_decided_anew => return Ok(()),
        _ => decide(tx, ticket)?,
    };
    if clocks.is_none() && rules.first_response.is_none() && rules.resolution.is_none() {
        return Ok(());
    }
    let clocks = match clocks {
        Some(clocks) => clocks,
        None => tx.insert_as(&SLA_CLOCK, ticket.id, Body::new())?,
    };
    set(tx, clocks, &rules, ticket)
}

/// Brings the clocks up to now and plans the moment at which the next of them is late.
fn set(tx: &mut Tx<'_>, mut clocks: Doc, rules: &Rules, ticket: &Doc) -> Result<()> {
    let calendar = rules.calendar();
    let (at, runs) = (tx.now(), rules.runs(ticket));
    let answered = ticket.text("firstAgentReplyAt").is_some();
    let solved = is_dealt_with(&ticket.body);
    let mut next: Option<Millis> = None;
    for (name, target, is_met) in
        [("firstResponse", rules.first_response, answered), ("resolution", rules.resolution, solved)]
    {
        let known: Option<Clock> =
            clocks.body.get(name).map(|clock| serde_json::from_value(clock.clone())).transpose()?;
        let Some(target_seconds) = target else {
            clocks.set(name, Json::Null);
            continue;
        };
        let now = Now { at, runs, is_met, target_seconds };
        let clock = match known {
            Some(mut clock) => {
                clock.advance(&calendar, now);
                clock
            }
            // What happened before there was a target is nobody's fault.
            None if is_met => continue,
            None => Clock::start(&calendar, now),
        };
        let untold = clock.breached_at.is_some() && !clock.told;
        next = next.into_iter().chain(clock.due()).chain(untold.then_some(at)).min();
        clocks.set(name, json!(clock));
    }
    clocks.set("rules", json!(rules));
    clocks.set("policy", json!(rules.policy));
    tx.save(&SLA_CLOCK, clocks)?;
    plan(tx, ticket.id, next)
}

fn plan(tx: &mut Tx<'_>, ticket: Id, next: Option<Millis>) -> Result<()> {
    let key = format!("{SLA_JOB}:{ticket}");
    match next {
        None => tx.cancel(&key).map(drop),
        Some(at) if tx.reschedule(&key, at)? => Ok(()),
        Some(at) => {
            tx.enqueue(NewJob::new(SLA_JOB, json!({ "ticket": ticket })).at(at).unique(key))?;
            Ok(())
        }
    }
}

/// Flags a ticket that is late, and finishes the job.
pub fn breach(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let id = job.payload["ticket"].as_str().and_then(Id::parse);
    let id = id.ok_or_else(|| Error::internal("the timer of a ticket without one"))?;
    tx.finish_job(job)?;
    let Some(ticket) = tx.find_locked(&TICKET, id)? else { return Ok(()) };
    let Some(clocks) = tx.find_locked(&SLA_CLOCK, id)? else { return Ok(()) };
    let rules = rules_of(&clocks)?;
    set(tx, clocks, &rules, &ticket)?;
    let mut clocks = tx.get_locked(&SLA_CLOCK, id)?;
    let mut late = Vec::new();
    for name in ["firstResponse", "resolution"] {
        let Some(mut clock) = clock_of(&clocks, name)? else { continue };
        if clock.breached_at.is_some() && !clock.told {
            clock.told = true;
            clocks.set(name, json!(clock));
            late.push((name, clock));
        }
    }
    if late.is_empty() {
        return Ok(());
    }
    tx.save(&SLA_CLOCK, clocks)?;
    let breached_at = late.iter().find_map(|(_, clock)| clock.breached_at.clone());
    let flag = to_body(json!({ "slaBreached": true, "slaBreachedAt": breached_at }));
    tickets::update(tx, id, Patch::new(flag))?;
    for (name, clock) in late {
        let what = json!({ "clock": name, "policy": rules.policy, "dueAt": clock.breached_at, "targetSeconds": clock.target_seconds });
        tickets::record(tx, id, SLA_BREACHED, what)?;
    }
    notifications::of_breach(tx, id)?;
    // Nothing of this moves the clocks, but their timer may have been planned for now.
    let clocks = tx.get(&SLA_CLOCK, id)?;
    let next = ["firstResponse", "resolution"]
        .into_iter()
        .filter_map(|name| clock_of(&clocks, name).ok()??.due())
        .min();
    plan(tx, id, next)
}

/// The clocks of a ticket; those of one without any are absent.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ticket.
pub fn of_ticket(tx: &ReadTx<'_>, ticket: Id) -> Result<Json> {
    tx.get(&TICKET, ticket)?;
    let clocks = tx.find(&SLA_CLOCK, ticket)?;
    Ok(clocks.map_or_else(|| json!({ "id": ticket }), |clocks| clocks.view(&SLA_CLOCK)))
}

/// Forgets the clocks of a ticket that is deleted.
pub(crate) fn forget(tx: &mut Tx<'_>, ticket: Id) -> Result<()> {
    if tx.delete(&SLA_CLOCK, ticket)? {
        plan(tx, ticket, None)?;
    }
    Ok(())
}

fn rules_of(clocks: &Doc) -> Result<Rules> {
    let rules = clocks.body.get("rules").map(|rules| serde_json::from_value(rules.clone())).transpose()?;
    Ok(rules.unwrap_or_default())
}

fn clock_of(clocks: &Doc, name: &str) -> Result<Option<Clock>> {
    Ok(clocks.body.get(name).map(|clock| serde_json::from_value(clock.clone())).transpose()?)
}

/// What a ticket goes by as it is now.
fn decide(tx: &ReadTx<'_>, ticket: &Doc) -> Result<Rules> {
    let subject = subject(tx, ticket)?;
    let team = ticket.reference("processingTeam").map(|team| tx.find(&TEAM, team)).transpose()?.flatten();
    let team: TeamInput = team.map(|team| team.open()).transpose()?.unwrap_or_default();
    let policy = policy_for(tx, &subject)?;
    let (id, policy) = policy.map_or((None, SlaPolicyInput::default()), |(id, policy)| (Some(id), policy));
    let of_contact = subject["session"]["sla"].as_f64();
    let of_team = team.sla_options.and_then(|options| options.default_sla);
    let first_response = of_contact.or(policy.first_response).or(of_team);
    Ok(Rules {
        policy: id,
        first_response: first_response.and_then(seconds),
        resolution: policy.resolution.and_then(seconds),
        pause_while_snoozed: policy.pause_while_snoozed.unwrap_or(true),
        pause_statuses: policy.pause_statuses.unwrap_or_default(),
        operating_hours: json!(policy.operating_hours.or(team.operating_hours)),
    })
}

/// A target that can be counted to.
fn seconds(target: f64) -> Option<i64> {
    (1.0..=TARGET_MAX_S).contains(&target).then_some(target as i64)
}

fn policy_for(tx: &ReadTx<'_>, subject: &Json) -> Result<Option<(Id, SlaPolicyInput)>> {
    let key = |name| SortKey { path: Path::known(name), descending: false };
    let limit = u32::try_from(POLICIES_MAX).unwrap_or(u32::MAX);
    let listing = Listing {
        sort: Sort { keys: vec![key("order")] },
        ..Listing::new(Filter::equal(Path::known("enabled"), true), limit)
    };
    for doc in tx.list(&SLA_POLICY, &listing)?.docs {
        let policy: SlaPolicyInput = doc.open()?;
        let conditions = policy.conditions.clone().unwrap_or_else(|| json!({}));
        if parse_conditions_at(&conditions, tx.now())?.matches(subject) {
            return Ok(Some((doc.id, policy)));
        }
    }
    Ok(None)
}

fn check(tx: &mut Tx<'_>, body: &mut Body) -> Result<()> {
    required_line(body, "name")?;
    list(body, "pauseStatuses", STATUSES_MAX)?;
    let target = |name: &str| body.get(name).and_then(Json::as_f64);
    for name in ["firstResponse", "resolution"] {
        if target(name).is_some_and(|target| seconds(target).is_none()) {
            return Err(Error::invalid(format!(
                "`{name}` is a number of seconds between 1 and {TARGET_MAX_S}"
            )));
        }
    }
    if target("firstResponse").is_none() && target("resolution").is_none() {
        return Err(Error::invalid("a policy needs `firstResponse` or `resolution`, in seconds"));
    }
    if let Some(conditions) = body.get("conditions") {
        parse_conditions_at(conditions, tx.now())?;
    }
    check_hours(body.get("operatingHours"))
}
