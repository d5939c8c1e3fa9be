//! Servers on loopback that record what reaches them, in place of the outer world.

pub mod billing;
mod http;
mod s3;
mod smtp;
mod sources;

pub use http::{HttpSink, ReceivedRequest, Reply};
pub use s3::{S3Access, S3Sink};
pub use smtp::{Held, ReceivedMail, SmtpSink, SmtpSinkOptions, Stage};
pub use sources::Account;

use std::future::Future;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Longest line that a sink reads, in bytes.
const LINE_BYTES_MAX: u64 = 64 * 1024;
/// How long a test waits for something that must come.
const WAIT: Duration = Duration::from_secs(20);

/// A server's task; it and its connections end when the sink is dropped.
struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs `session` for every connection. A session that breaks off is the client's affair.
fn serve<F, S>(listener: TcpListener, session: F) -> Serving
where
    F: Fn(TcpStream) -> S + Send + 'static,
    S: Future<Output = io::Result<()>> + Send + 'static,
{
    Serving(tokio::spawn(async move {
        let mut sessions = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            sessions.spawn(session(stream));
            while sessions.try_join_next().is_some() {}
        }
    }))
}

/// The next line with its ending; `None` when the client is gone.
async fn read_line(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = reader.take(LINE_BYTES_MAX).read_until(b'\n', &mut line).await?;
    Ok((read > 0).then_some(line))
}

/// Locks even after a test has panicked with the lock held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
