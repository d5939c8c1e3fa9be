//! Who takes tickets, and how soon they are due: availability of agents, policies and clocks.

use axum::http::Method;
use hark_core::assignment;
use hark_core::assignment::availability::{self, AvailabilityInput, AvailabilityView};
use hark_core::presence;
use hark_core::sla::{self, SLA_POLICIES, SlaPolicyInput, SlaView};
use hark_core::tickets::TICKET;
use hark_store::{Permission, Result};

use super::resource::Routes;
use crate::answer::{Document, Reply};
use crate::call::Call;
use crate::operation::{Access, Body, NoBody, Operation};

static POLICIES: Routes = Routes {
    resource: &SLA_POLICIES,
    all: "/v3/sla-policies",
    one: "/v3/sla-policies/{slaPolicyId}",
    parameter: "slaPolicyId",
    list: ("FindSlaPolicies", "List SLA policies"),
    create: ("CreateSlaPolicy", "Create an SLA policy"),
    get: ("FindSlaPolicyById", "An SLA policy"),
    update: ("UpdateSlaPolicy", "Change an SLA policy; clocks that run go on as they were"),
    delete: ("DeleteSlaPolicy", "Delete an SLA policy; clocks that run go on as they were"),
    read: Permission::SettingsRead,
    write: Permission::SettingsManage,
};

const READ: Access = Access::Project(Permission::TicketsRead);
const WRITE: Access = Access::Project(Permission::TicketsWrite);

/// Policies.
pub(crate) fn policy_operations() -> Vec<Operation> {
    POLICIES.operations::<SlaPolicyInput>()
}

/// What service levels add to tickets.
pub(crate) fn ticket_operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/tickets/{ticketId}/sla", "GetTicketSla", READ, clocks)
            .summary("The clocks of a ticket: how soon its answer and its solution are due"),
    ]
}

/// What assignment adds to users.
pub(crate) fn user_operations() -> Vec<Operation> {
    let path = "/v3/users/me/availability";
    vec![
        Operation::new(Method::GET, path, "GetMyAvailability", READ, show)
            .summary("Whether the caller takes tickets of the project"),
        Operation::new(Method::PUT, path, "UpdateMyAvailability", WRITE, change)
            .summary("Take tickets of the project, or stop to"),
    ]
}

async fn clocks(call: Call, _: NoBody) -> Result<Document<SlaView>> {
    let id = call.path_id("ticketId", TICKET.name)?;
    let clocks = call.peek(move |tx| sla::of_ticket(tx, id)).await?;
    Ok(Document::of(&clocks))
}

async fn show(call: Call, _: NoBody) -> Result<Reply<AvailabilityView>> {
    let (user, project) = (call.user()?, call.project()?);
    let available = call.read_instance(move |tx| availability::takes(tx, user, project)).await?;
    let online = call.peek(presence::online).await?.contains(&user);
    Ok(Reply(AvailabilityView { available, online }))
}

async fn change(call: Call, input: Body<AvailabilityInput>) -> Result<Reply<AvailabilityView>> {
    let (user, project, available) = (call.user()?, call.project()?, input.0.available);
    call.write_instance(move |tx| availability::set(tx, user, project, available)).await?;
    // Whoever begins to take tickets may get one that waits.
    call.write(assignment::wake).await?;
    show(call, NoBody).await
}
