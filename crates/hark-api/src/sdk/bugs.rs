//! `POST /bugs/v2`: what SDKs send when a visitor reports something or a program crashes.

use std::fs::File;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use hark_core::files::{NewFile, Purpose};
use hark_core::reports::{self, Captured, Report, Reported, Secrets};
use hark_store::{Doc, Error, Id, Result, Scope, content_of};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::project::KnownProject;
use super::report::{self, Capture};
use crate::answer::{Answer, Output};
use crate::app::App;
use crate::call::Call;
use crate::incoming;
use crate::operation::{Access, Input, Operation, TextErrors};
use crate::storing::{Typed, Written, give_up, write};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::streaming::<ReportForm, _, _>(
            Method::POST,
            "/bugs/v2",
            "CreateBugReport",
            Access::Contact,
            take,
        )
        .summary("Report a bug, a crash or something else, with what was captured")
        .text_errors(TextErrors::ForApple),
    ]
}

/// A report. Whatever is missing or of another type is left out of the ticket.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body, which is read piece by piece")]
struct ReportForm {
    /// The ticket's type, such as `BUG`, `CRASH` or one of the project's own.
    #[schemars(rename = "type")]
    report_type: Option<String>,
    /// `LOW`, `MEDIUM` or `HIGH`.
    priority: Option<String>,
    /// What the visitor wrote, by field.
    form_data: Option<Json>,
    /// The site's own data.
    custom_data: Option<Json>,
    /// The device and program.
    meta_data: Option<Json>,
    /// Whether nobody noticed; also as a text.
    is_silent: Option<Json>,
    /// Tags.
    tags: Option<Vec<String>>,
    /// The outbound message or survey that is answered.
    outbound: Option<String>,
    /// Files that were uploaded before, with `url`, `name` and `type`.
    attachments: Option<Vec<Json>>,
    /// A picture that was uploaded before.
    screenshot_url: Option<String>,
    /// A film that was uploaded before.
    screen_recording_url: Option<String>,
    /// The page as HTML, with its size and scroll position.
    screenshot_data: Option<Json>,
    /// A recording of the page.
    web_replay: Option<Json>,
    /// Frames of an app.
    replay: Option<Json>,
    /// Lines of the console.
    console_log: Option<Vec<Json>>,
    /// Calls of the network; secrets in them are taken out.
    network_logs: Option<Vec<Json>>,
    /// What the user did.
    custom_event_log: Option<Vec<Json>>,
    /// Passed on by a page; not looked at.
    spam_token: Option<String>,
}

impl Input for ReportForm {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<ReportForm>())
    }

    fn read(_: &bytes::Bytes) -> Result<(ReportForm, Vec<String>)> {
        Err(Error::internal("a report is read while it arrives"))
    }
}

/// The ticket of a report, as far as its sender needs it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ReportView {
    /// The ticket's id; of a crash that is only counted, there is none.
    id: Option<String>,
    /// The number of the ticket in the project.
    bug_id: Option<i64>,
    /// The token with which the conversation is opened.
    share_token: String,
    /// The type.
    #[serde(rename = "type")]
    report_type: Option<String>,
    /// The status.
    status: Option<String>,
    /// The priority.
    priority: Option<String>,
    /// What it is about.
    title: Option<String>,
    /// When it was created, ISO 8601.
    created_at: Option<String>,
}

/// What a sender sees of its ticket.
const SHOWN: &[&str] =
    &["_id", "id", "bugId", "shareToken", "type", "status", "priority", "title", "createdAt", "updatedAt"];

/// A ticket that was created: one SDK takes exactly this status for a success.
struct Created(Json);

impl Output for Created {
    const STATUS: StatusCode = StatusCode::CREATED;

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<ReportView>())
    }

    fn answer(self) -> Result<Answer> {
        Ok(Answer::json(StatusCode::CREATED, self.0.to_string()))
    }
}

async fn take(call: Call, body: Body) -> Result<Created> {
    let bytes_max = call.app.settings.report_bytes_max;
    let arriving = incoming::pieces(&call.headers, body, bytes_max);
    let spooled = call.app.files.spool(arriving, bytes_max).await?;
    let contact = call.contact()?;
    // On a task of its own: what has arrived is dealt with, even when the device goes away.
    let done = tokio::spawn(async move { settle(&call.app, &call.scope, contact, spooled).await });
    done.await.map_err(|panic| Error::internal(format!("taking a report failed: {panic}")))?
}

async fn settle(app: &App, scope: &Scope, contact: Id, spooled: File) -> Result<Created> {
    let project = KnownProject::of(app, scope).await?;
    let _turn = app.reports().acquire().await.map_err(|_| Error::internal("no more turns"))?;
    let own = project.config.secret_names();
    let files = app.files.clone();
    let read = tokio::task::spawn_blocking(move || {
        let secrets = Secrets::new(own.iter().map(String::as_str));
        report::read(spooled, &files, &secrets)
    });
    let read = read.await.map_err(|panic| Error::internal(format!("reading a report failed: {panic}")))??;

    let mut written: Vec<Written> = Vec::new();
    let mut report = Report {
        properties: read.properties,
        captured: Vec::new(),
        last_error: read.last_error,
        frames: read.frames,
    };
    let created = async {
        for capture in read.captures {
            let (purpose, start) = (capture.purpose, capture.start);
            let one = store_capture(app, scope, contact, capture).await?;
            report.captured.push(Captured {
                file: one.file.id,
                purpose,
                start,
                received: one.received.clone(),
            });
            written.push(one);
        }
        let (media_url, renders) = (app.settings.media_url(), app.settings.chromium.is_some());
        let rule =
            move |tx: &mut hark_store::Tx<'_>| reports::create(tx, contact, &report, &media_url, renders);
        app.store.write(scope, rule).await
    }
    .await;
    if !matches!(created, Ok(Reported::Ticket(_))) {
        for one in &written {
            give_up(app, scope, &one.file).await;
        }
    }
    Ok(Created(match created? {
        Reported::Ticket(ticket) => shown(&ticket),
        Reported::Counted(token) => json!({"shareToken": token}),
    }))
}

async fn store_capture(app: &App, scope: &Scope, contact: Id, capture: Capture) -> Result<Written> {
    let (name, content_type) = match capture.purpose {
        Purpose::Snapshot => ("page.html", "text/html"),
        Purpose::Replay => ("replay.json", "application/json"),
        purpose => (purpose.word(), "application/json"),
    };
    let new = NewFile {
        name: name.to_owned(),
        purpose: capture.purpose,
        contact: Some(contact),
        compressed: true,
        details: capture.details,
    };
    // It came out of a body that was small enough; unpacking has bounds of its own.
    write(app, scope, new, Typed::Known(content_type), content_of(capture.file), u64::MAX).await
}

fn shown(ticket: &Doc) -> Json {
    let properties = ticket.body.iter().filter(|(name, _)| SHOWN.contains(&name.as_str()));
    Json::Object(properties.map(|(name, value)| (name.clone(), value.clone())).collect())
}
