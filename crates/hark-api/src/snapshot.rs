//! Captured pages: HTML of a customer's page, as a browser SDK sent it, shown so that it can do nothing.
//!
//! The page is served with a policy under which no script runs but one of ours, known by its hash, and
//! in a sandbox that gives it an origin of its own. The script puts values, scroll positions and the
//! pictures of canvases where the SDK marked them.

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use hark_store::{Bytestream, Doc, Result};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::app::App;
use crate::gzip::gunzip;

/// Honours the marks of the SDK in a captured page.
const SCRIPT: &str = include_str!("snapshot.js");

/// The view of a captured page for people.
pub(crate) async fn view(app: &App, file: &Doc) -> Result<Answer> {
    let policy = format!("{}; sandbox allow-scripts; frame-ancestors {}", policy(), app.settings.public_url);
    let answer = Answer {
        status: StatusCode::OK,
        headers: Vec::new(),
        body: Body::from_stream(page(app, file).await?),
    };
    Ok(answer
        .with(CONTENT_TYPE, "text/html; charset=utf-8")
        .with(CONTENT_SECURITY_POLICY, policy)
        .with(REFERRER_POLICY, "no-referrer")
        .with(CACHE_CONTROL, "private, max-age=3600"))
}

/// What a captured page may do: show pictures and styles, which are often still at the customer's, and
/// run our script.
pub(crate) fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline' http: https: data:; \
         img-src http: https: data: blob:; font-src http: https: data:; media-src http: https: data:; \
         form-action 'none'"
    )
}

/// The captured page with our script at its end.
pub(crate) async fn page(app: &App, file: &Doc) -> Result<Bytestream> {
    let packed = app.files.get(file.text("key").unwrap_or_default(), None).await?.bytes;
    let details = file.body.get("details");
    let number =
        |name: &str| details.and_then(|details| details.get(name)).and_then(Json::as_i64).unwrap_or(0);
    let script = format!("<script data-x=\"{}\" data-y=\"{}\">{SCRIPT}</script>", number("x"), number("y"));
    Ok(gunzip(packed).chain(stream::once(async move { Ok(Bytes::from(script)) })).boxed())
}
