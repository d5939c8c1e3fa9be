//! The client itself: one connection pool, our own redirects, bounded answers.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use reqwest::header::LOCATION;
use reqwest::{Client, Response, redirect};

use super::EgressError;
use super::hop::{Hop, is_redirect};
use super::policy::{EgressPolicy, Refusal, host_of};
use super::request::{OutgoingAnswer, OutgoingRequest};
use super::resolve::{GuardedResolver, RefusedAddress, Resolver, SystemResolver};
use crate::trust;

/// How long finding and connecting to a host may take, all its addresses together: enough for
/// a dead first address to leave time for the next.
const CONNECT_SECONDS: u64 = 5;
/// How long an unused connection is kept; a moved host is noticed after that.
const IDLE_SECONDS: u64 = 30;
/// How long nothing may arrive in the middle of an answer.
const READ_SECONDS: u64 = 60;
/// Longest description of a network problem that is passed on, in characters.
const PROBLEM_CHARS_MAX: usize = 200;

/// The guarded client. Cloning it shares the connections.
#[derive(Clone)]
pub struct Egress {
    client: Client,
    policy: Arc<EgressPolicy>,
}

impl Egress {
    /// A client under `policy` that looks names up through the operating system.
    pub fn new(policy: EgressPolicy) -> anyhow::Result<Self> {
        Self::with_resolver(policy, Arc::new(SystemResolver))
    }

    /// A client under `policy` with another source of addresses.
    #[expect(clippy::disallowed_methods, reason = "this is the one way out that everything else takes")]
    pub fn with_resolver(policy: EgressPolicy, resolver: Arc<dyn Resolver>) -> anyhow::Result<Self> {
        let policy = Arc::new(policy);
        let guarded = GuardedResolver { resolver, policy: Arc::clone(&policy) };
        let client = Client::builder()
            .tls_backend_preconfigured(trust::https_config())
            .dns_resolver(guarded)
            // A proxy would do the connecting, past every check.
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .user_agent(concat!("Hark/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
            // For answers that are read piece by piece; whole ones have a limit of their own.
            .read_timeout(Duration::from_secs(READ_SECONDS))
            .pool_idle_timeout(Duration::from_secs(IDLE_SECONDS))
            .build()
            .context("the client for outgoing requests could not be set up")?;
        Ok(Self { client, policy })
    }

    /// Makes a request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// Everything in [`EgressError`]; refusals are logged and counted in
    /// `hark_egress_refused_total`.
    pub async fn send(&self, request: OutgoingRequest) -> Result<OutgoingAnswer, EgressError> {
        let purpose = request.purpose;
        let timeout_ms = request.timeout_ms.unwrap_or(self.policy.timeout_ms);
        let whole = self.follow(request);
        let result = tokio::time::timeout(Duration::from_millis(timeout_ms), whole)
            .await
            .unwrap_or(Err(EgressError::Timeout { timeout_ms }));
        if let Err(EgressError::Refused { host, reason }) = &result {
            tracing::warn!(purpose, host, %reason, "an outgoing request was refused");
            metrics::counter!("hark_egress_refused_total", "purpose" => purpose).increment(1);
        }
        result
    }

    /// Makes a request to a host that the operator chose, and returns the answer while its body
    /// arrives. Redirects are not followed.
    pub(crate) async fn execute(&self, request: reqwest::Request) -> reqwest::Result<Response> {
        self.client.execute(request).await
    }

    async fn follow(&self, request: OutgoingRequest) -> Result<OutgoingAnswer, EgressError> {
        let body_bytes_max = request.body_bytes_max.unwrap_or(self.policy.body_bytes_max);
        let follow_redirects = request.follow_redirects;
        let mut hop = Hop::first(request)?;
        let mut redirects = 0;
        loop {
            let host = host_of(&hop.url).to_owned();
            let refused = |reason| EgressError::Refused { host: host.clone(), reason };
            self.policy.check_literal(&hop.url).map_err(refused)?;
            let response = self.exchange(&hop).await.map_err(|error| understand(&error, &host))?;

            let status = response.status();
            let location = response.headers().get(LOCATION).filter(|_| is_redirect(status));
            let Some(location) = location.filter(|_| follow_redirects) else {
                return read(response, body_bytes_max, &host).await;
            };
            if redirects == self.policy.redirects_max {
                return Err(refused(Refusal::TooManyRedirects(redirects)));
            }
            redirects += 1;
            let target = location
                .to_str()
                .map_err(|_| refused(Refusal::Redirect("contains characters that are not ASCII")))?;
            hop = hop.redirected(status, target).map_err(refused)?;
        }
    }

    async fn exchange(&self, hop: &Hop) -> reqwest::Result<Response> {
        let mut request =
            self.client.request(hop.method.clone(), hop.url.clone()).headers(hop.headers.clone());
        if !hop.body.is_empty() {
            request = request.body(hop.body.clone());
        }
        request.send().await
    }
}

/// Reads the body piece by piece; what counts is its size after decompression.
async fn read(
    mut response: Response,
    body_bytes_max: usize,
    host: &str,
) -> Result<OutgoingAnswer, EgressError> {
    let announced = response.content_length().unwrap_or(0);
    if announced > body_bytes_max as u64 {
        return Err(EgressError::TooLarge { body_bytes_max });
    }
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| understand(&error, host))? {
        if body.len() + piece.len() > body_bytes_max {
            return Err(EgressError::TooLarge { body_bytes_max });
        }
        body.extend_from_slice(&piece);
    }
    Ok(OutgoingAnswer { status, headers, body })
}

/// Finds our own refusal, or the innermost cause, in the client's chain of errors. The outer
/// ones quote the whole address, query string included, so they are never passed on.
fn understand(error: &reqwest::Error, host: &str) -> EgressError {
    let mut problem = "the connection failed".to_owned();
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(RefusedAddress(reason)) = cause.downcast_ref() {
            return EgressError::Refused { host: host.to_owned(), reason: *reason };
        }
        problem = cause.to_string();
        source = cause.source();
    }
    EgressError::Unreachable {
        host: host.to_owned(),
        problem: problem.chars().take(PROBLEM_CHARS_MAX).collect(),
    }
}
