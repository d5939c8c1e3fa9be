//! One message over one SMTP connection.

use std::time::Duration;

use lettre::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::extension::{ClientId, Extension};

use super::message::{build, mailbox};
use super::{Mail, MailError, MailSettings, Tls};
use crate::trust;

/// Longest answer of a server that is passed on, in characters.
const ANSWER_CHARS_MAX: usize = 500;
/// How long the farewell may take after the message has been accepted, in milliseconds.
const QUIT_MS: u64 = 2_000;

/// A mail server with everything that is needed to talk to it.
pub(super) struct Smtp {
    settings: MailSettings,
    from: Mailbox,
    tls: Option<TlsParameters>,
    hello: ClientId,
}

impl Smtp {
    /// Checks the settings.
    pub(super) fn new(settings: MailSettings) -> Result<Self, MailError> {
        if settings.host.trim().is_empty() || settings.port == 0 {
            return Err(MailError::BadSettings("the host and port of the server are missing".into()));
        }
        if settings.username.is_some() != settings.password.is_some() {
            return Err(MailError::BadSettings("user name and password belong together".into()));
        }
        let from = mailbox("the sender", &settings.from)?;
        let tls = match settings.tls {
            Tls::None => None,
            Tls::StartTls | Tls::Implicit => Some(tls_parameters(&settings.host)?),
        };
        if tls.is_none() && settings.username.is_some() {
            tracing::warn!(host = settings.host, "the login to the mail server is not encrypted");
        }
        Ok(Self { settings, from, tls, hello: ClientId::default() })
    }

    /// Delivers one message within the time limit.
    pub(super) async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = build(&self.from, mail)?;
        let time = Duration::from_millis(self.settings.timeout_ms);
        let mut connection = tokio::time::timeout(time, self.deliver(&message))
            .await
            .unwrap_or_else(|_| Err(self.too_slow()))?;
        // The message is the server's now; whatever happens to the farewell changes nothing.
        let _ = tokio::time::timeout(Duration::from_millis(QUIT_MS), connection.quit()).await;
        Ok(())
    }

    async fn deliver(&self, message: &lettre::Message) -> Result<AsyncSmtpConnection, MailError> {
        let mut connection = self.connect().await?;
        self.log_in(&mut connection).await?;
        let supports_unicode = connection.server_info().supports_feature(Extension::SmtpUtfEight);
        if !message.envelope().to().iter().all(is_ascii) && !supports_unicode {
            return Err(MailError::Refused {
                permanent: true,
                answer: "it does not know addresses with letters outside ASCII".into(),
            });
        }
        connection
            .send(message.envelope(), &message.formatted())
            .await
            .map_err(|error| understand(&error))?;
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let MailSettings { host, port, tls, timeout_ms, .. } = &self.settings;
        let implicit = self.tls.clone().filter(|_| *tls == Tls::Implicit);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            (host.as_str(), *port),
            Some(Duration::from_millis(*timeout_ms)),
            &self.hello,
            implicit,
            None,
        )
        .await
        .map_err(|error| understand(&error))?;
        if let Some(parameters) = self.tls.clone().filter(|_| *tls == Tls::StartTls) {
            // A server that offers no TLS is an error here, never a reason to go on without.
            let upgraded = connection.starttls(parameters, &self.hello).await;
            upgraded.map_err(|error| understand(&error))?;
        }
        Ok(connection)
    }

    async fn log_in(&self, connection: &mut AsyncSmtpConnection) -> Result<(), MailError> {
        let (Some(username), Some(password)) = (&self.settings.username, &self.settings.password) else {
            return Ok(());
        };
        let credentials = Credentials::new(username.clone(), password.expose().to_owned());
        let outcome = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
        outcome.map(drop).map_err(|error| match understand(&error) {
            MailError::Unreachable(problem) if error.is_client() => {
                MailError::LoginRefused { answer: problem }
            }
            MailError::Refused { answer, .. } => MailError::LoginRefused { answer },
            other => other,
        })
    }

    fn too_slow(&self) -> MailError {
        MailError::Unreachable(format!("it took longer than {} ms", self.settings.timeout_ms))
    }
}

fn is_ascii(address: &Address) -> bool {
    address.to_string().is_ascii()
}

fn tls_parameters(host: &str) -> Result<TlsParameters, MailError> {
    trust::install_crypto_provider();
    let mut builder =
        TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    for certificate in trust::system_certificates() {
        if let Ok(certificate) = Certificate::from_der(certificate.to_vec()) {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(|error| MailError::BadSettings(describe(&error)))
}

fn understand(error: &SmtpError) -> MailError {
    match error.status() {
        Some(code) => {
            let text = describe(error);
            let answer = if text.is_empty() { code.to_string() } else { format!("{code} {text}") };
            MailError::Refused { permanent: error.is_permanent(), answer }
        }
        None => MailError::Unreachable(describe(error)),
    }
}

/// The cause on one bounded line; a server's answer may have several.
fn describe(error: &SmtpError) -> String {
    let cause = std::error::Error::source(error);
    let text = cause.map_or_else(|| error.to_string(), ToString::to_string);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(ANSWER_CHARS_MAX).collect()
}
