//! What a contact does in its conversations.

use hark_content::Rich;
use hark_query::{Filter, Path, Sort, SortKey};
use hark_store::{Body, Doc, Error, Id, Listing, Page, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::reference::{Reference, token_of};
use crate::contacts::CONTACT;
use crate::files::{self, FILE};
use crate::messages::{self, Author, MESSAGE, NewMessage};
use crate::presence::{self, Member, ticket_place};
use crate::tickets::{self, Attachment, NewTicket, Patch, TICKET, merged};

/// Characters of the id that a client chooses for what it sends.
const REFERENCE_MAX: usize = 64;
/// Messages of a page at most.
const MESSAGES_MAX: u32 = 100;
/// Conversations of a page at most.
const CONVERSATIONS_MAX: u32 = 100;
/// Characters of a conversation's title that is made of its first message.
const TITLE_MAX: usize = 80;
/// Files of a message.
const ATTACHMENTS_MAX: usize = 50;
/// Stars of the best rating.
const RATING_MAX: u8 = 5;

/// A message of a contact.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Input {
    /// An id of the client's choice, of letters, digits, `-` and `_`. A message that is sent again under
    /// the same id is answered and not written again.
    pub id: String,
    /// What it says: a text, or a TipTap document as a JSON object.
    pub comment: Json,
    /// Files that were uploaded before, under the addresses that the uploads answered.
    pub attachments: Vec<Attachment>,
}

/// A conversation that begins.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Opening {
    /// The first message.
    #[serde(flatten)]
    pub first: Input,
    /// What it is about; otherwise the beginning of the first message.
    pub title: Option<String>,
    /// `INQUIRY` unless said otherwise.
    #[serde(rename = "type")]
    pub ticket_type: Option<String>,
    /// Where it begins, as the SDK describes it; what does not fit is left out.
    pub data: Option<Context>,
}

/// What an SDK knows of the page or the app in which a conversation begins.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Context {
    /// The site's own data.
    pub custom_data: Json,
    /// The device and program.
    pub meta_data: Json,
    /// Values of the ticket's form.
    pub form_data: Json,
    /// Tags.
    pub tags: Json,
}

impl Context {
    /// The properties of a ticket that this gives.
    fn properties(&self) -> Body {
        let named = json!({
            "customData": self.custom_data, "metaData": self.meta_data, "formData": self.form_data, "tags": self.tags,
        });
        tickets::lenient(&to_body(named))
    }
}

/// Which conversations of a contact.
#[derive(Clone, Debug, Default)]
pub struct Conversations {
    /// Only of this type.
    pub ticket_type: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// A contact's conversations, those with the latest news first.
pub fn list(tx: &ReadTx<'_>, contact: Id, which: Conversations) -> Result<Page> {
    let is = |name: &'static str, value: bool| Filter::equal(Path::known(name), value);
    let mut filter = Filter::equal(Path::known("session"), contact.to_string())
        .and(is("isSpam", true).negated())
        // Nobody wrote those, and nobody but agents reads them.
        .and(is("isSilent", true).negated())
        .and(is("trackerTicket", true).negated())
        // What became part of another ticket of the contact is read there.
        .and(Filter::Any(vec![Filter::exists(Path::known("mergedInto"), false), is(merged::KEEPS, true)]));
    if let Some(ticket_type) = which.ticket_type {
        filter = filter.and(Filter::equal(Path::known("type"), ticket_type));
    }
    let limit = which.limit.unwrap_or(CONVERSATIONS_MAX).clamp(1, CONVERSATIONS_MAX);
    let newest = SortKey { path: Path::known("lastNotification"), descending: true };
    let listing =
        Listing { sort: Sort { keys: vec![newest] }, cursor: which.cursor, ..Listing::new(filter, limit) };
    let mut page = tx.list(&TICKET, &listing)?;
    page.docs = page.docs.into_iter().map(|ticket| as_seen(tx, ticket)).collect::<Result<_>>()?;
    Ok(page)
}

/// A ticket as its contact sees it: one that became part of a ticket of another contact is as far as that one.
pub(super) fn as_seen(tx: &ReadTx<'_>, mut ticket: Doc) -> Result<Doc> {
    if ticket.is_true(merged::KEEPS) {
        let home = merged::home(tx, ticket.clone())?;
        for name in ["status", "conversationClosed", "processingUser"] {
            ticket.set(name, home.body.get(name).cloned().unwrap_or_default());
        }
    }
    Ok(ticket)
}

/// The contact's ticket with this share token, or that in which its conversation goes on.
///
/// # Errors
/// [`Error::NotFound`] when the contact has none.
pub fn own(tx: &ReadTx<'_>, contact: Id, token: &str) -> Result<Doc> {
    let ticket = tx.find_by(&TICKET, "shareToken", token)?;
    let is_own = |ticket: &Doc| ticket.reference("session") == Some(contact);
    let own = ticket.filter(is_own).map(|ticket| merged::conversation(tx, ticket)).transpose()?;
    let own = own.filter(is_own).ok_or_else(|| Error::not_found("conversation", token))?;
    as_seen(tx, own)
}

/// The files that a contact sent with the report that a ticket was made of.
pub fn reported_files(tx: &ReadTx<'_>, ticket: &Doc) -> Result<Vec<Attachment>> {
    let mut sent = Vec::new();
    for attachment in ticket.body.get("attachments").and_then(Json::as_array).into_iter().flatten() {
        let Ok(attachment) = serde_json::from_value::<Attachment>(attachment.clone()) else { continue };
        // What agents attach is for agents.
        let file = files::token_in(&attachment.url).map(|token| tx.find_by(&FILE, "token", token));
        if file.transpose()?.flatten().is_some_and(|file| file.reference("contact").is_some()) {
            sent.push(attachment);
        }
    }
    Ok(sent)
}

/// What a contact may see of what was written in a ticket, the oldest first: the last messages before
/// a place, at most a page.
pub fn messages(tx: &ReadTx<'_>, ticket: Id, before: Option<i64>, limit: Option<u32>) -> Result<Vec<Doc>> {
    let mut filter = messages::visible_in(tx, &tx.get(&TICKET, ticket)?)?;
    if let Some(before) = before {
        filter = filter.and(Filter::test(
            Path::known("index"),
            hark_query::Op::Less(hark_query::Literal::Number(before as f64)),
        ));
    }
    let latest = SortKey { path: Path::known("index"), descending: true };
    let limit = limit.unwrap_or(MESSAGES_MAX).clamp(1, MESSAGES_MAX);
    let listing = Listing { sort: Sort { keys: vec![latest] }, ..Listing::new(filter, limit) };
    let mut messages = tx.list(&MESSAGE, &listing)?.docs;
    messages.reverse();
    Ok(messages)
}

/// Begins a conversation with a first message, or finds the one that was begun with the same id. Its files
/// are below `media_url`.
///
/// # Errors
/// [`Error::Invalid`] when the message is empty, its id is none, or an attachment is no file of ours.
pub fn open(tx: &mut Tx<'_>, contact: Id, opening: &Opening, media_url: &str) -> Result<(Doc, Doc)> {
    check(&opening.first)?;
    tx.get_locked(&CONTACT, contact)?;
    if let Some(message) = sent(tx, contact, &opening.first.id)? {
        let ticket = origin_of(&message);
        return with_ticket(tx, ticket, message);
    }
    let attachments = own_files(tx, &opening.first, media_url)?;
    let title = match opening.title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => title.to_owned(),
        None => title_of(&opening.first),
    };
    let kind = opening.ticket_type.as_deref().unwrap_or("INQUIRY");
    let mut properties = opening.data.as_ref().map(Context::properties).unwrap_or_default();
    properties.extend(to_body(json!({"title": title, "type": kind})));
    let ticket = tickets::create(tx, NewTicket::new(properties).of_contact(contact))?;
    let message = messages::post(tx, new_message(ticket.id, contact, &opening.first, &attachments))?;
    with_ticket(tx, Some(ticket.id), message)
}

/// Writes in a conversation, or finds what was written there under the same id. Its files are below
/// `media_url`.
///
/// # Errors
/// [`Error::NotFound`] when it is not the contact's, [`Error::Invalid`] when the message is empty, its
/// id is none, an attachment is no file of ours, or the conversation is closed.
pub fn send(tx: &mut Tx<'_>, contact: Id, token: &str, input: &Input, media_url: &str) -> Result<(Doc, Doc)> {
    check(input)?;
    tx.get_locked(&CONTACT, contact)?;
    let ticket = own(tx, contact, token)?;
    write(tx, contact, ticket.id, input, media_url)
}

/// Writes under a reference that was given out for the conversation, as [`send`] does.
///
/// # Errors
/// Those of [`send`].
pub fn send_to(
    tx: &mut Tx<'_>,
    contact: Id,
    reference: &Reference,
    input: &Input,
    media_url: &str,
) -> Result<(Doc, Doc)> {
    let token = token_of(tx, contact, reference)?;
    send(tx, contact, &token, input, media_url)
}

/// Writes in a ticket for a contact that is locked, unless it was done before.
pub(super) fn write(
    tx: &mut Tx<'_>,
    contact: Id,
    ticket: Id,
    input: &Input,
    media_url: &str,
) -> Result<(Doc, Doc)> {
    if let Some(message) = sent(tx, contact, &input.id)? {
        if message.reference("ticket") != Some(merged::home(tx, tx.get(&TICKET, ticket)?)?.id) {
            return Err(Error::invalid("`id` was used in another conversation, choose another one"));
        }
        return with_ticket(tx, Some(ticket), message);
    }
    let attachments = own_files(tx, input, media_url)?;
    let message = messages::post(tx, new_message(ticket, contact, input, &attachments))?;
    with_ticket(tx, Some(ticket), message)
}

/// The ticket that a message was written to, whatever that became part of.
fn origin_of(message: &Doc) -> Option<Id> {
    let seen_in = message.body.get(merged::SEEN_IN).and_then(Json::as_array);
    let first = seen_in.and_then(|tickets| tickets.first()?.as_str()).and_then(Id::parse);
    first.or_else(|| message.reference("ticket"))
}

fn with_ticket(tx: &ReadTx<'_>, ticket: Option<Id>, message: Doc) -> Result<(Doc, Doc)> {
    let ticket = ticket.ok_or_else(|| Error::internal("a message without a ticket"))?;
    let ticket = merged::conversation(tx, tx.get(&TICKET, ticket)?)?;
    Ok((as_seen(tx, ticket)?, message))
}

/// Checks what does not depend on the conversation.
pub(super) fn check(input: &Input) -> Result<()> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if input.id.is_empty() || input.id.len() > REFERENCE_MAX || !input.id.chars().all(good) {
        return Err(Error::invalid(format!(
            "`id` must be of letters, digits, `-` and `_`, {REFERENCE_MAX} at most: choose one for each message"
        )));
    }
    if input.attachments.len() > ATTACHMENTS_MAX {
        return Err(Error::invalid(format!("`attachments` has more than {ATTACHMENTS_MAX} entries")));
    }
    Ok(())
}

/// The attachments, which must be files of ours, with their addresses of today.
fn own_files(tx: &ReadTx<'_>, input: &Input, media_url: &str) -> Result<Vec<Attachment>> {
    let own = |attachment: &Attachment| {
        let url = files::own_address(tx, &attachment.url, media_url)?.ok_or_else(|| {
            Error::Invalid(format!(
                "`attachments` has {:?}, which is no file of this project: send the file to \
                 `/uploads/attachments` and name the address that is answered",
                attachment.url
            ))
        })?;
        Ok(Attachment { url, ..attachment.clone() })
    };
    input.attachments.iter().map(own).collect()
}

/// What the contact sent under this id.
fn sent(tx: &ReadTx<'_>, contact: Id, reference: &str) -> Result<Option<Doc>> {
    let own = Filter::equal(Path::known("session"), contact.to_string());
    let filter = own.and(Filter::equal(Path::known("messageRef"), reference));
    tx.find_first(&MESSAGE, &filter, &Sort::default())
}

fn new_message(ticket: Id, contact: Id, input: &Input, attachments: &[Attachment]) -> NewMessage {
    let mut properties = Body::new();
    properties.insert("messageRef".to_owned(), json!(input.id));
    if !attachments.is_empty() {
        properties.insert("attachments".to_owned(), json!(attachments));
    }
    NewMessage::new(ticket, Author::Contact(contact), input.comment.clone()).with(properties)
}

fn title_of(first: &Input) -> String {
    let text = Rich::from_wire(&first.comment).map(|content| content.plain()).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default().trim();
    if line.chars().count() <= TITLE_MAX {
        return line.to_owned();
    }
    let cut: String = line.chars().take(TITLE_MAX).collect();
    format!("{}…", cut.trim_end())
}

/// Notes that the contact has read everything, on all its devices; returns what is unread elsewhere.
///
/// # Errors
/// [`Error::NotFound`] when the conversation is not the contact's.
pub fn read(tx: &mut Tx<'_>, contact: Id, token: &str) -> Result<i64> {
    let ticket = own(tx, contact, token)?;
    messages::mark_read(tx, contact, ticket.id)
}

/// How many messages the contact has not read in a ticket.
pub fn unread_in(ticket: &Doc) -> i64 {
    ticket.body.get(messages::unread::COUNT).and_then(Json::as_i64).unwrap_or_default()
}

/// Rates a conversation, from 1 to 5.
///
/// # Errors
/// [`Error::NotFound`] when it is not the contact's, [`Error::Invalid`] for any other rating.
pub fn rate(tx: &mut Tx<'_>, contact: Id, token: &str, rating: u8) -> Result<Doc> {
    if !(1..=RATING_MAX).contains(&rating) {
        return Err(Error::invalid(format!("`rating` must be a whole number from 1 to {RATING_MAX}")));
    }
    let ticket = own(tx, contact, token)?;
    tickets::update(tx, ticket.id, Patch::set("conversationRating", rating))
}

/// Tells agents who look at a conversation that the contact types, or stopped to.
///
/// # Errors
/// [`Error::NotFound`] when it is not the contact's.
pub fn typing(tx: &mut Tx<'_>, contact: Id, token: &str, typing: bool) -> Result<()> {
    let ticket = own(tx, contact, token)?;
    let name = tx.get(&CONTACT, contact)?.text("name").unwrap_or_default().to_owned();
    let who = format!("contact:{contact}");
    let member = Member { who: who.clone(), info: json!({"name": name}) };
    let home = merged::home(tx, ticket)?;
    presence::say(tx, &ticket_place(home.id), &who, presence::TYPING, &member, json!({"typing": typing}))
}
