//! Channels: the ways on which customers reach a project, with their credentials and rules.

use hark_store::{Body, Field, Kind, Permission, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::documents::required_line;
use crate::resource::{Resource, lines, nothing_follows, one_of};

/// A channel. Its credentials are only shown to who may change them.
pub const CHANNEL: Kind = Kind {
    guarded: &[
        ("apiKey", Permission::SettingsManage),
        ("accessToken", Permission::SettingsManage),
        ("botToken", Permission::SettingsManage),
        ("webhookSecret", Permission::SettingsManage),
    ],
    sealed: &["apiKey", "accessToken", "botToken", "webhookSecret"],
    ..Kind::new("channel", "channel", &[Field::text("type", "type")])
};

/// Its rules.
pub const CHANNELS: Resource = Resource {
    kind: &CHANNEL,
    audited: Some("channel"),
    count_max: 200,
    personal: false,
    defaults: || json!({ "isEnabled": true }),
    check,
    changed: nothing_follows,
};

/// The ways that there are.
const TYPES: &[&str] = &["WIDGET", "EMAIL", "WHATSAPP", "FACEBOOK", "INSTAGRAM", "TELEGRAM", "SLACK", "API"];

/// The properties of a channel that a caller may set.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ChannelInput {
    /// Its name.
    pub name: Option<String>,
    /// `WIDGET`, `EMAIL`, `WHATSAPP`, `FACEBOOK`, `INSTAGRAM`, `TELEGRAM`, `SLACK` or `API`.
    #[serde(rename = "type")]
    pub channel_type: Option<String>,
    /// Whether messages come and go on it.
    pub is_enabled: Option<bool>,
    /// The widget.
    pub widget_id: Option<String>,
    /// A credential.
    pub api_key: Option<String>,
    /// The phone number at WhatsApp.
    pub phone_number_id: Option<String>,
    /// The business account at Facebook.
    pub fb_business_account_id: Option<String>,
    /// The business account at WhatsApp.
    pub wa_business_account_id: Option<String>,
    /// The business account at Instagram.
    pub instagram_business_id: Option<String>,
    /// A credential.
    pub access_token: Option<String>,
    /// The page at Facebook.
    pub page_id: Option<String>,
    /// The channel at Slack.
    pub slack_channel_id: Option<String>,
    /// A credential.
    pub bot_token: Option<String>,
    /// The bot at Telegram.
    pub bot_username: Option<String>,
    /// The credential with which the other side signs.
    pub webhook_secret: Option<String>,
    /// When a message opens a new ticket.
    pub ticket_creation_rules: Option<TicketCreationRules>,
    /// How messages look.
    pub message_settings: Option<MessageSettings>,
}

/// When a message opens a new ticket rather than go on with the last one.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketCreationRules {
    /// After some time.
    pub time_based: Option<TimeBasedRule>,
    /// After the last one was closed.
    pub reply_after_closure: Option<ClosureRule>,
}

/// A new ticket after some time.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TimeBasedRule {
    /// Whether the rule holds.
    pub is_active: bool,
    /// The time.
    pub time_between_tickets: Option<f64>,
}

/// A new ticket after the last one was closed.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ClosureRule {
    /// Whether the rule holds.
    pub is_active: bool,
}

/// How messages look.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageSettings {
    /// Whether the name of who wrote goes with them.
    pub attach_sender_name: bool,
}

fn check(_: &mut Tx<'_>, body: &mut Body) -> Result<()> {
    required_line(body, "type")?;
    one_of(body, "type", TYPES)?;
    let texts: Vec<String> = body.keys().cloned().collect();
    lines(body, &texts.iter().map(String::as_str).collect::<Vec<_>>())
}
