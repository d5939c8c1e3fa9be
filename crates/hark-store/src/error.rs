//! The one error type of storage and rules: what went wrong, in words without HTTP.

use std::fmt;

/// What can go wrong in storage and in the product's rules.
///
/// Every variant but [`Error::Internal`] carries a sentence for the caller that
/// says what to change; the API maps variants to status codes in one place.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing with this id is visible to the caller.
    #[error("no {what} with the id {id}")]
    NotFound {
        /// The kind of thing, as users call it.
        what: &'static str,
        /// The id or name that was asked for.
        id: String,
    },
    /// Another document already has this unique value.
    #[error("another {what} already has this {field}")]
    Conflict {
        /// The kind of thing, as users call it.
        what: &'static str,
        /// The property that must be unique.
        field: String,
    },
    /// The document changed since the caller read it.
    #[error("this {what} was changed by someone else, read it again and repeat your change")]
    Stale {
        /// The kind of thing, as users call it.
        what: &'static str,
    },
    /// The input breaks a rule.
    #[error("{0}")]
    Invalid(String),
    /// The input is larger than allowed.
    #[error("{0}")]
    TooLarge(String),
    /// No valid credential.
    #[error("{0}")]
    Unauthenticated(String),
    /// A valid credential without the needed permission.
    #[error("{0}")]
    Forbidden(String),
    /// A valid credential that has to be a better one first.
    #[error("{0}")]
    Needs(Need),
    /// Something the operation needs is not set up by the operator or the project.
    #[error("{0}")]
    NotConfigured(String),
    /// Over a limit of calls or attempts.
    #[error("{message}")]
    TooMany {
        /// Which limit, in words.
        message: String,
        /// Seconds until another attempt can succeed.
        retry_after_s: u64,
    },
    /// A service outside did not do its part.
    #[error("{0}")]
    Upstream(String),
    /// The server is shutting down or overloaded; nothing was done.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours; the caller only learns that it happened.
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

/// What a credential lacks that its owner can do something about at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Need {
    /// Proof of who it is, a few minutes old at most.
    #[error("confirm that it is you first, with POST /v3/users/me/reauthenticate or by signing in again")]
    RecentSignIn,
    /// A second factor.
    #[error("this organisation lets in only people with a second factor, set one up in your account")]
    SecondFactor,
    /// Consent of the account's holder to the organisation's provider.
    #[error(
        "there is an account with your address already: sign in to it with its password or passkey and connect \
         it with your organisation under Security, or ask the organisation's administrators to invite you"
    )]
    Connection,
}

/// The result of everything in storage and rules.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A fault of ours with its story for the log.
    pub fn internal(story: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Error {
        Error::Internal(anyhow::Error::msg(story))
    }

    /// Bad input, with the sentence that says what to change.
    pub fn invalid(sentence: impl Into<String>) -> Error {
        Error::Invalid(sentence.into())
    }

    /// Nothing with this id is visible to the caller.
    pub fn not_found(what: &'static str, id: impl fmt::Display) -> Error {
        Error::NotFound { what, id: id.to_string() }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Error {
        Error::Internal(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Internal(error.into())
    }
}

impl From<hark_query::QueryError> for Error {
    fn from(error: hark_query::QueryError) -> Error {
        Error::Invalid(error.to_string())
    }
}

impl From<hark_content::Error> for Error {
    fn from(error: hark_content::Error) -> Error {
        match error {
            hark_content::Error::Invalid(_) => Error::Invalid(error.to_string()),
            hark_content::Error::TooLarge(_) => Error::TooLarge(error.to_string()),
        }
    }
}
