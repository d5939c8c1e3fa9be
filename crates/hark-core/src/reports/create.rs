//! From a report to a ticket.

use hark_query::dates::format_date;
use hark_store::{Body, Doc, Id, NewJob, ReadTx, Result, Tx, to_body};
use rand::Rng;
use rand::distr::Alphanumeric;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::crashes::{self, Standing};
use super::fingerprint::fingerprint;
use crate::access::Address;
use crate::contacts::{self, CONTACT, Properties, Setter, cut};
use crate::documents::is_web_address;
use crate::files::{self, Owner, Purpose, Received};
use crate::tickets::{self, NewTicket, Patch, TICKET};

/// The job that makes a picture of a captured page.
pub const RENDER_JOB: &str = "report.render";
/// Attempts at that: a page that a browser cannot draw twice, it cannot draw.
const RENDER_ATTEMPTS: u32 = 3;
/// Characters of a title that is made of a description.
const TITLE_CHARS_MAX: usize = 120;
/// Attachments of a report.
const ATTACHMENTS_MAX: usize = 50;
/// Fields of a form that are described.
const FIELDS_MAX: usize = 200;
/// Where one SDK says that nothing led to the report.
const NO_OUTBOUND: &str = "bugreporting";

/// Properties of a report that are the ticket's own.
const TAKEN: &[&str] = &[
    "type",
    "priority",
    "isSilent",
    "formData",
    "customData",
    "metaData",
    "tags",
    "outbound",
    "screenshotUrl",
    "screenRecordingUrl",
];

/// A report as it was read.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Everything but what was captured.
    pub properties: Body,
    /// What was captured, in files that are written and not kept yet.
    pub captured: Vec<Captured>,
    /// The last error on the console.
    pub last_error: Option<String>,
    /// The addresses of the frames of a replay.
    pub frames: Vec<String>,
}

/// Something that was captured.
#[derive(Clone, Debug)]
pub struct Captured {
    /// The row of its file.
    pub file: Id,
    /// What it is.
    pub purpose: Purpose,
    /// When it begins, in unix milliseconds.
    pub start: Option<i64>,
    /// What was written.
    pub received: Received,
}

/// What became of a report.
#[derive(Clone, Debug)]
pub enum Reported {
    /// A ticket.
    Ticket(Box<Doc>),
    /// A crash that repeats others and is only counted. The token is nothing's: an SDK wants one.
    Counted(String),
}

/// Which picture to make.
#[derive(Debug, Serialize, Deserialize)]
pub struct Render {
    /// The ticket.
    pub ticket: Id,
    /// The captured page.
    pub file: Id,
}

/// Makes a ticket of a contact's report, keeps its files, and counts crashes.
///
/// Nothing in a report is an error: what does not fit is left out.
pub fn create(
    tx: &mut Tx<'_>,
    contact: Id,
    report: &Report,
    media_url: &str,
    renders: bool,
) -> Result<Reported> {
    // Contacts are locked before tickets everywhere.
    let reporter = tx.get_locked(&CONTACT, contact)?;
    learn_address(tx, &reporter, report)?;
    let mut properties = properties(tx, report, media_url)?;
    if properties.get("type") == Some(&json!("CRASH"))
        && let Some(print) = fingerprint(&story(report))
    {
        properties.insert("fingerprint".to_owned(), json!(print));
    }
    let silent = properties.get("isSilent") == Some(&json!(true));
    let print = properties.get("fingerprint").and_then(Json::as_str).filter(|_| silent).map(str::to_owned);
    let mut first = false;
    if let Some(print) = &print {
        match crashes::count(tx, print)? {
            Standing::First => first = true,
            Standing::Kept(of) => {
                let repeats = json!({"duplicateOf": of, "hidden": true, "archived": true});
                properties.extend(to_body(repeats));
            }
            Standing::Counted => return Ok(Reported::Counted(token_of_nothing())),
        }
    }
    let ticket = tickets::create(tx, NewTicket::new(properties).of_contact(contact))?;
    if let Some(print) = print.filter(|_| first) {
        crashes::begin(tx, &print, ticket.id)?;
    }
    keep(tx, &ticket, contact, report, media_url, renders).map(|ticket| Reported::Ticket(Box::new(ticket)))
}

/// Notes the address that a guest gave in a form, as if it had been given in the conversation: it is where
/// agents can answer, and proves nothing.
fn learn_address(tx: &mut Tx<'_>, reporter: &Doc, report: &Report) -> Result<()> {
    if reporter.text("email").is_some_and(|email| !email.is_empty()) || reporter.text("userId").is_some() {
        return Ok(());
    }
    let said = report.properties.get("formData").and_then(|form| form.get("reportedBy"));
    let Some(address) = said.and_then(Json::as_str).and_then(|said| Address::parse(said).ok()) else {
        return Ok(());
    };
    let properties = Properties::from_nested(&to_body(json!({"email": address.text})), Setter::Visitor);
    contacts::partial_update(tx, reporter.id, &properties).map(drop)
}

/// Keeps the files of a report as the ticket's.
fn keep(
    tx: &mut Tx<'_>,
    ticket: &Doc,
    contact: Id,
    report: &Report,
    media_url: &str,
    renders: bool,
) -> Result<Doc> {
    let owner = Owner::Ticket(ticket.id);
    let named = ["screenshotUrl", "screenRecordingUrl"].map(|name| ticket.text(name));
    let frames = report.frames.iter().map(String::as_str);
    files::attach(tx, named.into_iter().flatten().chain(frames), owner, Some(contact))?;
    let mut changes = Body::new();
    for captured in &report.captured {
        let file = files::keep_as(tx, captured.file, &captured.received, Some(owner))?;
        let address = format!("{media_url}{}", files::path_of(&file));
        match captured.purpose {
            Purpose::Snapshot => {
                changes.insert("screenshotDataUrl".to_owned(), json!(address));
                changes.insert("screenshotUrl".to_owned(), json!(address));
                changes.insert("generatingScreenshot".to_owned(), json!(renders));
                if renders {
                    let render = serde_json::to_value(Render { ticket: ticket.id, file: file.id })?;
                    tx.enqueue(NewJob::new(RENDER_JOB, render).attempts(RENDER_ATTEMPTS))?;
                }
            }
            Purpose::Replay => {
                changes.insert("hasWebReplay".to_owned(), json!(report.frames.is_empty()));
                changes.insert("replayDataUrl".to_owned(), json!(address));
                let start = captured.start.map(format_date);
                changes.extend(start.map(|start| ("replayStartDate".to_owned(), json!(start))));
            }
            Purpose::ConsoleLog => drop(changes.insert("hasConsoleLog".to_owned(), json!(true))),
            Purpose::NetworkLogs => drop(changes.insert("hasNetworkLogs".to_owned(), json!(true))),
            Purpose::EventLog => drop(changes.insert("hasCustomEventLog".to_owned(), json!(true))),
            Purpose::Upload | Purpose::Screenshot => {}
        }
    }
    if changes.is_empty() {
        return tx.get(&TICKET, ticket.id);
    }
    tickets::update(tx, ticket.id, Patch::new(changes))
}

/// Puts the picture of a captured page in its place.
///
/// # Errors
/// [`hark_store::Error::NotFound`] when the ticket is gone; the picture then is too.
pub fn rendered(
    tx: &mut Tx<'_>,
    ticket: Id,
    picture: Id,
    received: &Received,
    media_url: &str,
) -> Result<()> {
    tx.get_locked(&TICKET, ticket)?;
    let file = files::keep_as(tx, picture, received, Some(Owner::Ticket(ticket)))?;
    let changes = json!({
        "screenshotUrl": format!("{media_url}{}", files::path_of(&file)),
        "generatingScreenshot": false,
    });
    tickets::update(tx, ticket, Patch::new(to_body(changes))).map(drop)
}

/// Notes that there is no picture of a captured page; the page itself is shown.
pub fn rendering_failed(tx: &mut Tx<'_>, ticket: Id) -> Result<()> {
    if tx.find(&TICKET, ticket)?.is_none() {
        return Ok(());
    }
    let changes = json!({"generatingScreenshot": false, "screenshotRenderingFailed": true});
    tickets::update(tx, ticket, Patch::new(to_body(changes))).map(drop)
}

fn properties(tx: &ReadTx<'_>, report: &Report, media_url: &str) -> Result<Body> {
    let sent = &report.properties;
    let taken = sent.iter().filter(|(name, _)| TAKEN.contains(&name.as_str()));
    let mut properties: Body = taken.map(|(name, value)| (name.clone(), value.clone())).collect();
    if properties.get("outbound").and_then(Json::as_str) == Some(NO_OUTBOUND) {
        properties.shift_remove("outbound");
    }
    for address in ["screenshotUrl", "screenRecordingUrl"] {
        let sent = properties.shift_remove(address);
        let sent = sent.as_ref().and_then(Json::as_str);
        if let Some(own) = sent.map_or(Ok(None), |url| files::own_address(tx, url, media_url))? {
            properties.insert(address.to_owned(), json!(own));
        }
    }
    properties.insert("attachments".to_owned(), attachments(tx, sent, media_url)?);
    let mut properties = tickets::lenient(&properties);
    let form = properties.get("formData").and_then(Json::as_object).cloned().unwrap_or_default();
    properties.insert("form".to_owned(), described(&form));
    if let Some(description) = form.get("description").and_then(Json::as_str).map(str::trim) {
        let line = description.lines().next().unwrap_or_default();
        let texts = json!({
            "title": cut(line, TITLE_CHARS_MAX), "description": description, "plainContent": description,
        });
        properties.extend(tickets::lenient(&to_body(texts)));
    }
    Ok(properties)
}

/// The fields of a form with their values, as they were when it was sent.
fn described(form: &Body) -> Json {
    let field = |(name, value): (&String, &Json)| {
        let kind = match name.as_str() {
            "description" => "textarea",
            _ if uploads(value).next().is_some() => "upload",
            _ => "text",
        };
        (name.clone(), json!({"name": name, "title": title(name), "type": kind, "value": value}))
    };
    Json::Object(form.iter().take(FIELDS_MAX).map(field).collect())
}

/// A field's name for people: `reportedBy` is `Reported by`.
fn title(name: &str) -> String {
    let mut title = String::new();
    for c in name.chars() {
        match c {
            '_' | '-' => title.push(' '),
            c if c.is_uppercase() && !title.is_empty() => {
                title.push(' ');
                title.extend(c.to_lowercase());
            }
            c if title.is_empty() => title.extend(c.to_uppercase()),
            c => title.push(c),
        }
    }
    title
}

/// Attachments that are ones, files of ours with a name: those of the report, and those that
/// were uploaded in its form.
fn attachments(tx: &ReadTx<'_>, report: &Body, media_url: &str) -> Result<Json> {
    let form = report.get("formData").and_then(Json::as_object).into_iter().flat_map(Body::values);
    let of_form = form.flat_map(uploads);
    let sent = report.get("attachments").and_then(Json::as_array).into_iter().flatten();
    let sent = sent.chain(of_form).take(ATTACHMENTS_MAX);
    let read = |attachment: &Json| {
        let text = |name: &str| attachment.get(name).and_then(Json::as_str);
        let url = text("url")?;
        let mut read = json!({"name": files::safe_name(text("name").unwrap_or_default()), "url": url});
        if let Some(kind) = text("type") {
            read["type"] = json!(cut(kind, 100));
        }
        Some((url.to_owned(), read))
    };
    let mut ours = Vec::new();
    for (url, mut attachment) in sent.filter_map(read) {
        if let Some(own) = files::own_address(tx, &url, media_url)? {
            attachment["url"] = json!(own);
            ours.push(attachment);
        }
    }
    Ok(Json::Array(ours))
}

/// The files in the answer to a question that asks for some.
fn uploads(answer: &Json) -> impl Iterator<Item = &Json> {
    let is_file = |file: &&Json| file.get("url").and_then(Json::as_str).is_some_and(is_web_address);
    answer.as_array().into_iter().flatten().filter(is_file)
}

/// What tells crashes apart: what the program said of it, else the last error on the console.
fn story(report: &Report) -> String {
    let form = report.properties.get("formData");
    let said = form.and_then(|form| form.get("description")).and_then(Json::as_str).map(str::trim);
    let said = said.filter(|said| !said.is_empty());
    said.map(str::to_owned).or_else(|| report.last_error.clone()).unwrap_or_default()
}

fn token_of_nothing() -> String {
    rand::rng().sample_iter(Alphanumeric).take(70).map(char::from).collect()
}
