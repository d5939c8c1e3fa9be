//! Automation: workflows that do something with a ticket when something happens to it, or when
//! somebody starts them.
//!
//! A workflow is a draft until it is published. Its triggers come out of the tickets' timelines
//! ([`crate::follow`] reads them from the project's stream), so nothing that happens is missed and
//! nothing counts twice. Each action runs in a transaction of its own, which also writes down that
//! it ran; a run goes on where it was, whatever dies.
//!
//! What a workflow does can trigger workflows. Runs carry how many runs led to them, and a ticket
//! has a number of runs per hour, so circles end.

mod actions;
mod runs;
mod subject;
mod trial;
mod triggers;

use hark_query::{Filter, Path, parse_conditions_at};
use hark_store::{Body, Doc, Error, Field, Id, Kind, Listing, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::documents::required_line;
use crate::follow;
use crate::resource::{Resource, list, one_of};

pub use actions::{Action, Needs};
pub use runs::{
    Progress, RunView, StepView, died, fail_step, forget_old, mail_died, mail_of, needs_of_step,
    start_by_hand, step,
};
pub(crate) use subject::subject;
pub use trial::{
    TRIAL_JOB, TrialInput, TrialResult, TrialView, advance as advance_trial, begin as begin_trial,
};
pub(crate) use triggers::{TIMELINE_EVENT, notice};
pub use triggers::{Trigger, TriggerType};

/// A workflow.
pub const WORKFLOW: Kind =
    Kind::new("workflow", "workflow", &[Field::text("name", "name"), Field::text("status", "status")]);

/// A run of a workflow on a ticket, with each of its steps. `job` is the last job that worked on it,
/// `key` what it must not run for twice.
pub const WORKFLOW_RUN: Kind = Kind {
    hidden: &["key", "job", "actions"],
    ..Kind::new(
        "workflow run",
        "workflow_run",
        &[
            Field::text("workflow", "workflow"),
            Field::text("ticket", "ticket"),
            Field::text("status", "status"),
            Field::text("job", "job"),
            Field::text("key", "run_key"),
        ],
    )
};

/// A dry run of a workflow over the past.
pub const WORKFLOW_TRIAL: Kind = Kind {
    hidden: &["workflowThen", "cursor"],
    ..Kind::new("workflow trial", "workflow_trial", &[Field::text("workflow", "workflow")])
};

/// The kind of job that runs a workflow.
pub const RUN_JOB: &str = "workflow.run";
/// The kind of job that deletes old runs.
pub const FORGET_JOB: &str = "workflow.forget";
/// The kind of job that sends the mail of a step.
pub const MAIL_JOB: &str = "workflow.mail";

/// The rules of workflows.
pub const WORKFLOWS: Resource = Resource {
    kind: &WORKFLOW,
    audited: Some("workflow"),
    count_max: WORKFLOWS_MAX,
    personal: false,
    defaults: || {
        json!({ "status": DRAFT, "automatic": true, "oncePerTicket": false,
                "triggers": [], "conditions": {}, "actions": [] })
    },
    check,
    changed,
};

const DRAFT: &str = "draft";
const PUBLISHED: &str = "published";

/// Workflows of a project.
const WORKFLOWS_MAX: u64 = 200;
/// Triggers of a workflow.
const TRIGGERS_MAX: usize = 10;
/// Actions of a workflow.
const ACTIONS_MAX: usize = 50;

/// The properties of a workflow that a caller may set.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct WorkflowInput {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// `draft` or `published`; only a published one runs.
    pub status: Option<String>,
    /// Whether its triggers start it; if not, only people and other workflows do.
    pub automatic: Option<bool>,
    /// Whether it runs only once on a ticket.
    pub once_per_ticket: Option<bool>,
    /// What starts it; any of these.
    pub triggers: Option<Vec<Trigger>>,
    /// On which tickets it runs: a condition of the query language on the ticket's properties, with
    /// the contact as `session`.
    pub conditions: Option<Json>,
    /// What it does, in order.
    pub actions: Option<Vec<Action>>,
}

/// Which workflow somebody starts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartInput {
    /// The workflow.
    pub workflow_id: Id,
}

/// A workflow as runs and trials read it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Workflow {
    name: String,
    status: String,
    automatic: bool,
    once_per_ticket: bool,
    triggers: Vec<Trigger>,
    conditions: Json,
    actions: Vec<Action>,
}

impl Default for Workflow {
    fn default() -> Workflow {
        Workflow {
            name: String::new(),
            status: String::new(),
            automatic: false,
            once_per_ticket: false,
            triggers: Vec::new(),
            conditions: json!({}),
            actions: Vec::new(),
        }
    }
}

impl Workflow {
    fn is_published(&self) -> bool {
        self.status == PUBLISHED
    }

    /// Why it does not run on a ticket that looks like this; nothing if it does.
    fn objection(&self, subject: &Json, now: i64) -> Result<Option<String>> {
        let filter = parse_conditions_at(&self.conditions, now)?;
        Ok(failing(&filter, subject).map(|test| format!("the condition {test} does not hold")))
    }
}

/// The first part of a filter that keeps it from being true, as it would be written.
fn failing(filter: &Filter, subject: &Json) -> Option<String> {
    if filter.matches(subject) {
        return None;
    }
    match filter {
        Filter::All(parts) => parts.iter().find_map(|part| failing(part, subject)),
        _ => {
            let written = filter.to_conditions().to_string();
            Some(written.chars().take(300).collect())
        }
    }
}

/// The published workflows that start by themselves, in the order in which they were made.
fn automatic(tx: &ReadTx<'_>) -> Result<Vec<(Id, Workflow)>> {
    let limit = u32::try_from(WORKFLOWS_MAX).unwrap_or(u32::MAX);
    let published = Filter::equal(Path::known("status"), PUBLISHED);
    let docs = tx.list(&WORKFLOW, &Listing::new(published, limit))?.docs;
    let mut workflows = Vec::new();
    for doc in docs.iter().rev() {
        let workflow: Workflow = doc.open()?;
        if workflow.automatic && !workflow.triggers.is_empty() {
            workflows.push((doc.id, workflow));
        }
    }
    Ok(workflows)
}

/// Whether events of tickets have to be followed.
pub(crate) fn is_wanted(tx: &ReadTx<'_>) -> Result<bool> {
    Ok(!automatic(tx)?.is_empty())
}

fn changed(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    if tx.find(&WORKFLOW, id)?.is_none() {
        tx.delete_where(&WORKFLOW_RUN, "workflow", &id.to_string())?;
        tx.delete_where(&WORKFLOW_TRIAL, "workflow", &id.to_string())?;
    }
    follow::refresh(tx)
}

/// Forgets the runs on a ticket that is deleted.
pub(crate) fn forget(tx: &mut Tx<'_>, ticket: Id) -> Result<()> {
    tx.delete_where(&WORKFLOW_RUN, "ticket", &ticket.to_string()).map(drop)
}

fn check(tx: &mut Tx<'_>, body: &mut Body) -> Result<()> {
    required_line(body, "name")?;
    one_of(body, "status", &[DRAFT, PUBLISHED])?;
    for trigger in list(body, "triggers", TRIGGERS_MAX)? {
        triggers::check(&read::<Trigger>("triggers", trigger)?)?;
    }
    let actions = list(body, "actions", ACTIONS_MAX)?;
    for action in actions {
        actions::check(tx, &read::<Action>("actions", action)?)?;
    }
    if actions.is_empty() && body.get("status").is_some_and(|status| status == PUBLISHED) {
        return Err(Error::invalid("a published workflow has `actions`, give it one or make it a draft"));
    }
    if let Some(conditions) = body.get("conditions") {
        parse_conditions_at(conditions, tx.now())?;
    }
    Ok(())
}

fn read<T: serde::de::DeserializeOwned>(property: &str, value: &Json) -> Result<T> {
    serde_json::from_value(value.clone()).map_err(|error| Error::invalid(format!("`{property}`: {error}")))
}

/// A published workflow.
///
/// # Errors
/// [`Error::NotFound`] when there is none, [`Error::Invalid`] when it is a draft.
fn published(tx: &ReadTx<'_>, id: Id) -> Result<(Doc, Workflow)> {
    let doc = tx.get(&WORKFLOW, id)?;
    let workflow: Workflow = doc.open()?;
    if !workflow.is_published() {
        return Err(Error::invalid(format!("the workflow {id} is a draft, publish it first")));
    }
    Ok((doc, workflow))
}
