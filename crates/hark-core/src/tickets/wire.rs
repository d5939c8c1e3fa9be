//! Tickets as REST v3 takes and answers them.

use hark_store::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// An id, or the object in which answers have it.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Reference {
    /// The id.
    Id(String),
    /// An object with an `id` or `_id`.
    Object(Map<String, Json>),
}

/// A file that goes with a ticket or a message.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Its content type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

/// The properties of a ticket that a caller may set; null takes one away.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketInput {
    /// What it is about, in a line.
    pub title: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// The same as plain text.
    pub plain_content: Option<String>,
    /// The same as a TipTap document.
    pub content: Option<Json>,
    /// A summary.
    pub summary: Option<String>,
    /// `BUG`, `FEATURE_REQUEST`, `INQUIRY`, `CRASH`, `BOT` or a type of the project's own.
    #[serde(rename = "type")]
    pub ticket_type: Option<String>,
    /// `OPEN`, `INPROGRESS`, `DONE` or a lane of the type's board.
    pub status: Option<String>,
    /// `LOW`, `MEDIUM` or `HIGH`.
    pub priority: Option<String>,
    /// The contact whose ticket it is.
    pub session: Option<Reference>,
    /// The user who works on it.
    pub processing_user: Option<Reference>,
    /// The team that works on it.
    pub processing_team: Option<Reference>,
    /// Its tags.
    pub tags: Option<Vec<String>>,
    /// The users who are mentioned in it.
    pub mentions: Option<Vec<Reference>>,
    /// The values of its form; replaced as a whole.
    pub form_data: Option<Map<String, Json>>,
    /// Values that are set among those of the form; null takes one away.
    pub attributes: Option<Map<String, Json>>,
    /// Its form: fields with their titles and types.
    pub form: Option<Map<String, Json>>,
    /// Custom data.
    pub custom_data: Option<Map<String, Json>>,
    /// The device and program it comes from.
    pub meta_data: Option<Map<String, Json>>,
    /// Files.
    pub attachments: Option<Vec<Attachment>>,
    /// Tickets that it is linked to; they are then linked to it.
    pub linked_tickets: Option<Vec<Reference>>,
    /// The ticket that this one repeats.
    pub duplicate_of: Option<Reference>,
    /// How many tickets are one with it.
    pub duplicates_count: Option<f64>,
    /// Whether it is archived.
    pub archived: Option<bool>,
    /// Whether it is spam.
    pub is_spam: Option<bool>,
    /// Whether boards hide it.
    pub hidden: Option<bool>,
    /// Whether it is switched off.
    pub disabled: Option<bool>,
    /// Whether it was reported without anybody noticing.
    pub is_silent: Option<bool>,
    /// Whether others do not see what it says.
    pub hide_content: Option<bool>,
    /// Whether it tracks the tickets that are linked to it.
    pub tracker_ticket: Option<bool>,
    /// Whether its contact can still write.
    pub conversation_closed: Option<bool>,
    /// Whether no human took part.
    pub no_human_interaction: Option<bool>,
    /// Whether nothing answers by itself.
    pub prevent_auto_reply: Option<bool>,
    /// Whether it was added by hand.
    pub manually_added: Option<bool>,
    /// Whether a first notification is still to be sent.
    pub need_initial_push: Option<bool>,
    /// Whether a frequent question was suggested.
    pub faq_suggested: Option<bool>,
    /// Whether agents have not read everything.
    pub notifications_unread: Option<bool>,
    /// Whether its contact has not read everything.
    pub session_notifications_unread: Option<bool>,
    /// Whether an answer came too late.
    pub sla_breached: Option<bool>,
    /// Whether it sleeps.
    pub snoozed: Option<bool>,
    /// Until when it sleeps, ISO 8601.
    pub snoozed_until: Option<String>,
    /// Whether it waits for a free member of its team.
    pub queued: Option<bool>,
    /// Since when it waits.
    pub queued_at: Option<String>,
    /// When it is due, ISO 8601.
    pub due_date: Option<String>,
    /// Its place on its board.
    pub lexorank: Option<String>,
    /// `positive`, `negative` or `neutral`.
    pub sentiment: Option<String>,
    /// A summary by a machine.
    pub ai_summary: Option<String>,
    /// A summary for agents by a machine.
    pub ai_support_summary: Option<String>,
    /// How its contact rated it.
    pub conversation_rating: Option<f64>,
    /// Its score.
    pub score: Option<f64>,
    /// The outbound message that it answers.
    pub outbound: Option<String>,
    /// A picture.
    pub image_url: Option<String>,
    /// Where it came from.
    pub channel: Option<Map<String, Json>>,
    /// The bot that talks in it.
    pub bot: Option<Map<String, Json>>,
    /// Closes it although something speaks against that; nothing does here.
    pub force_close_override: Option<bool>,
}

/// A user as tickets and messages show them; of somebody who left the project only the ids.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// The id.
    pub id: Id,
    /// The id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The address.
    pub email: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The web address of a picture.
    pub profile_image_url: Option<String>,
}

/// A contact as tickets and messages show it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReporterView {
    /// The id.
    pub id: Id,
    /// The id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The id that its devices present.
    pub gleap_id: Option<String>,
    /// The user id in the customer's system.
    pub user_id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// What else is known of it.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}

/// A ticket as it is answered. Properties that nobody has set are left out, except those with a default.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TicketView {
    /// The ticket's id.
    pub id: Id,
    /// The ticket's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The project's id.
    pub project: Id,
    /// When it was created, ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
    /// Its number in the project, from 1, without gaps.
    pub bug_id: i64,
    /// What it is about.
    pub title: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ticket_type: String,
    /// Its status.
    pub status: String,
    /// Its priority.
    pub priority: String,
    /// The place of its priority: 1 for LOW, 2 for MEDIUM, 3 for HIGH.
    pub priority_order: i64,
    /// The contact whose ticket it is.
    pub session: Option<ReporterView>,
    /// The user who works on it.
    pub processing_user: Option<PersonView>,
    /// The team that works on it: `{id, name}`.
    pub processing_team: Option<Map<String, Json>>,
    /// The name by which those who have it see the ticket.
    pub share_token: String,
    /// The name by which those who have it read and write in the ticket.
    pub secret_share_token: Option<String>,
    /// Its place on its board.
    pub lexorank: String,
    /// The values of its form.
    pub form_data: Map<String, Json>,
    /// The last message or note.
    pub latest_comment: Option<Map<String, Json>>,
    /// The last message that its contact sees.
    pub latest_public_comment: Option<Map<String, Json>>,
    /// Tickets that it is linked to: ids in lists, `{id, title, bugId, …}` where there is one ticket.
    pub linked_tickets: Vec<Reference>,
    /// Everything else that was set, by the names under which it was.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}

/// A page of tickets.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TicketList {
    /// The tickets.
    pub tickets: Vec<TicketView>,
    /// How many these are.
    pub count: usize,
    /// How many match.
    pub total_count: u64,
}
