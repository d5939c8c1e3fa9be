//! What the product is: one folder per area, with its kinds and its rules.
//!
//! Rules are plain functions on a transaction and values. They know nothing of
//! HTTP and nothing of SQL.

pub mod access;
pub mod billing;
pub mod contacts;
pub mod documents;
pub mod imports;
pub mod message_templates;
pub mod teams;

use hark_store::Kind;

/// Every kind of document that a project owns; the tenancy tests walk through them.
pub const KINDS: &[&Kind] = &[
    &contacts::CONTACT,
    &contacts::CONTACT_ALIAS,
    &contacts::CONTACT_MEMORY,
    &contacts::IDENTITY_CHANGE,
    &message_templates::MESSAGE_TEMPLATE,
    &teams::TEAM,
    &imports::IMPORT,
    &imports::IMPORT_PART,
    &billing::BILLING,
];
