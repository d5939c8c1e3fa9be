//! The listener: HTTP/1.1 with bounded headers, bounded connections, bounded patience with peers
//! that do not read, and an orderly end.
//!
//! TLS and HTTP/2 belong to the proxy in front. Without a second protocol to tell
//! apart, the time limit for headers holds from a connection's first moment.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::Service;

use crate::stall::Unstalled;

/// How long the headers of a request may take, and how long a connection may stay
/// unused. Longer than the minute after which the usual proxies let go of an unused
/// connection, so that it is never us who hang up while the next request is on its way.
const HEADER_TIMEOUT: Duration = Duration::from_secs(65);
/// Bytes of a request's headers at most; a longer request is answered with 431, and so is one with
/// more than a hundred headers, which is the limit that hyper sets.
const HEADER_BYTES_MAX: usize = 32 * 1024;
/// How long an answer waits for a peer that takes nothing of it. Frames of sockets have their own,
/// shorter limit.
const STALL_MAX: Duration = Duration::from_secs(30);
/// How long requests that run at the end may take to finish.
const FINISH: Duration = Duration::from_secs(10);
/// The pause after the system refused a connection, as when it is out of file handles.
const AFTER_REFUSAL: Duration = Duration::from_millis(200);

/// Serves `service` until `stop` ends; then takes no more connections, and returns when
/// the requests that run have been answered or have had ten seconds for it.
///
/// At most `connections_max` connections are open; further ones wait until one ends. A
/// connection that became a socket counts no more: the sockets have limits of their own.
pub async fn serve<S>(listener: TcpListener, service: S, connections_max: u32, stop: impl Future<Output = ()>)
where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let places = Arc::new(Semaphore::new(connections_max as usize));
    let (stopping, stopped) = watch::channel(false);
    tokio::pin!(stop);
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Answers are written whole; waiting for more bytes would only delay them.
                let _ = stream.set_nodelay(true);
                let stream = Unstalled::new(stream, STALL_MAX);
                let connection = connection(stream, peer, service.clone(), stopped.clone());
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(AFTER_REFUSAL).await;
            }
        }
    }
    drop(listener);
    let _ = stopping.send(true);
    if tokio::time::timeout(FINISH, places.acquire_many(connections_max)).await.is_err() {
        tracing::warn!("some requests did not finish in time and are cut off");
    }
}

async fn connection<S>(
    stream: Unstalled<TcpStream>,
    peer: SocketAddr,
    service: S,
    mut stopped: watch::Receiver<bool>,
) where
    S: Service<Request, Response = Response, Error = Infallible> + Clone,
{
    let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        service.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        biased;
        ended = &mut connection => ended,
        () = async { drop(stopped.wait_for(|stopped| *stopped).await) } => {
            // The request that runs is answered, and the connection closed behind it.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection broke off");
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// More than the buffers of both ends of a connection hold.
    const LARGE: usize = 64 * 1024 * 1024;
    const PATIENCE: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_client_that_does_not_read_is_hung_up_on() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mut client = TcpStream::connect(address).await.expect("a connection");
        let (stream, peer) = listener.accept().await.expect("a connection");
        let router = Router::new().route("/", get(|| async { vec![b'x'; LARGE] }));
        let (_stopping, stopped) = watch::channel(false);
        client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("a request");

        let stream = Unstalled::new(stream, Duration::from_millis(200));
        let served = tokio::time::timeout(PATIENCE, connection(stream, peer, router, stopped)).await;
        served.expect("the connection ends without the client");

        let mut answer = Vec::new();
        let _ = client.read_to_end(&mut answer).await;
        assert!(answer.starts_with(b"HTTP/1.1 200") && answer.len() < LARGE, "{}", answer.len());
    }
}
