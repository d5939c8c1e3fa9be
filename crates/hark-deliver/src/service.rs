//! Talking to another product's JSON API: addresses, answers, and what their failures mean.

use reqwest::Url;
use serde_json::Value as Json;

use crate::egress::{Egress, EgressError, OutgoingAnswer, OutgoingRequest};

/// The longest pause that a service can ask for: a day, its longest usual window.
const PAUSE_MAX_S: u64 = 24 * 60 * 60;

/// Where the services are reached. Operators change them for tests, proxies and regions.
///
/// A name in braces stands for what the project's credentials say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceUrls {
    /// Intercom's API, unless the import names another region's.
    pub intercom: String,
    /// HubSpot's API.
    pub hubspot: String,
    /// Zendesk's API, with `{subdomain}`.
    pub zendesk: String,
    /// Stripe's API.
    pub stripe: String,
    /// Chargebee's API, with `{site}`.
    pub chargebee: String,
    /// Lemon Squeezy's API.
    pub lemon_squeezy: String,
    /// A Shopify shop, with `{shop}`.
    pub shopify: String,
}

impl Default for ServiceUrls {
    fn default() -> Self {
        Self {
            intercom: "https://api.intercom.io".into(),
            hubspot: "https://api.hubapi.com".into(),
            zendesk: "https://{subdomain}.zendesk.com".into(),
            stripe: "https://api.stripe.com".into(),
            chargebee: "https://{site}.chargebee.com".into(),
            lemon_squeezy: "https://api.lemonsqueezy.com".into(),
            shopify: "https://{shop}.myshopify.com".into(),
        }
    }
}

/// Why a service gave no usable answer, in a sentence for whoever set it up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// Over the service's limit of calls.
    #[error("{service} takes no more calls for now, the next one is due in {retry_after_s} s")]
    Busy {
        /// The service's name.
        service: &'static str,
        /// Seconds until another call can succeed, from 1 to a day.
        retry_after_s: u64,
    },
    /// Trying again does not help: wrong credentials, an address that is refused, another protocol.
    #[error("{0}")]
    Refused(String),
    /// Trying again may help.
    #[error("{0}")]
    Failed(String),
}

/// How long a service that answered 429 wants to be left alone, in seconds. The arguments are
/// its answer and the unix time in seconds.
pub(crate) type Pause = fn(&OutgoingAnswer, i64) -> u64;

/// A service that is asked with the same credentials again and again.
#[derive(Clone, Copy)]
pub(crate) struct Service<'s> {
    pub(crate) name: &'static str,
    pub(crate) egress: &'s Egress,
    /// The unix time in seconds.
    pub(crate) now_s: i64,
    pub(crate) pause: Pause,
}

impl Service<'_> {
    /// Makes a request and returns the JSON of a successful answer.
    pub(crate) async fn ask(&self, request: OutgoingRequest) -> Result<Json, ServiceError> {
        let name = self.name;
        let answer = self.egress.send(request).await.map_err(|error| not_answered(name, &error))?;
        match answer.status {
            200..300 => answer.json().map_err(|_| {
                ServiceError::Refused(format!("{name} answered with something that is no JSON"))
            }),
            429 => Err(ServiceError::Busy {
                service: name,
                retry_after_s: (self.pause)(&answer, self.now_s).clamp(1, PAUSE_MAX_S),
            }),
            401 => Err(refused(name, 401, "the credentials are not accepted, check them")),
            403 => Err(refused(
                name,
                403,
                "the credentials lack a permission that reading contacts or customers needs",
            )),
            404 => Err(refused(name, 404, "there is no such account or interface at this address")),
            408 | 500.. => {
                Err(ServiceError::Failed(format!("{name} answered {}, a fault on its side", answer.status)))
            }
            status => Err(refused(name, status, "it does not take this request")),
        }
    }
}

fn refused(name: &str, status: u16, meaning: &str) -> ServiceError {
    ServiceError::Refused(format!("{name} answered {status}: {meaning}"))
}

fn not_answered(name: &str, error: &EgressError) -> ServiceError {
    let sentence = format!("{name} cannot be asked: {error}");
    match error {
        EgressError::Timeout { .. } | EgressError::Unreachable { .. } => ServiceError::Failed(sentence),
        _ => ServiceError::Refused(sentence),
    }
}

/// A web address of a service: its base without a slash at the end, a path, and parameters.
pub(crate) fn address(base: &str, path: &str, parameters: &[(&str, &str)]) -> Result<String, ServiceError> {
    let mut url = Url::parse(&format!("{}{path}", base.trim_end_matches('/')))
        .map_err(|_| ServiceError::Refused(format!("{} is not a complete web address", shown(base))))?;
    if !parameters.is_empty() {
        url.query_pairs_mut().extend_pairs(parameters);
    }
    Ok(url.into())
}

/// The base of an address in which a name stands for an account: `https://{site}.example.com`.
///
/// The name must be one label of a host name, so that it cannot lead to another host.
pub(crate) fn base_of(pattern: &str, placeholder: &str, name: &str) -> Result<String, ServiceError> {
    let usable = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if name.is_empty() || name.len() > 63 || !name.chars().all(usable) {
        return Err(ServiceError::Refused(format!(
            "{} cannot be a {placeholder}: it is made of letters, digits and hyphens",
            shown(name)
        )));
    }
    Ok(pattern.replace(&format!("{{{placeholder}}}"), name))
}

/// What somebody wrote, short enough for a sentence.
fn shown(text: &str) -> String {
    let start: String = text.chars().take(100).collect();
    format!("{start:?}")
}

/// The pause of `Retry-After`, which every service may send: seconds, not a date.
pub(crate) fn retry_after(answer: &OutgoingAnswer) -> Option<u64> {
    answer.header("retry-after")?.trim().parse().ok()
}

/// The pause of services that send nothing but `Retry-After`, if that.
pub(crate) fn usual_pause(answer: &OutgoingAnswer, _: i64) -> u64 {
    /// Long enough for windows of seconds, short enough for those of a minute.
    const UNKNOWN_S: u64 = 30;
    retry_after(answer).unwrap_or(UNKNOWN_S)
}

/// The array at a property of an answer.
pub(crate) fn array(name: &str, answer: &mut Json, property: &str) -> Result<Vec<Json>, ServiceError> {
    match answer.get_mut(property).map(Json::take) {
        Some(Json::Array(items)) => Ok(items),
        _ => Err(ServiceError::Refused(format!("{name} answered without the list {property:?}"))),
    }
}

/// The text of a JSON string or number: services write ids either way.
pub(crate) fn id_text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_one_label_of_a_host_and_nothing_else() {
        let base = |name| base_of("https://{site}.example.com", "site", name);
        assert_eq!(base("acme-test"), Ok("https://acme-test.example.com".to_owned()));
        for wrong in ["", "evil.org/", "a.b", "a@b", "a:1", "ä", "a b", "{site}", &"a".repeat(64)] {
            assert!(matches!(base(wrong), Err(ServiceError::Refused(_))), "{wrong:?}");
        }
    }

    #[test]
    fn parameters_are_escaped() {
        let url = address("https://example.com/", "/a", &[("page[after]", "x+/=&y"), ("q", "a@b.c")]);
        assert_eq!(url, Ok("https://example.com/a?page%5Bafter%5D=x%2B%2F%3D%26y&q=a%40b.c".to_owned()));
        assert!(matches!(address("example.com", "/a", &[]), Err(ServiceError::Refused(_))));
    }
}
