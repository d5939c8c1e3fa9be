//! Which addresses belong to the public internet, and what the others are.
//!
//! Sources: the IANA special-purpose registries for IPv4 (RFC 6890 and successors) and IPv6,
//! and the addresses under which cloud platforms serve machine credentials.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(first: u16, second: u16, third: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, third, 0, 0, 0, 0, 0), prefix)
}

/// Everything in IPv4 that is not a public host.
const SPECIAL_V4: &[(Ipv4Net, &str)] = &[
    (v4(0, 0, 0, 0, 8), "an unspecified address"),
    (v4(10, 0, 0, 0, 8), "a private address"),
    (v4(100, 64, 0, 0, 10), "a carrier's shared address"),
    (v4(127, 0, 0, 0, 8), "a loopback address"),
    (v4(168, 63, 129, 16, 32), "a cloud platform's own address"),
    (v4(169, 254, 0, 0, 16), "a link-local address"),
    (v4(172, 16, 0, 0, 12), "a private address"),
    (v4(192, 0, 0, 0, 24), "a reserved address"),
    (v4(192, 0, 2, 0, 24), "a documentation address"),
    (v4(192, 88, 99, 0, 24), "a tunnel address"),
    (v4(192, 168, 0, 0, 16), "a private address"),
    (v4(198, 18, 0, 0, 15), "a benchmark address"),
    (v4(198, 51, 100, 0, 24), "a documentation address"),
    (v4(203, 0, 113, 0, 24), "a documentation address"),
    (v4(224, 0, 0, 0, 4), "a multicast address"),
    (v4(240, 0, 0, 0, 4), "a reserved address"),
];

/// Named parts of IPv6 that are not public hosts; what lies outside [`PUBLIC_V6`] is refused
/// even when it is not named here.
const SPECIAL_V6: &[(Ipv6Net, &str)] = &[
    (Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 128), "an unspecified address"),
    (Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128), "a loopback address"),
    // Teredo (2001::/32) is part of the protocol assignments.
    (v6(0x2001, 0, 0, 23), "a tunnel address"),
    (v6(0x2001, 0xdb8, 0, 32), "a documentation address"),
    (v6(0x2002, 0, 0, 16), "a tunnel address"),
    (v6(0x3fff, 0, 0, 20), "a documentation address"),
    (v6(0xfc00, 0, 0, 7), "a private address"),
    (v6(0xfe80, 0, 0, 10), "a link-local address"),
    (v6(0xfec0, 0, 0, 10), "a private address"),
    (v6(0xff00, 0, 0, 8), "a multicast address"),
];

/// The only part of IPv6 from which public addresses are given out.
const PUBLIC_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

/// The well-known prefix behind which IPv6-only networks reach IPv4 hosts (RFC 6052).
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 96);

/// What `address` is when it is not a host on the public internet, `None` when it is one.
///
/// IPv6 notations of an IPv4 address (mapped, NAT64) are judged by the IPv4 address in them;
/// the obsolete ones (compatible, 6to4, Teredo) are never public.
pub(super) fn special_kind(address: IpAddr) -> Option<&'static str> {
    match address.to_canonical() {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    let special = SPECIAL_V4.iter().find(|(net, _)| net.contains(&address));
    special.map(|(_, kind)| *kind)
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    if NAT64.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return special_v4(Ipv4Addr::new(a, b, c, d));
    }
    if let Some((_, kind)) = SPECIAL_V6.iter().find(|(net, _)| net.contains(&address)) {
        return Some(kind);
    }
    (!PUBLIC_V6.contains(&address)).then_some("a reserved address")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(address: &str) -> Option<&'static str> {
        special_kind(address.parse().expect(address))
    }

    #[test]
    fn public_addresses_are_not_special() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2001:200::1",
            "2606:4700:4700::1111",
            "2a00:1450:4001:81b::200e",
        ] {
            assert_eq!(kind(address), None, "{address}");
        }
    }

    #[test]
    fn special_addresses_are_named() {
        let cases: &[(&str, &str)] = &[
            ("0.0.0.0", "an unspecified address"),
            ("0.255.255.255", "an unspecified address"),
            ("10.0.0.0", "a private address"),
            ("10.255.255.255", "a private address"),
            ("100.64.0.0", "a carrier's shared address"),
            ("100.100.100.200", "a carrier's shared address"),
            ("100.127.255.255", "a carrier's shared address"),
            ("127.0.0.1", "a loopback address"),
            ("127.255.255.255", "a loopback address"),
            ("168.63.129.16", "a cloud platform's own address"),
            ("169.254.169.254", "a link-local address"),
            ("172.16.0.0", "a private address"),
            ("172.31.255.255", "a private address"),
            ("192.0.0.192", "a reserved address"),
            ("192.0.2.1", "a documentation address"),
            ("192.88.99.1", "a tunnel address"),
            ("192.168.255.255", "a private address"),
            ("198.18.0.0", "a benchmark address"),
            ("198.19.255.255", "a benchmark address"),
            ("198.51.100.7", "a documentation address"),
            ("203.0.113.7", "a documentation address"),
            ("224.0.0.1", "a multicast address"),
            ("239.255.255.255", "a multicast address"),
            ("240.0.0.0", "a reserved address"),
            ("255.255.255.255", "a reserved address"),
            ("::", "an unspecified address"),
            ("::1", "a loopback address"),
            ("::ffff:127.0.0.1", "a loopback address"),
            ("::ffff:a9fe:a9fe", "a link-local address"),
            ("::ffff:10.1.2.3", "a private address"),
            ("::ffff:0:127.0.0.1", "a reserved address"),
            ("::127.0.0.1", "a reserved address"),
            ("::8.8.8.8", "a reserved address"),
            ("64:ff9b::127.0.0.1", "a loopback address"),
            ("64:ff9b::169.254.169.254", "a link-local address"),
            ("64:ff9b:1::8.8.8.8", "a reserved address"),
            ("100::1", "a reserved address"),
            ("2001::1", "a tunnel address"),
            ("2001:0:7f00:1:0:0:80ff:fffe", "a tunnel address"),
            ("2001:db8::1", "a documentation address"),
            ("2002:7f00:1::", "a tunnel address"),
            ("2002:808:808::", "a tunnel address"),
            ("3fff::1", "a documentation address"),
            ("4000::1", "a reserved address"),
            ("5f00::1", "a reserved address"),
            ("fc00::1", "a private address"),
            ("fd00:ec2::254", "a private address"),
            ("fe80::1", "a link-local address"),
            ("febf::1", "a link-local address"),
            ("fec0::1", "a private address"),
            ("ff02::1", "a multicast address"),
        ];
        for (address, expected) in cases {
            assert_eq!(kind(address), Some(*expected), "{address}");
        }
    }
}
