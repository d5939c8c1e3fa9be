//! REST v3: one file per group of operations.

mod assignment;
mod audit;
mod auth;
mod billing;
mod changes;
mod channels;
mod config;
mod file_session;
mod importers;
mod invitations;
mod later;
mod limits;
mod memory;
mod message_templates;
mod messages;
mod notes;
mod notifications;
mod organisations;
mod projects;
mod properties;
mod realtime;
mod resource;
mod roles;
mod second_factor;
mod segments;
mod server;
mod session_life;
mod sessions;
mod sso;
mod teams;
mod ticket_logs;
mod ticket_presence;
mod ticket_views;
mod tickets;
mod tokens;
mod unified_inbox;
mod users;
mod webhooks;
mod workflows;

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
        group("Messages", later::operations()),
        group("Team", teams::operations()),
        group("User", users::operations()),
        group("User", unified_inbox::operations()),
        group("User", realtime::operations()),
        group("Ticket", ticket_presence::operations()),
        group("Ticket", ticket_logs::operations()),
        group("Files", file_session::operations()),
        group("Changes", changes::operations()),
        group("Sign-in", server::operations()),
        group("Sign-in", auth::operations()),
        group("Sign-in", second_factor::sign_in_operations()),
        group("Single sign-on", sso::operations()),
        group("User", second_factor::own_operations()),
        group("Organisation", second_factor::organisation_operations()),
        group("Invitation", invitations::operations()),
        group("Project", projects::operations()),
        group("Project", config::operations()),
        group("Project", limits::operations()),
        group("Organisation", organisations::operations()),
        group("Role", roles::operations()),
        group("Audit", audit::operations()),
        group("Token", tokens::operations()),
        group("Message templates", message_templates::operations()),
        group("Ticket views", ticket_views::operations()),
        group("Segments", segments::operations()),
        group("Properties", properties::operations()),
        group("Channels", channels::operations()),
        group("Notes", notes::operations()),
        group("User", notifications::operations()),
        group("Webhooks", webhooks::operations()),
        group("Workflows", workflows::operations()),
        group("Ticket", workflows::ticket_operations()),
        group("Ticket", assignment::ticket_operations()),
        group("SLA policies", assignment::policy_operations()),
        group("User", assignment::user_operations()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
