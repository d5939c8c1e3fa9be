//! Providers of single sign-on (OpenID Connect): finding their addresses, and exchanging a code for a token.
//!
//! Everything goes through the guarded client and follows no redirect. What the token says is checked by
//! whoever asked for it.

use reqwest::Url;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::egress::{Egress, OutgoingRequest};
use crate::secret::Secret;
use crate::service::{Service, ServiceError, address, usual_pause};

/// The provider in sentences for people.
const NAME: &str = "the provider of single sign-on";
const PURPOSE: &str = "single sign-on";
/// How long one request may take.
const TIMEOUT_MS: u64 = 8_000;
/// Bytes of an answer at most.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// A provider's addresses (OpenID Connect Discovery 1.0, section 3).
#[derive(Clone, Debug, Deserialize)]
pub struct Discovered {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    /// Absent means that it takes what HTTP has for it.
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// How we are known at a provider.
#[derive(Clone, Debug)]
pub struct Client {
    /// What it calls us.
    pub id: String,
    /// What proves that it is us.
    pub secret: Secret,
    /// Where it sends browsers back to.
    pub redirect_uri: String,
}

/// What goes with a browser to the provider.
#[derive(Clone, Debug)]
pub struct Question<'q> {
    /// Comes back with the browser.
    pub state: &'q str,
    /// Comes back in the token.
    pub nonce: &'q str,
    /// The hash of what proves later on that it is us (RFC 7636, `S256`).
    pub code_challenge: &'q str,
    /// The address that was typed.
    pub login_hint: Option<&'q str>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// Finds a provider's addresses.
///
/// # Errors
/// Everything in [`ServiceError`]; refused when it calls itself something else, or would have secrets sent
/// in the open.
pub async fn discover(egress: &Egress, issuer: &str) -> Result<Discovered, ServiceError> {
    let url = address(issuer, "/.well-known/openid-configuration", &[])?;
    let found = ask(egress, OutgoingRequest::get(url, PURPOSE)).await?;
    let found: Discovered = serde_json::from_value(found).map_err(|_| {
        ServiceError::Refused(format!("{NAME} does not describe itself as OpenID Connect has it"))
    })?;
    if found.issuer != issuer {
        let sentence =
            format!("{NAME} has another name than `issuer` says, copy it from the provider's settings");
        return Err(ServiceError::Refused(sentence));
    }
    let is_open = issuer.starts_with("http://");
    for endpoint in [&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri] {
        let url = Url::parse(endpoint).ok();
        let sound = url.is_some_and(|url| url.scheme() == "https" || (is_open && url.scheme() == "http"));
        if !sound {
            return Err(ServiceError::Refused(format!(
                "{NAME} names an address that is no https:// address"
            )));
        }
    }
    Ok(found)
}

impl Discovered {
    /// The address to which a browser goes to sign in.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] when it cannot be made.
    pub fn sign_in_url(&self, client: &Client, question: &Question<'_>) -> Result<String, ServiceError> {
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", client.id.as_str()),
            ("redirect_uri", client.redirect_uri.as_str()),
            ("scope", "openid email profile"),
            ("state", question.state),
            ("nonce", question.nonce),
            ("code_challenge", question.code_challenge),
            ("code_challenge_method", "S256"),
        ];
        parameters.extend(question.login_hint.map(|hint| ("login_hint", hint)));
        address(&self.authorization_endpoint, "", &parameters)
    }

    /// Exchanges the code that a browser brought for the token that says who signed in.
    ///
    /// # Errors
    /// Everything in [`ServiceError`].
    pub async fn exchange(
        &self,
        egress: &Egress,
        client: &Client,
        code: &str,
        verifier: &str,
    ) -> Result<String, ServiceError> {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        let takes_basic =
            methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"));
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", client.redirect_uri.as_str()),
            ("code_verifier", verifier),
        ];
        if !takes_basic {
            form.extend([("client_id", client.id.as_str()), ("client_secret", client.secret.expose())]);
        }
        let mut request = OutgoingRequest::post(&self.token_endpoint, PURPOSE)
            .header("accept", "application/json")
            .body("application/x-www-form-urlencoded", encoded(&form));
        if takes_basic {
            // RFC 6749, section 2.3.1: both are escaped first.
            request = request.basic(&escaped(&client.id), &Secret::new(escaped(client.secret.expose())));
        }
        let tokens: Tokens = serde_json::from_value(ask(egress, request).await?)
            .map_err(|_| ServiceError::Refused(format!("{NAME} gave no token that says who signed in")))?;
        Ok(tokens.id_token)
    }

    /// The keys with which the provider signs.
    ///
    /// # Errors
    /// Everything in [`ServiceError`].
    pub async fn keys(&self, egress: &Egress) -> Result<Json, ServiceError> {
        ask(egress, OutgoingRequest::get(&self.jwks_uri, PURPOSE)).await
    }
}

async fn ask(egress: &Egress, request: OutgoingRequest) -> Result<Json, ServiceError> {
    let service = Service { name: NAME, egress, now_s: 0, pause: usual_pause };
    service.ask(request.without_redirects().timeout_ms(TIMEOUT_MS).body_bytes_max(ANSWER_BYTES_MAX)).await
}

/// Pairs as a form has them.
fn encoded(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", escaped(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._*".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
