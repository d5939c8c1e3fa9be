//! The public key of a passkey (COSE, RFC 9052) and the check of its signatures.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::cbor::Reader;

/// The algorithms that are offered, by their COSE numbers and in order of preference: EdDSA, ES256 and RS256.
pub(super) const ALGORITHMS: &[i64] = &[-8, -7, -257];

/// Bytes of the modulus of an RSA key.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1_024;
/// Bytes of its exponent at most.
const EXPONENT_MAX: usize = 8;
/// Parameters of a key at most.
const PARAMETERS_MAX: u64 = 16;

/// A public key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PublicKey<'b> {
    /// ES256: the uncompressed point.
    Es256(Vec<u8>),
    /// Ed25519.
    EdDsa(&'b [u8]),
    /// RS256.
    Rs256 { modulus: &'b [u8], exponent: &'b [u8] },
}

impl<'b> PublicKey<'b> {
    /// Reads a key; the reader stands behind it afterwards. `None` for an algorithm that is not offered
    /// and for what is no key.
    pub(super) fn read(reader: &mut Reader<'b>) -> Option<PublicKey<'b>> {
        let (mut key_type, mut algorithm, mut curve) = (None, None, None);
        // -1 is the curve of one type and the modulus of another.
        let (mut first, mut second, mut third) = (None, None, None);
        let pairs = reader.map().filter(|pairs| *pairs <= PARAMETERS_MAX)?;
        for _ in 0..pairs {
            match reader.int()? {
                1 => key_type = Some(reader.int()?),
                3 => algorithm = Some(reader.int()?),
                -1 if key_type == Some(3) => first = Some(reader.bytes()?),
                -1 => curve = Some(reader.int()?),
                -2 => second = Some(reader.bytes()?),
                -3 => third = Some(reader.bytes()?),
                _ => reader.skip()?,
            }
        }
        match (key_type?, algorithm?) {
            (2, -7) if curve == Some(1) => {
                let (x, y) = (second?, third?);
                (x.len() == 32 && y.len() == 32).then(|| PublicKey::Es256([&[4], x, y].concat()))
            }
            (1, -8) if curve == Some(6) => second.filter(|x| x.len() == 32).map(PublicKey::EdDsa),
            (3, -257) => {
                let (modulus, exponent) = (first?, second?);
                let sound = RSA_BYTES.contains(&modulus.len()) && exponent.len() <= EXPONENT_MAX;
                sound.then_some(PublicKey::Rs256 { modulus, exponent })
            }
            _ => None,
        }
    }

    /// Whether the owner of the key signed the message.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let checked = match self {
            PublicKey::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            PublicKey::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            PublicKey::Rs256 { modulus, exponent } => {
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        checked.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(hexadecimal: &str) -> bool {
        let bytes = hex::decode(hexadecimal).expect("hex");
        PublicKey::read(&mut Reader::new(&bytes)).is_some()
    }

    #[test]
    fn keys_are_of_the_algorithms_that_are_offered_and_whole() {
        let (x, y) = ("11".repeat(32), "22".repeat(32));
        let es256 = |algorithm: &str, curve: &str, x: &str| {
            format!("a5010203{algorithm}20{curve}2158{:02x}{x}225820{y}", x.len() / 2)
        };
        assert!(read(&es256("26", "01", &x)));
        assert!(!read(&es256("26", "02", &x)), "another curve");
        assert!(!read(&es256("3822", "01", &x)), "ES384");
        assert!(!read(&es256("26", "01", &x[2..])), "a short point");
        assert!(read(&format!("a401010327200621 5820{x}").replace(' ', "")), "Ed25519");
        assert!(!read(&format!("a401010327200421 5820{x}").replace(' ', "")), "X25519");
        let rsa =
            |bytes: usize| format!("a4010303390100205901{:02x}{}2143010001", bytes - 256, "ab".repeat(bytes));
        assert!(read(&rsa(256)));
        assert!(!read(&"a401030339010020 4801020304050607082143010001".replace(' ', "")), "a tiny modulus");
        assert!(!read("a0"));
        assert!(!read(""));
    }
}
