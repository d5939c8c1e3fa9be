//! REST v3: one file per group of operations.

mod audit;
mod auth;
mod billing;
mod changes;
mod config;
mod importers;
mod invitations;
mod memory;
mod message_templates;
mod messages;
mod organisations;
mod projects;
mod realtime;
mod roles;
mod session_life;
mod sessions;
mod teams;
mod ticket_presence;
mod tickets;
mod tokens;
mod users;

use crate::operation::{Operation, group};

/// Every operation of REST v3.
pub(crate) fn operations() -> Vec<Operation> {
    [
        group("Session", importers::operations()),
        group("Session", billing::operations()),
        group("ContactMemory", memory::operations()),
        group("Session", sessions::operations()),
        group("Session", session_life::operations()),
        group("Ticket", tickets::operations()),
        group("Messages", messages::operations()),
        group("Team", teams::operations()),
        group("User", users::operations()),
        group("User", realtime::operations()),
        group("Ticket", ticket_presence::operations()),
        group("Changes", changes::operations()),
        group("Sign-in", auth::operations()),
        group("Invitation", invitations::operations()),
        group("Project", projects::operations()),
        group("Project", config::operations()),
        group("Organisation", organisations::operations()),
        group("Role", roles::operations()),
        group("Audit", audit::operations()),
        group("Token", tokens::operations()),
        group("Message templates", message_templates::operations()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
