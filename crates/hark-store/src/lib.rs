//! Storage: the only crate that knows SQL.
//!
//! Documents, the feed, jobs, search and migrations on SQLite and PostgreSQL
//! behind one [`Store`]. Data is reached through a transaction, a transaction
//! through a [`Scope`], and a scope only out of a row that grants it.

pub mod access;
mod attendance;
mod audit;
mod backup;
mod backup_files;
mod clock;
mod copy;
mod counter;
mod counts;
pub mod credentials;
mod cursor;
mod doc;
mod doctor;
mod engine;
mod error;
mod events;
mod feed;
mod files;
mod filter;
mod id;
mod jobs;
mod kind;
mod lease;
mod limits;
mod list;
mod lookups;
mod migrate;
mod nul;
mod once;
mod order;
pub mod permission;
mod place;
mod schema;
mod scope;
mod seal;
mod search;
mod secrets;
mod setting;
mod sql;
mod store;
mod stream;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod worker;

pub use attendance::{ATTENDANCE_MAX, Attendance, Sign, place_stream};
pub use audit::{AuditEntry, AuditLook};
pub use backup::{BackupReport, backup, restore};
pub use backup_files::{FilesReport, backup_files, restore_files};
pub use clock::{Clock, Millis};
pub use doc::{Change, Doc};
pub use doctor::{Finding, Level, doctor, examine_proxies};
pub use error::{Error, Need, Result};
pub use events::{
    ContactEvent, EVENT_DATA_BYTES_MAX, EVENT_NAME_CHARS_MAX, EVENTS_MAX, EVENTS_PAGE_MAX, EventFilter,
    NewContactEvent,
};
pub use feed::{Event, FOLLOW_JOB, PAGE_MAX, PROJECT_STREAM, Position, contact_stream, topic_of};
pub use files::{Bytestream, Content, FileStore, ScratchFolder, Stored, content_of};
pub use id::Id;
pub use jobs::{DeadJob, JobCounts, JobError, LeasedJob, NewJob, Next};
pub use kind::{Body, ColumnType, Field, Kind, SearchText, to_body};
pub use limits::{Allowance, Limits};
pub use list::{Listing, Page};
pub use migrate::SCHEMA_VERSION;
pub use nul::{NUL_REFUSED, holds_nul};
pub use once::{Earlier, ONCE_JOB, OnceCall, forget_calls};
pub use permission::{Permission, Permissions};
pub use scope::{Actor, OwnLimits, Scope};
pub use seal::SecretKeys;
pub use search::{COMPACT_JOB, Hit, SWEEP_JOB, SearchRequest, compact_words, sweep_words};
pub use secrets::{
    LostSecrets, Renew, SecretsReport, examine_secrets, forget_secrets, look_at_secrets, reseal_secrets,
    seal_old_secrets,
};
pub use setting::FORWARDED_SEEN;
pub use store::{Bell, Location, Store};
pub use tx::{ReadTx, Tx};
pub use worker::{Registry, RunningWorker, Worker, run_due};
