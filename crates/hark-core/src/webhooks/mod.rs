//! Webhooks: servers of the project's owners that are told of what happens, signed as Standard
//! Webhooks has it, with a ledger of every attempt.

mod deliver;
mod ledger;
mod sign;

use hark_query::{Filter, Path};
use hark_store::{Body, Error, Field, Id, Kind, Listing, Permission, ReadTx, Result, Tx, topic_of};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::documents::required_line;
use crate::follow;
use crate::resource::{Resource, lines, list};

pub use deliver::{Outcome, Work, cancel, died, keep_payload, next_work, settle};
pub(crate) use ledger::call;
pub use ledger::{Attempt, DeliveryView, notice, resend, test};
pub use sign::{new_secret, sign};

/// A webhook. Its headers may hold credentials; its `secret` signs what it is sent.
pub const WEBHOOK: Kind = Kind {
    hidden: &["secret", "failures"],
    guarded: &[("headers", Permission::SettingsManage)],
    sealed: &["secret", "headers"],
    ..Kind::new("webhook", "webhook", &[Field::bool("enabled", "enabled")])
};

/// Something that a webhook was or will be sent: `webhook`, `event`, `document`, `status`, `attempts`,
/// and `payload`, the text that is sent.
pub const WEBHOOK_DELIVERY: Kind = Kind {
    hidden: &["payload"],
    ..Kind::new(
        "webhook delivery",
        "webhook_delivery",
        &[Field::text("webhook", "webhook"), Field::text("status", "status")],
    )
};

/// The kind of job that sends.
pub const WEBHOOK_JOB: &str = "webhook.deliver";

/// Webhooks of a project.
const WEBHOOKS_MAX: u64 = 100;

/// The rules of webhooks.
pub const WEBHOOKS: Resource = Resource {
    kind: &WEBHOOK,
    audited: Some("webhook"),
    count_max: WEBHOOKS_MAX,
    personal: false,
    defaults: || json!({ "enabled": true, "events": [], "headers": [], "filters": {} }),
    check,
    changed,
};

/// What a webhook can be told of.
pub const EVENTS: &[&str] = &[
    "ticket.created",
    "ticket.updated",
    "ticket.deleted",
    "message.created",
    "message.updated",
    "message.deleted",
    "contact.created",
    "contact.updated",
    "contact.deleted",
];
/// The event of a webhook that is tried out.
pub const TEST_EVENT: &str = "webhook.test";

/// Characters of an address.
const URL_MAX: usize = 2_000;
/// Headers of a webhook.
const HEADERS_MAX: usize = 20;
/// Bytes of a header's value.
const HEADER_BYTES_MAX: usize = 4_000;
/// Ticket types of a filter.
const TYPES_MAX: usize = 100;

/// The properties of a webhook that a caller may set.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookInput {
    /// Its name.
    pub name: Option<String>,
    /// Where it is sent to.
    pub url: Option<String>,
    /// Whether it is sent anything. It is switched off when it fails for long.
    pub enabled: Option<bool>,
    /// What it is told of: `ticket.created`, `ticket.updated`, `ticket.deleted`, and the same of
    /// `message` and `contact`.
    pub events: Option<Vec<String>>,
    /// Headers that go with each request; only shown to who may change them.
    pub headers: Option<Vec<Header>>,
    /// Which of the events.
    pub filters: Option<WebhookFilters>,
}

/// A header.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Header {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// Which events a webhook is told of.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookFilters {
    /// Only of tickets of these types, and of messages in them; none means all.
    pub ticket_types: Option<Vec<String>>,
}

/// The secret with which a webhook's requests are signed.
#[derive(Serialize, JsonSchema)]
pub struct SecretView {
    /// `whsec_` and the key in base64.
    pub secret: String,
}

/// The secret of a webhook.
///
/// # Errors
/// [`Error::NotFound`] when there is no such webhook.
pub fn secret(tx: &ReadTx<'_>, id: Id) -> Result<SecretView> {
    let webhook = tx.get(&WEBHOOK, id)?;
    let secret: Option<String> = tx.unseal(&WEBHOOK, &webhook, "secret")?;
    Ok(SecretView { secret: secret.ok_or_else(|| Error::internal("a webhook without a secret"))? })
}

/// Gives a webhook another secret.
///
/// # Errors
/// [`Error::NotFound`] when there is no such webhook.
pub fn rotate_secret(tx: &mut Tx<'_>, id: Id) -> Result<SecretView> {
    let mut webhook = tx.get_locked(&WEBHOOK, id)?;
    let secret = new_secret();
    webhook.set("secret", secret.as_str());
    tx.save(&WEBHOOK, webhook)?;
    tx.audit("webhook.secret_rotated", Some(id.to_string()), Json::Null)?;
    Ok(SecretView { secret })
}

/// The topics of events that webhooks are told of.
pub(crate) fn topics(tx: &ReadTx<'_>) -> Result<Vec<&'static str>> {
    let webhooks = enabled(tx)?;
    let is_wanted = |event: &&&str| webhooks.iter().any(|webhook| wants(&webhook.body, event));
    Ok(EVENTS.iter().filter(is_wanted).map(|event| topic_of(event)).collect())
}

fn enabled(tx: &ReadTx<'_>) -> Result<Vec<hark_store::Doc>> {
    let enabled = Filter::equal(Path::known("enabled"), true);
    let limit = u32::try_from(WEBHOOKS_MAX).unwrap_or(u32::MAX);
    Ok(tx.list(&WEBHOOK, &Listing::new(enabled, limit))?.docs)
}

fn wants(webhook: &Body, event: &str) -> bool {
    webhook.get("events").and_then(Json::as_array).is_some_and(|events| events.iter().any(|one| one == event))
}

fn changed(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    if tx.find(&WEBHOOK, id)?.is_none() {
        tx.delete_where(&WEBHOOK_DELIVERY, "webhook", &id.to_string())?;
    }
    follow::refresh(tx)
}

fn check(_: &mut Tx<'_>, body: &mut Body) -> Result<()> {
    required_line(body, "name")?;
    lines(body, &["disabledReason"])?;
    let url = body.get("url").and_then(Json::as_str).unwrap_or_default();
    let is_web =
        ["https://", "http://"].iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    if !is_web || url.chars().count() > URL_MAX || url.chars().any(|c| c.is_control() || c == ' ') {
        return Err(Error::invalid(format!(
            "`url` must be a web address that begins with https:// and has at most {URL_MAX} characters"
        )));
    }
    for event in list(body, "events", EVENTS.len())? {
        if !event.as_str().is_some_and(|event| EVENTS.contains(&event)) {
            return Err(Error::invalid(format!("`events` has {event}, use some of {}", EVENTS.join(", "))));
        }
    }
    for header in list(body, "headers", HEADERS_MAX)? {
        check_header(header)?;
    }
    if let Some(filters) = body.get("filters").and_then(Json::as_object) {
        list(filters, "ticketTypes", TYPES_MAX)?;
    }
    if body.get("enabled") == Some(&Json::Bool(true)) {
        body.shift_remove("disabledReason");
        body.shift_remove("failures");
    }
    body.entry("secret").or_insert_with(|| json!(new_secret()));
    Ok(())
}

fn check_header(header: &Json) -> Result<()> {
    /// Headers that frame or prove the message.
    const OURS: &[&str] = &[
        "host",
        "content-length",
        "content-type",
        "transfer-encoding",
        "connection",
        "te",
        "trailer",
        "trailers",
        "upgrade",
        "expect",
        "http2-settings",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    ];
    let name = header["key"].as_str().unwrap_or_default().to_ascii_lowercase();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.is_empty() || name.len() > 100 || !name.bytes().all(is_token) || OURS.contains(&name.as_str()) {
        return Err(Error::invalid(
            "the `key` of a header is made of letters, digits, `-` and `_`, and is none that we set",
        ));
    }
    let value = header["value"].as_str().unwrap_or_default();
    if value.len() > HEADER_BYTES_MAX || !value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Err(Error::invalid(format!(
            "the `value` of a header is made of printable ASCII characters, at most {HEADER_BYTES_MAX}"
        )));
    }
    Ok(())
}
