//! The only place that turns an error into a status code and a body, and that logs faults of ours.

use axum::http::{HeaderValue, StatusCode, header};
use hark_store::{Error, Need};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::answer::Answer;

/// The body of every answer that is no success. Three spellings of one sentence,
/// because the official SDKs and the known REST clients each read another one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// The status code, its name and the sentence.
    pub error: ProblemError,
    /// The sentence again.
    pub errors: Vec<ProblemMessage>,
    /// The sentence again.
    pub message: String,
}

/// The status code, its name and the sentence.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemError {
    /// The HTTP status code.
    pub status_code: u16,
    /// The status code's name.
    pub title: String,
    /// What went wrong and what to change.
    pub message: String,
    /// `reauthenticate`, `second_factor_required` or `connect_first`: what the caller's own account lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What went wrong and what to change.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProblemMessage {
    /// The sentence.
    pub message: String,
}

/// Seconds after which a caller may try again when we cannot say it better.
const RETRY_AFTER_S: u64 = 5;

/// Whose errors these are: SDKs throw a visitor's identity away on any 5xx of
/// ours, so they are told to come back instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    Program,
    Sdk,
}

/// The answer for an error.
pub(crate) fn answer(error: &Error, audience: Audience, request_id: &str) -> Answer {
    let mut retry_after_s = None;
    let status = match error {
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        Error::Conflict { .. } | Error::Stale { .. } => StatusCode::CONFLICT,
        Error::Invalid(_) | Error::NotConfigured(_) => StatusCode::BAD_REQUEST,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) | Error::Needs(_) => StatusCode::FORBIDDEN,
        Error::Upstream(_) => StatusCode::BAD_GATEWAY,
        Error::TooMany { retry_after_s: seconds, .. } => {
            retry_after_s = Some(*seconds);
            StatusCode::TOO_MANY_REQUESTS
        }
        Error::Unavailable(_) => {
            retry_after_s = Some(RETRY_AFTER_S);
            StatusCode::TOO_MANY_REQUESTS
        }
        Error::Internal(story) => {
            tracing::error!(
                request_id,
                error = format!("{story:#}"),
                "a request failed through a fault of ours"
            );
            if audience == Audience::Sdk {
                retry_after_s = Some(RETRY_AFTER_S);
                StatusCode::TOO_MANY_REQUESTS
            } else {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    };
    let message = match error {
        Error::Internal(_) => {
            format!("internal error, the operator finds it in the log as request {request_id}")
        }
        error => error.to_string(),
    };
    let code = match error {
        Error::Needs(Need::RecentSignIn) => Some("reauthenticate"),
        Error::Needs(Need::SecondFactor) => Some("second_factor_required"),
        Error::Needs(Need::Connection) => Some("connect_first"),
        _ => None,
    };
    let mut answer = coded(status, &message, code);
    if let Some(seconds) = retry_after_s {
        answer.headers.push((header::RETRY_AFTER, HeaderValue::from(seconds)));
    }
    if status == StatusCode::UNAUTHORIZED {
        answer.headers.push((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
    }
    answer
}

/// The same answer with its sentence as plain text.
pub(crate) fn in_plain_text(mut answer: Answer, error: &Error) -> Answer {
    answer.headers.retain(|(name, _)| *name != header::CONTENT_TYPE);
    answer.headers.push((header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")));
    answer.body = error.to_string().into();
    answer
}

/// The answer with a status and a sentence, for what never becomes an [`Error`].
pub(crate) fn of_status(status: StatusCode, message: &str) -> Answer {
    coded(status, message, None)
}

fn coded(status: StatusCode, message: &str, code: Option<&str>) -> Answer {
    let title = status.canonical_reason().unwrap_or("Error");
    let mut error = json!({"statusCode": status.as_u16(), "title": title, "message": message});
    if let Some(code) = code {
        error["code"] = code.into();
    }
    let body = json!({"error": error, "errors": [{"message": message}], "message": message});
    Answer::json(status, body.to_string())
}
