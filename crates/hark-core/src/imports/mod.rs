//! Imports: contacts brought in from files and other products, a part at a time.
//!
//! An import is worked on by jobs. Each job takes one part (some rows of a file, or a page of a
//! source), and the transaction that writes its contacts also moves the import on, finishes the job
//! and enqueues the next one. So a worker that dies loses nothing and doubles nothing, a pause is a
//! job in the future, and a cancelled import stops at the next part.

mod delimited;
mod lines;
mod records;
mod rows;
mod rules;
mod step;

use hark_store::{Field, Id, Kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use delimited::read_delimited;
pub use lines::{read_json, read_lines};
pub use records::read_records;
pub use rows::{Row, at_once};
pub use rules::{add_part, begin_file, begin_source, cancel, discard, end_file, parts, resume};
pub use step::{Batch, JOB, Step, Work, advance, died, fail, import_of, next_step, pause, settle};

/// An import with its progress.
pub const IMPORT: Kind =
    Kind { feed: true, ..Kind::new("import", "import", &[Field::text("status", "status")]) };

/// What an import still has to do: rows of a file, or the credentials of a source and where to go
/// on in it. It is deleted when it is done, never listed and never answered.
pub const IMPORT_PART: Kind = Kind {
    hidden: &["rows", "source", "cursor"],
    sealed: &["source"],
    ..Kind::new("import part", "import_part", &[Field::text("import", "import")])
};

/// Bytes of a row at most.
const ROW_BYTES_MAX: usize = 64 * 1024;
/// Errors of rows that are kept.
const ERRORS_MAX: usize = 1_000;

/// Where contacts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A JSON body.
    Json,
    /// A file of lines with a JSON object each.
    Ndjson,
    /// A file of rows with separated columns.
    Csv,
    /// Intercom.
    Intercom,
    /// HubSpot.
    Hubspot,
    /// Zendesk.
    Zendesk,
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The file is being stored.
    Receiving,
    /// It waits for a worker, or for the end of a pause that the source asked for.
    Waiting,
    /// Some of it is done.
    Running,
    /// Everything is done.
    Finished,
    /// It was given up; `message` says why.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

/// What is known of an import besides what every document has.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Where the contacts come from.
    pub source: Origin,
    /// Where it stands.
    pub status: Status,
    /// Rows that were read, with those that failed.
    #[serde(default)]
    pub count: u64,
    /// Rows that brought a contact.
    #[serde(default)]
    pub created: u64,
    /// Rows whose contact was there already.
    #[serde(default)]
    pub updated: u64,
    /// Rows that brought no contact.
    #[serde(default)]
    pub failed: u64,
    /// Rows altogether, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Rows that are left, if the total is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<u64>,
    /// Rows per second since the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// Why rows brought no contact, the first 1,000 of them; lists leave them out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<RowError>,
    /// Why it was given up, or why it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When its first row was read, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// When the pause that the source asked for ends, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<String>,
}

/// Why a row brought no contact.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RowError {
    /// The row: a line of a file (the head of a CSV file is row 1), or a record's place in a source
    /// or list, from 1.
    pub row: u64,
    /// The record's id in its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// What is wrong with it.
    pub message: String,
}

/// An import as it is answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// The import's id.
    pub id: Id,
    /// The import's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The project's id.
    pub project: Id,
    /// When it was created, ISO 8601.
    pub created_at: String,
    /// When it last moved on, ISO 8601.
    pub updated_at: String,
    /// How far it is.
    #[serde(flatten)]
    pub progress: Progress,
}
