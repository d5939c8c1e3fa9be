//! Sessions: a device starts one, says who its user is, changes that, and sends events.

use axum::http::Method;
use hark_core::config::verify_identity;
use hark_core::contacts::{self, Identity, Properties, Setter, Visit};
use hark_core::{files, updates};
use hark_store::{Body, Doc, Id, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::avatar::picture;
use super::project::KnownProject;
use super::{Credentials, seen};
use crate::answer::Document;
use crate::call::Call;
use crate::flat::Lenient;
use crate::operation::{Access, Operation};
use crate::people;

pub(crate) fn operations() -> Vec<Operation> {
    let contact = Access::Contact;
    vec![
        Operation::new(Method::POST, "/sessions", "StartSession", Access::Visitor, start)
            .summary("Resume the device's session, or start a guest's"),
        Operation::new(Method::POST, "/sessions/identify", "IdentifySession", contact, identify)
            .summary("Say who the user is; properties that are not known are custom ones"),
        Operation::new(
            Method::POST,
            "/sessions/partialupdate",
            "PartialUpdateSession",
            contact,
            partial_update,
        )
        .summary("Change what is known about the user"),
        Operation::new(Method::POST, "/sessions/events", "TrackSessionEvents", contact, events)
            .summary("Record what the user did"),
        Operation::new(Method::POST, "/sessions/ping", "PingSession", contact, ping)
            .summary("Record what the user did, and learn what is new"),
        Operation::new(Method::POST, "/sessions/stream", "StreamSession", contact, events)
            .summary("Record what the user did, in the way of very old SDKs"),
    ]
}

/// A device that shows itself.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body, which is read as it came")]
struct Device {
    /// The language of its user.
    lang: Option<String>,
    /// `mobile`, `tablet` or `desktop`.
    device_type: Option<String>,
    /// `web`, `android`, `iOS` or another system.
    platform: Option<String>,
}

/// Who the user is, and who vouches for it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body, which is read as it came")]
struct Identification {
    /// Who the user is.
    #[schemars(flatten)]
    person: Person,
    /// The HMAC-SHA256 of the user id with the project's identity secret, in hex digits.
    user_hash: Option<String>,
}

/// Who a user is.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body, which is read as it came")]
pub(crate) struct Person {
    /// The user's id in the customer's system.
    user_id: String,
    /// The name.
    name: Option<String>,
    /// The address.
    email: Option<String>,
    /// The telephone number.
    phone: Option<String>,
    /// What the user is worth.
    value: Option<f64>,
    /// Seconds within which an answer is due.
    sla: Option<f64>,
    /// What the user pays for.
    plan: Option<String>,
    /// The company's id.
    company_id: Option<String>,
    /// The company's name.
    company_name: Option<String>,
    /// The address of a picture.
    avatar: Option<String>,
}

/// What changed about the user.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes the body, which is read as it came")]
struct Changes {
    /// Properties as in an identify; custom ones stand in `customData`.
    data: Option<Json>,
}

/// What the user did.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes the body, which is read as it came")]
struct Batch {
    /// Each with `name`, `date` and `data`; a batch that comes again changes nothing.
    events: Option<Vec<Json>>,
}

/// What an SDK keeps of its session; what is not known is left out.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Session {
    /// The contact's id for SDKs.
    gleap_id: String,
    /// The secret with which the device proves that it is this contact.
    gleap_hash: String,
    /// The user's id in the customer's system.
    user_id: Option<String>,
    /// The language, as it was sent.
    lang: Option<String>,
    /// The name.
    name: Option<String>,
    /// The address.
    email: Option<String>,
    /// The telephone number.
    phone: Option<String>,
    /// What the user pays for.
    plan: Option<String>,
    /// What the user is worth.
    value: Option<f64>,
    /// Seconds within which an answer is due.
    sla: Option<f64>,
    /// Custom properties.
    custom_data: Option<Json>,
    /// Whether files need the token that follows.
    authenticated_files_required: Option<bool>,
    /// The token for files.
    file_access_token: Option<String>,
    /// When the token ends.
    file_access_expires_at: Option<String>,
}

/// What is new for the contact.
#[derive(Serialize, JsonSchema)]
struct News {
    /// What the SDK is to do or to show.
    a: Vec<Json>,
    /// Messages that are not read.
    u: i64,
}

/// Nothing.
#[derive(Serialize, JsonSchema)]
struct Nothing {}

async fn start(call: Call, input: Lenient<Device>) -> Result<Document<Session>> {
    seen::note(&call, &input.body).await;
    let visit = Visit { known: Credentials::from_headers(&call.headers).pair(), device: input.body };
    if visit.known.is_some() {
        let visit = visit.clone();
        if let Some(contact) = call.peek(move |tx| contacts::resume(tx, &visit)).await? {
            return Ok(session(&contact, Body::new()));
        }
    }
    let contact = call.write(move |tx| contacts::start(tx, &visit)).await?;
    Ok(session(&contact, Body::new()))
}

async fn identify(call: Call, input: Lenient<Identification>) -> Result<Document<Session>> {
    let project = KnownProject::of(&call.app, &call.scope).await?;
    let user_id = match input.body.get("userId") {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let presented = input.body.get("userHash").and_then(Json::as_str);
    let enforced = project.config.enforces_identity();
    let vouched = verify_identity(&project.identity_secret, enforced, &user_id, presented)?;
    let identity = Identity::new(&user_id, Properties::from_flat(&input.body, Setter::Visitor), vouched)?;
    let files = vouched && project.config.has_authenticated_files();
    let (device, project) = (call.contact()?, call.project()?);
    let (contact, more) = call
        .write(move |tx| {
            let contact = contacts::identify(tx, device, &identity)?;
            let mut more = Body::new();
            if files {
                let files = files::begin(tx, project, contact.id)?;
                more.insert("authenticatedFilesRequired".to_owned(), json!(true));
                more.insert("fileAccessToken".to_owned(), json!(files.token));
                more.insert("fileAccessExpiresAt".to_owned(), json!(files.expires_at));
            }
            Ok((contact, more))
        })
        .await?;
    Ok(session(&contact, more))
}

async fn partial_update(call: Call, input: Lenient<Changes>) -> Result<Document<Session>> {
    seen::note(&call, &input.body).await;
    let none = Body::new();
    let data = input.body.get("data").and_then(Json::as_object).unwrap_or(&none);
    let properties = Properties::from_nested(data, Setter::Visitor);
    let contact = call.contact()?;
    let contact = call.write(move |tx| contacts::partial_update(tx, contact, &properties)).await?;
    Ok(session(&contact, Body::new()))
}

async fn events(call: Call, input: Lenient<Batch>) -> Result<Document<Nothing>> {
    track(&call, &input.body).await?;
    Ok(Document::of(&json!({})))
}

async fn ping(call: Call, input: Lenient<Batch>) -> Result<Document<News>> {
    track(&call, &input.body).await?;
    let contact = call.contact()?;
    let unread = call.peek(move |tx| updates::unread(tx, contact)).await?.unwrap_or_default();
    let has_socket = input.body.get("ws") == Some(&json!(true));
    // Those without a socket learn here what others are sent.
    let mut news = if has_socket || unread == 0 { json!({}) } else { pending(&call, contact).await? };
    let senders = updates::senders([&news]);
    let people = people::of(&call.app, &call.scope, &senders).await?;
    updates::name_senders(&mut news, &people, &picture(&call.app.settings));
    Ok(Document::of(&updates::complete(news, unread)))
}

/// What no device of the contact was shown.
async fn pending(call: &Call, contact: Id) -> Result<Json> {
    let (actions, seq) = call.peek(move |tx| updates::pending(tx, contact)).await?;
    if !actions.is_empty() {
        call.write(move |tx| updates::delivered(tx, contact, seq)).await?;
    }
    Ok(json!({"a": actions}))
}

/// Records the events of a body. An SDK that sends some has started, and its socket can be served.
async fn track(call: &Call, body: &Body) -> Result<()> {
    seen::note(call, body).await;
    let contact = call.contact()?;
    let events = body.get("events").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let events = contacts::read_events(events, call.app.store.clock().now());
    if !events.is_empty() {
        call.write(move |tx| contacts::track(tx, contact, &events)).await?;
    }
    call.app.hub.started(call.project()?, contact);
    Ok(())
}

fn session(contact: &Doc, more: Body) -> Document<Session> {
    let mut session = contacts::sdk_view(&contact.body);
    session.extend(more);
    Document::of(&Json::Object(session))
}
