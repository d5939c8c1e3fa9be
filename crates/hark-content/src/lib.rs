//! Rich text: what people and machines write comes in as TipTap JSON, HTML, Markdown or plain text,
//! becomes a [`Document`] of known nodes, and goes out as [`SafeHtml`], plain text, Markdown or TipTap
//! JSON.
//!
//! This crate does no I/O. Its safety does not rest on how the input was understood: whatever is
//! written is written node by node out of a bounded tree of known nodes, with every text escaped,
//! every address and colour checked. What is not known loses its wrapping and keeps its text.
//!
//! | in | out |
//! |---|---|
//! | [`Rich::from_wire`]: a text or a TipTap document, as messages carry them | [`Rich::html`], [`Rich::plain`], [`Rich::json`] |
//! | [`Document::from_json`], [`Document::from_html`], [`Document::from_markdown`], [`Document::from_plain`] | [`Document::to_html`], [`Document::to_plain`], [`Document::to_markdown`], [`Document::to_json`] |
//!
//! # Normal form
//!
//! A document holds no empty text, no control characters, no line ends outside of code (a `hardBreak`
//! stands for one), no empty list, item or quote, and no two neighbouring texts with the same marks.
//! Writing HTML and reading it again gives the same HTML.

mod builder;
mod check;
mod html_in;
mod html_out;
mod json_in;
mod json_out;
mod markdown_in;
mod markdown_out;
mod model;
mod plain;
mod rich;

pub use check::{colour, image_address, link_address};
pub use html_out::SafeHtml;
pub use model::Document;
pub use rich::Rich;

/// The bounds on everything that a caller can send.
pub mod limits {
    /// Bytes of HTML, Markdown or plain text that are read; the rest is cut off.
    pub const INPUT_BYTES_MAX: usize = 2 * 1024 * 1024;
    /// Bytes of all texts and link targets in a document.
    pub const TEXT_BYTES_MAX: usize = 1024 * 1024;
    /// Blocks and inline nodes of a document.
    pub const NODES_MAX: usize = 20_000;
    /// Lists, items and quotes within each other that are kept; deeper ones dissolve into their parent.
    pub const DEPTH_MAX: usize = 32;
    /// Levels of a JSON document; deeper ones are refused.
    pub const JSON_DEPTH_MAX: usize = 100;
    /// Bytes of an address.
    pub const ADDRESS_BYTES_MAX: usize = 4_096;
    /// Characters of a name, an id, a title: of everything else that a node carries.
    pub const ATTRIBUTE_CHARS_MAX: usize = 1_000;
}

/// Content that cannot be taken. Its text says what is wrong and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is not content.
    #[error("{0}")]
    Invalid(&'static str),
    /// It is beyond a bound.
    #[error("{0}")]
    TooLarge(String),
}

/// The result of reading content that may be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;
