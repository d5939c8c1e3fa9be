//! What contacts see of tickets and messages: a list of what is shown, never what is left out.

use std::collections::BTreeSet;

use hark_content::Rich;
use hark_store::{Doc, Id};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::rules::unread_in;
use crate::access::people::People;
use crate::tickets::Attachment;
use crate::updates::full_name;

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SenderView {
    /// The name, empty when nobody is named.
    pub name: String,
    /// The web address of a picture.
    pub profile_image_url: String,
    /// Whether a bot wrote it.
    pub is_bot: bool,
}

/// A message as a contact sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// Its id.
    pub id: Id,
    /// The id that the contact's client chose for it.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Its place in the conversation.
    pub index: i64,
    /// When it was written, ISO 8601.
    pub created_at: String,
    /// When its words or files were last changed, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<String>,
    /// `user`, `agent`, `bot` or `system`.
    pub sender_type: String,
    /// Who wrote it.
    pub sender: SenderView,
    /// What it says, as plain text.
    pub text: String,
    /// The same as HTML that is safe to insert into a page.
    pub html: String,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// A conversation as its contact sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConversationView {
    /// The name by which the contact's devices know it.
    pub share_token: String,
    /// `INQUIRY`, `BUG`, `FEATURE_REQUEST` or another.
    #[serde(rename = "type")]
    pub ticket_type: String,
    /// What it is about.
    pub title: String,
    /// What the contact wrote in the report that it was made of; absent in others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The files that came with that report, where one conversation is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// `OPEN`, `INPROGRESS`, `DONE` or a lane of the type's board.
    pub status: String,
    /// Whether nothing can be written any more.
    pub closed: bool,
    /// Messages that the contact has not read.
    pub unread: i64,
    /// How the contact rated it, from 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// The agent who works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<SenderView>,
    /// The last message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_message: Option<MessageView>,
    /// When it began, ISO 8601.
    pub created_at: String,
    /// When there was last something new, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_notification: Option<String>,
}

/// A ticket as whoever has a link to it sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SharedView {
    /// `INQUIRY`, `BUG`, `FEATURE_REQUEST` or another.
    #[serde(rename = "type")]
    pub ticket_type: String,
    /// What it is about.
    pub title: String,
    /// `OPEN`, `INPROGRESS`, `DONE` or a lane of the type's board.
    pub status: String,
    /// Whether nothing can be written any more.
    pub closed: bool,
    /// Whether whoever has this link can write.
    pub may_comment: bool,
    /// How many voted for it.
    pub upvotes_count: i64,
    /// When it began, ISO 8601.
    pub created_at: String,
    /// What was written, the oldest first; nothing when the content is hidden.
    pub messages: Vec<MessageView>,
}

/// The users whom views of these tickets and messages name.
pub fn named<'d>(docs: impl IntoIterator<Item = &'d Doc>) -> BTreeSet<Id> {
    let of = |doc: &'d Doc| ["user", "processingUser"].into_iter().filter_map(|name| doc.reference(name));
    docs.into_iter().flat_map(of).collect()
}

/// A conversation with its last message; `picture` is shown of whoever has none.
pub fn conversation(ticket: &Doc, latest: Option<&Doc>, people: &People, picture: &str) -> ConversationView {
    let agent = ticket.reference("processingUser").and_then(|user| people.get(&user));
    ConversationView {
        share_token: text(ticket, "shareToken"),
        ticket_type: text(ticket, "type"),
        title: text(ticket, "title"),
        description: reported(ticket),
        attachments: Vec::new(),
        status: text(ticket, "status"),
        closed: ticket.is_true("conversationClosed"),
        unread: unread_in(ticket),
        rating: ticket.body.get("conversationRating").and_then(Json::as_f64).map(|rating| rating as u8),
        agent: agent.map(|person| sender_of(person, picture)),
        latest_message: latest.map(|latest| message(latest, people, picture)),
        created_at: text(ticket, "createdAt"),
        last_notification: ticket.text("lastNotification").map(str::to_owned),
    }
}

/// What a report said when it was sent: the form of a ticket keeps that, whatever agents write since.
fn reported(ticket: &Doc) -> Option<String> {
    let said = ticket.body.get("form")?.get("description")?.get("value")?.as_str()?.trim();
    (!said.is_empty()).then(|| said.to_owned())
}

/// A message. Of contacts nothing is shown: there is but one in a conversation.
pub fn message(message: &Doc, people: &People, picture: &str) -> MessageView {
    let user = message.reference("user").and_then(|user| people.get(&user));
    let stands_in = message.body.get("fallbackUser").cloned().unwrap_or_default();
    let stood_in = |name: &str| stands_in[name].as_str().unwrap_or_default().to_owned();
    let sender = match user {
        Some(person) => sender_of(person, picture),
        None => SenderView {
            name: stood_in("username"),
            profile_image_url: or(stood_in("imageUrl"), picture),
            is_bot: message.is_true("bot"),
        },
    };
    let content = message.body.get("data").map_or(&Json::Null, |data| &data["content"]);
    let plain = text(message, "text");
    // What is stored was taken once; content of older rules that is not any more is shown as its text.
    let rich = Rich::from_wire(content).or_else(|_| Rich::from_text(&plain));
    let attachments = message.body.get("attachments").and_then(Json::as_array).into_iter().flatten();
    MessageView {
        id: message.id,
        reference: message.text("messageRef").map(str::to_owned),
        index: message.body.get("index").and_then(Json::as_i64).unwrap_or_default(),
        created_at: text(message, "createdAt"),
        edited_at: message.text("editedAt").map(str::to_owned),
        sender_type: text(message, "senderType"),
        sender,
        html: rich.map(|rich| rich.html().into_string()).unwrap_or_default(),
        text: plain,
        attachments: attachments.filter_map(|file| serde_json::from_value(file.clone()).ok()).collect(),
    }
}

/// A shared ticket with what was written in it.
pub fn shared(
    ticket: &Doc,
    may_comment: bool,
    messages: &[Doc],
    people: &People,
    picture: &str,
) -> SharedView {
    let seen = if ticket.is_true("hideContent") && !may_comment { &[][..] } else { messages };
    SharedView {
        ticket_type: text(ticket, "type"),
        title: text(ticket, "title"),
        status: text(ticket, "status"),
        closed: ticket.is_true("conversationClosed"),
        may_comment,
        upvotes_count: ticket.body.get("upvotesCount").and_then(Json::as_i64).unwrap_or_default(),
        created_at: text(ticket, "createdAt"),
        messages: seen
            .iter()
            .map(|doc| MessageView { reference: None, ..message(doc, people, picture) })
            .collect(),
    }
}

fn sender_of(person: &Json, picture: &str) -> SenderView {
    let image = person["profileImageUrl"].as_str().unwrap_or_default().to_owned();
    SenderView { name: full_name(person), profile_image_url: or(image, picture), is_bot: false }
}

fn or(address: String, picture: &str) -> String {
    if address.is_empty() { picture.to_owned() } else { address }
}

fn text(doc: &Doc, property: &str) -> String {
    doc.text(property).unwrap_or_default().to_owned()
}
