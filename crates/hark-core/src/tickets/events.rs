//! The timeline of a ticket: everything that happens to it, with who, when, before and after.

use hark_store::{Actor, Body, Doc, Field, Id, Kind, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use super::types;

/// Something that happened to a ticket: `action`, `actor`, `at`, `data`, and for a change
/// `property`, `before` and `after`.
pub const TICKET_EVENT: Kind = Kind::new(
    "ticket event",
    "ticket_event",
    &[Field::text("ticket", "ticket"), Field::text("action", "action")],
);

/// Bytes of a value before or after a change; of larger ones only the size is kept.
const VALUE_BYTES_MAX: usize = 8 * 1024;
/// What changes too often, or follows from another event.
const UNTOLD: &[&str] = &[
    "updatedAt",
    "latestComment",
    "latestPublicComment",
    "lastNotification",
    "lastResponse",
    "messagesCount",
    "notificationsUnread",
    "sessionNotificationsUnread",
    "sessionUnreadCount",
    "priorityOrder",
    "lexorank",
    "archivedAt",
    "closedAt",
    "firstAssignmentAt",
    "firstAgentReplyAt",
    "hasAgentReply",
    "upvotesCount",
    "duplicatesCount",
    "mergedInto",
    "keepsConversation",
    "noHumanInteraction",
    "sessionHistory",
    "plainContent",
];

/// Writes an event of a ticket that is no change of a property.
pub fn record(tx: &mut Tx<'_>, ticket: Id, action: &str, data: Json) -> Result<()> {
    insert(tx, ticket, action, to_body(json!({ "data": data })))
}

/// Writes an event for each property in which a ticket differs from what it was.
pub(super) fn record_changes(tx: &mut Tx<'_>, before: &Body, ticket: &Doc) -> Result<()> {
    let mut names: Vec<&String> = ticket.body.keys().collect();
    names.extend(before.keys().filter(|name| !ticket.body.contains_key(*name)));
    for name in names {
        let (was, is) = (before.get(name), ticket.body.get(name));
        if was == is || UNTOLD.contains(&name.as_str()) {
            continue;
        }
        let (action, data) = meaning(tx, name, was, is, ticket);
        let mut more = to_body(json!({"property": name, "data": data}));
        more.extend(was.map(|value| ("before".to_owned(), short(value))));
        more.extend(is.map(|value| ("after".to_owned(), short(value))));
        insert(tx, ticket.id, action, more)?;
    }
    Ok(())
}

/// The name of a change, and what statistics read of it.
fn meaning(
    tx: &Tx<'_>,
    name: &str,
    was: Option<&Json>,
    is: Option<&Json>,
    ticket: &Doc,
) -> (&'static str, Json) {
    match name {
        "status" => {
            let closed = types::is_dealt_with(&ticket.body);
            ("TICKET_STATUS_CHANGE", json!({"oldStatus": was, "newStatus": is, "closed": closed}))
        }
        "processingUser" if is.is_none() => ("UNASSIGN_TICKET", json!({"processingUser": was})),
        "processingUser" => {
            let waited_s = (tx.now() - ticket.created_at) / 1_000;
            ("ASSIGN_TICKET", json!({"processingUser": is, "timeToAssignmentInSec": waited_s}))
        }
        _ => ("TICKET_UPDATED", Json::Null),
    }
}

fn insert(tx: &mut Tx<'_>, ticket: Id, action: &str, more: Body) -> Result<()> {
    let mut body = to_body(json!({"ticket": ticket, "action": action, "actor": actor(tx.scope().actor())}));
    body.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
    let event = tx.insert(&TICKET_EVENT, body)?;
    tx.publish_about("ticket.event", event.id, json!({"ticket": ticket, "action": action}));
    Ok(())
}

/// Who did something, as timelines and messages keep it.
pub fn label_of(actor: &Actor) -> &'static str {
    match actor {
        Actor::User { .. } | Actor::Server => "agent",
        Actor::Contact { .. } | Actor::Visitor => "user",
        Actor::Job { .. } => "bot",
        Actor::System => "system",
    }
}

fn actor(actor: &Actor) -> Json {
    let mut body = to_body(json!({"type": label_of(actor)}));
    match actor {
        Actor::User { id, .. } => body.insert("user".to_owned(), json!(id)),
        Actor::Contact { id } => body.insert("session".to_owned(), json!(id)),
        Actor::Job { id } => body.insert("job".to_owned(), json!(id)),
        Actor::Visitor | Actor::Server | Actor::System => None,
    };
    Json::Object(body)
}

fn short(value: &Json) -> Json {
    let bytes = value.to_string().len();
    if bytes > VALUE_BYTES_MAX { json!({"bytes": bytes, "omitted": true}) } else { value.clone() }
}
