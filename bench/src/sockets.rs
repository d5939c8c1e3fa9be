//! Sockets of visitors: how soon an agent's answer reaches one among many, and what an idle one costs.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::load::Outcome;

/// Sockets of one address at most; the server takes 2,000 from a network.
const PER_ADDRESS: usize = 1_900;
/// Sockets that are opened at a time.
const AT_ONCE: usize = 100;
/// How long something may take that must come.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of a frame at most that is expected.
const FRAME_MAX: usize = 64 * 1024;

/// A visitor's page.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) sdk_key: String,
    pub(crate) gleap_id: String,
    pub(crate) gleap_hash: String,
}

/// Something that came over one of the sockets: its number, what it said, and when.
pub(crate) struct Arrival {
    pub(crate) socket: usize,
    pub(crate) text: String,
    pub(crate) at: Instant,
}

/// Open sockets, and what comes over them.
pub(crate) struct Sockets {
    pub(crate) arrivals: mpsc::UnboundedReceiver<Arrival>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Drop for Sockets {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

impl Sockets {
    /// Opens `count` sockets of these visitors, in turn, and waits until each has got its first update.
    pub(crate) async fn open(server: SocketAddr, visitors: &[Visitor], count: usize) -> Result<Sockets> {
        let (sender, mut arrivals) = mpsc::unbounded_channel();
        let mut tasks = Vec::with_capacity(count);
        let mut number = 0;
        while number < count {
            let part = number..(number + AT_ONCE).min(count);
            let opening =
                part.clone().map(|number| connect(server, &visitors[number % visitors.len()], number));
            for (number, stream) in part.clone().zip(futures_join(opening).await?) {
                tasks.push(tokio::spawn(listen(number, stream, sender.clone())));
            }
            number = part.end;
        }
        for _ in 0..count {
            timeout(PATIENCE, arrivals.recv()).await.context("a socket got no first update")?;
        }
        Ok(Sockets { arrivals, tasks })
    }
}

/// Waits for all of these at once.
async fn futures_join(
    opening: impl Iterator<Item = impl Future<Output = Result<TcpStream>> + Send + 'static>,
) -> Result<Vec<TcpStream>> {
    let tasks: Vec<_> = opening.map(tokio::spawn).collect();
    let mut streams = Vec::with_capacity(tasks.len());
    for task in tasks {
        streams.push(task.await??);
    }
    Ok(streams)
}

/// A connection that became a socket.
fn connect(
    server: SocketAddr,
    visitor: &Visitor,
    number: usize,
) -> impl Future<Output = Result<TcpStream>> + Send + 'static {
    let path = format!(
        "/ws?gleapId={}&gleapHash={}&apiKey={}&sdkVersion=16.4.0",
        visitor.gleap_id, visitor.gleap_hash, visitor.sdk_key
    );
    async move {
        let socket = TcpSocket::new_v4()?;
        let from = Ipv4Addr::new(127, 0, 1, (number / PER_ADDRESS + 1) as u8);
        socket.bind(SocketAddr::from((from, 0)))?;
        let mut stream = socket.connect(server).await?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        // One byte at a time, so that nothing of the first frame is taken along.
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(timeout(PATIENCE, stream.read_u8()).await??);
        }
        if !head.starts_with(b"HTTP/1.1 101") {
            bail!("no socket: {}", String::from_utf8_lossy(&head));
        }
        Ok(stream)
    }
}

/// Hands on every text, and answers pings, until the connection ends.
async fn listen(number: usize, mut stream: TcpStream, arrivals: mpsc::UnboundedSender<Arrival>) {
    while let Ok((opcode, payload)) = frame(&mut stream).await {
        match opcode {
            // A text.
            1 => {
                let text = String::from_utf8_lossy(&payload).into_owned();
                let _ = arrivals.send(Arrival { socket: number, text, at: Instant::now() });
            }
            // A ping; the answer of a client is masked, here with zeros.
            9 if stream.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).await.is_err() => return,
            _ => {}
        }
    }
}

/// The next frame of the server, which never splits one.
async fn frame(stream: &mut TcpStream) -> Result<(u8, Vec<u8>)> {
    let (first, second) = (stream.read_u8().await?, stream.read_u8().await?);
    let length = match second & 0x7f {
        126 => usize::from(stream.read_u16().await?),
        127 => usize::try_from(stream.read_u64().await?)?,
        short => usize::from(short),
    };
    if length > FRAME_MAX {
        bail!("a frame of {length} bytes");
    }
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload).await?;
    Ok((first & 0x0f, payload))
}

/// What came of sending `send` for `time`, each time to the socket that it names: from the moment
/// before the call to the arrival of the text that it returns.
pub(crate) async fn latencies(
    sockets: &mut Sockets,
    time: Duration,
    send: impl AsyncFn(usize) -> Result<(usize, String)>,
) -> Result<Outcome> {
    let started = Instant::now();
    let mut latencies = Vec::new();
    while started.elapsed() < time {
        let sent = Instant::now();
        let (socket, text) = send(latencies.len()).await?;
        let arrival = loop {
            let next = timeout(PATIENCE, sockets.arrivals.recv()).await.context("nothing arrived")?;
            let arrival = next.context("the sockets ended")?;
            if arrival.socket == socket && arrival.text.contains(&text) {
                break arrival.at;
            }
        };
        latencies.push(arrival.duration_since(sent));
    }
    Ok(Outcome::of(latencies, started.elapsed()))
}
