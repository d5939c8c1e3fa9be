//! The listener: HTTP/1.1 with bounded headers, bounded connections, bounded patience with peers
//! that do not read, and an orderly end.
//!
//! TLS and HTTP/2 belong to the proxy in front. Without a second protocol to tell
//! apart, the time limit for headers holds from a connection's first moment.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::Service;

use crate::spelled::{HEAD_BYTES_MAX, Spelled};
use crate::stall::Unstalled;
use crate::{edge, unread};

/// How long the headers of a request may take, and how long a connection may stay
/// unused. Longer than the minute after which the usual proxies let go of an unused
/// connection, so that it is never us who hang up while the next request is on its way.
const HEADER_TIMEOUT: Duration = Duration::from_secs(65);
/// Bytes of a request's head that the library takes. It never gets as many, see [`crate::spelled`].
const HEAD_ROOM: usize = HEAD_BYTES_MAX + 4 * 1024;
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
    let stream = Spelled::new(stream);
    let heads = stream.heads();
    let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let is_whole = heads.understood(&request);
        let (mut request, unread) = unread::lend(request);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = is_whole.then(|| service.clone().call(request));
        async move {
            let Some(answer) = answer else { return Ok(edge::too_large_a_head()) };
            let answer = answer.await.unwrap_or_else(|never| match never {});
            Ok::<_, Infallible>(unread.settle(answer).await)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(HEAD_ROOM)
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
    use axum::http::StatusCode;
    use axum::routing::{get, post};
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

    /// A server with `/refused`, which answers without a look at the body, and `/told`, which says what it was asked.
    async fn server() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let told =
            get(|request: Request| async move { request.uri().query().unwrap_or_default().to_owned() });
        let refused = post(|| async { (StatusCode::UNAUTHORIZED, "no") });
        let router = Router::new().route("/told", told).route("/refused", refused);
        tokio::spawn(serve(listener, router, 10, std::future::pending()));
        address
    }

    /// Reads one answer with a short body.
    async fn answer(client: &mut TcpStream) -> String {
        let (mut seen, mut part) = (String::new(), [0; 1024]);
        let length =
            |head: &str| head.split("content-length: ").nth(1)?.split_once("\r\n")?.0.parse::<usize>().ok();
        loop {
            if let Some((head, body)) = seen.split_once("\r\n\r\n")
                && length(head).is_some_and(|length| body.len() == length)
            {
                return seen;
            }
            let read = tokio::time::timeout(PATIENCE, client.read(&mut part)).await;
            let read = read.expect("an answer in time").expect("an answer");
            assert_ne!(read, 0, "the connection was closed: {seen}");
            seen.push_str(std::str::from_utf8(&part[..read]).expect("text"));
        }
    }

    #[tokio::test]
    async fn comparisons_arrive_as_programs_write_them() {
        let mut client = TcpStream::connect(server().await).await.expect("a connection");
        for _ in 0..2 {
            let request = b"GET /told?createdAt>=2026-01-01&value<5&name=\"x\" HTTP/1.1\r\nHost: x\r\n\r\n";
            client.write_all(request).await.expect("a request");
            let answer = answer(&mut client).await;
            assert!(answer.ends_with("\r\n\r\ncreatedAt%3E=2026-01-01&value%3C5&name=%22x%22"), "{answer}");
        }
    }

    fn is_refused_in_our_words(refused: &str) {
        let (head, body) = refused.split_once("\r\n\r\n").expect("an answer");
        assert_eq!(head.split(' ').nth(1), Some("431"), "{refused}");
        for header in ["access-control-allow-origin: *", "connection: close", "x-request-id: "] {
            assert!(head.contains(header), "{header} is not in {head}");
        }
        let problem: serde_json::Value = serde_json::from_str(body).expect("one JSON answer");
        assert!(problem["message"].as_str().is_some_and(|told| told.contains("100 headers")), "{problem}");
    }

    #[tokio::test]
    async fn a_head_is_refused_in_our_words_wherever_it_becomes_too_large() {
        let address = server().await;
        // So that the limit is behind each byte of the end, in one piece and in many.
        let line = |end: &str| {
            let cut = |at: usize| format!("GET /told?{}", "x".repeat(HEAD_BYTES_MAX - 10 - at)) + end;
            (0..=end.len()).map(cut).collect::<Vec<String>>()
        };
        let headers = |end: &str| {
            let begin = "POST /told HTTP/1.1\r\nHost: x\r\n";
            let cut = |at: usize| {
                let fill = HEAD_BYTES_MAX - begin.len() - 5 - at;
                format!("{begin}X: {}\r\n{end}", "y".repeat(fill))
            };
            (0..=end.len()).map(cut).collect::<Vec<String>>()
        };
        let mut heads = line(" HTTP/1.1\r\n");
        heads.extend(line(" HTTP/1.0\r\n"));
        heads.extend(headers("Content-Length: 12\r\n"));
        heads.extend(headers("transfer-encoding: chunked\r\n"));
        heads.push("G".repeat(HEAD_BYTES_MAX) + " /told HTTP/1.1\r\n");
        heads.push("N".repeat(HEAD_BYTES_MAX) + "GET /told HTTP/1.1\r\n");
        for head in heads {
            for at_once in [HEAD_BYTES_MAX + 100, HEAD_BYTES_MAX - 7] {
                let mut client = TcpStream::connect(address).await.expect("a connection");
                for part in format!("{head}Y: z\r\n\r\n").as_bytes().chunks(at_once) {
                    client.write_all(part).await.expect("all is taken");
                    tokio::task::yield_now().await;
                }
                let mut refused = String::new();
                let read = tokio::time::timeout(PATIENCE, client.read_to_string(&mut refused)).await;
                read.expect("an end in time").expect("text");
                assert!(refused.contains(" 431 "), "{:?}: {refused}", &head[head.len() - 40..]);
                is_refused_in_our_words(&refused);
            }
        }
    }

    #[tokio::test]
    async fn the_refusal_of_a_head_reaches_a_client_that_still_sends() {
        let mut client = TcpStream::connect(server().await).await.expect("a connection");
        let long = "x".repeat(100_000);
        let head = format!("POST /told HTTP/1.1\r\nX: {long}\r\nContent-Length: {LARGE}\r\n\r\n");
        client.write_all(head.as_bytes()).await.expect("a head");
        for _ in 0..LARGE / 65_536 {
            client.write_all(&[b'x'; 65_536]).await.expect("somebody reads the body");
        }
        client.shutdown().await.expect("an end");
        let mut refused = String::new();
        let read = tokio::time::timeout(PATIENCE, client.read_to_string(&mut refused)).await;
        read.expect("an end in time").expect("an answer");
        is_refused_in_our_words(&refused);
    }

    #[tokio::test]
    async fn a_head_that_is_too_large_is_refused_in_our_words() {
        let address = server().await;
        let head =
            |query: &str, headers: &str| format!("GET /told?{query} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        let long = "x".repeat(100_000);
        for (large, at_once) in [
            (head("a", &"X: y\r\n".repeat(100)), usize::MAX),
            (head("a", &"X: y\r\n".repeat(5_000)), 1_000),
            (head("a", &format!("X: {long}\r\n")), 1_000),
            (head(&long, ""), usize::MAX),
            (head(&long, "X: y\r\n"), 1_000),
            (head(&"<".repeat(12_000), ""), usize::MAX),
        ] {
            let mut client = TcpStream::connect(address).await.expect("a connection");
            let (begin, end) = large.split_at(large.len() - 5);
            for part in begin.as_bytes().chunks(at_once.min(begin.len())) {
                client.write_all(part).await.expect("all is taken");
            }
            // What follows comes with the end of the head, or it would find the connection closed.
            let end = format!("{end}GET /told?smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
            client.write_all(end.as_bytes()).await.expect("all is taken");
            let mut refused = String::new();
            let read = tokio::time::timeout(PATIENCE, client.read_to_string(&mut refused)).await;
            read.expect("an end in time").expect("text");
            is_refused_in_our_words(&refused);
        }
        // As much as is allowed passes, and a connection has many heads.
        let mut client = TcpStream::connect(address).await.expect("a connection");
        for _ in 0..3 {
            let full = head("a>1", &format!("X: {}\r\n", "y".repeat(300)).repeat(99));
            client.write_all(full.as_bytes()).await.expect("a request");
            assert!(answer(&mut client).await.ends_with("a%3E1"));
        }
    }

    #[tokio::test]
    async fn a_connection_goes_on_after_a_call_that_was_refused_before_its_body_came() {
        let mut client = TcpStream::connect(server().await).await.expect("a connection");
        for length in [20, 3_000_000] {
            let head = format!("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
            client.write_all(head.as_bytes()).await.expect("a head");
            // The head is read and refused before the body is on its way.
            tokio::task::yield_now().await;
            client.write_all(&vec![b'x'; length]).await.expect("a body");
            let refused = answer(&mut client).await;
            assert!(
                refused.starts_with("HTTP/1.1 401") && !refused.contains("connection: close"),
                "{refused}"
            );
            client.write_all(b"GET /told?a>1 HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("another request");
            assert!(answer(&mut client).await.ends_with("a%3E1"));
        }
    }

    #[tokio::test]
    async fn a_client_hears_that_the_connection_ends_when_its_body_is_not_waited_for() {
        let address = server().await;
        for what in ["Content-Length: 20\r\nExpect: 100-continue", "Content-Length: 999000000"] {
            let mut client = TcpStream::connect(address).await.expect("a connection");
            let head = format!("POST /refused HTTP/1.1\r\nHost: x\r\n{what}\r\n\r\n");
            client.write_all(head.as_bytes()).await.expect("a head");
            let refused = answer(&mut client).await;
            assert!(
                refused.starts_with("HTTP/1.1 401") && refused.contains("connection: close"),
                "{refused}"
            );
        }
    }
}
