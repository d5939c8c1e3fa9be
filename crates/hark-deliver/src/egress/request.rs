//! What goes out and what comes back, in plain values.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde::de::DeserializeOwned;

use super::EgressError;
use crate::secret::Secret;

/// The value of a header. A secret one is never printed, and is not sent to another origin
/// when the answer redirects.
#[derive(Debug, Clone)]
pub enum HeaderText {
    /// An ordinary value.
    Plain(String),
    /// A credential.
    Secret(Secret),
}

impl From<String> for HeaderText {
    fn from(value: String) -> Self {
        Self::Plain(value)
    }
}

impl From<&str> for HeaderText {
    fn from(value: &str) -> Self {
        Self::Plain(value.to_owned())
    }
}

impl From<Secret> for HeaderText {
    fn from(value: Secret) -> Self {
        Self::Secret(value)
    }
}

/// A request to another server.
#[derive(Clone)]
pub struct OutgoingRequest {
    /// The HTTP method.
    pub method: Method,
    /// Where to; `http` or `https`, without credentials.
    pub url: String,
    /// Headers in order. Those that frame a message (`Host`, `Content-Length`, ...) are refused.
    pub headers: Vec<(String, HeaderText)>,
    /// The body, empty for none.
    pub body: Vec<u8>,
    /// Another time limit than the policy's, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// Another limit for the answer's body than the policy's, in bytes.
    pub body_bytes_max: Option<usize>,
    /// Whether redirects are followed; otherwise they are returned as they are.
    pub follow_redirects: bool,
    /// Why the request is made, for logs and metrics: a fixed word such as `webhook`.
    pub purpose: &'static str,
}

impl OutgoingRequest {
    /// A request without headers and body. `purpose` is a fixed word for logs and metrics.
    pub fn new(method: Method, url: impl Into<String>, purpose: &'static str) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout_ms: None,
            body_bytes_max: None,
            follow_redirects: true,
            purpose,
        }
    }

    /// A GET request.
    pub fn get(url: impl Into<String>, purpose: &'static str) -> Self {
        Self::new(Method::GET, url, purpose)
    }

    /// A POST request.
    pub fn post(url: impl Into<String>, purpose: &'static str) -> Self {
        Self::new(Method::POST, url, purpose)
    }

    /// Adds a header; the same name may be added again.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<HeaderText>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body and its type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header(CONTENT_TYPE.as_str(), content_type)
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, body: &serde_json::Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Adds `Authorization: Bearer ...`.
    #[must_use]
    pub fn bearer(self, token: &Secret) -> Self {
        let value = Secret::new(format!("Bearer {}", token.expose()));
        self.header(AUTHORIZATION.as_str(), value)
    }

    /// Adds `Authorization: Basic ...`.
    #[must_use]
    pub fn basic(self, user: &str, password: &Secret) -> Self {
        let pair = Secret::new(format!("{user}:{}", password.expose()));
        let value = Secret::new(format!("Basic {}", STANDARD.encode(pair.expose())));
        self.header(AUTHORIZATION.as_str(), value)
    }

    /// Sets the time limit of the whole request, in milliseconds.
    #[must_use]
    pub fn timeout_ms(mut self, timeout_ms: u64) -> Self {
        self.timeout_ms = Some(timeout_ms);
        self
    }

    /// Sets the limit of the answer's body after decompression, in bytes.
    #[must_use]
    pub fn body_bytes_max(mut self, body_bytes_max: usize) -> Self {
        self.body_bytes_max = Some(body_bytes_max);
        self
    }

    /// Returns redirects to the caller instead of following them.
    #[must_use]
    pub fn without_redirects(mut self) -> Self {
        self.follow_redirects = false;
        self
    }
}

/// Leaves out the path, headers and body: any of them may hold a credential.
impl fmt::Debug for OutgoingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingRequest")
            .field("method", &self.method)
            .field("purpose", &self.purpose)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A complete answer of another server, whatever its status.
#[derive(Clone)]
pub struct OutgoingAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Headers in order, names in lower case; values that are not text are left out.
    pub headers: Vec<(String, String)>,
    /// The body after decompression.
    pub body: Vec<u8>,
}

impl OutgoingAnswer {
    /// Whether the status is between 200 and 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first value of a header; `name` in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Reads the body as JSON. The error tells the place, not the content.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, EgressError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| EgressError::BadAnswer { line: error.line(), column: error.column() })
    }
}

/// Leaves out headers and body: they are another server's, of any length and content.
impl fmt::Debug for OutgoingAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingAnswer")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
