//! For the operator: `/healthz`, `/readyz` and `/metrics`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hark_store::Id;
use hark_store::access::PROJECT;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::App;
use crate::problem;

/// How long the database may take to answer before we count as not ready.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(2);

/// The state of the process that operators ask for.
#[derive(Default)]
pub struct Ops {
    /// Where counts and measurements are collected; without it there is no `/metrics`.
    pub metrics: Option<PrometheusHandle>,
    stopping: AtomicBool,
}

impl Ops {
    /// With the place where measurements are collected.
    pub fn new(metrics: Option<PrometheusHandle>) -> Ops {
        Ops { metrics, stopping: AtomicBool::new(false) }
    }

    /// From now on `/readyz` says that no more requests should be sent here.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }
}

/// `/healthz` and `/readyz`, and `/metrics` unless it has a listener of its own.
pub(crate) fn routes(metrics: bool) -> Router<App> {
    let router = Router::new().route("/healthz", get(health)).route("/readyz", get(ready));
    if metrics { router.merge(metrics_routes()) } else { router }
}

/// `/metrics` alone, for a listener that only the monitoring reaches.
pub fn metrics_router(app: App) -> Router {
    metrics_routes().fallback(crate::dispatch::no_such_path).with_state(app)
}

fn metrics_routes() -> Router<App> {
    Router::new().route("/metrics", get(metrics))
}

/// The process runs and answers; nothing else is looked at, so that a slow database
/// does not make a supervisor restart a healthy process.
async fn health() -> &'static str {
    "ok\n"
}

async fn ready(State(app): State<App>) -> Response {
    let not_ready = |why: &str| problem::of_status(StatusCode::SERVICE_UNAVAILABLE, why).into_response();
    if app.ops.stopping() {
        return not_ready("the server is shutting down");
    }
    // A row that never exists: what counts is that the migrated table answers.
    let operator = app.store.operator();
    let question = app.store.read(&operator, |tx| tx.find(&PROJECT, Id::INSTANCE));
    match tokio::time::timeout(DATABASE_TIMEOUT, question).await {
        Ok(Ok(_)) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the database does not answer");
            not_ready("the database does not answer, the operator finds the reason in the log")
        }
        Err(_) => not_ready("the database does not answer in time"),
    }
}

async fn metrics(State(app): State<App>) -> Response {
    let Some(handle) = &app.ops.metrics else {
        return crate::dispatch::no_such_path().await;
    };
    if let Some(bytes) = resident_bytes() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
}

/// The memory that the process occupies, where the system tells it.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
