//! The only way out over HTTP: a client that cannot be talked into reaching private networks.
//!
//! A name is resolved once per connection, every address of the answer is checked, and the
//! connection goes to a checked address. Redirects are followed here, not by the HTTP library,
//! and each target passes the same checks. Time and size of the whole exchange are bounded.
//! Environment variables for proxies are ignored.

mod address;
mod client;
mod hop;
mod policy;
mod request;
mod resolve;

pub use client::Egress;
pub use policy::{EgressPolicy, Refusal};
pub use request::{HeaderText, OutgoingAnswer, OutgoingRequest};
pub use reqwest::Method;
pub use resolve::{Resolver, SystemResolver};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The request would have broken a rule; trying again does not help.
    #[error("{host} may not be contacted: {reason}")]
    Refused {
        /// The host that was refused, which a redirect may have named.
        host: String,
        /// The rule.
        reason: Refusal,
    },
    /// The body is longer than allowed.
    #[error("the answer is longer than {body_bytes_max} bytes")]
    TooLarge {
        /// The limit.
        body_bytes_max: usize,
    },
    /// The whole exchange took too long.
    #[error("there was no complete answer within {timeout_ms} ms")]
    Timeout {
        /// The limit.
        timeout_ms: u64,
    },
    /// No connection, no such name, a bad certificate, or an exchange that broke off.
    #[error("{host} could not be reached: {problem}")]
    Unreachable {
        /// The host that was tried.
        host: String,
        /// The innermost cause.
        problem: String,
    },
    /// The web address cannot be used; the text completes the sentence.
    #[error("the address {0}")]
    BadUrl(&'static str),
    /// A header with a name or value that HTTP does not allow, or one that only this client sets.
    #[error("the header {0:?} cannot be sent: choose another name, and plain ASCII for its value")]
    BadHeader(String),
    /// More or longer headers than a request may have.
    #[error("a request may have 64 headers of 32768 bytes together")]
    TooManyHeaders,
    /// The body of the answer is not the JSON that was expected.
    #[error("the answer is not the expected JSON (line {line}, column {column})")]
    BadAnswer {
        /// Line of the first problem, from 1.
        line: usize,
        /// Column of the first problem, from 1.
        column: usize,
    },
}
