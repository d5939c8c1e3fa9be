//! Files in a bucket of an S3-compatible store that the operator chose.
//!
//! The library that speaks S3 brings no HTTP client of its own: its requests go through ours, without
//! proxies and redirects, and to the host of the endpoint alone. That host may be in a private network,
//! because the operator named it, as with the database.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http_body_util::BodyExt;
use object_store::aws::AmazonS3Builder;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody,
    HttpService,
};
use object_store::{ClientOptions, ObjectStore, RetryConfig};

use crate::egress::{Egress, EgressPolicy};
use crate::secret::Secret;

/// How long the store may take until its answer begins.
const ANSWER_TIME: Duration = Duration::from_secs(60);
/// Attempts of a request after the first, and for how long there are any.
const RETRIES_MAX: usize = 4;
const RETRY_TIME: Duration = Duration::from_secs(30);

/// Where the bucket is, and the key for it.
#[derive(Clone, Debug)]
pub struct S3Settings {
    /// The address of the store; `None` is Amazon's in the region.
    pub endpoint: Option<String>,
    /// The bucket, which must exist.
    pub bucket: String,
    /// The region.
    pub region: String,
    /// The id of the access key.
    pub access_key: String,
    /// The secret of the access key.
    pub secret_key: Secret,
}

/// The objects of a bucket.
///
/// # Errors
/// When the settings cannot be used; nothing is sent yet.
pub fn s3(settings: &S3Settings) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let usual = || format!("https://s3.{}.amazonaws.com", settings.region);
    let endpoint = settings.endpoint.clone().unwrap_or_else(usual);
    let address = reqwest::Url::parse(&endpoint)?;
    let host = address.host_str().unwrap_or_default().to_owned();
    let any = ["0.0.0.0/0", "::/0"].map(str::parse).into_iter().collect::<Result<_, _>>()?;
    let egress = Egress::new(EgressPolicy { allow_private: any, ..EgressPolicy::default() })?;
    let retry = RetryConfig { max_retries: RETRIES_MAX, retry_timeout: RETRY_TIME, ..RetryConfig::default() };
    let store = AmazonS3Builder::new()
        .with_http_connector(Connector(Client { egress, host }))
        .with_allow_http(address.scheme() == "http")
        .with_endpoint(endpoint.trim_end_matches('/'))
        .with_region(&settings.region)
        .with_bucket_name(&settings.bucket)
        .with_access_key_id(&settings.access_key)
        .with_secret_access_key(settings.secret_key.expose())
        // Not every compatible store knows the request that deletes many.
        .with_disable_bulk_delete(true)
        .with_retry(retry)
        .build()?;
    Ok(Arc::new(store))
}

/// Gives the library our client.
#[derive(Debug)]
struct Connector(Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

#[derive(Clone)]
struct Client {
    egress: Egress,
    /// The only host that is contacted.
    host: String,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("host", &self.host).finish_non_exhaustive()
    }
}

/// Why a request was not even tried.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("the store of files sent us to another host")]
    OtherHost,
    #[error("the store of files did not answer within {} s", ANSWER_TIME.as_secs())]
    Silent,
}

#[async_trait]
impl HttpService for Client {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = reqwest::Request::try_from(request.map(reqwest::Body::wrap)).map_err(failed)?;
        if request.url().host_str() != Some(self.host.as_str()) {
            return Err(HttpError::new(HttpErrorKind::Unknown, Refused::OtherHost));
        }
        let answer = tokio::time::timeout(ANSWER_TIME, self.egress.execute(request))
            .await
            .map_err(|_| HttpError::new(HttpErrorKind::Timeout, Refused::Silent))?
            .map_err(failed)?;
        let answer: http::Response<reqwest::Body> = answer.into();
        Ok(answer.map(|body| HttpResponseBody::new(body.map_err(failed))))
    }
}

/// The kind tells the library whether another attempt may help.
fn failed(error: reqwest::Error) -> HttpError {
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_connect() {
        HttpErrorKind::Connect
    } else if error.is_body() || error.is_request() {
        HttpErrorKind::Interrupted
    } else {
        HttpErrorKind::Unknown
    };
    HttpError::new(kind, error.without_url())
}
