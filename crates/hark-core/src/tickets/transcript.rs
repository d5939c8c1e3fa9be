//! The transcript of a conversation: what was said in a ticket, for a mail.

use hark_content::{Document, Rich};
use hark_query::dates::{format_date, parse_date};
use hark_query::{Path, Sort, SortKey};
use hark_store::{Doc, Error, Id, Listing, NewJob, ReadTx, Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::view::Parts;
use super::{TICKET, merged};
use crate::access::Address;
use crate::access::people::People;
use crate::documents::{LINE_MAX, list_within};
use crate::line::line;
use crate::messages::{MESSAGE, visible_in};

/// The kind of job that sends a transcript to one address.
pub const TRANSCRIPT_JOB: &str = "ticket.transcript";
/// Addresses of one call at most.
const ADDRESSES_MAX: usize = 20;
/// Attempts of a mail: with the back-off about half an hour.
const ATTEMPTS_MAX: u32 = 8;
/// Messages of a transcript at most.
const MESSAGES_MAX: u32 = 1_000;
/// Bytes of the messages of a transcript.
const BYTES_MAX: usize = 4 * 1024 * 1024;
/// Characters of the title in a subject.
const TITLE_MAX: usize = 180;

/// A transcript that is to be sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TranscriptJob {
    /// The ticket.
    pub ticket: Id,
    /// The address.
    pub to: String,
}

/// A transcript as a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    /// The subject.
    pub subject: String,
    /// It as plain text.
    pub text: String,
    /// It as HTML.
    pub html: String,
}

/// Enqueues the mails with a ticket's transcript, and tells how many there are.
///
/// # Errors
/// [`Error::NotFound`] when there is no such ticket, [`Error::Invalid`] for what is no address.
pub fn send_transcript(tx: &mut Tx<'_>, id: Id, emails: &[String]) -> Result<usize> {
    if emails.is_empty() || emails.len() > ADDRESSES_MAX {
        return Err(Error::invalid(format!("`emails` has between 1 and {ADDRESSES_MAX} addresses")));
    }
    let mut addresses = Vec::new();
    for email in emails {
        let address = Address::parse(email)?;
        if !addresses.iter().any(|known: &Address| known.key == address.key) {
            addresses.push(address);
        }
    }
    tx.get(&TICKET, id)?;
    for address in &addresses {
        let payload = serde_json::to_value(TranscriptJob { ticket: id, to: address.text.clone() })?;
        tx.enqueue(NewJob::new(TRANSCRIPT_JOB, payload).attempts(ATTEMPTS_MAX))?;
    }
    super::record(tx, id, "TRANSCRIPT_SENT", json!({"recipients": addresses.len()}))?;
    Ok(addresses.len())
}

/// What was said in a ticket.
#[derive(Debug)]
pub struct Conversation {
    /// The ticket.
    pub ticket: Doc,
    /// The messages, the oldest first.
    pub messages: Vec<Doc>,
    /// Whether there are earlier ones, which do not fit.
    pub is_cut: bool,
}

/// A ticket and what was last said in it, without notes; `None` when the ticket is gone.
pub fn conversation(tx: &ReadTx<'_>, id: Id) -> Result<Option<Conversation>> {
    let Some(ticket) = tx.find(&TICKET, id)? else { return Ok(None) };
    let ticket = merged::conversation(tx, ticket)?;
    let said = visible_in(tx, &ticket)?;
    let newest_first = Sort { keys: vec![SortKey { path: Path::known("index"), descending: true }] };
    let listing = Listing { sort: newest_first, ..Listing::new(said, MESSAGES_MAX) };
    let page = list_within(tx, &MESSAGE, &listing, BYTES_MAX)?;
    let (is_cut, mut messages) = (page.next.is_some(), page.docs);
    messages.reverse();
    Ok(Some(Conversation { ticket, messages, is_cut }))
}

/// Writes the transcript of a conversation.
pub fn write(said: &Conversation, parts: &Parts, people: &People) -> Transcript {
    let ticket = &said.ticket;
    let title = ticket.text("title").filter(|title| !title.trim().is_empty()).unwrap_or("Your conversation");
    let number = ticket.body.get("bugId").and_then(Json::as_i64).unwrap_or_default();
    let subject = format!("{} (#{number})", line(title, TITLE_MAX));
    let mut text = format!("{subject}\n");
    let mut html = Document::from_plain(&subject).to_html().into_string();
    if said.is_cut {
        let note = format!("Only the last {} messages are shown.", said.messages.len());
        text.push_str(&format!("\n{note}\n"));
        html.push_str(Document::from_plain(&note).to_html().as_str());
    }
    for message in &said.messages {
        let at = message.text("createdAt").and_then(parse_date).map(format_date).unwrap_or_default();
        let at = at.get(..16).unwrap_or_default().replace('T', " ");
        let head = format!("{}, {at} UTC", line(&sender(message, parts, people), LINE_MAX));
        let said =
            Rich::from_wire(&message.body["data"]["content"]).unwrap_or_else(|_| Document::default().into());
        text.push_str(&format!("\n{head}\n{}\n", said.document().to_plain_with_addresses()));
        html.push_str("<hr>");
        html.push_str(Document::from_markdown(&format!("**{}**", escaped(&head))).to_html().as_str());
        html.push_str(said.html().as_str());
        for attachment in message.body.get("attachments").and_then(Json::as_array).into_iter().flatten() {
            let name = line(attachment["name"].as_str().unwrap_or_default(), LINE_MAX);
            let file = format!("{name}: {}", attachment["url"].as_str().unwrap_or_default());
            text.push_str(&format!("{file}\n"));
            html.push_str(Document::from_plain(&file).to_html().as_str());
        }
    }
    Transcript { subject, text, html }
}

/// A text that Markdown takes for nothing but itself.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}

/// Who wrote a message, for whoever reads the transcript: people by their names, never by addresses.
fn sender(message: &Doc, parts: &Parts, people: &People) -> String {
    let user = message.reference("user").and_then(|id| people.get(&id));
    let name =
        |parts: [&Json; 2]| parts.map(|part| part.as_str().unwrap_or_default()).join(" ").trim().to_owned();
    let named = match user {
        Some(user) => name([&user["firstName"], &user["lastName"]]),
        None => {
            let contact = message.reference("session").and_then(|id| parts.contact(id));
            contact.and_then(|contact| contact.text("name")).unwrap_or_default().to_owned()
        }
    };
    if !named.is_empty() {
        return named;
    }
    match message.text("senderType") {
        Some("user") => "Visitor",
        Some("bot") => "Bot",
        Some("system") => "System",
        _ => "Support",
    }
    .to_owned()
}
