//! A load generator: requests over kept connections, one at a time on each, every latency recorded.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What is sent: the request with this number, as bytes.
pub(crate) type Source = Arc<dyn Fn(usize) -> Vec<u8> + Send + Sync>;

/// When to stop.
#[derive(Clone, Copy)]
pub(crate) enum Until {
    /// After this time.
    Time(Duration),
    /// After this many requests.
    Count(usize),
}

/// What came of a load.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// Sends requests over `connections` connections and fails on the first answer that is no 2xx.
pub(crate) async fn run(
    address: SocketAddr,
    connections: usize,
    source: Source,
    until: Until,
) -> Result<Outcome> {
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let senders: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(send(address, source.clone(), next.clone(), started, until)))
        .collect();
    let mut latencies = Vec::new();
    for sender in senders {
        latencies.extend(sender.await??);
    }
    Ok(Outcome::of(latencies, started.elapsed()))
}

impl Outcome {
    /// The figures of latencies that were measured in this time.
    pub(crate) fn of(mut latencies: Vec<Duration>, elapsed: Duration) -> Outcome {
        latencies.sort_unstable();
        let at = |share: f64| {
            latencies.get(((latencies.len() as f64 - 1.0) * share) as usize).copied().unwrap_or_default()
        };
        Outcome {
            per_second: latencies.len() as f64 / elapsed.as_secs_f64(),
            p50_ms: at(0.50).as_secs_f64() * 1000.0,
            p99_ms: at(0.99).as_secs_f64() * 1000.0,
        }
    }
}

async fn send(
    address: SocketAddr,
    source: Source,
    next: Arc<AtomicUsize>,
    started: Instant,
    until: Until,
) -> Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut latencies = Vec::new();
    let mut buffer = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let over = match until {
            Until::Time(time) => started.elapsed() >= time,
            Until::Count(count) => number >= count,
        };
        if over {
            return Ok(latencies);
        }
        let request = source(number);
        let sent = Instant::now();
        stream.write_all(&request).await?;
        read_answer(&mut stream, &mut buffer).await.with_context(|| format!("request {number}"))?;
        latencies.push(sent.elapsed());
    }
}

/// Reads one answer with a content length and checks that it is a success.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<()> {
    buffer.clear();
    let (head, length) = loop {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break (end + 4, content_length(&buffer[..end])?);
        }
    };
    while buffer.len() < head + length {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the answer broke off");
        }
    }
    if !buffer.starts_with(b"HTTP/1.1 2") {
        bail!("{}", String::from_utf8_lossy(&buffer[..buffer.len().min(600)]));
    }
    Ok(())
}

fn content_length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head)?;
    if head.starts_with("HTTP/1.1 204") {
        return Ok(0);
    }
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let length = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    Ok(length.context("an answer without a length")?.1.trim().parse()?)
}

/// The bytes of a request.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text =
        format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}
