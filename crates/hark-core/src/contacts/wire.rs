//! Contacts as REST v3 takes and answers them.

use hark_store::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// A text, or the number that some clients send instead of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum TextOrNumber {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
}

/// The properties of a contact that a member of the project may set.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionInput {
    /// The user id in the customer's system, by which a contact is known. It can be changed but not taken away.
    pub user_id: Option<TextOrNumber>,
    /// Its name.
    pub name: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// The address of its picture.
    pub avatar: Option<String>,
    /// Its language.
    pub lang: Option<String>,
    /// The id of its company in the customer's system.
    pub company_id: Option<String>,
    /// The name of its company.
    pub company_name: Option<String>,
    /// What it has bought.
    pub plan: Option<String>,
    /// What it is worth.
    pub value: Option<TextOrNumber>,
    /// Seconds within which it is to be answered.
    pub sla: Option<TextOrNumber>,
    /// Since when the customer knows it.
    pub created_at: Option<String>,
    /// When it last did something.
    pub last_activity: Option<String>,
    /// The page that it last saw: `{page, date}`.
    pub last_page_view: Option<Json>,
    /// `mobile`, `tablet` or `desktop`.
    pub device_type: Option<String>,
    /// `web`, `ios`, `android` or another.
    pub platform: Option<String>,
    /// Its tags.
    pub tags: Option<Vec<String>>,
    /// Where it is.
    pub location: Option<Json>,
    /// Whether what it writes is turned away.
    pub blocked: Option<bool>,
    /// Whether it is only known from mail.
    pub email_only: Option<bool>,
    /// Whether it gets no outbound messages.
    pub unsubscribed: Option<bool>,
    /// Why it gets none.
    pub unsubscribe_reason: Option<String>,
    /// Its id at Facebook.
    pub facebook_id: Option<String>,
    /// Its id at Instagram.
    pub instagram_id: Option<String>,
    /// Its name at Instagram.
    pub instagram_username: Option<String>,
    /// Its chat at Telegram.
    pub telegram_chat_id: Option<String>,
    /// Its name at Telegram.
    pub telegram_username: Option<String>,
    /// Custom properties: texts, numbers and booleans, 35 at most. What is not named stays, null takes away.
    pub custom_data: Option<Map<String, Json>>,
}

/// A contact as it is answered. Properties that nobody has set are left out, except those with a default.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// The contact's id.
    pub id: Id,
    /// The contact's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The project's id.
    pub project: Id,
    /// The organisation's id.
    pub organisation: Option<Id>,
    /// Since when the customer knows it, or when it was first seen; ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
    /// The id that its devices present.
    pub gleap_id: String,
    /// The secret that its devices present with it.
    pub gleap_hash: String,
    /// The user id in the customer's system; a guest has none.
    pub user_id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// The address of its picture.
    pub avatar: Option<String>,
    /// Its language, as its device says it; `en` by default.
    pub lang: String,
    /// The id of its company in the customer's system.
    pub company_id: Option<String>,
    /// The name of its company.
    pub company_name: Option<String>,
    /// What it has bought.
    pub plan: Option<String>,
    /// What it is worth; 0 by default.
    pub value: f64,
    /// Seconds within which it is to be answered.
    pub sla: Option<f64>,
    /// `mobile`, `tablet` or `desktop`.
    pub device_type: Option<String>,
    /// `web`, `ios`, `android` or another.
    pub platform: Option<String>,
    /// Where it is.
    pub location: Option<Json>,
    /// The page that it last saw: `{page, date}`.
    pub last_page_view: Option<Json>,
    /// When it first did something.
    pub first_activity: String,
    /// When it last did something, to the minute.
    pub last_activity: String,
    /// When it last wrote.
    pub last_heard_from: Option<String>,
    /// When it last reported something.
    pub last_feedback_report: Option<String>,
    /// Visits; a pause of half an hour ends one.
    pub sessions: u64,
    /// What it reported.
    pub count_feedback_reports: u64,
    /// What it commented on.
    pub count_feedback_comments: u64,
    /// Whether it is only known from mail.
    pub email_only: bool,
    /// Whether what it writes is turned away.
    pub blocked: bool,
    /// Whether it gets no outbound messages.
    pub unsubscribed: bool,
    /// Since when it gets none.
    pub unsubscribed_at: Option<String>,
    /// Why it gets none.
    pub unsubscribe_reason: Option<String>,
    /// Its id at Facebook.
    pub facebook_id: Option<String>,
    /// Its id at Instagram.
    pub instagram_id: Option<String>,
    /// Its name at Instagram.
    pub instagram_username: Option<String>,
    /// Its chat at Telegram.
    pub telegram_chat_id: Option<String>,
    /// Its name at Telegram.
    pub telegram_username: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Custom properties.
    pub custom_data: Map<String, Json>,
    /// Its events by name, 200 names at most: `{count, first, last}`.
    pub event_data: Map<String, Json>,
    /// Its progress in checklists.
    pub checklist_tasks: Json,
    /// What was sent to it.
    pub outbound_history: Json,
}
