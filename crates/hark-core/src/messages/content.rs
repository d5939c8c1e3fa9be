//! The content of a message: a text, or a TipTap document in normal form.

use hark_content::{Document, Rich};
use hark_store::{Error, Result};
use serde_json::Value as Json;

/// Bytes of a content as JSON.
const BYTES_MAX: usize = 256 * 1024;

/// Reads a content as it came.
///
/// # Errors
/// [`Error::Invalid`] for what is no content, [`Error::TooLarge`] for too much of it.
pub(super) fn read(content: &Json) -> Result<Rich> {
    read_at("comment", content)
}

/// The same for the content at another property.
///
/// # Errors
/// As [`read`].
pub(super) fn read_at(property: &str, content: &Json) -> Result<Rich> {
    if content.to_string().len() > BYTES_MAX {
        return Err(Error::TooLarge(format!("`{property}` is larger than {BYTES_MAX} bytes")));
    }
    Rich::from_wire(content).map_err(|error| match error {
        hark_content::Error::Invalid(sentence) => Error::invalid(format!("`{property}`: {sentence}")),
        hark_content::Error::TooLarge(sentence) => Error::TooLarge(sentence),
    })
}

/// The first characters of a text as HTML, which SDKs insert into pages as it is.
pub(super) fn teaser(text: &str, chars_max: usize) -> String {
    let short: String = text.chars().take(chars_max).collect();
    Document::from_plain(&short).to_html().into_string()
}
