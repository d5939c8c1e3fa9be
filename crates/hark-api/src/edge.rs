//! The outermost layer: request ids, CORS on every answer, security headers, the log line, metrics.

use std::borrow::Cow;
use std::convert::Infallible;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tower::Service;
use tracing::{Instrument, Span};

use crate::answer::HEADERS_USUAL;
use crate::app::{App, Settings};
use crate::meters::Meters;
use crate::spelled::{HEAD_BYTES_MAX, HEADERS_MAX};
use crate::{live, problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Browsers may remember a preflight for a day; SDKs preflight every call.
const PREFLIGHT_S: &str = "86400";
/// Ids of callers are kept when they look like ids.
const REQUEST_ID_MAX: usize = 64;

/// What the edge knows of a request, and is told by whatever serves it.
#[derive(Clone)]
pub(crate) struct Tracked(Arc<Track>);

struct Track {
    id: String,
    served: OnceLock<(Route, Span)>,
}

/// The template of a path.
type Route = Cow<'static, str>;

impl Tracked {
    fn new(id: String) -> Tracked {
        Tracked(Arc::new(Track { id, served: OnceLock::new() }))
    }

    /// The number under which the log knows a request; echoed in `X-Request-Id`.
    pub(crate) fn id_in(extensions: &Extensions) -> &str {
        extensions.get::<Tracked>().map_or("", |tracked| &tracked.0.id)
    }
}

/// What serves a request.
pub(crate) struct Served {
    tracked: Option<Tracked>,
    route: Route,
    span: Span,
}

impl Served {
    pub(crate) fn new(settings: &Settings, request: &Request, route: Route) -> Served {
        let span = span(settings, Tracked::id_in(request.extensions()), request.method(), &route);
        Served { tracked: request.extensions().get().cloned(), route, span }
    }

    /// Does the work of a request, so that what is logged meanwhile belongs to it.
    pub(crate) async fn around(self, work: impl Future<Output = Response>) -> Response {
        let response = work.instrument(self.span.clone()).await;
        if let Some(tracked) = self.tracked {
            // Where one serves within another, the inner one came first.
            let _ = tracked.0.served.set((self.route, self.span));
        }
        response
    }
}

/// Everything that the server answers. Clones share it.
///
/// The edge is around the router and not a layer of it: layers of the router are boxes
/// in boxes that each request has to pass.
#[derive(Clone)]
pub struct Face {
    app: App,
    routes: Router,
    meters: Arc<Meters>,
}

impl Face {
    pub(crate) fn new(app: App, routes: Router) -> Face {
        Face { app, routes, meters: Arc::default() }
    }

    async fn answer(mut self, mut request: Request) -> Response {
        let tracked = Tracked::new(request_id(request.headers()));
        let id = &tracked.0.id;
        request.extensions_mut().insert(tracked.clone());
        let method = request.method().clone();
        let started = Instant::now();

        let mut response = if method == Method::OPTIONS {
            StatusCode::NO_CONTENT.into_response()
        } else {
            let handled = async {
                if live::wants_socket(&request) {
                    return Box::pin(live::upgrade(self.app.clone(), request)).await;
                }
                self.routes.call(request).await.unwrap_or_else(|never| match never {})
            };
            let handled = std::panic::AssertUnwindSafe(handled).catch_unwind();
            handled.await.unwrap_or_else(|_| {
                tracing::error!(request_id = id, http.request.method = %method, "a handler panicked");
                problem::of_status(StatusCode::INTERNAL_SERVER_ERROR, "internal error").into_response()
            })
        };
        add_headers(response.headers_mut(), &method, id);

        let (status, took) = (response.status(), started.elapsed());
        let (route, span) = tracked.0.served.get_or_init(|| {
            let route = Cow::Borrowed("none");
            (route.clone(), span(&self.app.settings, id, &method, &route))
        });
        self.meters.count(route, &method, status, took);
        let (status, duration_ms) = (status.as_u16(), took.as_millis() as u64);
        if self.app.settings.traces {
            span.record("http.response.status_code", status);
        }
        span.in_scope(|| tracing::info!(status, duration_ms, "answered"));
        response
    }
}

impl Service<Request> for Face {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        Box::pin(self.clone().answer(request).map(Ok))
    }
}

/// The answer to a request whose head is too large to be understood, which ends the connection.
pub(crate) fn too_large_a_head() -> Response {
    let sentence = format!(
        "the request has more than {HEADERS_MAX} headers, or its address and headers more than {HEAD_BYTES_MAX} \
         bytes: send fewer, cookies too, or a shorter filter"
    );
    let (status, id) = (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, request_id(&HeaderMap::new()));
    let mut response = problem::of_status(status, &sentence).into_response();
    add_headers(response.headers_mut(), &Method::GET, &id);
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    tracing::info!(request_id = id, status = status.as_u16(), "a request with too large a head was refused");
    response
}

/// Names the route of an answer that no operation gives.
pub(crate) async fn name_route(
    State(app): State<App>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let served = Served::new(&app.settings, &request, Cow::Owned(path.as_str().to_owned()));
    served.around(next.run(request)).await
}

/// Everything that is logged on behalf of a request, and its span for traces. The names are
/// those of OpenTelemetry's conventions. Of the address there is only the route's template: paths
/// can hold keys and the tokens of links, and queries credentials.
fn span(settings: &Settings, id: &str, method: &Method, route: &str) -> Span {
    use tracing::field::{Empty, display};
    let span = tracing::info_span!(
        "request",
        request_id = id,
        http.request.method = %method,
        http.route = route,
        otel.name = Empty,
        otel.kind = Empty,
        http.response.status_code = Empty,
    );
    if settings.traces {
        // Log lines can do without.
        span.record("otel.name", display(format_args!("{method} {route}")));
        span.record("otel.kind", "server");
    }
    span
}

fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let usable = |id: &&str| {
        !id.is_empty()
            && id.len() <= REQUEST_ID_MAX
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    given.filter(usable).map_or_else(|| format!("{:016x}", rand::random::<u64>()), str::to_owned)
}

/// No call uses cookies, so every origin may call; a browser cannot act with
/// somebody's rights without their token.
fn add_headers(headers: &mut HeaderMap, method: &Method, id: &str) {
    headers.reserve(HEADERS_USUAL.saturating_sub(headers.len()));
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        "etag, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, x-total-count, x-next-cursor, \
         x-request-id, hark-ignored-fields, idempotency-replayed, content-disposition",
    );
    if method == Method::OPTIONS {
        set(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, DELETE, OPTIONS");
        set(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, project, content-type, content-encoding, api-token, gleap-id, gleap-hash, x-file-session, \
             x-request-id, if-match, idempotency-key",
        );
        set(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_S);
    }
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}
