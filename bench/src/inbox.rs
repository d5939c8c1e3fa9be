//! The measurements of the inbox: tickets and messages as many as a busy team has after years.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use hark_core::messages::MESSAGE;
use hark_core::tickets::{self, NewTicket};
use hark_store::{Clock, Id, Location, Scope, SecretKeys, Store, Tx, to_body};
use serde_json::{Value as Json, json};

use crate::data::mix;
use crate::load::{Outcome, Source, Until, request, run as load};
use crate::report::{Report, Row};
use crate::server::{Server, command};

/// Documents that one transaction of the seed writes.
const CHUNK: usize = 500;
const WORDS: &[&str] = &[
    "invoice",
    "refund",
    "login",
    "password",
    "export",
    "import",
    "slow",
    "error",
    "crash",
    "mobile",
    "upload",
    "report",
    "chart",
    "button",
    "colour",
    "language",
    "email",
    "webhook",
    "token",
    "billing",
    "upgrade",
    "shipping",
    "address",
    "calendar",
    "search",
    "filter",
    "screen",
    "network",
    "timeout",
    "certificate",
];
/// One rare word in so many messages.
const RARE_EVERY: usize = 10_000;
/// Words that are looked for.
const SEARCHES: &[(&str, &str)] = &[
    ("rare word", "quasar"),
    ("common word", "invoice"),
    ("two words", "invoice%20refund"),
    ("typo", "certifcate"),
];

/// What to measure and with what.
pub(crate) struct Plan {
    pub(crate) hark: PathBuf,
    pub(crate) postgres: Option<String>,
    pub(crate) tickets: usize,
    pub(crate) messages: usize,
    pub(crate) seconds: u64,
    pub(crate) connections: usize,
}

/// Runs the plan, on SQLite or on the PostgreSQL that it names.
pub(crate) async fn run(plan: &Plan) -> Result<Report> {
    let mut report = Report::default();
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let mut place = vec!["--data".to_owned(), data.to_str().context("a plain folder")?.to_owned()];
    let (mut engine, mut location) = ("SQLite", Location::Sqlite(data.join("hark.db")));
    if let Some(url) = &plan.postgres {
        let url = crate::steps::schema(url, "bench_inbox").await?;
        place.extend(["--database-url".to_owned(), url.clone()]);
        (engine, location) = ("PostgreSQL", Location::Postgres { url, connections: 4 });
    }
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    let keys = command(&plan.hark, &[&["init", "--json"], place.as_slice()].concat()).await?;
    let text = |value: &Json| value.as_str().map(str::to_owned).context("a key is missing");
    let (project, token) = (text(&keys["project"]["id"])?, text(&keys["apiToken"])?);
    let rate = seed(&location, &SecretKeys::in_folder(&data), &project, plan).await?;
    report.note(format!(
        "{engine}: {} tickets and {} messages, {rate:.0} written per second",
        plan.tickets, plan.messages
    ));

    let serve = ["serve", "--listen", "127.0.0.1:0", "--rest-calls-per-minute", "1000000000"];
    let server = Server::start(&plan.hark, &[&serve, place.as_slice()].concat()).await?;
    let bearer = format!("Bearer {token}");
    let headers =
        [("Authorization", bearer.as_str()), ("Project", &project), ("Content-Type", "application/json")];
    let get = |path: &str| -> Source {
        let bytes = request("GET", path, &headers, "");
        Arc::new(move |_| bytes.clone())
    };
    let time = Until::Time(Duration::from_secs(plan.seconds));
    let mut row = |name: &str, outcome: Outcome| -> Result<()> {
        let memory_mb = Some(server.memory_mb()?);
        report.rows.push(Row { name: format!("{engine}: {name}"), outcome, limit: None, memory_mb });
        Ok(())
    };
    let list = get("/v3/tickets?type=INQUIRY&status=OPEN&priority=HIGH&sort=-createdAt&limit=50");
    row("list 50 tickets by three filters", load(server.address, plan.connections, list, time).await?)?;
    for (name, words) in SEARCHES {
        let search = get(&format!("/v3/messages/search?searchTerm={words}&limit=30"));
        row(
            &format!("search messages, {name}"),
            load(server.address, plan.connections, search, time).await?,
        )?;
    }
    let bodies = {
        let (bearer, project) = (bearer.clone(), project.clone());
        move |number: usize| {
            let headers = [
                ("Authorization", bearer.as_str()),
                ("Project", &project),
                ("Content-Type", "application/json"),
            ];
            request("POST", "/v3/tickets", &headers, &ticket(number).to_string())
        }
    };
    row("create ticket", load(server.address, plan.connections, Arc::new(bodies), time).await?)?;
    server.stop().await?;
    Ok(report)
}

/// The ticket with this number, as `POST /v3/tickets` takes it.
fn ticket(number: usize) -> Json {
    let mixed = mix(number);
    let one_of = |all: &[&'static str], shift: u32| all[(mixed >> shift) % all.len()];
    json!({
        "title": sentence(mixed, 5),
        "type": one_of(&["BUG", "INQUIRY", "FEATURE_REQUEST"], 0),
        "status": one_of(&["OPEN", "INPROGRESS", "DONE"], 8),
        "priority": one_of(&["LOW", "MEDIUM", "HIGH"], 16),
        "tags": [one_of(WORDS, 24)],
    })
}

fn sentence(seed: usize, words: usize) -> String {
    let word = |at: usize| WORDS[mix(seed.wrapping_add(at)) % WORDS.len()];
    (0..words).map(word).collect::<Vec<_>>().join(" ")
}

/// Fills a database that no server uses yet, and tells how many documents were written per second.
async fn seed(location: &Location, keys: &SecretKeys, project: &str, plan: &Plan) -> Result<f64> {
    let store = Store::open(location, Clock::real(), keys).await?;
    let scope = store.operator_of(project.parse().map_err(|error: &str| anyhow::anyhow!(error))?).await?;
    let started = std::time::Instant::now();
    let mut ids: Vec<Id> = Vec::new();
    for first in (0..plan.tickets).step_by(CHUNK) {
        let last = plan.tickets.min(first + CHUNK);
        let create = move |tx: &mut Tx<'_>| {
            (first..last)
                .map(|number| Ok(tickets::create(tx, NewTicket::new(to_body(ticket(number))))?.id))
                .collect::<hark_store::Result<Vec<Id>>>()
        };
        ids.extend(store.write(&scope, create).await?);
    }
    write_messages(&store, &scope, &ids, plan.messages).await?;
    store.close().await;
    Ok((plan.tickets + plan.messages) as f64 / started.elapsed().as_secs_f64())
}

/// Writes messages round about the tickets, as documents: what a message does to its ticket is not measured here.
async fn write_messages(store: &Store, scope: &Scope, tickets: &[Id], count: usize) -> Result<()> {
    for first in (0..count).step_by(CHUNK) {
        let last = count.min(first + CHUNK);
        let of: Vec<Id> = (first..last).map(|number| tickets[number % tickets.len()]).collect();
        let insert = move |tx: &mut Tx<'_>| {
            for (number, ticket) in (first..last).zip(&of) {
                let rare = if number.is_multiple_of(RARE_EVERY) { " quasar" } else { "" };
                let text = format!("{}{rare}", sentence(mix(number), 12));
                let body = json!({
                    "ticket": ticket, "type": "TEXT", "senderType": "agent", "bot": false,
                    "index": number, "text": text, "data": {"content": text}, "attachments": [],
                });
                tx.insert(&MESSAGE, to_body(body))?;
            }
            Ok(())
        };
        store.write(scope, insert).await?;
    }
    Ok(())
}
