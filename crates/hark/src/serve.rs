//! `hark serve`: the parts of the server put together, and its end in good order.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use hark_api::demo::Demo;
use hark_api::{App, Hub, Ops, Parts, Settings, SocketLimits, Timing, ops, server, work};
use hark_deliver::egress::{Egress, EgressPolicy};
use hark_deliver::mail::Mailer;
use hark_store::{Clock, Worker};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli;
use crate::config::Config;

/// The upper ends of the classes in which durations are counted, in seconds.
const DURATION_BUCKETS_S: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// How often measurements that nobody fetched are folded together.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);
/// How long jobs that run may go on when the server stops.
const JOBS_END: Duration = Duration::from_secs(10);
/// Connections of the monitoring at most.
const METRICS_CONNECTIONS_MAX: u32 = 64;

/// Serves until the process is told to stop.
pub(crate) async fn serve(config: &Config) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let listener = listen(config.listen).await?;
    let address = listener.local_addr()?;
    let metrics = collect_metrics()?;
    let store = config.open(Clock::real()).await?;
    let settings = settings(config, address);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), %address, public_url = settings.public_url, "the server starts");
    for name in cli::unknown_variables() {
        tracing::warn!(name, "this environment variable is no setting and is ignored");
    }
    let app = App::new(Parts {
        store: store.clone(),
        files: config.files().context("the place for files cannot be used")?,
        mailer: mailer(config)?,
        egress: Egress::new(EgressPolicy {
            allow_private: config.allow_private.clone(),
            ..EgressPolicy::default()
        })?,
        hub: Hub::new(store.clone(), Timing::default(), &settings),
        settings,
        ops: Ops::new(Some(metrics)),
    });
    let worker = Worker::new(store.clone(), work::registry(&app)).start();

    if let Some(address) = config.metrics_listen {
        let listener = listen(address).await?;
        say(&format!("metrics on http://{}/metrics", listener.local_addr()?))?;
        let router = ops::metrics_router(app.clone());
        tokio::spawn(server::serve(listener, router, METRICS_CONNECTIONS_MAX, told(stop.clone())));
    }
    say(&format!("listening on http://{address}"))?;

    let stopping = {
        let app = app.clone();
        let stop = stop.clone();
        async move {
            told(stop).await;
            tracing::info!("the server stops: no new connections, requests that run are finished");
            app.ops.stop();
            app.hub.shutdown();
        }
    };
    server::serve(listener, hark_api::router(app.clone()), config.connections_max, stopping).await;
    worker.stop(JOBS_END).await;
    store.close().await;
    tracing::info!("the server has stopped");
    Ok(())
}

fn mailer(config: &Config) -> anyhow::Result<Mailer> {
    match &config.smtp {
        Some(smtp) => Mailer::smtp(smtp.clone()).context("the mail settings cannot be used"),
        None => Ok(Mailer::unconfigured()),
    }
}

/// What the operator decided about the HTTP face, which listens on this address.
pub(crate) fn settings(config: &Config, address: SocketAddr) -> Settings {
    let local = || format!("http://localhost:{}", address.port());
    Settings {
        public_url: config.public_url.clone().unwrap_or_else(local),
        media_url: config.media_url.clone(),
        messenger_url: config.messenger_url.clone(),
        web_dir: config.web_dir.clone(),
        upload_bytes_max: config.upload_bytes_max.into(),
        report_bytes_max: config.report_bytes_max.into(),
        chromium: config.chromium.clone(),
        other_hosts: config.other_hosts.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        rest_calls_per_minute: config.rest_calls_per_minute,
        sdk_calls_per_minute: config.sdk_calls_per_minute,
        server_calls_per_minute: config.server_calls_per_minute,
        failed_calls_per_minute: config.failed_calls_per_minute,
        sockets: SocketLimits {
            network: config.network_sockets_max as usize,
            contact: config.contact_sockets_max as usize,
        },
        open_sign_up: config.open_sign_up,
        public_metrics: config.metrics_listen.is_none(),
        services: config.services.clone(),
        traces: config.otlp_endpoint.is_some(),
        demo: config.demo.then(|| Demo { sdk: config.demo_sdk.clone() }),
    }
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{address} cannot be listened on"))
}

/// Tells an address to whoever started us with port 0, or waits for the moment.
fn say(sentence: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{sentence}").context("the address cannot be printed")
}

/// Becomes true at SIGTERM or SIGINT; a second signal ends the process at once.
#[expect(clippy::disallowed_methods, reason = "a second signal means at once, whatever is still open")]
fn stop_signal() -> anyhow::Result<watch::Receiver<bool>> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be awaited")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be awaited")?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if stop.send_replace(true) {
                tracing::warn!("told to stop a second time, the process ends at once");
                std::process::exit(1);
            }
        }
    });
    Ok(stopped)
}

async fn told(mut stop: watch::Receiver<bool>) {
    // The sender is gone only when the process ends.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Installs the place where the whole process counts and measures.
fn collect_metrics() -> anyhow::Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), DURATION_BUCKETS_S)?
        .install_recorder()
        .context("measurements cannot be collected")?;
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(METRICS_UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}
