//! From a request to an operation and back: access, body, handler, errors.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{RawPathParams, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use hark_store::credentials::Caller;
use hark_store::{Allowance, Error, Id, NUL_REFUSED, Result, Scope};

use crate::address::caller_ip;
use crate::app::App;
use crate::call::{Call, Parts};
use crate::edge::Tracked;
use crate::moved::{self, Whose};
use crate::once;
use crate::operation::{Access, CallBody, Operation, TextErrors};
use crate::packed;
use crate::problem::{self, Audience};
use crate::rate;

/// How long any body may take to arrive …
const BODY_TIME: Duration = Duration::from_secs(20);
/// … and how slow the largest one that the operation takes may be.
const BODY_BYTES_PER_S_MIN: u64 = 16 * 1024;

/// Runs an operation for a request.
pub(crate) async fn dispatch(
    operation: Arc<Operation>,
    app: App,
    path: RawPathParams,
    request: Request,
) -> Response {
    let audience = match operation.access {
        Access::Visitor | Access::SdkKey | Access::Contact => Audience::Sdk,
        _ => Audience::Program,
    };
    let as_text = match operation.text_errors {
        TextErrors::Never => false,
        TextErrors::Always => true,
        TextErrors::ForApple => text(request.headers(), "user-agent").is_some_and(is_apple),
    };
    let request_id = Tracked::id_in(request.extensions()).to_owned();
    let takes_packed = packed::takes(request.headers());
    let mut allowance = None;
    let answer = match run(&operation, app, path, request, &request_id, &mut allowance).await {
        Ok(answer) => answer,
        Err(error) => {
            let answer = problem::answer(&error, audience, &request_id);
            if as_text { problem::in_plain_text(answer, &error) } else { answer }
        }
    };
    let answer = match allowance {
        Some(allowance) => rate::tell(answer, &allowance).into_response(),
        None => answer.into_response(),
    };
    packed::packed(answer, takes_packed).await
}

async fn run(
    operation: &Operation,
    app: App,
    path: RawPathParams,
    request: Request,
    request_id: &str,
    allowance: &mut Option<Allowance>,
) -> Result<crate::answer::Answer> {
    let (parts, body) = request.into_parts();
    // `%00` in a path: nothing is stored under such a name, and PostgreSQL cannot even look for it.
    if path.iter().any(|(_, value)| value.contains('\0')) {
        return Err(Error::invalid(NUL_REFUSED));
    }
    let ip = caller_ip(&app.settings, &parts);
    app.forwarded().look(&app, &parts.headers, ip);
    let authorised = authorise(&app, operation.access, &parts.headers, &path);
    let (scope, caller) = match operation.access {
        Access::Public => authorised.await?,
        _ => rate::guarded(&app, ip, authorised).await?,
    };
    allowance.insert(rate::spend(&app, &scope, ip).await).need(rate::SPENT)?;
    let (home, whose) = (app.clone(), Whose::of(&scope, caller.as_ref()));
    let call = Call::new(Parts {
        ip,
        app,
        scope,
        caller,
        headers: parts.headers,
        request_id: request_id.to_owned(),
        path: path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        query: parts.uri.query().map(str::to_owned),
        once: None,
    });
    let body = if operation.streams {
        CallBody::Arriving(body)
    } else {
        CallBody::Whole(read_body(body, operation.body_bytes_max).await?)
    };
    let answer = once::run(operation, call, body).await?;
    if operation.as_stored {
        return Ok(answer);
    }
    moved::told_anew(answer, operation.content_type, &home, whose).await
}

/// Finds out who calls, and whether they may.
async fn authorise(
    app: &App,
    access: Access,
    headers: &HeaderMap,
    path: &RawPathParams,
) -> Result<(Scope, Option<Caller>)> {
    match access {
        Access::Public => Ok((app.store.operator(), None)),
        Access::Caller => {
            let caller = app.store.caller(bearer(headers)?).await?;
            Ok((caller.instance.clone(), Some(caller)))
        }
        Access::Project(permission) => {
            let caller = app.store.caller(bearer(headers)?).await?;
            let scope = app.store.enter(&caller, project(headers)?).await?;
            scope.need(permission)?;
            Ok((scope, Some(caller)))
        }
        Access::Visitor => Ok((app.store.visitor(api_token(headers)?).await?, None)),
        Access::SdkKey => {
            let key = path.iter().find(|(name, _)| *name == "sdkKey").map_or("", |(_, key)| key);
            Ok((app.store.visitor(key).await?, None))
        }
        Access::Contact => Ok((crate::sdk::contact(app, headers).await?, None)),
        Access::Server => Ok((app.store.server(api_token(headers)?).await?, None)),
    }
}

pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str> {
    let value = text(headers, "authorization").unwrap_or_default();
    let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    token.map(|(_, token)| token.trim()).filter(|token| !token.is_empty()).ok_or_else(|| {
        Error::Unauthenticated("send your api key in the header `Authorization: Bearer <api key>`".to_owned())
    })
}

pub(crate) fn project(headers: &HeaderMap) -> Result<Id> {
    let id = text(headers, "project").ok_or_else(|| {
        Error::invalid("the header `Project` is missing, send the id of the project that the call is about")
    })?;
    Id::parse(id).ok_or_else(|| Error::not_found("project", id))
}

fn api_token(headers: &HeaderMap) -> Result<&str> {
    text(headers, "api-token")
        .ok_or_else(|| Error::Unauthenticated("the header `Api-Token` is missing".to_owned()))
}

/// A value of an SDK; where it has nothing, it sends the words `null` and `undefined`.
pub(crate) fn present(value: &str) -> Option<&str> {
    (!["", "null", "undefined"].contains(&value)).then_some(value)
}

/// A header's text, if there is any.
pub(crate) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    present(value)
}

/// Whether a caller uses Apple's network library, as the native SDK for iOS does.
fn is_apple(user_agent: &str) -> bool {
    user_agent.contains("CFNetwork/")
}

/// How long a body of this size may take to arrive.
pub(crate) fn body_time(bytes_max: u64) -> Duration {
    BODY_TIME + Duration::from_secs(bytes_max / BODY_BYTES_PER_S_MIN)
}

/// Reads a body that keeps within its size and does not come too slowly.
async fn read_body(body: Body, bytes_max: usize) -> Result<Bytes> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let whole =
        tokio::time::timeout(body_time(bytes_max as u64), axum::body::to_bytes(body, bytes_max)).await;
    whole.map_err(|_| Error::invalid("the body took too long to arrive"))?.map_err(|error| {
        let too_large = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("length limit exceeded"));
        if too_large {
            Error::TooLarge(format!("the body is larger than {bytes_max} bytes"))
        } else {
            Error::invalid("the body broke off before its end")
        }
    })
}

/// The answer to a path that nobody serves.
pub(crate) async fn no_such_path() -> Response {
    problem::of_status(StatusCode::NOT_FOUND, "there is nothing at this path, see /docs").into_response()
}

/// The answer to a path that is not served with this method.
pub(crate) async fn no_such_method() -> Response {
    problem::of_status(StatusCode::METHOD_NOT_ALLOWED, "this path does not take this method, see /docs")
        .into_response()
}
