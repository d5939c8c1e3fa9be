//! A connection that gives up when its peer takes nothing of what is written.
//!
//! Whoever asks for a large answer and does not read it would otherwise hold a place among the
//! connections, and the answer in memory, for as long as they like.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// A connection whose writes fail when for a time not one byte of them could be written.
pub(crate) struct Unstalled<I> {
    io: I,
    patience: Duration,
    /// Runs while a write waits.
    waits: Option<Pin<Box<Sleep>>>,
}

impl<I> Unstalled<I> {
    pub(crate) fn new(io: I, patience: Duration) -> Unstalled<I> {
        Unstalled { io, patience, waits: None }
    }

    /// Lets what was written pass, and ends the wait of what was not when it took too long.
    fn watch<T>(&mut self, context: &mut Context<'_>, written: Poll<Result<T>>) -> Poll<Result<T>> {
        if written.is_ready() {
            self.waits = None;
            return written;
        }
        let waits = self.waits.get_or_insert_with(|| Box::pin(sleep(self.patience)));
        match waits.as_mut().poll(context) {
            Poll::Ready(()) => {
                let story = "the peer has taken nothing of an answer for too long";
                Poll::Ready(Err(Error::new(ErrorKind::TimedOut, story)))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Unstalled<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Unstalled<I> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(context, parts);
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn a_peer_that_takes_nothing_ends_the_write_and_one_that_reads_does_not() {
        let (ours, mut theirs) = duplex(16);
        let mut ours = Unstalled::new(ours, Duration::from_millis(20));
        let stalled = ours.write_all(&[7; 64]).await.expect_err("a peer that does not read");
        assert_eq!(stalled.kind(), ErrorKind::TimedOut);

        let mut first = [0; 16];
        theirs.read_exact(&mut first).await.expect("what was written");
        assert_eq!(ours.write(&[8; 64]).await.expect("room"), 16);
    }
}
