//! Workflows: what happens to tickets by itself, its runs, and dry runs over the past.

use axum::http::Method;
use hark_core::automation::{
    self, Needs, RunView, StartInput, TrialInput, TrialView, WORKFLOW_RUN, WORKFLOW_TRIAL, WORKFLOWS,
    WorkflowInput,
};
use hark_core::tickets::TICKET;
use hark_query::{Filter, Path};
use hark_store::{Error, Permission, Result};

use super::resource::Routes;
use crate::answer::{Document, Documents};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, Body, NoBody, Operation};
use crate::work::workflows as work;

static ROUTES: Routes = Routes {
    resource: &WORKFLOWS,
    all: "/v3/workflows",
    one: "/v3/workflows/{workflowId}",
    parameter: "workflowId",
    list: ("FindWorkflows", "List workflows"),
    create: ("CreateWorkflow", "Create a workflow"),
    get: ("FindWorkflowById", "A workflow"),
    update: ("UpdateWorkflow", "Change or publish a workflow; runs that began go on as they were"),
    delete: ("DeleteWorkflow", "Delete a workflow with its runs"),
    read: Permission::SettingsRead,
    write: Permission::SettingsManage,
};

const READ: Access = Access::Project(Permission::SettingsRead);
const WRITE_TICKETS: Access = Access::Project(Permission::TicketsWrite);
const MANAGE: Access = Access::Project(Permission::SettingsManage);

pub(crate) fn operations() -> Vec<Operation> {
    let runs = "/v3/workflows/{workflowId}/runs";
    let trials = "/v3/workflows/{workflowId}/dry-runs";
    let mut operations =
        ROUTES.guarded_operations::<WorkflowInput>(|call, changes| Box::pin(may_save(call, changes)));
    operations.extend([
        Operation::new(Method::GET, runs, "FindWorkflowRuns", READ, list_runs)
            .summary("List the runs of a workflow with their steps")
            .list(),
        Operation::new(Method::POST, trials, "StartWorkflowDryRun", MANAGE, begin_trial).summary(
            "Find out what a workflow would have done in the past; the answer is filled in as it goes",
        ),
        Operation::new(
            Method::GET,
            "/v3/workflows/{workflowId}/dry-runs/{dryRunId}",
            "FindWorkflowDryRunById",
            MANAGE,
            get_trial,
        )
        .summary("What a workflow would have done in the past, and why not where it would not"),
    ]);
    operations
}

/// What workflows add to tickets.
pub(crate) fn ticket_operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::POST, "/v3/tickets/{ticketId}/workflow", "RunWorkflow", WRITE_TICKETS, start)
            .summary("Run a published workflow on a ticket"),
        Operation::new(
            Method::GET,
            "/v3/tickets/{ticketId}/workflow-runs",
            "FindWorkflowRunsOfTicket",
            Access::Project(Permission::TicketsRead),
            list_runs_of_ticket,
        )
        .summary("List the runs of workflows on a ticket with their steps")
        .list(),
    ]
}

/// Refuses actions that need somebody who does not work here, or a mail server that there is not.
async fn may_save(call: &Call, changes: &hark_store::Body) -> Result<()> {
    let needs = Needs::of(changes.get("actions"));
    work::provide(&call.app, &call.scope, needs).await
}

async fn start(call: Call, input: Body<StartInput>) -> Result<Document<RunView>> {
    let (ticket, workflow) = (call.path_id("ticketId", TICKET.name)?, input.0.workflow_id);
    let run = call.write(move |tx| automation::start_by_hand(tx, workflow, ticket)).await?;
    Ok(documents::one(&WORKFLOW_RUN, &run))
}

async fn list_runs(call: Call, _: NoBody) -> Result<Documents<RunView>> {
    let id = ROUTES.id(&call)?;
    call.peek(move |tx| WORKFLOWS.get(tx, id)).await?;
    runs_with(&call, "workflow", id.to_string()).await
}

async fn list_runs_of_ticket(call: Call, _: NoBody) -> Result<Documents<RunView>> {
    let id = call.path_id("ticketId", TICKET.name)?;
    call.peek(move |tx| tx.get(&TICKET, id)).await?;
    runs_with(&call, "ticket", id.to_string()).await
}

async fn runs_with(call: &Call, property: &'static str, id: String) -> Result<Documents<RunView>> {
    let mut query = call.query(&[])?;
    query.filter = query.filter.and(Filter::equal(Path::known(property), id));
    documents::list_by(call, &WORKFLOW_RUN, query).await
}

async fn begin_trial(call: Call, input: Body<TrialInput>) -> Result<Document<TrialView>> {
    let id = ROUTES.id(&call)?;
    let input = input.0;
    let trial = call.write(move |tx| automation::begin_trial(tx, id, &input)).await?;
    Ok(documents::one(&WORKFLOW_TRIAL, &trial))
}

async fn get_trial(call: Call, _: NoBody) -> Result<Document<TrialView>> {
    let (workflow, id) = (ROUTES.id(&call)?, call.path_id("dryRunId", WORKFLOW_TRIAL.name)?);
    let trial = call.peek(move |tx| tx.get(&WORKFLOW_TRIAL, id)).await?;
    if trial.reference("workflow") != Some(workflow) {
        return Err(Error::not_found(WORKFLOW_TRIAL.name, id));
    }
    Ok(documents::one(&WORKFLOW_TRIAL, &trial))
}
