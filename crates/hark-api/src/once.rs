//! `Idempotency-Key`: a call that is repeated under the same key is answered again and not carried out again.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use hark_store::{Earlier, Error, OnceCall, Result, Scope, Store, Tx};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::call::Call;
use crate::operation::{Access, CallBody, Operation};
use crate::problem::{self, Audience};

/// The header with the key.
pub(crate) const KEY: &str = "idempotency-key";
/// Says that an answer is an earlier one.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Characters of a key at most.
const KEY_MAX: usize = 255;
/// Bytes of an answer that is kept at most.
const ANSWER_MAX: u64 = 64 * 1024;
/// Calls with a key by one user in one project per minute.
const CALLS_PER_MINUTE: u32 = 1_200;

/// A call that is carried out once, and where it was noted.
pub(crate) struct Once {
    call: OnceCall,
    noted: Mutex<Vec<Scope>>,
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Operation {
    /// Whether calls can have a key: those that make something, by somebody whom we know.
    pub(crate) fn takes_key(&self) -> bool {
        self.method == Method::POST
            && !self.streams
            && matches!(self.access, Access::Project(_) | Access::Caller)
    }
}

impl Once {
    /// Runs a unit of work of the call, which is noted in the same transaction.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        store: &Store,
        scope: &Scope,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let call = self.call.clone();
        let done = store.write(scope, move |tx| {
            tx.begin_once(&call)?;
            work(tx)
        });
        let done = done.await?;
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).push(scope.clone());
        Ok(done)
    }

    /// Where the call was noted.
    fn noted(&self) -> Vec<Scope> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Carries out a call that may have a key.
///
/// # Errors
/// [`Error::Invalid`] for what is no key, [`Error::TooMany`] for too many of them, and those of the call.
pub(crate) async fn run(operation: &Operation, call: Call, body: CallBody) -> Result<Answer> {
    let Some(key) = call.headers.get(KEY).filter(|_| operation.method == Method::POST) else {
        return operation.run(call, body).await;
    };
    let key = key.to_str().unwrap_or_default().to_owned();
    let body = match body {
        CallBody::Whole(body) if operation.takes_key() => body,
        _ => return Err(Error::invalid("this call takes no `Idempotency-Key`")),
    };
    if key.is_empty() || key.len() > KEY_MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::invalid(format!(
            "`Idempotency-Key` is 1 to {KEY_MAX} printable characters without spaces, such as a random UUID"
        )));
    }
    let actor = call.scope.actor().label();
    let place = call.scope.project().map(|project| project.to_string()).unwrap_or_default();
    let budget = call.app.limits().take_here(&format!("once:{place}:{actor}"), CALLS_PER_MINUTE, 1);
    budget.need("too many calls with an `Idempotency-Key`, wait a minute")?;
    let once = OnceCall::new(&actor, &key, &content(operation, &call, &body));
    match earlier(&call, &once).await? {
        Earlier::Nothing => carry_out(operation, call, body, once).await,
        Earlier::Answered(kept) => replay(&kept),
        Earlier::Other => Ok(problem::of_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            "this `Idempotency-Key` was used for another call, take a new one for each",
        )),
        Earlier::Unanswered => Ok(unanswered()),
    }
}

fn unanswered() -> Answer {
    problem::of_status(
        StatusCode::CONFLICT,
        "a call with this `Idempotency-Key` is being carried out, or was and its answer was not kept: look whether \
         it did what you want",
    )
}

/// What makes a call another one.
fn content(operation: &Operation, call: &Call, body: &Bytes) -> String {
    let path: Vec<&str> = call.path.iter().map(|(_, value)| value.as_str()).collect();
    format!("{} {path:?} {:?} {}", operation.path, call.query, hex::encode(Sha256::digest(body)))
}

async fn earlier(call: &Call, once: &OnceCall) -> Result<Earlier> {
    let known = once.clone();
    let found = call.peek(move |tx| tx.earlier_call(&known)).await?;
    if found != Earlier::Nothing || call.scope.project().is_none() {
        return Ok(found);
    }
    // Users, roles and the like are noted where they are.
    let known = once.clone();
    call.read_instance(move |tx| tx.earlier_call(&known)).await
}

/// Carries the call out to its end, even when the caller hangs up, and keeps the answer.
async fn carry_out(operation: &Operation, call: Call, body: Bytes, once: OnceCall) -> Result<Answer> {
    let once = Arc::new(Once { call: once, noted: Mutex::default() });
    let (app, request_id) = (call.app.clone(), call.request_id.clone());
    let running = operation.run(call.once(once.clone()), CallBody::Whole(body));
    let carried_out = async move {
        let answer = match running.await {
            Ok(answer) => answer,
            Err(error) => {
                let answer = problem::answer(&error, Audience::Program, &request_id);
                // What failed through no fault of the caller's is not told again. It can be repeated if nothing was
                // noted; if something was, it was carried out, at least in part, and to wait would not help.
                let says_wait = answer.status == StatusCode::TOO_MANY_REQUESTS;
                if says_wait && !once.noted().is_empty() {
                    return Ok(unanswered());
                }
                if says_wait || answer.status.is_server_error() {
                    return Ok(answer);
                }
                answer
            }
        };
        let (answer, kept) = keep(answer).await?;
        if let Some(kept) = kept {
            answered(&app.store, &once, &kept).await;
        }
        Ok(answer)
    };
    tokio::spawn(carried_out).await.map_err(|_| Error::internal("a call with a key panicked"))?
}

/// The answer, and what is kept of it: nothing of what is large or still being written.
async fn keep(answer: Answer) -> Result<(Answer, Option<String>)> {
    let Answer { status, headers, body } = answer;
    if body.size_hint().exact().is_none_or(|bytes| bytes > ANSWER_MAX) {
        return Ok((Answer { status, headers, body }, None));
    }
    let bytes =
        axum::body::to_bytes(body, usize::MAX).await.map_err(|error| Error::Internal(error.into()))?;
    let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
    let kept = std::str::from_utf8(&bytes).ok().map(|body| Kept {
        status: status.as_u16(),
        headers: headers.iter().filter_map(|(name, value)| Some((name.to_string(), text(value)?))).collect(),
        body: body.to_owned(),
    });
    let kept = kept.map(|kept| serde_json::to_string(&kept)).transpose()?;
    Ok((Answer { status, headers, body: Body::from(bytes) }, kept))
}

/// Keeps the answer where the call was noted.
async fn answered(store: &Store, once: &Once, answer: &str) {
    for scope in once.noted() {
        let (call, answer) = (once.call.clone(), answer.to_owned());
        let note = move |tx: &mut Tx<'_>| tx.answer_once(&call, &answer);
        if let Err(error) = store.write(&scope, note).await {
            tracing::error!(?error, "the answer to a call with an idempotency key could not be kept");
        }
    }
}

fn replay(kept: &str) -> Result<Answer> {
    let kept: Kept = serde_json::from_str(kept)?;
    let status = StatusCode::from_u16(kept.status).map_err(|error| Error::Internal(error.into()))?;
    let headers = kept.headers.iter().filter_map(|(name, value)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
    });
    let answer = Answer { status, headers: headers.collect(), body: Body::from(kept.body) };
    Ok(answer.with(REPLAYED, "true"))
}
