//! What is left of a request's body when its answer is ready.
//!
//! A call is often refused before its body is read: 401, 404, 429. A connection cannot go on behind a body that
//! nobody read, so the HTTP library closes it without a word, and that has two bad ends: a client that keeps its
//! connections sends its next request into one that is gone, and a client that still sends gets a broken connection
//! in place of the answer. SDKs take that for an outage and forget who their visitor is. So what is left is read and
//! thrown away, within bounds, and where that is too much the answer says that the connection ends.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONNECTION, EXPECT};
use axum::http::{HeaderValue, Request};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use std::future::poll_fn;
use tokio::time::timeout;

/// Bytes that are read and thrown away at most, which is more than the largest file that operators let in by default …
pub(crate) const BYTES_MAX: u64 = 128 * 1024 * 1024;
/// … and how long that may take: less than requests have when the server stops.
pub(crate) const TIME_MAX: Duration = Duration::from_secs(8);

/// Where a body is put back by whoever has done with it.
type Home<B> = Arc<Mutex<Option<B>>>;

/// A body that is put back when it is dropped before its end.
struct Lent<B: HttpBody + Unpin> {
    body: Option<B>,
    home: Home<B>,
}

/// The place where what is left of a body is found.
pub(crate) struct Unread<B> {
    home: Option<Home<B>>,
    /// The client waits for a word before it sends the body, so nothing of it is on its way.
    waits: bool,
}

/// Lends the body of a request to its handler.
pub(crate) fn lend<B>(request: Request<B>) -> (Request<Body>, Unread<B>)
where
    B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Unpin + Send + 'static,
{
    if request.body().is_end_stream() {
        return (request.map(Body::new), Unread { home: None, waits: false });
    }
    let (home, waits) = (Home::default(), request.headers().contains_key(EXPECT));
    let lent = request.map(|body| Body::new(Lent { body: Some(body), home: home.clone() }));
    (lent, Unread { home: Some(home), waits })
}

impl<B: HttpBody + Unpin> Unread<B> {
    /// Reads what is left, and makes the answer say so if the connection cannot go on.
    pub(crate) async fn settle(self, mut answer: Response) -> Response {
        let left = self.home.and_then(|home| home.lock().unwrap_or_else(PoisonError::into_inner).take());
        let Some(body) = left else { return answer };
        if self.waits || !drained(body).await {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

/// Reads a body to its end, if it comes within the bounds.
async fn drained<B: HttpBody + Unpin>(mut body: B) -> bool {
    if body.size_hint().lower() > BYTES_MAX {
        return false;
    }
    let read = async {
        let mut left = BYTES_MAX;
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            let Ok(frame) = frame else { return false };
            let length = frame.data_ref().map_or(0, |data| bytes::Buf::remaining(data) as u64);
            let Some(rest) = left.checked_sub(length) else { return false };
            left = rest;
        }
        true
    };
    timeout(TIME_MAX, read).await.unwrap_or(false)
}

impl<B: HttpBody + Unpin> HttpBody for Lent<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl<B: HttpBody + Unpin> Drop for Lent<B> {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) {
            *self.home.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
    }
}
