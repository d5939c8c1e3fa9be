//! A small HTTP/1.1 server that answers as a test says and keeps every request.

use std::fmt::Write as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{Serving, lock, read_line, serve};

/// Longest body that is kept, in bytes.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A server for webhooks, pages and redirects.
pub struct HttpSink {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<ReceivedRequest>>>,
    _serving: Serving,
}

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The method in capitals.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl ReceivedRequest {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What the server answers.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: ReplyBody,
}

#[derive(Debug, Clone)]
enum ReplyBody {
    Bytes(Vec<u8>),
    Endless,
    Silence,
}

impl Reply {
    /// A complete answer.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: ReplyBody::Bytes(body.into()) }
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, "").header("location", location)
    }

    /// A body in chunks that never ends.
    pub fn endless() -> Self {
        Self { status: 200, headers: Vec::new(), body: ReplyBody::Endless }
    }

    /// Headers, then nothing more, with the connection left open.
    pub fn silence() -> Self {
        Self { status: 200, headers: Vec::new(), body: ReplyBody::Silence }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Answer = dyn Fn(&ReceivedRequest) -> Reply + Send + Sync;

impl HttpSink {
    /// Starts a server on 127.0.0.1 with a port of the system's choice.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub async fn start<F>(answer: F) -> io::Result<Self>
    where
        F: Fn(&ReceivedRequest) -> Reply + Send + Sync + 'static,
    {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into(), answer).await
    }

    /// Starts a server at an address.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub async fn start_at<F>(address: SocketAddr, answer: F) -> io::Result<Self>
    where
        F: Fn(&ReceivedRequest) -> Reply + Send + Sync + 'static,
    {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let answer: Arc<Answer> = Arc::new(answer);
        let kept = Arc::clone(&requests);
        let serving = serve(listener, move |stream| session(stream, Arc::clone(&kept), Arc::clone(&answer)));
        Ok(Self { address, requests, _serving: serving })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path on this server; `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Its IP address alone.
    pub fn ip(&self) -> IpAddr {
        self.address.ip()
    }

    /// What has arrived until now.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        lock(&self.requests).clone()
    }
}

/// One request per connection, so that no test depends on which connection is reused.
async fn session(
    stream: TcpStream,
    requests: Arc<Mutex<Vec<ReceivedRequest>>>,
    answer: Arc<Answer>,
) -> io::Result<()> {
    let (read_half, mut writer) = stream.into_split();
    let mut reader = BufReader::new(read_half);
    let Some(request) = read_request(&mut reader).await? else {
        return Ok(());
    };
    let reply = answer(&request);
    lock(&requests).push(request);

    let mut head = format!("HTTP/1.1 {} Reply\r\nconnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    match reply.body {
        ReplyBody::Bytes(body) => {
            let _ = write!(head, "content-length: {}\r\n\r\n", body.len());
            writer.write_all(head.as_bytes()).await?;
            writer.write_all(&body).await?;
        }
        ReplyBody::Endless => {
            head.push_str("transfer-encoding: chunked\r\n\r\n");
            writer.write_all(head.as_bytes()).await?;
            let chunk = format!("400\r\n{}\r\n", "0".repeat(0x400));
            loop {
                writer.write_all(chunk.as_bytes()).await?;
            }
        }
        ReplyBody::Silence => {
            head.push_str("content-length: 10\r\n\r\n");
            writer.write_all(head.as_bytes()).await?;
            // Ends when the client goes away.
            let _ = read_line(&mut reader).await?;
        }
    }
    writer.shutdown().await
}

async fn read_request(
    reader: &mut BufReader<tokio::net::tcp::OwnedReadHalf>,
) -> io::Result<Option<ReceivedRequest>> {
    let Some(first) = read_text(reader).await? else {
        return Ok(None);
    };
    let mut words = first.split(' ').map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let mut request = ReceivedRequest { method, path, headers: Vec::new(), body: Vec::new() };
    while let Some(line) = read_text(reader).await? {
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or(io::ErrorKind::InvalidData)?;
        request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = request.header("content-length").map_or(Ok(0), str::parse);
    let length: usize = length.map_err(|_| io::ErrorKind::InvalidData)?;
    if length > BODY_BYTES_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).await?;
    Ok(Some(request))
}

async fn read_text(reader: &mut BufReader<tokio::net::tcp::OwnedReadHalf>) -> io::Result<Option<String>> {
    let line = read_line(reader).await?;
    Ok(line.map(|line| String::from_utf8_lossy(&line).trim_end().to_owned()))
}
