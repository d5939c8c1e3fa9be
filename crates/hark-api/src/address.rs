//! Where a request comes from: the address behind trusted proxies, and the network it is in.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::app::Settings;

/// The address of a caller whose connection does not tell it (tests without a socket).
const UNKNOWN_PEER: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
/// Bits of an IPv6 address that one customer of a provider has to himself.
const IPV6_NETWORK_BITS: u8 = 64;

/// The address from which a request came.
pub(crate) fn caller_ip(settings: &Settings, parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(UNKNOWN_PEER, |info| info.0.ip());
    client_ip(&settings.trusted_proxies, peer, &parts.headers)
}

/// What budgets hold for: an IPv4 address, or the /64 that one IPv6 customer has.
pub(crate) fn network(ip: IpAddr) -> IpNet {
    match ip.to_canonical() {
        IpAddr::V4(ip) => IpNet::from(IpAddr::V4(ip)),
        IpAddr::V6(ip) => {
            let whole = IpNet::from(IpAddr::V6(ip));
            IpNet::new(ip.into(), IPV6_NETWORK_BITS).map_or(whole, |network| network.trunc())
        }
    }
}

/// The address of the caller: the peer, or what trusted proxies say about it. Each proxy adds the
/// address that it was called from at the end of `X-Forwarded-For`, so what it says is read from
/// the end, and only as far as proxies are trusted that wrote something readable.
fn client_ip(trusted: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut nearest = peer.to_canonical();
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    for hop in hops {
        if !trusted.iter().any(|range| range.contains(&nearest)) {
            break;
        }
        let Some(hop) = read_hop(hop) else { break };
        nearest = hop;
    }
    nearest
}

/// An address, alone or with a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn read_hop(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let ip = bare.parse().ok().or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))?;
    Some(ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_caller_is_the_last_address_that_a_trusted_proxy_vouches_for() {
        let trusted: Vec<IpNet> =
            ["10.0.0.0/8", "2001:db8:1::/48"].iter().map(|range| range.parse().expect("a range")).collect();
        for (peer, lines, caller) in [
            // Nobody is believed who is not trusted.
            ("192.0.2.9", &["198.51.100.1"][..], "192.0.2.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            // What stands before the address that a trusted proxy saw, its caller wrote.
            ("10.0.0.1", &["10.0.0.3, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.7, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.7", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            // Addresses in all their spellings.
            ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:192.0.2.9", &["198.51.100.1"], "192.0.2.9"),
            ("10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, ::ffff:10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["2001:db8:2::5"], "2001:db8:2::5"),
            ("10.0.0.1", &["[2001:db8:2::5]:4711,[2001:db8:1::1]"], "2001:db8:2::5"),
            // Behind something unreadable everything may be invented.
            ("10.0.0.1", &["198.51.100.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, _hidden, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["198.51.100.1,,10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &[""], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1", "\u{e4}"], "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                let value = axum::http::HeaderValue::from_bytes(line.as_bytes()).expect("a header");
                headers.append("x-forwarded-for", value);
            }
            assert_eq!(client_ip(&trusted, ip(peer), &headers), ip(caller), "{peer} {lines:?}");
        }
    }

    #[test]
    fn a_network_is_an_ipv4_address_or_the_first_half_of_an_ipv6_one() {
        assert_eq!(network(ip("192.0.2.1")), network(ip("::ffff:192.0.2.1")));
        assert_ne!(network(ip("192.0.2.1")), network(ip("192.0.2.2")));
        assert_eq!(network(ip("2001:db8::1")), network(ip("2001:db8::ffff:0:0:2")));
        assert_ne!(network(ip("2001:db8::1")), network(ip("2001:db8:0:1::1")));
        assert_eq!(network(ip("2001:db8::1")).to_string(), "2001:db8::/64");
    }
}
