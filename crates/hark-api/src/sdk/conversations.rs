//! The messenger's conversations: what a contact sees, writes, reads and rates.
//!
//! Files are uploaded with `POST /uploads/attachments` first and named in `attachments` then.

use axum::http::Method;
use hark_core::conversations::{
    self, ConversationView, Conversations, Input, MessageView, Opening, conversation, message, named,
};
use hark_core::messages::MESSAGE;
use hark_store::{Doc, Error, Id, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::avatar::picture;
use crate::answer::{Documents, Reply};
use crate::call::Call;
use crate::live::parameter;
use crate::operation::{Access, Body, NoBody, Operation};
use crate::people;

/// Conversations that a contact may begin in a minute.
const OPENED_PER_MINUTE_MAX: u32 = 10;
/// Messages that it may send in a minute.
pub(super) const SENT_PER_MINUTE_MAX: u32 = 60;

pub(crate) fn operations() -> Vec<Operation> {
    let contact = Access::Contact;
    let one = "/conversations/{shareToken}";
    vec![
        Operation::new(Method::GET, "/conversations", "GetConversations", contact, list)
            .summary("The contact's conversations, those with the latest news first")
            .parameters(&[
                ("type", "only of this type: `INQUIRY`, `BUG`, `FEATURE_REQUEST` or another"),
                ("limit", "how many, 100 at most"),
                ("cursor", "the page behind the one whose header `X-Next-Cursor` this is"),
            ]),
        Operation::new(Method::POST, "/conversations", "OpenConversation", contact, open)
            .summary("Begin a conversation with a first message"),
        Operation::new(Method::GET, one, "GetConversation", contact, get)
            .summary("A conversation with its last messages, the oldest first")
            .parameters(&[
                ("before", "only messages before this place: the `index` of the first that is known"),
                ("limit", "how many messages, 100 at most"),
            ]),
        Operation::new(Method::POST, "/conversations/{shareToken}/messages", "SendMessage", contact, send)
            .summary("Write in a conversation"),
        Operation::new(Method::POST, "/conversations/{shareToken}/read", "ReadConversation", contact, read)
            .summary("Note that everything in a conversation was read, on all devices"),
        Operation::new(
            Method::POST,
            "/conversations/{shareToken}/typing",
            "TypeInConversation",
            contact,
            typing,
        )
        .summary("Tell agents who look at a conversation that the contact types, or stopped to"),
        Operation::new(Method::POST, "/conversations/{shareToken}/rating", "RateConversation", contact, rate)
            .summary("Rate a conversation"),
    ]
}

/// A conversation with messages.
#[derive(Serialize, JsonSchema)]
struct Whole {
    /// The conversation.
    conversation: ConversationView,
    /// Messages, the oldest first.
    messages: Vec<MessageView>,
}

/// What was written.
#[derive(Serialize, JsonSchema)]
pub(super) struct Written {
    /// The conversation.
    pub(super) conversation: ConversationView,
    /// The message.
    pub(super) message: MessageView,
}

/// What is unread.
#[derive(Serialize, JsonSchema)]
struct Unread {
    /// Messages that the contact has not read, in all conversations.
    unread: i64,
}

/// Whether the contact types.
#[derive(Deserialize, JsonSchema)]
struct Typing {
    /// Whether the contact types.
    typing: bool,
}

/// How a conversation was.
#[derive(Deserialize, JsonSchema)]
struct Rating {
    /// From 1 to 5.
    rating: u8,
}

/// It was told.
#[derive(Serialize, JsonSchema)]
struct Told {
    /// Always true.
    ok: bool,
}

async fn list(call: Call, _: NoBody) -> Result<Documents<ConversationView>> {
    let contact = call.contact()?;
    let given = |name: &str| parameter(call.raw_query(), name).map(str::to_owned);
    let which =
        Conversations { ticket_type: given("type"), limit: number(&call, "limit")?, cursor: given("cursor") };
    let read = move |tx: &ReadTx<'_>| {
        let page = conversations::list(tx, contact, which)?;
        let latest = page.docs.iter().map(|ticket| latest(tx, ticket)).collect::<Result<Vec<_>>>()?;
        Ok((page, latest))
    };
    let (page, latest) = call.read(read).await?;
    let users = named(page.docs.iter().chain(latest.iter().flatten()));
    let people = people::of(&call.app, &call.scope, &users).await?;
    let picture = picture(&call.app.settings);
    let seen = page.docs.iter().zip(&latest).map(|(ticket, latest)| {
        Ok(serde_json::to_value(conversation(ticket, latest.as_ref(), &people, &picture))?)
    });
    Ok(Documents::of(seen.collect::<Result<_>>()?).next(page.next))
}

/// The last message that a contact sees in its ticket.
fn latest(tx: &ReadTx<'_>, ticket: &Doc) -> Result<Option<Doc>> {
    let id = ticket.reference("latestPublicComment");
    Ok(id.map(|id| tx.find(&MESSAGE, id)).transpose()?.flatten())
}

async fn open(call: Call, Body(input): Body<Opening>) -> Result<Reply<Written>> {
    let contact = call.contact()?;
    spend(&call, "opened", contact, OPENED_PER_MINUTE_MAX).await?;
    let media = call.app.settings.media_url();
    let (ticket, message) = call.write(move |tx| conversations::open(tx, contact, &input, &media)).await?;
    written(&call, &ticket, &message).await
}

async fn send(call: Call, Body(input): Body<Input>) -> Result<Reply<Written>> {
    let (contact, token) = whose(&call)?;
    spend(&call, "sent", contact, SENT_PER_MINUTE_MAX).await?;
    let media = call.app.settings.media_url();
    let send = move |tx: &mut Tx<'_>| conversations::send(tx, contact, &token, &input, &media);
    let (ticket, message) = call.write(send).await?;
    written(&call, &ticket, &message).await
}

async fn get(call: Call, _: NoBody) -> Result<Reply<Whole>> {
    let (contact, token) = whose(&call)?;
    let (before, limit) = (number(&call, "before")?.map(i64::from), number(&call, "limit")?);
    let read = move |tx: &ReadTx<'_>| {
        let ticket = conversations::own(tx, contact, &token)?;
        let messages = conversations::messages(tx, ticket.id, before, limit)?;
        let (latest, files) = (latest(tx, &ticket)?, conversations::reported_files(tx, &ticket)?);
        Ok((ticket, messages, latest, files))
    };
    let (ticket, messages, latest, files) = call.read(read).await?;
    let users = named(messages.iter().chain([&ticket]).chain(&latest));
    let people = people::of(&call.app, &call.scope, &users).await?;
    let picture = picture(&call.app.settings);
    let seen = conversation(&ticket, latest.as_ref(), &people, &picture);
    Ok(Reply(Whole {
        conversation: ConversationView { attachments: files, ..seen },
        messages: messages.iter().map(|doc| message(doc, &people, &picture)).collect(),
    }))
}

async fn read(call: Call, _: NoBody) -> Result<Reply<Unread>> {
    let (contact, token) = whose(&call)?;
    let unread = call.write(move |tx| conversations::read(tx, contact, &token)).await?;
    Ok(Reply(Unread { unread }))
}

async fn typing(call: Call, Body(input): Body<Typing>) -> Result<Reply<Told>> {
    let (contact, token) = whose(&call)?;
    spend(&call, "typed", contact, SENT_PER_MINUTE_MAX).await?;
    call.write(move |tx| conversations::typing(tx, contact, &token, input.typing)).await?;
    Ok(Reply(Told { ok: true }))
}

async fn rate(call: Call, Body(input): Body<Rating>) -> Result<Reply<ConversationView>> {
    let (contact, token) = whose(&call)?;
    let ticket = call.write(move |tx| conversations::rate(tx, contact, &token, input.rating)).await?;
    let people = people::of(&call.app, &call.scope, &named([&ticket])).await?;
    Ok(Reply(conversation(&ticket, None, &people, &picture(&call.app.settings))))
}

/// Answers what was written.
pub(super) async fn written(call: &Call, ticket: &Doc, doc: &Doc) -> Result<Reply<Written>> {
    let people = people::of(&call.app, &call.scope, &named([ticket, doc])).await?;
    let picture = picture(&call.app.settings);
    let message = message(doc, &people, &picture);
    Ok(Reply(Written { conversation: conversation(ticket, Some(doc), &people, &picture), message }))
}

pub(super) fn whose(call: &Call) -> Result<(Id, String)> {
    Ok((call.contact()?, call.path("shareToken")?.to_owned()))
}

/// A number among the parameters.
pub(super) fn number(call: &Call, name: &str) -> Result<Option<u32>> {
    let wrong = |_| Error::Invalid(format!("`{name}` must be a whole number"));
    parameter(call.raw_query(), name).map(|text| text.parse().map_err(wrong)).transpose()
}

/// Counts what somebody does.
pub(super) async fn spend(call: &Call, what: &str, who: impl std::fmt::Display, max: u32) -> Result<()> {
    let budget = format!("{what}:{}:{who}", call.project()?);
    call.app.limits().take(&budget, max, 1).await.need("too many messages, wait a minute")
}
