//! On which web pages browser SDKs may start.

use hark_store::{Error, Result};
use serde_json::{Value as Json, json};

/// Domains that a project may list.
const DOMAINS_MAX: usize = 100;
/// Characters of a domain (RFC 1035).
const DOMAIN_MAX: usize = 253;

/// The domains in the form in which they are kept: lower case.
pub(super) fn accept(domains: &[Json]) -> Result<Json> {
    if domains.len() > DOMAINS_MAX {
        return Err(Error::invalid(format!("`allowedDomains` takes {DOMAINS_MAX} domains at most")));
    }
    let domains: Result<Vec<String>> = domains.iter().map(domain).collect();
    Ok(json!(domains?))
}

fn domain(domain: &Json) -> Result<String> {
    let domain = domain.as_str().unwrap_or_default().trim().to_ascii_lowercase();
    let name = domain.strip_prefix("*.").unwrap_or(&domain);
    let is_name = !name.is_empty()
        && name.len() <= DOMAIN_MAX
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    if !is_name {
        return Err(Error::invalid(
            "`allowedDomains` takes host names such as `example.com` or `*.example.com`, without scheme and port",
        ));
    }
    Ok(domain)
}

/// Whether a page of this origin (`https://www.example.com`) may start the SDK. Calls
/// without an origin come from apps and servers, which domains do not concern.
pub fn domain_is_allowed(allowed: &[String], origin: Option<&str>) -> bool {
    let Some(origin) = origin.filter(|_| !allowed.is_empty()) else {
        return true;
    };
    let host = origin.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default().to_ascii_lowercase();
    allowed.iter().any(|domain| match domain.strip_prefix("*.") {
        Some(parent) => host.strip_suffix(parent).is_some_and(|start| start.ends_with('.')),
        None => host == *domain,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_domains_are_allowed() {
        let allowed = ["example.com".to_owned(), "*.example.org".to_owned()];
        for (origin, expected) in [
            (Some("https://example.com"), true),
            (Some("http://EXAMPLE.com:3000"), true),
            (Some("https://www.example.org"), true),
            (Some("https://www.example.com"), false),
            (Some("https://example.org"), false),
            (Some("https://badexample.org"), false),
            (Some("https://example.com.evil.net"), false),
            (Some("null"), false),
            (None, true),
        ] {
            assert_eq!(domain_is_allowed(&allowed, origin), expected, "{origin:?}");
        }
        assert!(domain_is_allowed(&[], Some("https://anywhere.net")));
    }
}
