//! `/demo`: a page with the official SDK in it, to see a first project at work.
//!
//! Only served when the operator asked for it. The SDK is read from a file on the
//! operator's machine; it is no part of this program.

use std::path::PathBuf;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use hark_core::access::first_project;
use hark_store::Result;

use crate::app::App;
use crate::problem::{self, Audience};

/// What the demo page needs.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    /// The browser build of the official SDK, if it is on this machine.
    pub sdk: Option<PathBuf>,
}

const PAGE: &str = include_str!("demo.html");

/// The page and the SDK under it.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/demo", get(page)).route("/demo/sdk.js", get(sdk))
}

async fn page(State(app): State<App>) -> Response {
    match key(&app).await {
        Ok(key) => {
            let has_sdk = app.settings.demo.as_ref().is_some_and(|demo| demo.sdk.is_some());
            let page = PAGE
                .replace("{{sdk_key}}", &key.unwrap_or_default())
                .replace("{{has_sdk}}", if has_sdk { "yes" } else { "no" });
            let mut response = Html(page).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(error) => problem::answer(&error, Audience::Program, "").into_response(),
    }
}

/// The SDK key of the project that `hark init` created, `None` before that.
async fn key(app: &App) -> Result<Option<String>> {
    let project = app.store.read(&app.store.operator(), first_project).await?;
    Ok(project.and_then(|project| project.text("sdkKey").map(str::to_owned)))
}

async fn sdk(State(app): State<App>) -> Response {
    let path = app.settings.demo.as_ref().and_then(|demo| demo.sdk.clone());
    let Some(path) = path else {
        return crate::dispatch::no_such_path().await;
    };
    match tokio::fs::read(&path).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], bytes).into_response(),
        Err(error) => {
            tracing::warn!(%error, path = %path.display(), "the SDK for the demo page cannot be read");
            problem::of_status(StatusCode::NOT_FOUND, "the file of the SDK cannot be read").into_response()
        }
    }
}
