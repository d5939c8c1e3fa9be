//! Request lines as programs write them, spelled as HTTP wants them.
//!
//! Filters stand in the query: `?createdAt>=2026-01-01`. Browsers encode the `>`, but curl, Go and PHP send what
//! they are given, and the HTTP library takes a bare `<`, `>` or `"` for a broken request: it hangs up with an
//! answer without words and without CORS. So a connection is read through [`Spelled`], which percent-encodes the
//! three in request lines and changes nothing else.
//!
//! Where a request line begins is never guessed: behind a head nothing is passed on until the library has
//! understood it and [`Heads::understood`] says how long its body is. Where that cannot be said (a body in chunks,
//! a socket), everything that follows on the connection passes as it is.

use std::io::Result;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::body::HttpBody;
use axum::http::header::UPGRADE;
use bytes::{Buf, BytesMut};
use hyper::Request;
use memchr::{memchr, memchr3};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// No head waits to be followed by a body.
const NOT_UNDERSTOOD: u64 = u64::MAX;
/// The end of the body cannot be seen from here.
const ENDLESS: u64 = u64::MAX - 1;

/// Tells a connection what follows the head that was just read.
#[derive(Clone)]
pub(crate) struct Heads(Arc<AtomicU64>);

impl Heads {
    /// To be called for each request before any of its body is read.
    pub(crate) fn understood<B: HttpBody>(&self, request: &Request<B>) {
        let length = request.body().size_hint().exact().filter(|_| !request.headers().contains_key(UPGRADE));
        self.0.store(length.unwrap_or(ENDLESS), Ordering::Relaxed);
    }
}

/// What the next byte of a connection belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// To a request line of which nothing was read, or to empty lines before it.
    Start,
    /// To a request line.
    Line,
    /// To the lines below it.
    Head,
    /// To the line below one that has just ended, or to the empty line that ends the head.
    LineEnd,
    /// To whatever follows a head.
    Behind,
    /// To a body with so many bytes left.
    Body(u64),
    /// To something whose end is not known.
    Rest,
}

/// A connection whose request lines are spelled as the HTTP library wants them.
pub(crate) struct Spelled<I> {
    io: I,
    place: Place,
    heads: Heads,
    /// Bytes that were read and not passed on. Those up to `spelled` have been looked at.
    held: BytesMut,
    spelled: usize,
}

impl<I> Spelled<I> {
    pub(crate) fn new(io: I) -> Spelled<I> {
        let heads = Heads(Arc::new(AtomicU64::new(NOT_UNDERSTOOD)));
        Spelled { io, place: Place::Start, heads, held: BytesMut::new(), spelled: 0 }
    }

    /// Where the connection wants to be told of heads.
    pub(crate) fn heads(&self) -> Heads {
        self.heads.clone()
    }

    /// How many of these bytes pass as they are, and whether the one behind them is to be encoded; else nothing
    /// behind them passes before the head is understood.
    fn look(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match self.place {
                Place::Rest => return (bytes.len(), false),
                Place::Body(0) => {
                    self.place = Place::Start;
                    continue;
                }
                Place::Body(left) => {
                    let here = left.min((bytes.len() - at) as u64);
                    self.place = Place::Body(left - here);
                    at += here as usize;
                    continue;
                }
                Place::Behind => match self.heads.0.swap(NOT_UNDERSTOOD, Ordering::Relaxed) {
                    NOT_UNDERSTOOD => return (at, false),
                    ENDLESS => self.place = Place::Rest,
                    length => self.place = Place::Body(length),
                },
                Place::Start if matches!(byte, b'\r' | b'\n') => at += 1,
                Place::Start => self.place = Place::Line,
                Place::Line => {
                    let strange =
                        memchr3(b'<', b'>', b'"', &bytes[at..]).map_or(bytes.len(), |found| at + found);
                    match memchr(b'\n', &bytes[at..strange]) {
                        Some(end) => {
                            self.place = Place::LineEnd;
                            at += end + 1;
                        }
                        None => return (strange, strange < bytes.len()),
                    }
                }
                Place::Head => {
                    let Some(end) = memchr(b'\n', &bytes[at..]) else { return (bytes.len(), false) };
                    self.place = Place::LineEnd;
                    at += end + 1;
                }
                Place::LineEnd if byte == b'\r' => at += 1,
                Place::LineEnd => {
                    self.place = if byte == b'\n' { Place::Behind } else { Place::Head };
                    at += 1;
                }
            }
        }
        (at, false)
    }

    /// Spells what is held, as far as it may be passed on.
    fn spell_held(&mut self) {
        let mut rest = self.held.split_off(self.spelled);
        loop {
            let (plain, encode) = self.look(&rest);
            self.held.extend_from_slice(&rest[..plain]);
            rest.advance(plain);
            if !encode {
                break;
            }
            self.held.extend_from_slice(format!("%{:02X}", rest[0]).as_bytes());
            rest.advance(1);
        }
        self.spelled = self.held.len();
        self.held.unsplit(rest);
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Spelled<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let this = &mut *self;
        if this.held.is_empty() {
            let before = buffer.filled().len();
            std::task::ready!(Pin::new(&mut this.io).poll_read(context, buffer))?;
            let (plain, encode) = this.look(&buffer.filled()[before..]);
            let passed = before + plain;
            if passed == buffer.filled().len() {
                return Poll::Ready(Ok(()));
            }
            this.held.extend_from_slice(&buffer.filled()[passed..]);
            buffer.set_filled(passed);
            if !encode && plain > 0 {
                return Poll::Ready(Ok(()));
            }
        }
        if this.spelled == 0 {
            this.spell_held();
        }
        if this.spelled == 0 {
            // A head that the library does not take for the end of one: from here on it knows better.
            this.place = Place::Rest;
            this.spelled = this.held.len();
        }
        let passed = this.spelled.min(buffer.remaining());
        buffer.put_slice(&this.held[..passed]);
        this.held.advance(passed);
        this.spelled -= passed;
        Poll::Ready(Ok(()))
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Spelled<I> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[std::io::IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, parts)
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
    use axum::body::Body;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    /// What is read of `sent` by a reader that takes `at_once` bytes at a time and understands what it reads as
    /// the library does: heads end with an empty line, and each has a body of `body` bytes, or one of unknown length.
    async fn read(sent: &str, at_once: usize, body: Option<usize>) -> String {
        let (mut theirs, ours) = duplex(7);
        let mut ours = Spelled::new(ours);
        let (heads, sent) = (ours.heads(), sent.to_owned());
        let send = async move {
            theirs.write_all(sent.as_bytes()).await.expect("all is taken");
        };
        let receive = async move {
            let (mut seen, mut head) = (String::new(), 0);
            loop {
                let mut part = vec![0; at_once];
                let length = ours.read(&mut part).await.expect("a part");
                if length == 0 {
                    return seen;
                }
                seen.push_str(std::str::from_utf8(&part[..length]).expect("text"));
                if let Some(end) = seen[head..].find("\r\n\r\n") {
                    let request = match body {
                        Some(length) => Request::new(Body::from("x".repeat(length))),
                        None => {
                            Request::new(Body::from_stream(futures_util::stream::pending::<Result<&str>>()))
                        }
                    };
                    heads.understood(&request);
                    head += end + 4 + body.unwrap_or(0);
                    while seen.len() < head {
                        let length = ours.read(&mut part).await.expect("more");
                        seen.push_str(std::str::from_utf8(&part[..length]).expect("text"));
                    }
                }
            }
        };
        tokio::join!(send, receive).1
    }

    #[tokio::test]
    async fn request_lines_are_encoded_and_nothing_else_is() {
        let sent = "\r\nGET /a?b>=1&c<\"2\" HTTP/1.1\r\nX: <y>\r\n\r\n<>\"PUT /d?e>2 HTTP/1.1\r\nHost: \"\r\n\r\n>>>";
        let meant = "\r\nGET /a?b%3E=1&c%3C%222%22 HTTP/1.1\r\nX: <y>\r\n\r\n<>\"PUT /d?e%3E2 HTTP/1.1\r\nHost: \"\r\n\r\n>>>";
        for at_once in [1, 2, 3, 5, 64, 4096] {
            assert_eq!(read(sent, at_once, Some(3)).await, meant, "{at_once} at once");
        }
    }

    #[tokio::test]
    async fn nothing_changes_behind_a_body_of_unknown_length() {
        let sent = "POST /a?b>1 HTTP/1.1\r\n\r\n5\r\n<a>\r\n\r\nGET /b?c>1 HTTP/1.1\r\n\r\n";
        assert_eq!(read(sent, 64, None).await, sent.replacen("b>1", "b%3E1", 1));
    }
}
