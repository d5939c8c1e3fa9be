//! The outermost layer: request ids, CORS on every answer, security headers, the log line, metrics.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::{Instrument, Span};

use crate::app::{App, Settings};
use crate::problem;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Browsers may remember a preflight for a day; SDKs preflight every call.
const PREFLIGHT_S: &str = "86400";
/// Ids of callers are kept when they look like ids.
const REQUEST_ID_MAX: usize = 64;

/// The number under which the log knows a request; echoed in `X-Request-Id`.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// Wraps every request.
pub(crate) async fn edge(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
    let span = span(&app.settings, &id, &request, &route);
    let started = Instant::now();

    let mut response = if method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        let handled = std::panic::AssertUnwindSafe(next.run(request).instrument(span.clone()));
        match futures_util::FutureExt::catch_unwind(handled).await {
            Ok(response) => response,
            Err(_) => {
                span.in_scope(|| tracing::error!("a handler panicked"));
                problem::of_status(StatusCode::INTERNAL_SERVER_ERROR, "internal error").into_response()
            }
        }
    };
    add_headers(response.headers_mut(), &method, &id);

    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    metrics::counter!("hark_http_requests_total", "method" => method_label(&method), "route" => route.clone(), "status" => status.to_string()).increment(1);
    metrics::histogram!("hark_http_request_seconds", "route" => route).record(elapsed.as_secs_f64());
    if app.settings.traces {
        span.record("http.response.status_code", status);
    }
    span.in_scope(|| tracing::info!(status, duration_ms = elapsed.as_millis() as u64, "answered"));
    response
}

/// Everything that is logged on behalf of a request, and its span for traces. The names are
/// those of OpenTelemetry's conventions. Of the address there is only the route's template: paths
/// can hold keys and the tokens of links, and queries credentials.
fn span(settings: &Settings, id: &str, request: &Request, route: &str) -> Span {
    use tracing::field::{Empty, display};
    let span = tracing::info_span!(
        "request",
        request_id = id,
        http.request.method = %request.method(),
        http.route = route,
        otel.name = Empty,
        otel.kind = Empty,
        http.response.status_code = Empty,
    );
    if settings.traces {
        // Log lines can do without.
        span.record("otel.name", display(format_args!("{} {route}", request.method())));
        span.record("otel.kind", "server");
    }
    span
}

/// The method as a label of measurements: anyone can invent methods, and each label costs memory.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let usable = |id: &&str| {
        !id.is_empty()
            && id.len() <= REQUEST_ID_MAX
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    given.filter(usable).map_or_else(|| hex::encode(rand::random::<[u8; 8]>()), str::to_owned)
}

/// No call uses cookies, so every origin may call; a browser cannot act with
/// somebody's rights without their token.
fn add_headers(headers: &mut HeaderMap, method: &Method, id: &str) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        "etag, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, x-total-count, x-next-cursor, \
         x-request-id, hark-ignored-fields, content-disposition",
    );
    if method == Method::OPTIONS {
        set(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, DELETE, OPTIONS");
        set(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, project, content-type, content-encoding, api-token, gleap-id, gleap-hash, x-file-session, \
             x-request-id, if-match",
        );
        set(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_S);
    }
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}
