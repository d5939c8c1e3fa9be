//! Mail addresses: as a person writes them, and the key under which one is known.

use hark_store::{Error, Result};

/// Characters of an address at most (RFC 5321, 4.5.3.1, and the errata on it).
const LENGTH_MAX: usize = 254;

/// A mail address of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As it was written.
    pub text: String,
    /// In lower case: the same for every way of writing the same address.
    pub key: String,
}

impl Address {
    /// Reads an address. Whether somebody reads what arrives there only mail can tell.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it cannot be one.
    pub fn parse(text: &str) -> Result<Address> {
        let text = text.trim();
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c);
        let (local, domain) = text.rsplit_once('@').unwrap_or_default();
        let is_domain = domain.split('.').all(|label| !label.is_empty());
        let sound = !local.is_empty() && !local.contains('@') && is_domain && text.chars().all(plain);
        if !sound || text.chars().count() > LENGTH_MAX {
            return Err(Error::invalid("`email` is not a mail address such as someone@example.com"));
        }
        Ok(Address { text: text.to_owned(), key: text.to_lowercase() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_known_in_lower_case() {
        let address = Address::parse(" Some.One@Example.com ").expect("an address");
        assert_eq!(
            (address.text.as_str(), address.key.as_str()),
            ("Some.One@Example.com", "some.one@example.com")
        );
    }

    #[test]
    fn what_could_reach_others_is_no_address() {
        let long = format!("{}@example.com", "a".repeat(LENGTH_MAX));
        for text in [
            "",
            "a",
            "@b.c",
            "a@",
            "a@b@c",
            "a@b..c",
            "a b@c.d",
            "a@b.c,d@e.f",
            "A <a@b.c>",
            "a@b.c\r\nBcc: d@e.f",
            &long,
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
