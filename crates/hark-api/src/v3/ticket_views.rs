//! Ticket views: saved filters and orders of the inbox.

use hark_core::ticket_views::{TICKET_VIEWS, TicketViewInput};
use hark_store::Permission;

use super::resource::Routes;
use crate::operation::Operation;

static ROUTES: Routes = Routes {
    resource: &TICKET_VIEWS,
    all: "/v3/ticket-views",
    one: "/v3/ticket-views/{ticketViewId}",
    parameter: "ticketViewId",
    list: ("FindTicketViews", "List the ticket views that the caller sees"),
    create: ("CreateTicketView", "Create a ticket view"),
    get: ("FindTicketViewById", "A ticket view"),
    update: ("UpdateTicketView", "Change a ticket view"),
    delete: ("DeleteTicketView", "Delete a ticket view"),
    read: Permission::TicketsRead,
    write: Permission::TicketsWrite,
};

pub(crate) fn operations() -> Vec<Operation> {
    ROUTES.operations::<TicketViewInput>()
}
