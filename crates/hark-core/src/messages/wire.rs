//! Messages as REST v3 takes and answers them.

use hark_store::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::tickets::{Attachment, PersonView, Reference, ReporterView};

/// Something that is offered with a message.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
pub struct MessageAction {
    /// What.
    #[serde(rename = "type")]
    pub action_type: String,
    /// With what.
    #[serde(default)]
    pub data: Json,
}

/// The properties of a message that a caller may set.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageInput {
    /// The ticket.
    pub ticket: Option<Reference>,
    /// What it says: a text, or a TipTap document as a JSON object. It is answered in `data.content`.
    pub comment: Option<Json>,
    /// The same as `{content}`.
    pub data: Option<Json>,
    /// Whether only agents see it. Notes are answered with the type `NOTE`.
    pub is_note: Option<bool>,
    /// `TEXT` unless said otherwise, `BOT` for bots, `NOTE` for notes.
    #[serde(rename = "type")]
    pub message_type: Option<String>,
    /// Whether a bot writes.
    pub bot: Option<bool>,
    /// The contact that writes; otherwise it is whoever calls.
    pub session: Option<Reference>,
    /// The agent who writes; otherwise it is whoever calls.
    pub user: Option<Reference>,
    /// Who is shown when no user writes.
    pub fallback_user: Option<FallbackUser>,
    /// Files.
    pub attachments: Option<Vec<Attachment>>,
    /// What is offered with it.
    pub actions: Option<Vec<MessageAction>>,
    /// The channel by which it came or goes.
    pub channel: Option<Map<String, Json>>,
    /// Whether it is sent through the ticket's channel too.
    pub send_to_channel: Option<bool>,
    /// The message that it answers.
    pub reply_to: Option<String>,
    /// A name by which the caller knows it.
    pub message_ref: Option<String>,
    /// The mail that it came with.
    pub email_id: Option<String>,
    /// Whether its contact has not read it.
    pub session_notifications_unread: Option<bool>,
    /// The outbound message that it is about.
    pub outbound: Option<String>,
    /// The template of that.
    pub outbound_template: Option<String>,
    /// The subject of that.
    pub outbound_subject: Option<String>,
    /// Whether it belongs to a conversation with a machine.
    pub kai_chat: Option<bool>,
    /// What the machine knows of it.
    pub ai_data: Option<Json>,
    /// What it says in other languages, by language: `{"es": "Hola"}`.
    pub translated_data: Option<Map<String, Json>>,
    /// How it was rated.
    pub rating: Option<String>,
    /// Whether it reached its channel.
    pub status: Option<Json>,
    /// What that was before.
    pub status_history: Option<Vec<Json>>,
}

/// Who is shown when no user writes.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FallbackUser {
    /// The name.
    pub username: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// The web address of a picture.
    pub image_url: Option<String>,
}

/// What a message says.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MessageData {
    /// A text, or a TipTap document.
    pub content: Json,
}

/// A message as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// The message's id.
    pub id: Id,
    /// The message's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The project's id.
    pub project: Id,
    /// When it was written, ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
    /// When its words or files were last changed by somebody, ISO 8601.
    pub edited_at: Option<String>,
    /// The ticket's id.
    pub ticket: Id,
    /// Its place in the ticket, from 0.
    pub index: i64,
    /// `TEXT`, `NOTE`, `USER_TEXT`, `BOT` or another.
    #[serde(rename = "type")]
    pub message_type: String,
    /// `user`, `agent`, `bot` or `system`.
    pub sender_type: String,
    /// Whether a bot wrote it.
    pub bot: bool,
    /// What it says.
    pub data: MessageData,
    /// The same as plain text.
    pub text: String,
    /// The language of these, when it is a translation that was asked for.
    pub language: Option<String>,
    /// The agent who wrote it.
    pub user: Option<PersonView>,
    /// The contact that wrote it.
    pub session: Option<ReporterView>,
    /// Everything else that was set, by the names under which it was.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}
