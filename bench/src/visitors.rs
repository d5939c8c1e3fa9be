//! The measurements of sockets: visitors with a ticket each, and an agent who answers them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::load::{Outcome, request};
use crate::report::{Report, Row};
use crate::server::{Server, command};
use crate::sockets::{Sockets, Visitor, latencies};

/// Sockets of one visitor; the server takes 20.
const PER_VISITOR: usize = 10;
/// How long the server has to come to rest before its memory is read.
const REST: Duration = Duration::from_secs(3);

/// What to measure and with what.
pub(crate) struct Plan {
    pub(crate) hark: PathBuf,
    pub(crate) postgres: Option<String>,
    pub(crate) open: usize,
    pub(crate) idle: usize,
    pub(crate) seconds: u64,
}

/// A project whose visitors have sockets.
struct Site {
    address: SocketAddr,
    project: String,
    api_token: String,
    sdk_key: String,
}

/// Runs the plan.
pub(crate) async fn run(plan: &Plan) -> Result<Report> {
    let mut report = Report::default();
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let mut place = vec!["--data".to_owned(), data.to_str().context("a plain folder")?.to_owned()];
    let mut engine = "SQLite";
    if let Some(url) = &plan.postgres {
        engine = "PostgreSQL";
        place.extend(["--database-url".to_owned(), crate::steps::schema(url, "bench_sockets").await?]);
    }
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    let keys = command(&plan.hark, &[&["init", "--json"], place.as_slice()].concat()).await?;
    let serve = ["serve", "--listen", "127.0.0.1:0", "--rest-calls-per-minute", "1000000000"];
    let server = Server::start(&plan.hark, &[&serve, place.as_slice()].concat()).await?;
    let text = |value: &Json| value.as_str().map(str::to_owned).context("a key is missing");
    let site = Site {
        address: server.address,
        project: text(&keys["project"]["id"])?,
        api_token: text(&keys["apiToken"])?,
        sdk_key: text(&keys["sdkKey"])?,
    };
    let visitors = site.visitors(plan.open.max(plan.idle.div_ceil(PER_VISITOR))).await?;
    if plan.open > 0 {
        let outcome = site.answers(&visitors[..plan.open], Duration::from_secs(plan.seconds)).await?;
        let name = format!("{engine}: answer of an agent to a visitor's page, {} sockets open", plan.open);
        report.rows.push(Row { name, outcome, limit: None, memory_mb: Some(server.memory_mb()?) });
    }

    tokio::time::sleep(REST).await;
    let before = server.memory_mb()?;
    let sockets = Sockets::open(site.address, &visitors, plan.idle).await?;
    tokio::time::sleep(REST).await;
    let after = server.memory_mb()?;
    report.note(format!(
        "{engine}: {} idle sockets: {:.1} KB each, {before:.0} MB before and {after:.0} MB with them",
        plan.idle,
        (after - before) * 1024.0 / plan.idle as f64
    ));
    drop(sockets);
    server.stop().await?;
    Ok(report)
}

impl Site {
    /// So many visitors who started a session.
    async fn visitors(&self, count: usize) -> Result<Vec<Visitor>> {
        let mut visitors = Vec::with_capacity(count);
        for _ in 0..count {
            let headers = [("Api-Token", self.sdk_key.as_str()), ("Content-Type", "application/json")];
            let session = call(self.address, "POST", "/sessions", &headers, r#"{"lang":"en"}"#).await?;
            let text = |name: &str| session[name].as_str().map(str::to_owned).context("no session");
            visitors.push(Visitor {
                sdk_key: self.sdk_key.clone(),
                gleap_id: text("gleapId")?,
                gleap_hash: text("gleapHash")?,
            });
        }
        Ok(visitors)
    }

    /// Answers one visitor after the other, each of whom has a page open.
    async fn answers(&self, visitors: &[Visitor], time: Duration) -> Result<Outcome> {
        let tickets = self.tickets(visitors).await?;
        let mut sockets = Sockets::open(self.address, visitors, visitors.len()).await?;
        let answer = async |number: usize| {
            let socket = number % tickets.len();
            let words = format!("answer {number}.");
            self.rest("POST", "/v3/messages", &json!({"ticket": tickets[socket], "comment": words})).await?;
            Ok((socket, words))
        };
        latencies(&mut sockets, time, answer).await
    }

    /// A ticket of each of these visitors.
    async fn tickets(&self, visitors: &[Visitor]) -> Result<Vec<String>> {
        let mut tickets = Vec::with_capacity(visitors.len());
        for visitor in visitors {
            let path = format!("/v3/sessions?gleapId={}", visitor.gleap_id);
            let found = self.rest("GET", &path, &Json::Null).await?;
            let ticket = json!({"title": "A question", "session": found[0]["id"]});
            let ticket = self.rest("POST", "/v3/tickets", &ticket).await?;
            tickets.push(ticket["id"].as_str().context("no ticket")?.to_owned());
        }
        Ok(tickets)
    }

    async fn rest(&self, method: &str, path: &str, body: &Json) -> Result<Json> {
        let bearer = format!("Bearer {}", self.api_token);
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Project", self.project.as_str()),
            ("Content-Type", "application/json"),
        ];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        call(self.address, method, path, &headers, &body).await
    }
}

/// A call on a connection of its own.
async fn call(
    server: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Json> {
    let mut stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let headers = [headers, &[("Connection", "close")]].concat();
    stream.write_all(&request(method, path, &headers, body)).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    let (head, body) = text.split_once("\r\n\r\n").context("an answer without a body")?;
    if !head.starts_with("HTTP/1.1 2") {
        bail!("{method} {path}: {text}");
    }
    Ok(serde_json::from_str(body)?)
}
