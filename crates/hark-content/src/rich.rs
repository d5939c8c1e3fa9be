//! Content as messages carry it on the wire: a text, or a TipTap document.

use serde_json::Value as Json;

use crate::limits::TEXT_BYTES_MAX;
use crate::{Document, Error, Result, SafeHtml};

/// The content of a message. A text stays the text that was sent; a document is brought into normal
/// form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rich {
    text: Option<String>,
    document: Document,
}

impl Rich {
    /// Reads `comment` or `data.content`: a plain text, a document or another node of TipTap, or a
    /// list of nodes.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else, [`Error::TooLarge`] when it is beyond a bound.
    pub fn from_wire(json: &Json) -> Result<Rich> {
        match json {
            Json::String(text) => Rich::from_text(text),
            Json::Object(_) | Json::Array(_) => Document::from_json(json).map(Rich::from),
            _ => Err(Error::Invalid(
                "content is a text or a document such as {\"type\":\"doc\",\"content\":[]}",
            )),
        }
    }

    /// A plain text.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when it is beyond the bound.
    pub fn from_text(text: &str) -> Result<Rich> {
        let document = Document::from_plain(text);
        if text.len() > TEXT_BYTES_MAX || document.is_cut() {
            return Err(Error::TooLarge(format!(
                "this text is too large, at most {TEXT_BYTES_MAX} bytes are allowed"
            )));
        }
        let kept = |character: &char| !character.is_control() || matches!(character, '\n' | '\r' | '\t');
        Ok(Rich { text: Some(text.chars().filter(kept).collect()), document })
    }

    /// The text alone.
    pub fn plain(&self) -> String {
        match &self.text {
            Some(text) => text.clone(),
            None => self.document.to_plain(),
        }
    }

    /// What may be shown.
    pub fn html(&self) -> SafeHtml {
        self.document.to_html()
    }

    /// What is stored and answered: the text that was sent, or the document in normal form.
    pub fn json(&self) -> Json {
        match &self.text {
            Some(text) => Json::String(text.clone()),
            None => self.document.to_json(),
        }
    }

    /// The content as a document, whichever way it was sent.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Whether nobody would see anything.
    pub fn is_blank(&self) -> bool {
        self.document.is_blank()
    }
}

impl From<Document> for Rich {
    fn from(document: Document) -> Rich {
        Rich { text: None, document }
    }
}
