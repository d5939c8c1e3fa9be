//! What outgoing requests may do: reachable networks, limits, and the checks on a web address.

use std::net::IpAddr;

use ipnet::IpNet;
use reqwest::Url;

use super::address::special_kind;

/// Longest web address that is requested or followed, in bytes.
const URL_BYTES_MAX: usize = 8192;

/// The limits of outgoing requests; one per process, from the operator's configuration.
#[derive(Debug, Clone)]
pub struct EgressPolicy {
    /// Networks that may be reached although they are not public. Empty by default.
    pub allow_private: Vec<IpNet>,
    /// Time for a whole request: name, connection, redirects and body, in milliseconds.
    pub timeout_ms: u64,
    /// Longest body of an answer after decompression, in bytes.
    pub body_bytes_max: usize,
    /// How many redirects of one request are followed.
    pub redirects_max: usize,
}

impl Default for EgressPolicy {
    fn default() -> Self {
        Self {
            allow_private: Vec::new(),
            timeout_ms: 10_000,
            body_bytes_max: 5 * 1024 * 1024,
            redirects_max: 5,
        }
    }
}

/// Why a request was not made, or not continued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The host is, or its name leads to, an address off the public internet.
    #[error("it leads to {0}, and no setting of this server allows that network")]
    Address(&'static str),
    /// An encrypted address wanted to send us on to an unencrypted one.
    #[error("it redirects from https to http")]
    Downgrade,
    /// More redirects than the policy follows.
    #[error("it redirects more than {0} times")]
    TooManyRedirects(usize),
    /// A redirect to something that could not have been requested in the first place.
    #[error("it redirects to an address that {0}")]
    Redirect(&'static str),
}

impl EgressPolicy {
    /// Whether a connection to `address` may be opened.
    pub(super) fn check_address(&self, address: IpAddr) -> Result<(), Refusal> {
        let address = address.to_canonical();
        if self.allow_private.iter().any(|net| net.contains(&address)) {
            return Ok(());
        }
        special_kind(address).map_or(Ok(()), |kind| Err(Refusal::Address(kind)))
    }

    /// Whether the host of `url` may be asked at all. Names pass: the resolver checks what
    /// they lead to. Literal addresses never reach a resolver, so they are checked here. The
    /// URL parser has already turned decimal, octal, hexadecimal and short forms into plain
    /// ones.
    pub(super) fn check_literal(&self, url: &Url) -> Result<(), Refusal> {
        let host = host_of(url).trim_start_matches('[').trim_end_matches(']');
        match host.parse() {
            Ok(address) => self.check_address(address),
            Err(_) => Ok(()),
        }
    }
}

/// Reads a web address. The error completes the sentence "the address ...".
pub(super) fn parse_url(text: &str, base: Option<&Url>) -> Result<Url, &'static str> {
    const TOO_LONG: &str = "is longer than 8192 bytes";
    if text.len() > URL_BYTES_MAX {
        return Err(TOO_LONG);
    }
    let mut url = match base {
        Some(base) => base.join(text),
        None => Url::parse(text),
    }
    .map_err(|_| "is not a complete web address such as https://example.com/path")?;
    url.set_fragment(None);
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with http:// or https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain a user name or password");
    }
    if url.port() == Some(0) {
        return Err("must not name port 0");
    }
    // Escaping can make it longer than what was written.
    if url.as_str().len() > URL_BYTES_MAX {
        return Err(TOO_LONG);
    }
    Ok(url)
}

/// The host as it appears in refusals and logs; the rest of an address may hold secrets.
pub(super) fn host_of(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowing(net: &str) -> EgressPolicy {
        EgressPolicy { allow_private: vec![net.parse().expect(net)], ..EgressPolicy::default() }
    }

    #[test]
    fn a_listed_network_is_allowed_in_either_notation_and_no_other() {
        let cases = [
            ("10.1.0.0/16", "10.1.2.3", true),
            ("10.1.0.0/16", "::ffff:10.1.2.3", true),
            ("10.1.0.0/16", "10.2.0.0", false),
            ("10.1.0.0/16", "64:ff9b::10.1.2.3", false),
            ("10.1.0.0/16", "8.8.8.8", true),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
            // Leave for all of IPv6 is none for IPv4 behind a mapped address.
            ("::/0", "::1", true),
            ("::/0", "::ffff:10.1.2.3", false),
        ];
        for (net, address, allowed) in cases {
            let result = allowing(net).check_address(address.parse().expect(address));
            assert_eq!(result.is_ok(), allowed, "{address} with {net}");
        }
    }
}
