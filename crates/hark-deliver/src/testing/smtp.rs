//! A strict SMTP server that keeps every message and refuses on demand.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

use super::{Serving, WAIT, lock, read_line, serve};

/// Longest message that is kept, in bytes.
const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Longest line of a message without its ending, in bytes (RFC 5321, 4.5.3.1.6).
const LINE_BYTES_MAX: usize = 998;

/// A message as the server accepted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// Sender of the envelope.
    pub from: String,
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// Who was logged in.
    pub login: Option<String>,
    /// Headers and body with CRLF line ends.
    pub raw: String,
}

impl ReceivedMail {
    /// The first value of a header with its folds undone; `name` in any case.
    pub fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.raw.split_once("\r\n\r\n")?;
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", "\t");
        let mut fields = unfolded.split("\r\n").filter_map(|line| line.split_once(':'));
        let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    }

    /// What follows the headers, still in its transfer encoding.
    pub fn body(&self) -> &str {
        self.raw.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

/// Where in the conversation a reply can be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Before the client has said anything.
    Greeting,
    /// After the credentials.
    Login,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// After the message.
    Content,
    /// `QUIT`.
    Farewell,
}

/// A reply that waits for a test.
#[derive(Debug)]
pub struct Held {
    reached: oneshot::Receiver<()>,
    go_on: oneshot::Sender<()>,
}

impl Held {
    /// Waits until a client waits for the reply, and returns what lets it come when it is dropped.
    ///
    /// # Panics
    /// When no client has come within twenty seconds.
    pub async fn reached(self) -> oneshot::Sender<()> {
        let reached = tokio::time::timeout(WAIT, self.reached).await;
        assert!(matches!(reached, Ok(Ok(()))), "no client waits for the reply");
        self.go_on
    }
}

/// The server's side of a [`Held`].
#[derive(Debug)]
struct Hold {
    stage: Stage,
    reached: oneshot::Sender<()>,
    go_on: oneshot::Receiver<()>,
}

/// How a sink behaves.
#[derive(Debug, Clone)]
pub struct SmtpSinkOptions {
    /// Name and password that must be given before a message; nobody may log in without them.
    pub login: Option<(String, String)>,
    /// Mechanisms offered after `AUTH`: `PLAIN`, `LOGIN` or both.
    pub mechanisms: &'static str,
}

impl Default for SmtpSinkOptions {
    fn default() -> Self {
        Self { login: None, mechanisms: "PLAIN LOGIN" }
    }
}

/// A mail server on loopback.
pub struct SmtpSink {
    address: SocketAddr,
    state: Arc<State>,
    _serving: Serving,
}

#[derive(Default)]
struct State {
    options: SmtpSinkOptions,
    replies: Mutex<VecDeque<(Stage, String)>>,
    holds: Mutex<VecDeque<Hold>>,
    mails: Mutex<Vec<ReceivedMail>>,
    violations: Mutex<Vec<String>>,
    arrived: Notify,
}

impl SmtpSink {
    /// Starts a server that accepts everything without a login.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(SmtpSinkOptions::default()).await
    }

    /// Starts a server.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub async fn start_with(options: SmtpSinkOptions) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State { options, ..State::default() });
        let shared = Arc::clone(&state);
        let serving = serve(listener, move |stream| {
            let session = Session::new(stream, Arc::clone(&shared));
            session.run()
        });
        Ok(Self { address, state, _serving: serving })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Replaces the next reply at `stage`; an empty reply means that the server falls silent
    /// until the client hangs up. Several are used in order.
    pub fn reply_next(&self, stage: Stage, reply: &str) {
        lock(&self.state.replies).push_back((stage, reply.to_owned()));
    }

    /// Makes the next reply at `stage` wait until the test lets it come.
    pub fn hold_next(&self, stage: Stage) -> Held {
        let ((reached, is_reached), (go_on, goes_on)) = (oneshot::channel(), oneshot::channel());
        lock(&self.state.holds).push_back(Hold { stage, reached, go_on: goes_on });
        Held { reached: is_reached, go_on }
    }

    /// The messages that were accepted until now.
    pub fn mails(&self) -> Vec<ReceivedMail> {
        lock(&self.state.mails).clone()
    }

    /// What clients did against the protocol; a test should find this empty.
    pub fn violations(&self) -> Vec<String> {
        lock(&self.state.violations).clone()
    }

    /// Waits until `count` messages have been accepted.
    ///
    /// # Panics
    /// When they have not come within twenty seconds.
    pub async fn wait_for(&self, count: usize) -> Vec<ReceivedMail> {
        let arrived = async {
            loop {
                let next = self.state.arrived.notified();
                let mails = self.mails();
                if mails.len() >= count {
                    return mails;
                }
                next.await;
            }
        };
        let in_time = tokio::time::timeout(WAIT, arrived).await;
        in_time.unwrap_or_else(|_| panic!("{} of {count} mails arrived", self.mails().len()))
    }
}

/// How a command ends.
type Outcome = io::Result<()>;

/// One connection.
struct Session {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    state: Arc<State>,
    greeted: bool,
    login: Option<String>,
    from: Option<String>,
    to: Vec<String>,
}

impl Session {
    fn new(stream: TcpStream, state: Arc<State>) -> Self {
        let (read_half, writer) = stream.into_split();
        Self {
            reader: BufReader::new(read_half),
            writer,
            state,
            greeted: false,
            login: None,
            from: None,
            to: Vec::new(),
        }
    }

    async fn run(mut self) -> Outcome {
        self.answer(Stage::Greeting, "220 sink ready").await?;
        while let Some(line) = self.line().await? {
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" if !rest.is_empty() => self.hello().await?,
                "AUTH" => self.log_in(rest).await?,
                "MAIL" => self.sender(rest).await?,
                "RCPT" => self.recipient(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.forget_envelope();
                    self.write("250 forgotten").await?;
                }
                "NOOP" => self.write("250 done").await?,
                "QUIT" => {
                    self.answer(Stage::Farewell, "221 bye").await?;
                    return self.writer.shutdown().await;
                }
                _ => self.violation("500 unknown command", &line).await?,
            }
        }
        Ok(())
    }

    async fn hello(&mut self) -> Outcome {
        self.greeted = true;
        self.forget_envelope();
        self.write("250-sink").await?;
        if self.state.options.login.is_some() {
            let mechanisms = format!("250-AUTH {}", self.state.options.mechanisms);
            self.write(&mechanisms).await?;
        }
        self.write("250-ENHANCEDSTATUSCODES").await?;
        self.write("250 8BITMIME").await
    }

    async fn log_in(&mut self, rest: &str) -> Outcome {
        let state = Arc::clone(&self.state);
        let Some((username, password)) = state.options.login.as_ref().filter(|_| self.greeted) else {
            return self.violation("503 no login here", "AUTH").await;
        };
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        if !state.options.mechanisms.split(' ').any(|known| known == mechanism) {
            return self.violation("504 unknown mechanism", mechanism).await;
        }
        let given = match mechanism {
            "PLAIN" => {
                let message = self.credential(initial, "").await?;
                let mut parts = message.split('\0').skip(1).map(str::to_owned);
                parts.next().zip(parts.next())
            }
            _ => {
                let name = self.credential(initial, "Username:").await?;
                let password = self.credential("", "Password:").await?;
                Some((name, password))
            }
        };
        if given.as_ref() != Some(&(username.clone(), password.clone())) {
            return self.write("535 5.7.8 wrong name or password").await;
        }
        if self.answer(Stage::Login, "235 2.7.0 welcome").await? {
            self.login = Some(username.clone());
        }
        Ok(())
    }

    /// A base64 text that came with the command, or is asked for.
    async fn credential(&mut self, initial: &str, prompt: &str) -> io::Result<String> {
        let mut encoded = initial.to_owned();
        if encoded.is_empty() {
            self.write(&format!("334 {}", STANDARD.encode(prompt))).await?;
            encoded = self.line().await?.unwrap_or_default();
        }
        let decoded = STANDARD.decode(encoded).map_err(|_| io::ErrorKind::InvalidData)?;
        String::from_utf8(decoded).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    async fn sender(&mut self, rest: &str) -> Outcome {
        if !self.greeted || self.from.is_some() {
            return self.violation("503 bad sequence", "MAIL").await;
        }
        if self.state.options.login.is_some() && self.login.is_none() {
            return self.violation("530 5.7.0 log in first", "MAIL").await;
        }
        let Some(address) = path(rest, "FROM:") else {
            return self.violation("501 5.5.4 bad sender", rest).await;
        };
        if self.answer(Stage::Sender, "250 2.1.0 sender kept").await? {
            self.from = Some(address);
        }
        Ok(())
    }

    async fn recipient(&mut self, rest: &str) -> Outcome {
        if self.from.is_none() {
            return self.violation("503 bad sequence", "RCPT").await;
        }
        let Some(address) = path(rest, "TO:").filter(|address| address.contains('@')) else {
            return self.violation("501 5.5.4 bad recipient", rest).await;
        };
        if self.answer(Stage::Recipient, "250 2.1.5 recipient kept").await? {
            self.to.push(address);
        }
        Ok(())
    }

    async fn data(&mut self) -> Outcome {
        if self.to.is_empty() {
            return self.violation("503 bad sequence", "DATA").await;
        }
        self.write("354 go on").await?;
        let mut raw = String::new();
        let mut complete = false;
        while let Some(line) = self.line().await? {
            if line == "." {
                complete = true;
                break;
            }
            let line = line.strip_prefix('.').unwrap_or(&line);
            if line.len() > LINE_BYTES_MAX {
                self.note("a line is longer than 998 bytes");
            }
            raw.push_str(line);
            raw.push_str("\r\n");
            if raw.len() > MESSAGE_BYTES_MAX {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        if !complete {
            self.note("the message ended without a dot");
            return Ok(());
        }
        // Kept before the reply, so that a client which has the reply also finds the message.
        let mail = ReceivedMail {
            from: self.from.take().unwrap_or_default(),
            to: std::mem::take(&mut self.to),
            login: self.login.clone(),
            raw,
        };
        self.state.wait_at(Stage::Content).await;
        let reply = self.state.next_reply(Stage::Content);
        if reply.as_ref().is_none_or(|reply| reply.starts_with('2')) {
            lock(&self.state.mails).push(mail);
            self.state.arrived.notify_waiters();
        }
        self.give(reply, "250 2.0.0 message kept").await.map(drop)
    }

    fn forget_envelope(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// Sends the reply that a test has prepared for `stage`, or the usual one; tells whether
    /// it was positive.
    async fn answer(&mut self, stage: Stage, usual: &str) -> io::Result<bool> {
        self.state.wait_at(stage).await;
        let prepared = self.state.next_reply(stage);
        self.give(prepared, usual).await
    }

    async fn give(&mut self, prepared: Option<String>, usual: &str) -> io::Result<bool> {
        let reply = prepared.as_deref().unwrap_or(usual);
        if reply.is_empty() {
            while self.line().await?.is_some() {}
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        self.write(reply).await?;
        Ok(reply.starts_with('2'))
    }

    async fn violation(&mut self, reply: &str, what: &str) -> Outcome {
        self.note(&format!("{reply}: {what}"));
        self.write(reply).await
    }

    fn note(&self, what: &str) {
        lock(&self.state.violations).push(what.to_owned());
    }

    async fn write(&mut self, reply: &str) -> Outcome {
        self.writer.write_all(format!("{reply}\r\n").as_bytes()).await
    }

    /// The next line without its ending; a lone CR, LF or NUL is noted.
    async fn line(&mut self) -> io::Result<Option<String>> {
        let Some(bytes) = read_line(&mut self.reader).await? else {
            return Ok(None);
        };
        let line = String::from_utf8_lossy(&bytes).into_owned();
        let text = match line.strip_suffix("\r\n") {
            Some(text) => text,
            None => {
                self.note("a line does not end with CR LF");
                line.trim_end_matches('\n')
            }
        };
        if text.contains(['\r', '\0']) {
            self.note("a line contains CR or NUL");
        }
        Ok(Some(text.to_owned()))
    }
}

impl State {
    async fn wait_at(&self, stage: Stage) {
        let hold = {
            let mut holds = lock(&self.holds);
            let position = holds.iter().position(|hold| hold.stage == stage);
            position.and_then(|position| holds.remove(position))
        };
        if let Some(hold) = hold {
            // Whoever prepared it may be gone.
            let _ = hold.reached.send(());
            let _ = hold.go_on.await;
        }
    }

    fn next_reply(&self, stage: Stage) -> Option<String> {
        let mut replies = lock(&self.replies);
        let position = replies.iter().position(|(prepared, _)| *prepared == stage)?;
        replies.remove(position).map(|(_, reply)| reply)
    }
}

/// The address in `FROM:<address> parameters`.
fn path(rest: &str, keyword: &str) -> Option<String> {
    let rest = rest.strip_prefix(keyword)?.strip_prefix('<')?;
    let (address, _) = rest.split_once('>')?;
    Some(address.to_owned())
}
