//! The one query language of lists, exports, segments, audiences and automation: a tree of
//! conditions ([`Filter`]), two ways of writing it, and an evaluator in memory.
//!
//! This crate does no I/O and knows no property by name: any property of a document may be filtered
//! or sorted on. Storage compiles the same tree to SQL; what [`Filter::matches`] and [`compare`]
//! answer is the definition it is tested against, so the rules below are written to be expressible
//! with the JSON functions of SQLite and PostgreSQL.
//!
//! # Writing: the query string ([`parse_query`])
//!
//! ```text
//! query      = parameter *( "&" parameter )
//! parameter  = path "=" value *( "," value )     any of the values; also `path[]=a&path[]=b` (where
//!                                                commas are text) and `path=a&path=b`
//!            | path "!=" value *( "," value )    none of the values; true when the value is missing
//!            | path ( ">=" | "<=" | ">" | "<" ) value
//!            | "filter=" conditions              the JSON below; `{}` and nothing are ignored
//!            | "sort=" key *( "," key )          key = [ "-" ] path, or path "_asc", path "_desc"
//!            | "limit=" n | "skip=" n | "cursor=" text
//!            | "archived=" bool | "ignoreArchived=" bool | "isSpam=" bool
//! path       = segment *( "." segment )
//! ```
//!
//! Different parameters must all hold. Operators may be percent-encoded. Values are split at commas
//! *before* they are percent-decoded, so a comma that belongs to a value is written `%2C`; empty
//! pieces of a list are skipped. `+` is a space. A parameter of the second group with an empty value
//! counts as absent. Property names that contain `<`, `>`, `[` or `!=` can only be reached through
//! conditions.
//!
//! A value is untyped and stands for everything it can mean: `5` is the number and the text, `true`
//! the boolean and the text, `null` the missing value and the text, an ISO 8601 date or date-time
//! the moment and the text. Next to an ordering operator it has one meaning: a number if it is
//! written like a JSON number, else a moment if it is a date, else text; `true`, `false`, `null` and
//! nothing are refused there.
//!
//! # Writing: conditions ([`parse_conditions`], [`Filter::to_conditions`])
//!
//! See the module [`conditions`].
//!
//! # Meaning
//!
//! **Paths** walk objects by key and nothing else: there are no array indices, and a path that meets
//! an array or a scalar before its end finds nothing. In SQL, take one step per segment with a *text*
//! key (PostgreSQL's `#>` would index arrays).
//!
//! **Missing** and JSON `null` are the same. `Equal(Null)` and `Exists(false)` are true for both;
//! every other test is false for both. Hence `Not(Equal(..))` is true for missing values.
//!
//! **Equal, OneOf** compare by type: numbers as 64-bit floats (an integer is converted first, so
//! 2^53 and 2^53 + 1 are equal), booleans, text exactly and case-sensitively, and a `Date` with the
//! text that [`dates::format_date`] writes. Values of different types are never equal.
//!
//! **Less, LessOrEqual, Greater, GreaterOrEqual** hold only between a number and a JSON number, a
//! text and any JSON string, or a date and a string of the canonical shape
//! ([`dates::is_canonical`]; [`dates::CANONICAL_GLOB`] and [`dates::CANONICAL_REGEX`] are the same
//! test for SQL). Dates are compared as texts, texts by their UTF-8 bytes (`collate "C"`).
//!
//! **Contains, StartsWith, EndsWith** are true of strings only and ignore the case of the ASCII
//! letters and of no others (SQLite's `lower`; PostgreSQL's `lower(x collate "C")`). The empty text
//! is found in every string. `%` and `_` are ordinary characters.
//!
//! **Arrays**: Equal, OneOf, Contains, StartsWith and EndsWith are true if they are true of any
//! element that is a boolean, number or string; elements that are null, arrays or objects count for
//! nothing, and `Null` never looks into an array. Orderings are false of arrays.
//!
//! **Objects**, and arrays of any length, satisfy `Exists(true)`; nothing else is true of an object.
//!
//! **Sorting**: per key, documents with a number come first, then those with a string (by bytes),
//! then those with a boolean (false before true); `descending` reverses all of that. Everything
//! else (missing, null, arrays, objects) comes last in *both* directions. Equal documents are left
//! for the caller to order, normally by id.

mod ast;
pub mod conditions;
pub mod dates;
mod error;
mod evaluate;
mod query_string;
mod sort;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;

pub use ast::{FieldType, Filter, Literal, Op, Path};
pub use conditions::{parse_conditions, parse_conditions_at};
pub use error::QueryError;
pub use query_string::{Flags, Query, parse_query};
pub use sort::{Sort, SortKey, compare};

/// The bounds on everything that a caller can send.
pub mod limits {
    /// Bytes of a query string, as sent.
    pub const QUERY_BYTES_MAX: usize = 16 * 1024;
    /// Parameters of a query string.
    pub const PARAMETERS_MAX: usize = 64;
    /// Values that a query string gives for one property.
    pub const VALUES_MAX: usize = 200;
    /// Values of one list in conditions: a value of a query string becomes up to two typed ones, and
    /// what came from a query string must be printable as conditions.
    pub const LIST_MAX: usize = 2 * VALUES_MAX;
    /// Segments of a path.
    pub const PATH_SEGMENTS_MAX: usize = 8;
    /// Characters of one segment of a path.
    pub const SEGMENT_CHARS_MAX: usize = 128;
    /// Characters of a text to compare with.
    pub const TEXT_CHARS_MAX: usize = 1024;
    /// Levels of conditions within conditions.
    pub const CONDITIONS_DEPTH_MAX: usize = 16;
    /// Conditions and groups of conditions in one filter.
    pub const CONDITIONS_MAX: usize = 500;
    /// Documents that `skip` may pass over.
    pub const SKIP_MAX: u32 = 1_000_000;
    /// Documents that `limit` may ask for; endpoints may allow fewer.
    pub const LIMIT_MAX: u32 = 10_000;
    /// Keys of a sort order.
    pub const SORT_KEYS_MAX: usize = 4;
    /// Characters of a cursor.
    pub const CURSOR_CHARS_MAX: usize = 512;
    /// Days that a relative date may reach back.
    pub const DAYS_MAX: f64 = 36_525.0;
}
