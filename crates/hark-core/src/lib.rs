//! What the product is: one folder per area, with its kinds and its rules.
//!
//! Rules are plain functions on a transaction and values. They know nothing of
//! HTTP and nothing of SQL.

pub mod access;
pub mod assignment;
pub mod automation;
pub mod billing;
pub mod channels;
pub mod config;
pub mod contacts;
pub mod conversations;
pub mod documents;
pub mod export;
pub mod files;
pub mod follow;
pub mod imports;
mod line;
pub mod message_templates;
pub mod messages;
pub mod notes;
pub mod notifications;
pub mod presence;
pub mod properties;
mod rank;
pub mod reports;
pub mod resource;
pub mod sdk_seen;
pub mod secrets;
pub mod segments;
pub mod sla;
pub mod teams;
pub mod ticket_views;
pub mod tickets;
pub mod updates;
pub mod webhooks;

use hark_store::Kind;

/// Every kind of document that a project owns; the tenancy tests walk through them.
pub const KINDS: &[&Kind] = &[
    &config::CONFIG,
    &contacts::CONTACT,
    &contacts::CONTACT_ALIAS,
    &contacts::CONTACT_MEMORY,
    &contacts::CONTACT_TRUST,
    &contacts::IDENTITY_CHANGE,
    &message_templates::MESSAGE_TEMPLATE,
    &files::FILE,
    &reports::CRASH_GROUP,
    &files::FILE_SESSION,
    &messages::MESSAGE,
    &messages::MESSAGE_DRAFT,
    &messages::SCHEDULED_MESSAGE,
    &sdk_seen::SDK_SEEN,
    &segments::SEGMENT,
    &teams::TEAM,
    &tickets::TICKET,
    &tickets::TICKET_EVENT,
    &tickets::TICKET_MERGE,
    &tickets::types::TICKET_TYPE,
    &tickets::TICKET_VOTE,
    &imports::IMPORT,
    &imports::IMPORT_PART,
    &billing::BILLING,
    &channels::CHANNEL,
    &notes::NOTE,
    &notifications::NOTIFICATION,
    &properties::PROPERTY,
    &ticket_views::TICKET_VIEW,
    &follow::FOLLOWER,
    &webhooks::WEBHOOK,
    &webhooks::WEBHOOK_DELIVERY,
    &assignment::ASSIGNMENT_TURN,
    &sla::SLA_POLICY,
    &sla::SLA_CLOCK,
    &automation::WORKFLOW,
    &automation::WORKFLOW_RUN,
    &automation::WORKFLOW_TRIAL,
];
