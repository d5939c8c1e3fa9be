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
//!
//! To a head that is too large the library answers in the same poor way. So what is too much of one is left out here,
//! [`Heads::understood`] says so, and the request is refused in our words. Nothing behind such a head is passed on.

use std::io::Result;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::HttpBody;
use axum::http::header::UPGRADE;
use bytes::{Buf, BytesMut};
use hyper::Request;
use memchr::{memchr, memchr3};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::unread::{BYTES_MAX, TIME_MAX};

/// Bytes of a head at most.
pub(crate) const HEAD_BYTES_MAX: usize = 32 * 1024;
/// Headers of a head at most, which is as many as the library takes.
pub(crate) const HEADERS_MAX: usize = 100;

/// No head waits to be followed by a body.
const NOT_UNDERSTOOD: u64 = u64::MAX;
/// Bytes of an encoded one.
const ENCODED_BYTES: usize = 3;
/// The end of the body cannot be seen from here.
const ENDLESS: u64 = u64::MAX - 1;

/// Tells a connection what follows the head that was just read.
#[derive(Clone)]
pub(crate) struct Heads(Arc<Told>);

/// What the reader of a connection and those who serve it tell one another.
struct Told {
    /// How long the body behind the last head is.
    body: AtomicU64,
    /// Whether the last head was too large and is not whole.
    cut: AtomicBool,
}

impl Heads {
    /// To be called for each request before any of its body is read. Tells whether its head is whole.
    pub(crate) fn understood<B: HttpBody>(&self, request: &Request<B>) -> bool {
        let length = request.body().size_hint().exact().filter(|_| !request.headers().contains_key(UPGRADE));
        self.0.body.store(length.unwrap_or(ENDLESS), Ordering::Relaxed);
        !self.0.cut.load(Ordering::Relaxed)
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
    /// To what follows a head that was too large.
    Nothing,
}

/// What is to be done behind bytes that pass as they are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Next {
    /// Nothing passes before the head is understood, or there is nothing more.
    Wait,
    /// The next byte is encoded.
    Encode,
    /// What is left of the head is thrown away.
    Cut,
}

/// A connection whose request lines are spelled as the HTTP library wants them.
pub(crate) struct Spelled<I> {
    io: I,
    place: Place,
    heads: Heads,
    /// Bytes that were read and not passed on. Those up to `spelled` have been looked at.
    held: BytesMut,
    spelled: usize,
    /// Bytes and headers of the head so far.
    bytes: usize,
    headers: usize,
    /// What was passed on of a line of the head that is not whole.
    begun: Vec<u8>,
    /// Where that line begins in the bytes that are looked at.
    begins: usize,
    /// What ends a head in place of what is thrown away of it.
    cut: Option<&'static [u8]>,
    farewell: Farewell,
}

/// How a connection ends whose last head was too large.
#[derive(Default)]
struct Farewell {
    /// Our side has ended.
    is_said: bool,
    /// Bytes that were read since.
    bytes: u64,
    /// Runs while the other side has not ended.
    waits: Option<Pin<Box<Sleep>>>,
}

/// What makes a whole head of one that is cut within its request line, of which so much was passed on.
fn end_of_request(line: &[u8]) -> &'static [u8] {
    const END: &[u8] = b" / HTTP/1.1\r\n\r\n";
    const VERSION: &[u8] = b"HTTP/1.1";
    let mut parts = line.splitn(3, |byte| *byte == b' ').skip(1);
    match (parts.next(), parts.next()) {
        (None, _) => END,
        (Some([]), None) => &END[1..],
        (Some(_), None) => &END[2..],
        (Some(_), Some(version)) if VERSION.starts_with(version) => &END[3 + version.len()..],
        (Some(_), Some([.., b'\r'])) => b"\n\r\n",
        (Some(_), Some(_)) => b"\r\n\r\n",
    }
}

/// The same of one that is cut within a header.
fn end_of_header(line: &[u8]) -> &'static [u8] {
    let Some(colon) = memchr(b':', line) else {
        // No name that the library looks at ends so.
        return if line.is_empty() { b"\r\n" } else { b"x:\r\n\r\n" };
    };
    let is = |name: &[u8]| line[..colon].eq_ignore_ascii_case(name);
    match line {
        [.., b'\r'] => b"\n\r\n",
        // Whatever their values were to be, these must have one.
        _ if is(b"content-length") => b"0\r\n\r\n",
        _ if is(b"transfer-encoding") => b",chunked\r\n\r\n",
        _ => b"\r\n\r\n",
    }
}

impl<I> Spelled<I> {
    pub(crate) fn new(io: I) -> Spelled<I> {
        let heads =
            Heads(Arc::new(Told { body: AtomicU64::new(NOT_UNDERSTOOD), cut: AtomicBool::new(false) }));
        let held = BytesMut::new();
        Spelled {
            io,
            place: Place::Start,
            heads,
            held,
            spelled: 0,
            bytes: 0,
            headers: 0,
            begun: Vec::new(),
            begins: 0,
            cut: None,
            farewell: Farewell::default(),
        }
    }

    /// Where the connection wants to be told of heads.
    pub(crate) fn heads(&self) -> Heads {
        self.heads.clone()
    }

    fn line_begins(&mut self, at: usize) {
        self.begun.clear();
        self.begins = at;
    }

    /// How many of so many bytes more still fit into the head, if it becomes too large with all of them.
    fn room(&mut self, bytes: usize) -> Option<usize> {
        let room = HEAD_BYTES_MAX.saturating_sub(self.bytes);
        self.bytes = self.bytes.saturating_add(bytes);
        match self.cut {
            None if self.headers > HEADERS_MAX => Some(0),
            None if bytes > room => Some(room),
            _ => None,
        }
    }

    /// How many of these bytes pass as they are, and what is to be done behind them. Once a head is cut nothing
    /// of it passes any more.
    fn look(&mut self, bytes: &[u8]) -> (usize, Next) {
        let was_cut = self.cut.is_some();
        self.begins = 0;
        let (passed, next) = self.place_of_each(bytes);
        if !was_cut && matches!(self.place, Place::Line | Place::Head) {
            self.begun.extend_from_slice(&bytes[self.begins..passed]);
            if next == Next::Cut {
                let end = if self.place == Place::Line { end_of_request } else { end_of_header };
                self.cut = Some(end(&self.begun));
            }
        } else if !self.begun.is_empty() {
            self.begun = Vec::new();
        }
        (passed, next)
    }

    fn place_of_each(&mut self, bytes: &[u8]) -> (usize, Next) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match self.place {
                Place::Rest | Place::Nothing => return (bytes.len(), Next::Wait),
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
                Place::Behind => match self.heads.0.body.swap(NOT_UNDERSTOOD, Ordering::Relaxed) {
                    NOT_UNDERSTOOD => return (at, Next::Wait),
                    ENDLESS => self.place = Place::Rest,
                    length => self.place = Place::Body(length),
                },
                Place::Start if matches!(byte, b'\r' | b'\n') => at += 1,
                Place::Start => {
                    (self.place, self.bytes, self.headers) = (Place::Line, 0, 0);
                    self.line_begins(at);
                }
                Place::Line => {
                    let strange =
                        memchr3(b'<', b'>', b'"', &bytes[at..]).map_or(bytes.len(), |found| at + found);
                    let end = memchr(b'\n', &bytes[at..strange]).map(|end| at + end + 1);
                    let encoded = if end.is_none() && strange < bytes.len() { ENCODED_BYTES } else { 0 };
                    let length = end.unwrap_or(strange) - at;
                    if let Some(room) = self.room(length + encoded) {
                        return (at + room.min(length), Next::Cut);
                    }
                    match end {
                        Some(end) => (self.place, at) = (Place::LineEnd, end),
                        None if encoded > 0 => return (strange, Next::Encode),
                        None => return (strange, Next::Wait),
                    }
                }
                Place::Head => {
                    let end = memchr(b'\n', &bytes[at..]).map(|end| at + end + 1);
                    if let Some(room) = self.room(end.unwrap_or(bytes.len()) - at) {
                        return (at + room, Next::Cut);
                    }
                    let Some(end) = end else { return (bytes.len(), Next::Wait) };
                    (self.place, at) = (Place::LineEnd, end);
                }
                Place::LineEnd if byte == b'\r' => at += 1,
                Place::LineEnd if byte == b'\n' => (self.place, at) = (Place::Behind, at + 1),
                Place::LineEnd => {
                    (self.place, self.headers) = (Place::Head, self.headers + 1);
                    self.line_begins(at);
                }
            }
        }
        (at, Next::Wait)
    }

    /// Spells what is held, as far as it may be passed on.
    fn spell_held(&mut self) {
        let mut rest = self.held.split_off(self.spelled);
        loop {
            let passes = self.cut.is_none();
            let (plain, next) = self.look(&rest);
            if passes {
                self.held.extend_from_slice(&rest[..plain]);
            }
            rest.advance(plain);
            match next {
                Next::Wait => break,
                Next::Encode => {
                    if passes {
                        self.held.extend_from_slice(format!("%{:02X}", rest[0]).as_bytes());
                    }
                    rest.advance(1);
                }
                Next::Cut => {}
            }
        }
        if let (Some(end), Place::Behind) = (self.cut, self.place) {
            self.held.extend_from_slice(end);
            self.heads.0.cut.store(true, Ordering::Relaxed);
            self.place = Place::Nothing;
            rest.clear();
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
        let before = buffer.filled().len();
        loop {
            if this.held.is_empty() {
                ready!(Pin::new(&mut this.io).poll_read(context, buffer))?;
                let is_end = buffer.filled().len() == before;
                let (plain, next) = match this.cut {
                    None => this.look(&buffer.filled()[before..]),
                    Some(_) => (0, Next::Cut),
                };
                let passed = before + plain;
                if is_end || passed == buffer.filled().len() {
                    return Poll::Ready(Ok(()));
                }
                this.held.extend_from_slice(&buffer.filled()[passed..]);
                buffer.set_filled(passed);
                if next != Next::Encode && plain > 0 {
                    return Poll::Ready(Ok(()));
                }
            }
            if this.spelled == 0 {
                this.spell_held();
            }
            if this.spelled > 0 || this.cut.is_none() {
                break;
            }
            // Everything that came was thrown away, and there may be more.
            if buffer.filled().len() > before {
                return Poll::Ready(Ok(()));
            }
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

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Spelled<I> {
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

    /// Behind a head that was too large the client may still be sending. To close now would break the connection
    /// and take the answer with it, so what comes is read and thrown away, within bounds.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let this = &mut *self;
        if !this.farewell.is_said {
            ready!(Pin::new(&mut this.io).poll_shutdown(context))?;
            this.farewell.is_said = true;
        }
        if this.cut.is_none() {
            return Poll::Ready(Ok(()));
        }
        let Farewell { bytes, waits, .. } = &mut this.farewell;
        let waits = waits.get_or_insert_with(|| Box::pin(sleep(TIME_MAX)));
        while *bytes < BYTES_MAX && waits.as_mut().poll(context).is_pending() {
            let mut part = [0; 8 * 1024];
            let mut part = ReadBuf::new(&mut part);
            let read = ready!(Pin::new(&mut this.io).poll_read(context, &mut part));
            if read.is_err() || part.filled().is_empty() {
                break;
            }
            *bytes += part.filled().len() as u64;
        }
        Poll::Ready(Ok(()))
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
                    assert!(heads.understood(&request));
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
