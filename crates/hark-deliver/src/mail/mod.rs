//! Mail, out through the operator's mail server.

mod message;
mod smtp;

use std::sync::Arc;

use serde::Deserialize;

use crate::secret::Secret;

pub use message::compose;

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Not at all: for a mail server on the same machine or a trusted network.
    None,
    /// Begins in the clear and must switch to TLS before anything is said (usually port 587).
    #[default]
    StartTls,
    /// TLS from the first byte (usually port 465).
    Implicit,
}

/// The operator's mail server.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// Name or address of the server; with TLS the name must be in its certificate.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Protection of the connection.
    pub tls: Tls,
    /// Login name, if the server wants one.
    pub username: Option<String>,
    /// Password of the login name.
    pub password: Option<Secret>,
    /// Sender: `support@example.com` or `Support <support@example.com>`.
    pub from: String,
    /// Time for delivering one message to the server, in milliseconds.
    pub timeout_ms: u64,
}

/// One message to one person.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    /// Recipient: `someone@example.com` or `Some One <someone@example.com>`.
    pub to: String,
    /// Subject, one line of at most 500 characters.
    pub subject: String,
    /// The message as plain text.
    pub text: String,
    /// The message as HTML, from the one sanitiser.
    pub html: Option<String>,
    /// Further headers such as `Reply-To` or `In-Reply-To`; at most 50.
    pub headers: Vec<(String, String)>,
    /// `left@right` with or without angle brackets. The caller chooses it, so that a second
    /// attempt carries the same one and receivers can recognise a double.
    pub message_id: String,
}

/// Why a message was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// There is no mail server.
    #[error("mail is not configured: name a mail server and a sender address")]
    NotConfigured,
    /// The settings cannot work; the text says which one and why.
    #[error("the mail settings cannot be used: {0}")]
    BadSettings(String),
    /// The server does not accept the login, or offers none; the message may well be fine.
    #[error("the mail server refused the login: {answer}")]
    LoginRefused {
        /// What the server said.
        answer: String,
    },
    /// The server answered with a refusal.
    #[error("the mail server refused the message: {answer}")]
    Refused {
        /// Whether the same message will be refused again (SMTP status 5xx).
        permanent: bool,
        /// Status and text of the server's answer.
        answer: String,
    },
    /// No connection, a bad certificate, or an exchange that broke off or took too long.
    #[error("the mail server could not be reached: {0}")]
    Unreachable(String),
    /// An address that is none; holds the name of the field.
    #[error("{0} is not a mail address such as someone@example.com")]
    BadAddress(&'static str),
    /// A field that cannot be sent.
    #[error("{field} of the mail {problem}")]
    BadField {
        /// Which one; the name of a header when it is one.
        field: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl MailError {
    /// Whether another attempt with the same message is pointless.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Refused { permanent, .. } => *permanent,
            Self::BadAddress(_) | Self::BadField { .. } => true,
            Self::NotConfigured | Self::BadSettings(_) | Self::LoginRefused { .. } | Self::Unreachable(_) => {
                false
            }
        }
    }
}

/// Sends mail, or says that no mail server is configured. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Transport);

#[derive(Clone)]
enum Transport {
    Unconfigured,
    Smtp(Arc<smtp::Smtp>),
}

impl Mailer {
    /// A mailer for a mail server. Nothing is contacted yet.
    ///
    /// # Errors
    /// [`MailError::BadSettings`] or [`MailError::BadAddress`] when the settings cannot work.
    pub fn smtp(settings: MailSettings) -> Result<Self, MailError> {
        let smtp = smtp::Smtp::new(settings)?;
        Ok(Self(Transport::Smtp(Arc::new(smtp))))
    }

    /// A mailer that refuses every message with [`MailError::NotConfigured`].
    pub fn unconfigured() -> Self {
        Self(Transport::Unconfigured)
    }

    /// Whether there is a mail server.
    pub fn configured(&self) -> bool {
        matches!(self.0, Transport::Smtp(_))
    }

    /// Hands a message to the mail server; `Ok` means that the server took responsibility.
    ///
    /// When the connection breaks between the end of the message and the server's answer, the
    /// server may have it although this says [`MailError::Unreachable`].
    pub async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        match &self.0 {
            Transport::Unconfigured => Err(MailError::NotConfigured),
            Transport::Smtp(smtp) => smtp.send(mail).await,
        }
    }
}
