//! A provider of single sign-on for tests (OpenID Connect): strict about everything that it is sent, with one
//! client, and lying in its tokens when a test wants it to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hark_deliver::testing::{HttpSink, ReceivedRequest, Reply};
use hark_store::Clock;
use percent_encoding::percent_decode_str;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// What the client is called; like the secret with characters that a form escapes.
pub const CLIENT_ID: &str = "hark+client/1";
/// What the client proves itself with.
pub const CLIENT_SECRET: &str = "s3cret/+:%";
/// Where browsers of an organisation's people go back to.
pub fn redirect_uri(organisation: &str) -> String {
    format!("http://localhost:8080/sign-in/sso/{organisation}")
}

/// What a test may do to the header and the claims of a token before it is signed.
pub type Lie = fn(&mut Json, &mut Json);

/// The provider.
pub struct Provider {
    sink: HttpSink,
    state: Arc<Mutex<State>>,
}

struct State {
    clock: Clock,
    random: SystemRandom,
    key: EcdsaKeyPair,
    stranger: EcdsaKeyPair,
    codes: HashMap<String, Question>,
    lie: Lie,
    is_stranger: bool,
    organisation: String,
    /// What was wrong with what it was sent.
    complaints: Vec<String>,
}

/// What a browser came with, and who signed in.
#[derive(Clone)]
struct Question {
    code_challenge: String,
    nonce: String,
    claims: Json,
}

impl Provider {
    /// A provider whose tokens have the time of this clock.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start(clock: Clock) -> Provider {
        let random = SystemRandom::new();
        let key = || {
            let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
            EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key")
        };
        let (key, stranger) = (key(), key());
        let (codes, complaints) = (HashMap::new(), Vec::new());
        let state = State {
            clock,
            random,
            key,
            stranger,
            codes,
            lie: |_, _| (),
            is_stranger: false,
            organisation: String::new(),
            complaints,
        };
        let state = Arc::new(Mutex::new(state));
        let known = Arc::clone(&state);
        let sink = HttpSink::start(move |request| lock(&known).answer(request)).await.expect("a port");
        Provider { sink, state }
    }

    /// Knows from now on where browsers of this organisation's people go back to.
    pub fn serves(&self, organisation: &str) {
        lock(&self.state).organisation = organisation.to_owned();
    }

    /// The organisation whose people it signs in.
    pub fn organisation(&self) -> String {
        lock(&self.state).organisation.clone()
    }

    /// What it calls itself.
    pub fn issuer(&self) -> String {
        self.sink.url("")
    }

    /// Signs somebody in whose browser came with this address, and returns what it brings back: code and
    /// state.
    ///
    /// # Panics
    /// When the address lacks something.
    pub fn sign_in(&self, url: &str, claims: Json) -> (String, String) {
        let (place, query) = url.split_once('?').expect("a query");
        assert_eq!(place, format!("{}/authorize", self.issuer()));
        let mut sent = pairs(query);
        let redirect_uri = redirect_uri(&self.organisation());
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", redirect_uri.as_str()),
            ("scope", "openid email profile"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(sent.remove(name).as_deref(), Some(value), "{name}");
        }
        let mut needed =
            |name: &str| sent.remove(name).filter(|value| value.len() >= 43).expect("a long value");
        let (code_challenge, nonce, state) = (needed("code_challenge"), needed("nonce"), needed("state"));
        let mut known = lock(&self.state);
        let code = format!("code-{}", known.codes.len());
        known.codes.insert(code.clone(), Question { code_challenge, nonce, claims });
        (code, state)
    }

    /// From now on does this to its tokens.
    pub fn lie(&self, lie: Lie) {
        lock(&self.state).lie = lie;
    }

    /// From now on signs with a key that it does not publish, or with its own again.
    pub fn sign_as_stranger(&self, is_stranger: bool) {
        lock(&self.state).is_stranger = is_stranger;
    }

    /// What was wrong with what it was sent.
    pub fn complaints(&self) -> Vec<String> {
        lock(&self.state).complaints.clone()
    }

    /// The paths that were asked for.
    pub fn asked(&self) -> Vec<String> {
        self.sink.requests().into_iter().map(|request| request.path).collect()
    }
}

impl State {
    fn answer(&mut self, request: &ReceivedRequest) -> Reply {
        let issuer = format!("http://{}", request.header("host").unwrap_or_default());
        let answer = match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/.well-known/openid-configuration") => Ok(json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/keys"),
            })),
            ("GET", "/keys") => Ok(self.keys()),
            ("POST", "/token") => self.token(&issuer, request),
            _ => Err("there is no such path"),
        };
        let (status, body) = match answer {
            Ok(body) => (200, body),
            Err(complaint) => {
                self.complaints.push(complaint.to_owned());
                (400, json!({"error": "invalid_request", "error_description": complaint}))
            }
        };
        Reply::new(status, body.to_string()).header("content-type", "application/json")
    }

    fn keys(&self) -> Json {
        let point = self.key.public_key().as_ref();
        // Beside the right one stand a key that nobody knows and one that is for something else.
        json!({"keys": [
            {"kty": "XYZ", "kid": "odd"},
            {"kty": "oct", "kid": "k1", "k": encode(CLIENT_SECRET.as_bytes())},
            {"kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig", "x": encode(&point[1..33]), "y": encode(&point[33..])},
        ]})
    }

    fn token(&mut self, issuer: &str, request: &ReceivedRequest) -> Result<Json, &'static str> {
        let basic = request.header("authorization").and_then(|header| header.strip_prefix("Basic "));
        let basic = basic.and_then(|basic| String::from_utf8(STANDARD.decode(basic).ok()?).ok());
        let basic = basic.ok_or("the client did not say who it is")?;
        let (id, secret) = basic.split_once(':').ok_or("no colon")?;
        if (decode(id).as_str(), decode(secret).as_str()) != (CLIENT_ID, CLIENT_SECRET) {
            return Err("the client is another");
        }
        let body = String::from_utf8(request.body.clone()).map_err(|_| "no text")?;
        let mut form = pairs(&body);
        if form.remove("grant_type").as_deref() != Some("authorization_code") {
            return Err("another grant");
        }
        if form.remove("redirect_uri").as_ref() != Some(&redirect_uri(&self.organisation)) {
            return Err("another address to go back to");
        }
        let code = form.remove("code").ok_or("no code")?;
        let question = self.codes.remove(&code).ok_or("no such code, or it was used")?;
        let verifier = form.remove("code_verifier").ok_or("no verifier")?;
        if encode(&Sha256::digest(verifier)) != question.code_challenge {
            return Err("the verifier does not fit");
        }
        if !form.is_empty() {
            return Err("something that nobody asked for");
        }
        Ok(json!({"access_token": "a", "token_type": "Bearer", "id_token": self.id_token(issuer, &question)}))
    }

    fn id_token(&self, issuer: &str, question: &Question) -> String {
        let now = self.clock.now() / 1_000;
        let mut header = json!({"alg": "ES256", "typ": "JWT", "kid": "k1"});
        let mut claims = json!({
            "iss": issuer, "aud": CLIENT_ID, "exp": now + 300, "iat": now, "nonce": question.nonce,
            "email_verified": true,
        });
        for (name, value) in question.claims.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        (self.lie)(&mut header, &mut claims);
        let text =
            format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
        let signature = match header["alg"].as_str() {
            Some("ES256") => {
                let key = if self.is_stranger { &self.stranger } else { &self.key };
                key.sign(&self.random, text.as_bytes()).expect("a signature").as_ref().to_vec()
            }
            // What whoever knows the client's secret, or the public key, could make.
            Some("HS256") => {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
                ring::hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
            }
            _ => Vec::new(),
        };
        format!("{text}.{}", encode(&signature))
    }
}

fn pairs(form: &str) -> HashMap<String, String> {
    form.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
