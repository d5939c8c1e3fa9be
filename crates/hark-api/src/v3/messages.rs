//! Messages: post, list, change and delete.

use axum::http::Method;
use hark_core::documents::list_within;
use hark_core::messages::{
    self, Author, Language, MESSAGE, MessageInput, MessageView, NOTE, NewMessage, listing, reference, show_in,
};
use hark_core::tickets::view::{self, Parts, parts};
use hark_query::Query;
use hark_store::{Actor, Body as Properties, Doc, Error, Id, Permission, ReadTx, Result, Tx};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::sessions::extra;
use super::tickets::{PAGE_BYTES_MAX, READ, WRITE};
use crate::answer::{Answer, Document, Documents, NoContent, Output, Reply};
use crate::call::Call;
use crate::operation::{Access, Body, IF_MATCH, NoBody, Operation, Patch};
use crate::people;

/// Messages that a search answers when it names no limit.
const HITS_DEFAULT: u32 = 30;
/// Messages that a search answers at most.
const HITS_MAX: u32 = 100;
const PARAMETERS: &[(&str, &str)] = &[
    ("paginated", "`true` for a page of a conversation: `{items, hasMore, nextBefore}`"),
    ("before", "With `paginated`: only messages before the one with this id, or before a date"),
    ("showHistory", "`true` for the messages of earlier tickets of the ticket's contact too"),
    (
        "language",
        "A language such as `es`: messages that have a translation in `translatedData` are answered in it, with `language`",
    ),
];
const DELETE: Access = Access::Project(Permission::TicketsDelete);

pub(crate) fn operations() -> Vec<Operation> {
    let one = "/v3/messages/{messageId}";
    vec![
        Operation::new(Method::POST, "/v3/messages", "CreateMessage", WRITE, create)
            .summary("Post a message or a note in a ticket"),
        Operation::new(Method::GET, "/v3/messages", "GetMessages", READ, list)
            .summary("List messages, the oldest first")
            .parameters(PARAMETERS)
            .list(),
        Operation::new(Method::GET, "/v3/messages/search", "SearchMessages", READ, search)
            .summary("Search what was written, the best first")
            .parameters(&[
                ("searchTerm", "What to search for"),
                ("limit", "Messages at most, up to 100; 30 unless said otherwise"),
                ("ticket", "Only messages of this ticket; any other property filters in the same way"),
            ]),
        Operation::new(Method::PUT, one, "UpdateMessage", WRITE, update)
            .summary("Change a message; with If-Match only if it still has this ETag")
            .headers(IF_MATCH),
        Operation::new(Method::DELETE, one, "DeleteMessage", DELETE, delete).summary("Delete a message"),
        Operation::new(Method::POST, "/v3/messages/{messageId}/faq", "SuggestFaq", WRITE, faq)
            .summary("Take a message for the answer to a frequent question, or not"),
    ]
}

async fn create(call: Call, input: Patch<MessageInput>) -> Result<Document<MessageView>> {
    let new = new_message(&call, input).await?;
    let work = move |tx: &mut Tx<'_>| messages::post(tx, new.clone());
    let message = call.write(work).await?;
    one(&call, message).await
}

/// The message that a body describes.
async fn new_message(call: &Call, input: Patch<MessageInput>) -> Result<NewMessage> {
    let (typed, mut changes) = (input.typed, input.changes);
    let ticket = reference("ticket", &changes)?;
    let ticket = ticket.ok_or_else(|| Error::invalid("`ticket` is missing, send the id of the ticket"))?;
    let author = author(call, typed.bot == Some(true), &changes).await?;
    let note = typed.is_note == Some(true) || typed.message_type.as_deref() == Some(NOTE);
    if note && matches!(author, Author::Contact(_)) {
        return Err(Error::invalid("contacts write no notes, leave out `session` or `isNote`"));
    }
    let content = content(&mut changes).unwrap_or_default();
    Ok(NewMessage { ticket, author, content, note, properties: changes })
}

/// Who writes: a bot, a contact on whose behalf it is posted, or the caller. Service accounts may
/// post for a user.
async fn author(call: &Call, bot: bool, changes: &Properties) -> Result<Author> {
    if bot {
        return Ok(Author::Bot);
    }
    if let Some(contact) = reference("session", changes)? {
        return Ok(Author::Contact(contact));
    }
    let caller = call.user()?;
    let user = reference("user", changes)?.unwrap_or(caller);
    if user != caller {
        if !matches!(call.scope.actor(), Actor::User { service: true, .. }) {
            return Err(Error::Forbidden("only service accounts post messages of other users".to_owned()));
        }
        people::need(&call.app, &call.scope, [user]).await?;
    }
    Ok(Author::User(user))
}

/// What a body says: its `comment`, or the content of its `data`.
fn content(changes: &mut Properties) -> Option<Json> {
    let data = changes.shift_remove("data").and_then(|mut data| match data.get_mut("content") {
        Some(content) => Some(content.take()),
        None => data.is_string().then_some(data),
    });
    changes.shift_remove("comment").filter(|comment| !comment.is_null()).or(data)
}

/// A list, bare or as a page of a conversation.
enum Found {
    Bare(Documents<MessageView>),
    Page(Json),
}

/// A page of a conversation, or the bare list.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "it only describes the answer")]
enum FoundView {
    Bare(Vec<MessageView>),
    #[schemars(rename_all = "camelCase")]
    Page {
        /// The messages, the oldest first.
        items: Vec<MessageView>,
        /// Whether there are messages before these.
        has_more: bool,
        /// The `before` of the page before this one.
        next_before: Option<Id>,
    },
}

impl Output for Found {
    const HEADERS: &'static [&'static str] = Documents::<MessageView>::HEADERS;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<FoundView>())
    }

    fn answer(self) -> Result<Answer> {
        match self {
            Found::Bare(documents) => documents.answer(),
            Found::Page(page) => Document::<FoundView>::of(&page).answer(),
        }
    }
}

async fn list(call: Call, _: NoBody) -> Result<Found> {
    let own: Vec<&str> = PARAMETERS.iter().map(|(name, _)| *name).collect();
    let mut query = call.query(&own)?;
    let is_true = |name: &str| extra(&query, name) == Some("true");
    let (paginated, history) = (is_true("paginated"), is_true("showHistory"));
    let before = extra(&query, "before").map(str::to_owned);
    let language = extra(&query, "language").filter(|name| !name.is_empty());
    let language = language.map(Language::parse).transpose()?;
    if history {
        query = call.read(move |tx| messages::with_history(tx, query)).await?;
    }
    if !paginated {
        return whole(&call, query, language).await.map(Found::Bare);
    }
    let work = move |tx: &ReadTx<'_>| {
        let mut page = messages::earlier(tx, query, before.as_deref())?;
        translate(&mut page.messages, language.as_ref());
        let parts = parts(tx, &page.messages, false)?;
        Ok((page, parts))
    };
    let (page, parts) = call.read(work).await?;
    let items = views(&call, &page.messages, &parts).await?;
    let next = page.next_before;
    Ok(Found::Page(json!({"items": items, "hasMore": next.is_some(), "nextBefore": next})))
}

/// Shows messages in the language that was asked for.
fn translate(messages: &mut [Doc], language: Option<&Language>) {
    if let Some(language) = language {
        messages.iter_mut().for_each(|message| show_in(message, language));
    }
}

async fn whole(call: &Call, query: Query, language: Option<Language>) -> Result<Documents<MessageView>> {
    let listing = listing(query);
    let work = move |tx: &ReadTx<'_>| {
        let total = tx.total(&MESSAGE, &listing.filter)?;
        let mut page = list_within(tx, &MESSAGE, &listing, PAGE_BYTES_MAX)?;
        translate(&mut page.docs, language.as_ref());
        let parts = parts(tx, &page.docs, false)?;
        Ok((page, total, parts))
    };
    let (page, total, parts) = call.read(work).await?;
    Ok(Documents::of(views(call, &page.docs, &parts).await?).page(total, page.next))
}

/// Messages as the caller sees them.
async fn views(call: &Call, docs: &[Doc], parts: &Parts) -> Result<Vec<Json>> {
    let people = people::of(&call.app, &call.scope, parts.users()).await?;
    Ok(docs.iter().map(|message| view::message(message, parts, &people, &call.scope)).collect())
}

/// Messages that were found.
#[derive(Serialize, JsonSchema)]
struct Hits {
    /// The messages, the best first.
    #[schemars(with = "Vec<MessageView>")]
    hits: Vec<Json>,
}

async fn search(call: Call, _: NoBody) -> Result<Reply<Hits>> {
    let query = call.query(&["searchTerm"])?;
    let text = extra(&query, "searchTerm").unwrap_or_default().trim().to_owned();
    if text.is_empty() {
        return Err(Error::invalid("`searchTerm` is missing, send what to search for"));
    }
    let limit = query.limit.unwrap_or(HITS_DEFAULT).min(HITS_MAX);
    let asked = listing(query);
    let work = move |tx: &ReadTx<'_>| {
        let found = messages::search(tx, &text, &asked.filter, limit)?;
        let parts = parts(tx, &found, false)?;
        Ok((found, parts))
    };
    let (found, parts) = call.read(work).await?;
    Ok(Reply(Hits { hits: views(&call, &found, &parts).await? }))
}

/// Whether a message answers a frequent question.
#[derive(Deserialize, JsonSchema)]
struct Faq {
    /// Whether it does.
    accept: bool,
}

async fn faq(call: Call, Body(faq): Body<Faq>) -> Result<NoContent> {
    let id = message_id(&call)?;
    call.write(move |tx| messages::suggest_faq(tx, id, faq.accept)).await?;
    Ok(NoContent)
}

async fn update(call: Call, input: Patch<MessageInput>) -> Result<Document<MessageView>> {
    let (id, expected) = (message_id(&call)?, call.if_match()?);
    let mut changes = input.changes;
    let content = content(&mut changes);
    let work = move |tx: &mut Tx<'_>| messages::update(tx, id, content.clone(), changes.clone(), expected);
    let message = call.write(work).await?;
    one(&call, message).await
}

async fn delete(call: Call, _: NoBody) -> Result<NoContent> {
    let id = message_id(&call)?;
    call.write(move |tx| messages::delete(tx, id)).await?;
    Ok(NoContent)
}

fn message_id(call: &Call) -> Result<Id> {
    call.path_id("messageId", MESSAGE.name)
}

/// Answers a message.
async fn one(call: &Call, message: Doc) -> Result<Document<MessageView>> {
    let work = move |tx: &ReadTx<'_>| {
        let parts = parts(tx, std::slice::from_ref(&message), false)?;
        Ok((message, parts))
    };
    let (message, parts) = call.peek(work).await?;
    let people = people::of(&call.app, &call.scope, parts.users()).await?;
    Ok(Document::of(&json!(view::message(&message, &parts, &people, &call.scope))).at(message.rev))
}
