//! Dry runs: what a workflow would have done in the past, and why not where it would not.

use hark_query::dates::format_date;
use hark_query::{Filter, Literal, Op, Path, Sort, SortKey};
use hark_store::{Doc, Error, Id, LeasedJob, Listing, NewJob, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::triggers::{TriggerType, types_of};
use super::{WORKFLOW, WORKFLOW_TRIAL, Workflow, runs, subject};
use crate::tickets::{TICKET, TICKET_EVENT};

/// The kind of job that does it.
pub const TRIAL_JOB: &str = "workflow.trial";

/// Entries of timelines that are looked at, unless the caller says fewer.
const ENTRIES_MAX: u64 = 5_000;
/// Entries that are looked at in one transaction.
const CHUNK: u32 = 200;
/// Results that are kept.
const RESULTS_MAX: usize = 500;
/// How long dry runs are kept.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// Dry runs of a workflow that are kept.
const KEPT_MAX: usize = 20;

/// How far back a dry run looks.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TrialInput {
    /// Entries of the tickets' timelines at most, the newest first; 5,000 unless said otherwise.
    pub limit: Option<u64>,
}

/// A dry run as it is answered.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialView {
    /// The dry run's id.
    pub id: Id,
    /// The workflow.
    pub workflow: Id,
    /// `running`, `finished` or `failed`.
    pub status: String,
    /// Entries of timelines that were looked at.
    pub checked: u64,
    /// Those that would have started the workflow.
    pub fired: u64,
    /// Those that have one of its triggers and would not have.
    pub held_back: u64,
    /// The newest 500 of both.
    pub results: Vec<TrialResult>,
    /// When it began, ISO 8601.
    pub created_at: String,
}

/// What would have happened.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialResult {
    /// The ticket.
    pub ticket: Id,
    /// Its number.
    pub bug_id: Option<i64>,
    /// Its title.
    pub title: String,
    /// What happened to it.
    pub trigger: TriggerType,
    /// The property that changed, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// When, ISO 8601.
    pub at: String,
    /// Whether the workflow would have run.
    pub fires: bool,
    /// Why, or why not; conditions are judged by the ticket as it is now.
    pub reason: String,
    /// What it would have done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
}

/// Deletes some of the dry runs that began longer ago than they are kept, and tells how many.
pub(super) fn forget_old(tx: &mut Tx<'_>, max: u32) -> Result<usize> {
    let before = Literal::Text(format_date(tx.now() - KEPT_MS));
    let old = Filter::test(Path::known("createdAt"), Op::Less(before));
    let old = tx.list(&WORKFLOW_TRIAL, &Listing::new(old, max))?.docs;
    for trial in &old {
        tx.delete(&WORKFLOW_TRIAL, trial.id)?;
    }
    Ok(old.len())
}

/// Begins a dry run of a workflow, published or not.
///
/// # Errors
/// [`Error::NotFound`] when there is no such workflow, [`Error::Invalid`] when it has no trigger.
pub fn begin(tx: &mut Tx<'_>, workflow: Id, input: &TrialInput) -> Result<Doc> {
    let doc = tx.get(&WORKFLOW, workflow)?;
    let rules: Workflow = doc.open()?;
    if rules.triggers.is_empty() {
        return Err(Error::invalid(
            "this workflow has no `triggers`, so nothing of the past could have started it",
        ));
    }
    let earlier = tx.all_by(&WORKFLOW_TRIAL, "workflow", &workflow.to_string(), 1_000)?;
    for old in earlier.iter().rev().skip(KEPT_MAX - 1) {
        tx.delete(&WORKFLOW_TRIAL, old.id)?;
    }
    let left = input.limit.unwrap_or(ENTRIES_MAX).min(ENTRIES_MAX);
    let trial = tx.insert(
        &WORKFLOW_TRIAL,
        to_body(json!({
            "workflow": workflow, "status": "running", "checked": 0, "fired": 0, "heldBack": 0, "results": [],
            "left": left, "workflowThen": doc.body,
        })),
    )?;
    enqueue(tx, trial.id)?;
    runs::forget_later(tx, runs::FORGET_EVERY_MS)?;
    Ok(trial)
}

fn enqueue(tx: &mut Tx<'_>, trial: Id) -> Result<()> {
    tx.enqueue(NewJob::new(TRIAL_JOB, json!({ "trial": trial })).unique(format!("{TRIAL_JOB}:{trial}")))?;
    Ok(())
}

/// Looks at some more of the past and finishes the job; if there is more, it enqueues another.
pub fn advance(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let id = job.payload["trial"].as_str().and_then(Id::parse);
    let id = id.ok_or_else(|| Error::internal("the job of a dry run without one"))?;
    let trial = tx.find_locked(&WORKFLOW_TRIAL, id)?.filter(|trial| trial.text("status") == Some("running"));
    if let Some(trial) = trial
        && look(tx, trial)?
    {
        enqueue(tx, id)?;
    }
    tx.finish_job(job)
}

/// Looks at a chunk and tells whether there is more.
fn look(tx: &mut Tx<'_>, mut trial: Doc) -> Result<bool> {
    let rules = trial.body.get("workflowThen").cloned().unwrap_or_default();
    let rules: Workflow = serde_json::from_value(rules)?;
    let left = number(&trial, "left");
    let newest_first = Sort { keys: vec![SortKey { path: Path::known("id"), descending: true }] };
    let chunk = u32::try_from(left).unwrap_or(CHUNK).min(CHUNK);
    let listing = Listing {
        sort: newest_first,
        cursor: trial.text("cursor").map(str::to_owned),
        ..Listing::new(Filter::everything(), chunk)
    };
    let page = tx.list(&TICKET_EVENT, &listing)?;
    let mut results = trial.body.get("results").and_then(Json::as_array).cloned().unwrap_or_default();
    let (mut fired, mut held_back) = (number(&trial, "fired"), number(&trial, "heldBack"));
    for entry in &page.docs {
        let Some(result) = judge(tx, &rules, entry)? else { continue };
        *(if result.fires { &mut fired } else { &mut held_back }) += 1;
        if results.len() < RESULTS_MAX {
            results.push(json!(result));
        }
    }
    let looked_at = page.docs.len() as u64;
    let left = left.saturating_sub(looked_at);
    let is_over = left == 0 || page.next.is_none();
    for (name, value) in [
        ("checked", json!(number(&trial, "checked") + looked_at)),
        ("fired", json!(fired)),
        ("heldBack", json!(held_back)),
        ("results", Json::Array(results)),
        ("left", json!(left)),
        ("cursor", json!(page.next)),
        ("status", json!(if is_over { "finished" } else { "running" })),
    ] {
        trial.set(name, value);
    }
    tx.save(&WORKFLOW_TRIAL, trial)?;
    Ok(!is_over)
}

fn number(trial: &Doc, name: &str) -> u64 {
    trial.body.get(name).and_then(Json::as_u64).unwrap_or_default()
}

/// What an entry of a timeline would have done; nothing if it is none of the workflow's triggers.
fn judge(tx: &Tx<'_>, rules: &Workflow, entry: &Doc) -> Result<Option<TrialResult>> {
    let types = types_of(entry);
    let trigger = rules.triggers.iter().find(|trigger| trigger.fits(&types, entry.text("property")));
    let ticket = entry.reference("ticket").map(|ticket| tx.find(&TICKET, ticket)).transpose()?.flatten();
    let (Some(trigger), Some(ticket)) = (trigger, ticket) else { return Ok(None) };
    let objection = rules.objection(&subject(tx, &ticket)?, tx.now())?;
    let fires = objection.is_none();
    Ok(Some(TrialResult {
        ticket: ticket.id,
        bug_id: ticket.body.get("bugId").and_then(Json::as_i64),
        title: ticket.text("title").unwrap_or_default().chars().take(200).collect(),
        trigger: trigger.trigger_type,
        property: entry.text("property").map(str::to_owned),
        at: entry.text("createdAt").unwrap_or_default().to_owned(),
        fires,
        reason: objection.unwrap_or_else(|| "its trigger and all conditions hold".to_owned()),
        actions: if fires { rules.actions.iter().map(super::Action::name).collect() } else { Vec::new() },
    }))
}
