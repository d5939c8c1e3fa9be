//! The HTTP face: the only crate that knows axum.
//!
//! Every route is a row of [`operations`]; [`router`] serves them, [`openapi`]
//! describes them and the tenancy tests walk through them.

mod address;
mod admin;
pub mod answer;
pub mod app;
mod budget;
pub mod call;
pub mod company;
pub mod demo;
mod dispatch;
mod docs_page;
mod documents;
mod edge;
mod export;
mod flat;
mod forwarded;
mod front_ends;
mod gzip;
mod incoming;
pub mod live;
mod media;
mod mended;
mod meters;
mod moved;
pub mod multipart;
mod once;
pub mod openapi;
pub mod operation;
pub mod ops;
mod packed;
mod people;
pub mod problem;
mod rate;
mod sdk;
pub mod server;
mod snapshot;
mod spelled;
mod stall;
mod storing;
mod unread;
pub mod v3;
pub mod work;

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::extract::{RawPathParams, Request, State};
use axum::routing::{MethodFilter, on};

use crate::edge::Served;

pub use app::{App, Parts, Settings};
pub use edge::Face;
pub use live::{Hub, SocketLimits, Timing};
pub use operation::{Access, Listed, Operation};
pub use ops::Ops;

/// Every operation that the server has, in the order of the description.
pub fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(v3::operations());
    all.extend(sdk::operations());
    all.extend(admin::operations());
    all.extend(media::operations());
    all
}

/// Everything that the server answers.
pub fn router(app: App) -> Face {
    Face::new(app.clone(), routes(app))
}

/// Every operation, and nothing beside them. A slash at the end of a path changes nothing: some programs put one
/// there, and Android does in front of a query.
fn operation_routes() -> Router<App> {
    let mut router = Router::new();
    for operation in operations() {
        let operation = Arc::new(operation);
        let filter = MethodFilter::try_from(operation.method.clone()).unwrap_or(MethodFilter::GET);
        for path in std::iter::once(operation.path).chain(operation.also) {
            let operation = operation.clone();
            let handler = move |State(app): State<App>, path: RawPathParams, request: Request| {
                let served = Served::new(&app.settings, &request, Cow::Borrowed(operation.path));
                served.around(dispatch::dispatch(operation.clone(), app, path, request))
            };
            let slashed = format!("{path}/");
            router = router.route(path, on(filter, handler.clone())).route(&slashed, on(filter, handler));
        }
    }
    router
}

fn routes(app: App) -> Router {
    let router = operation_routes();
    let mut pages = Router::new();
    if app.settings.demo.is_some() {
        pages = pages.merge(demo::routes());
    }
    let pages = pages
        .merge(openapi::routes())
        .merge(ops::routes(app.settings.public_metrics))
        .merge(live::routes())
        .route_layer(axum::middleware::from_fn_with_state(app.clone(), edge::name_route));
    router
        .merge(pages)
        .fallback(front_ends::answer)
        .method_not_allowed_fallback(dispatch::no_such_method)
        .with_state(app)
}
