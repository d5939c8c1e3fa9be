//! What a handler returns: typed for the API description, bytes for the wire.

use std::marker::PhantomData;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hark_store::Result;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value as Json;

/// How many documents match a list that is a bare array.
pub const TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");
/// The cursor of the next page of a list that is a bare array.
pub const NEXT_CURSOR: HeaderName = HeaderName::from_static("x-next-cursor");
/// Properties of the body that the operation does not know.
pub const IGNORED_FIELDS: HeaderName = HeaderName::from_static("hark-ignored-fields");

/// Content types of answers that are text about documents, and not files.
pub(crate) const DOCUMENT_TYPES: &[&str] = &["application/json", "application/x-ndjson", "text/csv"];

/// Headers of an ordinary answer with its edge; more fit as well.
pub(crate) const HEADERS_USUAL: usize = 24;

/// An answer on its way to the wire.
pub struct Answer {
    /// The status code.
    pub status: StatusCode,
    /// The headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Body,
}

impl Answer {
    /// JSON that is already text.
    pub fn json(status: StatusCode, text: String) -> Answer {
        let content_type = HeaderValue::from_static("application/json; charset=utf-8");
        Answer { status, headers: vec![(header::CONTENT_TYPE, content_type)], body: Body::from(text) }
    }

    /// With one more header; a value that cannot stand in a header is left out.
    pub fn with(mut self, name: HeaderName, value: impl ToString) -> Answer {
        if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
            self.headers.push((name, value));
        }
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        // With room for those that the edge adds.
        *response.headers_mut() = HeaderMap::with_capacity(HEADERS_USUAL);
        response.headers_mut().extend(self.headers);
        response
    }
}

/// A type that a handler may return.
pub trait Output {
    /// The status code of success.
    const STATUS: StatusCode = StatusCode::OK;
    /// The content type of the body.
    const CONTENT_TYPE: &'static str = "application/json";
    /// Headers that the answer may have, as the API description spells them.
    const HEADERS: &'static [&'static str] = &[];

    /// The schema of the body, `None` for an empty one.
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;

    /// The answer.
    fn answer(self) -> Result<Answer>;
}

/// A value that is serialised.
pub struct Reply<T>(pub T);

impl<T: Serialize + JsonSchema> Output for Reply<T> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn answer(self) -> Result<Answer> {
        Ok(Answer::json(StatusCode::OK, serde_json::to_string(&self.0)?))
    }
}

/// A stored document that `T` describes.
pub struct Document<T> {
    text: String,
    rev: Option<i64>,
    described_by: PhantomData<fn() -> T>,
}

impl<T> Document<T> {
    /// A document as a value.
    pub fn of(value: &Json) -> Document<T> {
        Document { text: value.to_string(), rev: None, described_by: PhantomData }
    }

    /// A document as stored text.
    pub fn of_text(text: String) -> Document<T> {
        Document { text, rev: None, described_by: PhantomData }
    }

    /// With its revision as `ETag`.
    pub fn at(mut self, rev: i64) -> Document<T> {
        self.rev = Some(rev);
        self
    }
}

impl<T: JsonSchema> Output for Document<T> {
    const HEADERS: &'static [&'static str] = &["ETag"];

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn answer(self) -> Result<Answer> {
        let answer = Answer::json(StatusCode::OK, self.text);
        Ok(match self.rev {
            Some(rev) => answer.with(header::ETAG, format!("\"{rev}\"")),
            None => answer,
        })
    }
}

/// Stored documents that `T` describes, as a bare array; count and cursor are headers.
pub struct Documents<T> {
    text: String,
    total: Option<u64>,
    next: Option<String>,
    described_by: PhantomData<fn() -> T>,
}

impl<T> Documents<T> {
    /// Documents as values.
    pub fn of(values: Vec<Json>) -> Documents<T> {
        Documents {
            text: Json::Array(values).to_string(),
            total: None,
            next: None,
            described_by: PhantomData,
        }
    }

    /// Documents as stored texts.
    pub fn of_texts(texts: &[String]) -> Documents<T> {
        let text = format!("[{}]", texts.join(","));
        Documents { text, total: None, next: None, described_by: PhantomData }
    }

    /// With the cursor of the next page.
    pub fn next(mut self, next: Option<String>) -> Documents<T> {
        self.next = next;
        self
    }

    /// With the count of all that match and the cursor of the next page.
    pub fn page(mut self, total: u64, next: Option<String>) -> Documents<T> {
        self.total = Some(total);
        self.next = next;
        self
    }
}

impl<T: JsonSchema> Output for Documents<T> {
    const HEADERS: &'static [&'static str] = &["X-Total-Count", "X-Next-Cursor"];

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<Vec<T>>())
    }

    fn answer(self) -> Result<Answer> {
        let mut answer = Answer::json(StatusCode::OK, self.text);
        if let Some(total) = self.total {
            answer = answer.with(TOTAL_COUNT, total);
        }
        if let Some(next) = self.next {
            answer = answer.with(NEXT_CURSOR, next);
        }
        Ok(answer)
    }
}

/// Success without a body.
pub struct NoContent;

impl Output for NoContent {
    const STATUS: StatusCode = StatusCode::NO_CONTENT;

    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    fn answer(self) -> Result<Answer> {
        Ok(Answer { status: StatusCode::NO_CONTENT, headers: Vec::new(), body: Body::empty() })
    }
}

/// A file that is written while it is sent.
pub struct Csv {
    /// The name under which a browser saves it.
    pub file_name: String,
    /// Its bytes.
    pub body: Body,
}

impl Output for Csv {
    const CONTENT_TYPE: &'static str = "text/csv";

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<String>())
    }

    fn answer(self) -> Result<Answer> {
        Ok(file("text/csv; charset=utf-8", &self.file_name, self.body))
    }
}

/// A JSON array that is written while it is sent.
pub struct JsonFile {
    /// The name under which a browser saves it.
    pub file_name: String,
    /// Its bytes.
    pub body: Body,
}

impl Output for JsonFile {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<Vec<serde_json::Map<String, Json>>>())
    }

    fn answer(self) -> Result<Answer> {
        Ok(file("application/json; charset=utf-8", &self.file_name, self.body))
    }
}

/// Lines of JSON that are written while they are sent.
pub struct NdJson {
    /// The name under which a browser saves them.
    pub file_name: String,
    /// Their bytes.
    pub body: Body,
}

impl Output for NdJson {
    const CONTENT_TYPE: &'static str = "application/x-ndjson";

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<String>())
    }

    fn answer(self) -> Result<Answer> {
        Ok(file(NdJson::CONTENT_TYPE, &self.file_name, self.body))
    }
}

fn file(content_type: &'static str, name: &str, body: Body) -> Answer {
    let headers = vec![(header::CONTENT_TYPE, HeaderValue::from_static(content_type))];
    let answer = Answer { status: StatusCode::OK, headers, body };
    answer.with(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
}
