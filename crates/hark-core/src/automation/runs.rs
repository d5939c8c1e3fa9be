//! Runs of workflows: how they begin, go on step by step, and what is written down of them.

use hark_query::dates::format_date;
use hark_query::{Filter, Literal, Op, Path};
use hark_store::{Actor, Doc, Error, Id, LeasedJob, Listing, NewJob, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::actions::{self, Action, Needs, Next};
use super::subject::fill;
use super::triggers::{TriggerType, starter};
use super::{FORGET_JOB, RUN_JOB, WORKFLOW_RUN, WORKFLOW_TRIAL, Workflow, subject, trial};
use crate::line::line;
use crate::tickets::TICKET;

/// Runs that may lead to one another.
const DEPTH_MAX: u64 = 5;
/// Runs on one ticket in an hour.
const RUNS_MAX: u64 = 100;
/// The hour.
const WINDOW_MS: i64 = 60 * 60 * 1_000;
/// How long runs are kept after they ended.
const KEPT_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
/// How often old ones are looked for.
pub(super) const FORGET_EVERY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Old ones that are deleted at a time.
const FORGET_MAX: u32 = 500;
/// Attempts at a run whose steps fail for reasons of ours.
const ATTEMPTS_MAX: u32 = 8;
/// Characters of a mail's subject.
const SUBJECT_MAX: usize = 200;

/// What a run begins with.
pub(super) struct Cause {
    /// What happened.
    pub(super) trigger: TriggerType,
    /// What must not start it twice.
    pub(super) key: String,
    /// The job that made it happen, perhaps one of a run.
    pub(super) by: Option<Id>,
    /// The entry of the timeline.
    pub(super) event: Option<Id>,
}

/// A run as it is answered.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// The run's id.
    pub id: Id,
    /// The workflow.
    pub workflow: Id,
    /// The ticket.
    pub ticket: Id,
    /// What started it.
    pub trigger: TriggerType,
    /// Who started it, if somebody did: `agent`, `bot` or `user`.
    pub started_by: Option<String>,
    /// `running`, `waiting`, `finished`, `failed` (a step did), or `skipped`.
    pub status: String,
    /// Why it was skipped.
    pub reason: Option<String>,
    /// How many runs led to it.
    pub depth: u64,
    /// What was done.
    pub steps: Vec<StepView>,
    /// When it goes on, ISO 8601.
    pub resumes_at: Option<String>,
    /// When it began, ISO 8601.
    pub created_at: String,
    /// When it ended, ISO 8601.
    pub finished_at: Option<String>,
}

/// A step of a run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StepView {
    /// The action.
    pub action: String,
    /// `done` or `failed`.
    pub outcome: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When, ISO 8601.
    pub at: String,
}

/// How a job goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// With the next step.
    More,
    /// It is finished.
    Done,
}

/// Begins a run, or writes down why it does not. Nothing happens when its key began one already.
pub(super) fn start(
    tx: &mut Tx<'_>,
    id: Id,
    workflow: &Workflow,
    ticket: Id,
    subject: &Json,
    cause: &Cause,
) -> Result<Option<Doc>> {
    if tx.find_by(&WORKFLOW_RUN, "key", &cause.key)?.is_some() {
        return Ok(None);
    }
    // What does not fit does not run, and is nobody's news.
    if workflow.objection(subject, tx.now())?.is_some()
        || (workflow.once_per_ticket && ran_on(tx, id, ticket)?)
    {
        return Ok(None);
    }
    begin(tx, id, workflow, ticket, cause).map(Some)
}

/// Begins a run that a person asked for.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ticket or workflow, [`Error::Invalid`] when the workflow is a
/// draft or its conditions do not hold.
pub fn start_by_hand(tx: &mut Tx<'_>, workflow: Id, ticket: Id) -> Result<Doc> {
    let ticket = tx.get(&TICKET, ticket)?;
    let (_, rules) = super::published(tx, workflow)?;
    if let Some(objection) = rules.objection(&subject(tx, &ticket)?, tx.now())? {
        return Err(Error::invalid(format!("the workflow does not run on this ticket: {objection}")));
    }
    let key = format!("{workflow}:{}", tx.new_id());
    let cause = Cause { trigger: TriggerType::Manual, key, by: None, event: None };
    begin(tx, workflow, &rules, ticket.id, &cause)
}

fn begin(tx: &mut Tx<'_>, id: Id, workflow: &Workflow, ticket: Id, cause: &Cause) -> Result<Doc> {
    let depth = depth(tx, cause.by)?;
    let skipped = if depth > DEPTH_MAX {
        Some(format!("{DEPTH_MAX} runs led to it, which looks like a circle"))
    } else if recent(tx, ticket)? >= RUNS_MAX {
        Some(format!("there were {RUNS_MAX} runs on this ticket in an hour, which looks like a circle"))
    } else {
        None
    };
    let status = if skipped.is_some() { "skipped" } else { "running" };
    let started_by = match tx.scope().actor() {
        Actor::Job { .. } => None,
        actor => Some(starter(actor)),
    };
    let run = tx.insert(
        &WORKFLOW_RUN,
        to_body(json!({
            "workflow": id, "name": workflow.name, "ticket": ticket, "trigger": cause.trigger, "event": cause.event,
            "startedBy": started_by, "status": status, "reason": skipped, "depth": depth, "steps": [],
            "actions": workflow.actions, "key": cause.key,
        })),
    )?;
    if skipped.is_none() {
        enqueue(tx, run.id, None)?;
    }
    forget_later(tx, FORGET_EVERY_MS)?;
    Ok(run)
}

pub(super) fn forget_later(tx: &mut Tx<'_>, pause_ms: i64) -> Result<()> {
    let at = tx.now().saturating_add(pause_ms);
    tx.enqueue(NewJob::new(FORGET_JOB, Json::Null).unique(FORGET_JOB).at(at)).map(drop)
}

/// Deletes some of the runs that ended longer ago than runs are kept, and of the dry runs that are as old as
/// those may be, and comes back for the others.
pub fn forget_old(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let before = format_date(tx.now() - KEPT_MS);
    let is_before = |name| Filter::test(Path::known(name), Op::Less(Literal::Text(before.clone())));
    let skipped = Filter::equal(Path::known("status"), "skipped").and(is_before("createdAt"));
    let old = Filter::Any(vec![is_before("finishedAt"), skipped]);
    let runs = tx.list(&WORKFLOW_RUN, &Listing::new(old, FORGET_MAX))?.docs;
    for run in &runs {
        tx.delete(&WORKFLOW_RUN, run.id)?;
    }
    let trials = trial::forget_old(tx, FORGET_MAX)?;
    tx.finish_job(job)?;
    if runs.len().max(trials) >= FORGET_MAX as usize {
        return forget_later(tx, 0);
    }
    let everything = Filter::everything();
    if tx.count(&WORKFLOW_RUN, &everything)? + tx.count(&WORKFLOW_TRIAL, &everything)? > 0 {
        forget_later(tx, FORGET_EVERY_MS)
    } else {
        Ok(())
    }
}

fn enqueue(tx: &mut Tx<'_>, run: Id, at: Option<i64>) -> Result<()> {
    let job =
        NewJob::new(RUN_JOB, json!({ "run": run })).unique(format!("{RUN_JOB}:{run}")).attempts(ATTEMPTS_MAX);
    tx.enqueue(match at {
        Some(at) => job.at(at),
        None => job,
    })?;
    Ok(())
}

/// How many runs led to what a job did.
fn depth(tx: &ReadTx<'_>, by: Option<Id>) -> Result<u64> {
    let run = by.map(|job| tx.find_by(&WORKFLOW_RUN, "job", &job.to_string())).transpose()?.flatten();
    let depth = run.and_then(|run| run.body.get("depth").and_then(Json::as_u64));
    Ok(depth.map_or(0, |depth| depth + 1))
}

fn recent(tx: &ReadTx<'_>, ticket: Id) -> Result<u64> {
    let since = format_date(tx.now() - WINDOW_MS);
    let recent = Filter::test(Path::known("createdAt"), Op::Greater(Literal::Text(since)));
    tx.count(&WORKFLOW_RUN, &Filter::equal(Path::known("ticket"), ticket.to_string()).and(recent))
}

fn ran_on(tx: &ReadTx<'_>, workflow: Id, ticket: Id) -> Result<bool> {
    let of = Filter::equal(Path::known("ticket"), ticket.to_string());
    let of = of.and(Filter::equal(Path::known("workflow"), workflow.to_string()));
    Ok(tx.count(&WORKFLOW_RUN, &of)? > 0)
}

/// Does the next step of a job's run and writes that down, all in one transaction.
///
/// # Errors
/// What the action refuses; the caller then writes that down with [`fail_step`].
pub fn step(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<Progress> {
    let Some(mut run) = open_run(tx, job)? else {
        tx.finish_job(job)?;
        return Ok(Progress::Done);
    };
    let at = done(&run);
    let Some(action) = action_at(&run, at)? else {
        finish(tx, run)?;
        tx.finish_job(job)?;
        return Ok(Progress::Done);
    };
    run.set("job", json!(job.id));
    run.set("status", "running");
    let run = tx.save(&WORKFLOW_RUN, run)?;
    let ticket = actions::ticket_of(tx, &run)?;
    let next = actions::perform(tx, &action, &run, at, &ticket)?;
    let mut run = noted(tx, run, &action, None);
    if let Next::After(wait_ms) = next {
        let at = tx.now().saturating_add(wait_ms);
        run.set("status", "waiting");
        run.set("resumesAt", format_date(at));
        let run = tx.save(&WORKFLOW_RUN, run)?;
        tx.finish_job(job)?;
        enqueue(tx, run.id, Some(at))?;
        return Ok(Progress::Done);
    }
    run.set("resumesAt", Json::Null);
    tx.save(&WORKFLOW_RUN, run)?;
    Ok(Progress::More)
}

/// Writes down that the next step of a job's run does not work, and goes on behind it.
pub fn fail_step(tx: &mut Tx<'_>, job: &LeasedJob, reason: &str) -> Result<()> {
    let Some(run) = open_run(tx, job)? else { return Ok(()) };
    if let Some(action) = action_at(&run, done(&run))? {
        let mut run = noted(tx, run, &action, Some(reason));
        run.set("hasFailed", true);
        tx.save(&WORKFLOW_RUN, run)?;
    }
    Ok(())
}

/// Ends the run of a job that was given up.
pub fn died(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    if let Some(mut run) = open_run(tx, job)? {
        run.set("hasFailed", true);
        run.set("reason", "a step could not be done, the operator finds the reason in the log");
        finish(tx, run)?;
    }
    Ok(())
}

/// What the next step of a job's run needs that is not among the project's documents.
pub fn needs_of_step(tx: &ReadTx<'_>, job: &LeasedJob) -> Result<Needs> {
    let Some(run) = tx.find(&WORKFLOW_RUN, run_id(job)?)? else { return Ok(Needs::default()) };
    Ok(action_at(&run, done(&run))?.map(|action| action.needs()).unwrap_or_default())
}

/// Writes down that the mail of a step was given up.
pub fn mail_died(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    let Some(mut run) = tx.find_locked(&WORKFLOW_RUN, run_id(job)?)? else { return Ok(()) };
    let mut steps = run.body.get("steps").and_then(Json::as_array).cloned().unwrap_or_default();
    let step = job.payload["step"].as_u64().and_then(|step| usize::try_from(step).ok());
    if let Some(step) = step.and_then(|step| steps.get_mut(step)) {
        step["outcome"] = json!("failed");
        step["reason"] =
            json!("the mail server did not take the mail, the operator finds the reason in the log");
    }
    run.set("steps", Json::Array(steps));
    run.set("hasFailed", true);
    if run.text("status") == Some("finished") {
        run.set("status", "failed");
    }
    tx.save(&WORKFLOW_RUN, run).map(drop)
}

/// A mail that a step sends.
pub struct StepMail {
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The content.
    pub content: Json,
}

/// The mail of a job of [`super::MAIL_JOB`]; nothing when the run or the ticket is gone.
///
/// # Errors
/// [`Error::Invalid`] when nobody is there to send it to any more.
pub fn mail_of(tx: &ReadTx<'_>, job: &LeasedJob) -> Result<Option<StepMail>> {
    let Some(run) = tx.find(&WORKFLOW_RUN, run_id(job)?)? else { return Ok(None) };
    let step = job.payload["step"].as_u64().and_then(|step| usize::try_from(step).ok()).unwrap_or(usize::MAX);
    let Some(Action::SendEmail { to, subject: title, content }) = action_at(&run, step)? else {
        return Ok(None);
    };
    let ticket = run.reference("ticket").map(|ticket| tx.find(&TICKET, ticket)).transpose()?.flatten();
    let Some(ticket) = ticket else { return Ok(None) };
    let subject = subject(tx, &ticket)?;
    let to = actions::recipient(to.as_deref(), &subject)?;
    let title = line(&fill(&title, &subject), SUBJECT_MAX);
    let content = match content {
        Json::String(text) => Json::String(fill(&text, &subject)),
        document => document,
    };
    Ok(Some(StepMail { to, subject: title, content }))
}

/// The run of a job, locked, if it is not over.
fn open_run(tx: &Tx<'_>, job: &LeasedJob) -> Result<Option<Doc>> {
    let run = tx.find_locked(&WORKFLOW_RUN, run_id(job)?)?;
    Ok(run.filter(|run| matches!(run.text("status"), Some("running" | "waiting"))))
}

fn run_id(job: &LeasedJob) -> Result<Id> {
    let id = job.payload["run"].as_str().and_then(Id::parse);
    id.ok_or_else(|| Error::internal("the job of a run without a run"))
}

/// How many steps are behind it.
fn done(run: &Doc) -> usize {
    run.body.get("steps").and_then(Json::as_array).map_or(0, Vec::len)
}

fn action_at(run: &Doc, at: usize) -> Result<Option<Action>> {
    let action = run.body.get("actions").and_then(|actions| actions.get(at));
    Ok(action.map(|action| serde_json::from_value(action.clone())).transpose()?)
}

fn noted(tx: &Tx<'_>, mut run: Doc, action: &Action, failure: Option<&str>) -> Doc {
    let mut steps = run.body.get("steps").and_then(Json::as_array).cloned().unwrap_or_default();
    steps.push(json!(StepView {
        action: action.name(),
        outcome: if failure.is_some() { "failed" } else { "done" }.to_owned(),
        reason: failure.map(|reason| reason.chars().take(1_000).collect()),
        at: format_date(tx.now()),
    }));
    run.set("steps", Json::Array(steps));
    run
}

fn finish(tx: &mut Tx<'_>, mut run: Doc) -> Result<()> {
    run.set("status", if run.is_true("hasFailed") { "failed" } else { "finished" });
    run.set("finishedAt", format_date(tx.now()));
    run.set("resumesAt", Json::Null);
    tx.save(&WORKFLOW_RUN, run).map(drop)
}
