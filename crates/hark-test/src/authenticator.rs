//! An authenticator and its browser for tests: makes and uses passkeys as people's devices do, and lies when
//! a test wants it to.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// Somebody is there, and it made sure who.
const PRESENT_AND_VERIFIED: u8 = 0b101;
const HAS_CREDENTIAL: u8 = 0b100_0000;

/// A device with one passkey. Its public fields are what a test may lie about.
pub struct Authenticator {
    /// The page on which it is used.
    pub origin: String,
    /// The flags of presence and verification.
    pub flags: u8,
    /// What it counted last; zero for one that does not count.
    pub uses: u32,
    /// The call that the browser names, when it is another than the one made.
    pub call: Option<&'static str>,
    /// Whose passkeys it is asked for, when it is another than the options say.
    pub party: Option<&'static str>,
    /// What it says about whose passkey it is.
    pub user_handle: String,
    key: EcdsaKeyPair,
    id: Vec<u8>,
    random: SystemRandom,
}

impl Authenticator {
    /// A device that is used on a page of this origin.
    ///
    /// # Panics
    /// When the machine has no randomness.
    pub fn new(origin: &str) -> Authenticator {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key");
        let id = Sha256::digest(key.public_key().as_ref()).to_vec();
        let (origin, user_handle) = (origin.to_owned(), String::new());
        Authenticator {
            origin,
            flags: PRESENT_AND_VERIFIED,
            uses: 0,
            call: None,
            party: None,
            user_handle,
            key,
            id,
            random,
        }
    }

    /// Makes a passkey: `navigator.credentials.create` and `toJSON`.
    ///
    /// # Panics
    /// When the options are none.
    pub fn create(&mut self, options: &Json) -> Json {
        self.user_handle = text(&options["user"]["id"]);
        let party = text(&options["rp"]["id"]);
        let mut data = self.data(&party, self.flags | HAS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("a short id").to_be_bytes());
        data.extend(&self.id);
        let point = self.key.public_key().as_ref();
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..]);
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x59");
        attestation.extend(u16::try_from(data.len()).expect("short data").to_be_bytes());
        attestation.extend(&data);
        let id = encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": encode(&self.client_data("webauthn.create", options)),
                "attestationObject": encode(&attestation),
                "transports": ["internal"],
            },
        })
    }

    /// Uses the passkey: `navigator.credentials.get` and `toJSON`.
    ///
    /// # Panics
    /// When the options are none.
    pub fn get(&mut self, options: &Json) -> Json {
        let data = self.data(&text(&options["rpId"]), self.flags);
        let client_data = self.client_data("webauthn.get", options);
        let message = [data.as_slice(), Sha256::digest(&client_data).as_slice()].concat();
        let signature = self.key.sign(&self.random, &message).expect("a signature");
        let id = encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(&client_data),
                "authenticatorData": encode(&data),
                "signature": encode(signature.as_ref()),
                "userHandle": self.user_handle,
            },
        })
    }

    fn data(&self, party: &str, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.party.unwrap_or(party)).to_vec();
        data.push(flags);
        data.extend(self.uses.to_be_bytes());
        data
    }

    fn client_data(&self, call: &str, options: &Json) -> Vec<u8> {
        let call = self.call.unwrap_or(call);
        json!({"type": call, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn text(value: &Json) -> String {
    value.as_str().expect("an option").to_owned()
}
