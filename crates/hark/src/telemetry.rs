//! What the process tells about itself: log lines on the standard error output, and traces
//! to a collector when one is configured.

use std::fmt;

use anyhow::Context;
use async_trait::async_trait;
use hark_deliver::egress::{Egress, EgressPolicy, Method, OutgoingRequest};
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::Config;

/// How long the last traces may take to reach the collector.
const LAST_TRACES: std::time::Duration = std::time::Duration::from_secs(3);

/// Logging and tracing as they run.
pub(crate) struct Telemetry {
    traces: Option<SdkTracerProvider>,
}

/// Starts logging, and tracing when there is a collector. Needs the runtime around it.
pub(crate) fn start(config: &Config) -> anyhow::Result<Telemetry> {
    let filter = EnvFilter::try_new(&config.log_level).context("the log level cannot be used")?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if config.log_json {
        lines.json().flatten_event(true).with_span_list(false).boxed()
    } else {
        lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed()
    };
    let traces = config.otlp_endpoint.as_deref().map(provider).transpose()?;
    let spans = traces.as_ref().map(|provider| {
        // Where in our source a span begins is of no interest to whoever reads traces.
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("hark"))
            .with_location(false)
            .with_threads(false)
    });
    tracing_subscriber::registry().with(filter).with(lines).with(spans).init();
    Ok(Telemetry { traces })
}

impl Telemetry {
    /// Sends the last traces.
    pub(crate) fn finish(self) {
        let Some(provider) = self.traces else { return };
        if let Err(error) = provider.shutdown_with_timeout(LAST_TRACES) {
            tracing::warn!(%error, "the last traces did not reach the collector");
        }
    }
}

fn provider(endpoint: &str) -> anyhow::Result<SdkTracerProvider> {
    // The operator named the collector, so it may be anywhere; no project can change it.
    let everywhere = ["0.0.0.0/0", "::/0"].iter().filter_map(|range| range.parse().ok()).collect();
    let egress = Egress::new(EgressPolicy { allow_private: everywhere, ..EgressPolicy::default() })?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Collector { egress, runtime: Handle::current() })
        .with_endpoint(format!("{endpoint}/v1/traces"))
        .build()
        .context("the export of traces cannot be set up")?;
    let resource = Resource::builder()
        .with_service_name("hark")
        .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// Sends traces through our own HTTP client.
struct Collector {
    egress: Egress,
    /// Traces are sent from a thread that has no runtime of its own.
    runtime: Handle,
}

impl fmt::Debug for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Collector")
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let method = Method::from_bytes(parts.method.as_str().as_bytes())?;
        let mut outgoing = OutgoingRequest::new(method, parts.uri.to_string(), "traces");
        outgoing.body = body.to_vec();
        for (name, value) in &parts.headers {
            outgoing = outgoing.header(name.as_str(), value.to_str()?);
        }
        let egress = self.egress.clone();
        let answer = self.runtime.spawn(async move { egress.send(outgoing).await }).await??;
        Ok(Response::builder().status(answer.status).body(answer.body.into())?)
    }
}
