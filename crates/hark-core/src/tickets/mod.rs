//! Tickets: conversations, bug reports, feature requests and whatever else a project keeps in its inbox.
//!
//! A ticket comes to be through [`create`] and changes through [`update`] and nowhere else: there
//! its number, its timeline and its news are made. The stored document is the wire form of
//! REST v3 with ids where the wire has whole contacts and users; [`view`] puts those in.

pub mod actions;
pub mod activity;
mod cards;
mod compose;
mod create;
mod delete;
pub mod duplicates;
mod events;
mod forms;
pub mod inbox;
mod links;
pub(crate) mod locks;
mod merge;
pub(crate) mod merged;
mod moved;
pub mod of_contact;
mod properties;
mod query;
mod references;
pub mod search;
mod similarity;
pub mod tracker;
mod transcript;
pub mod types;
mod unmerge;
mod update;
pub mod view;
mod votes;
mod wire;

use hark_store::{Body, Field, Kind, Permission, SearchText};
use serde_json::Value as Json;

pub use compose::{Compose, ComposeInput, compose};
pub use create::{NewTicket, create};
pub use delete::delete;
pub use events::{TICKET_EVENT, label_of, record};
pub use merge::{MergeInput, TICKET_MERGE, merge, merges};
pub use properties::lenient;
pub use query::prepared;
pub use references::member_ids;
pub(crate) use references::one as reference;
pub use transcript::{
    Conversation, TRANSCRIPT_JOB, Transcript, TranscriptJob, conversation, send_transcript,
    write as write_transcript,
};
pub use unmerge::unmerge;
pub(crate) use update::save;
pub use update::{Patch, WAKE_JOB, update, wake};
pub use votes::{TICKET_VOTE, VoteAction, VoteInput, vote};
pub use wire::{Attachment, PersonView, Reference, ReporterView, TicketInput, TicketList, TicketView};

/// A ticket. `session`, `processingUser`, `processingTeam`, `latestComment` and `linkedTickets` are ids.
/// `sessionHistory` are the guests that it belonged to before they were merged into its contact.
pub const TICKET: Kind = Kind {
    feed: true,
    search: Some(search_text),
    hidden: &["sessionHistory"],
    // Whoever has it reads the conversation without signing in.
    guarded: &[("secretShareToken", Permission::TicketsWrite)],
    ordered: &["last_notification", "updated_at", "priority_order"],
    ..Kind::new(
        "ticket",
        "ticket",
        &[
            Field::number("bugId", "bug_id"),
            Field::text("type", "type"),
            Field::text("status", "status"),
            Field::text("priority", "priority"),
            Field::number("priorityOrder", "priority_order"),
            Field::bool("archived", "archived"),
            Field::bool("isSpam", "is_spam"),
            Field::bool("hidden", "hidden"),
            Field::bool("snoozed", "snoozed"),
            Field::bool("queued", "queued"),
            Field::bool("trackerTicket", "tracker_ticket"),
            Field::bool("conversationClosed", "conversation_closed"),
            Field::bool("notificationsUnread", "notifications_unread"),
            Field::text("session", "session"),
            Field::text("processingUser", "processing_user"),
            Field::text("processingTeam", "processing_team"),
            Field::text("duplicateOf", "duplicate_of"),
            Field::text("shareToken", "share_token"),
            Field::text("secretShareToken", "secret_share_token"),
            Field::text("lexorank", "lexorank"),
            Field::text("dueDate", "due_date"),
            Field::text("lastNotification", "last_notification"),
            Field::number("upvotesCount", "upvotes_count"),
        ],
    )
};

/// The status of a new ticket.
pub const OPEN: &str = "OPEN";
/// The status of a ticket that is dealt with.
pub const DONE: &str = "DONE";

/// Characters of a ticket's forms that search reads.
const SEARCH_CHARS_MAX: usize = 20_000;

fn search_text(body: &Body) -> SearchText {
    let text = |property: &str| body.get(property).and_then(Json::as_str).unwrap_or_default();
    let number = body.get("bugId").and_then(Json::as_i64).map(|number| number.to_string());
    let mut rest = format!("{} {}", text("description"), text("plainContent"));
    for property in ["formData", "tags"] {
        texts(body.get(property).unwrap_or(&Json::Null), &mut rest);
    }
    SearchText { title: format!("{} {}", text("title"), number.unwrap_or_default()), body: rest }
}

/// Adds every text in a value, as long as there is room.
fn texts(value: &Json, out: &mut String) {
    match value {
        _ if out.len() > SEARCH_CHARS_MAX => {}
        Json::String(text) => {
            out.push(' ');
            out.push_str(text);
        }
        Json::Array(values) => values.iter().for_each(|value| texts(value, out)),
        Json::Object(body) => body.values().for_each(|value| texts(value, out)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}
