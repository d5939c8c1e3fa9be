//! The measurements, in order: limits first, then the server on each engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value as Json;

use crate::data;
use crate::load::{Outcome, Source, Until, request, run as load};
use crate::raw;
use crate::report::{Report, Row};
use crate::server::{Server, command};

/// Events of a batch; the official clients send batches of this order.
const BATCH: usize = 100;
/// Words that are looked for, from rare to common, with a prefix and a typo.
const SEARCHES: &[(&str, &str)] =
    &[("rare word", "quasar"), ("common word", "ada"), ("prefix", "hor"), ("typo", "fisher")];

/// What to measure and with what.
pub(crate) struct Plan {
    pub(crate) hark: PathBuf,
    pub(crate) postgres: Option<String>,
    pub(crate) contacts: usize,
    pub(crate) seconds: u64,
    pub(crate) connections: usize,
    pub(crate) folder: Option<PathBuf>,
}

/// A server with its keys.
struct Target {
    server: Server,
    project: String,
    api_token: String,
    secret_token: String,
}

/// Runs the plan.
pub(crate) async fn run(plan: &Plan) -> Result<Report> {
    let mut report = Report::default();
    let folder = match &plan.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let writes = raw::sqlite_writes(folder.path(), plan.seconds, plan.connections).await?;
    report.note(format!(
        "durable writes on SQLite: {:.0}/s one commit each, {:.0}/s in a raw loop of groups of {}, {:.0}/s by {} concurrent \
         callers of the store ({:.0} % of the raw loop, {:.1} times one by one)",
        writes.one_by_one,
        writes.raw_groups,
        raw::GROUP,
        writes.group_commit,
        raw::GROUP,
        100.0 * writes.group_commit / writes.raw_groups,
        writes.group_commit / writes.one_by_one
    ));
    let data = folder.path().join("data");
    let data_text = data.to_str().context("a folder with a plain name")?.to_owned();
    measure(plan, &mut report, "SQLite", &["--data", &data_text], (writes.whole, None)).await?;
    if let Some(database) =
        std::fs::read_dir(&data)?.flatten().map(|entry| entry.path()).find(|path| is_database(path))
    {
        let reads = raw::sqlite_reads(&database, Duration::from_secs(1))?;
        report.note(format!("raw point reads on SQLite: {reads:.0}/s on one thread"));
    }
    if let Some(url) = &plan.postgres {
        let raw_url = schema(url, "bench_raw").await?;
        let time = Duration::from_secs(plan.seconds);
        let (creates, reads) = raw::postgres(&raw_url, plan.connections, time).await?;
        let url = schema(url, "bench_hark").await?;
        let data = folder.path().join("data-postgres");
        let data = data.to_str().context("a folder with a plain name")?.to_owned();
        measure(
            plan,
            &mut report,
            "PostgreSQL",
            &["--data", &data, "--database-url", &url],
            (creates, Some(reads)),
        )
        .await?;
    }
    Ok(report)
}

fn is_database(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "db")
}

/// A fresh schema, as a URL.
pub(crate) async fn schema(url: &str, name: &str) -> Result<String> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(&format!("drop schema if exists {name} cascade; create schema {name}")).await?;
    let separator = if url.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{separator}options=-c%20search_path%3D{name}"))
}

async fn measure(
    plan: &Plan,
    report: &mut Report,
    engine: &str,
    place: &[&str],
    (creates_limit, reads_limit): (f64, Option<f64>),
) -> Result<()> {
    let target = start(plan, place).await?;
    report.note(format!(
        "{engine}: cold start {:.2} s, {:.0} MB idle",
        target.server.cold_start.as_secs_f64(),
        target.server.memory_mb()?
    ));
    let mut row = |name: &str, outcome: Outcome, limit: Option<(&'static str, f64)>| -> Result<()> {
        let memory_mb = Some(target.server.memory_mb()?);
        report.rows.push(Row { name: format!("{engine}: {name}"), outcome, limit, memory_mb });
        Ok(())
    };
    let address = target.server.address;
    let time = Until::Time(Duration::from_secs(plan.seconds));

    let creates = target.creates();
    let outcome = load(address, plan.connections, creates, Until::Count(plan.contacts)).await?;
    row(
        &format!("create contact, {} of them", plan.contacts),
        outcome,
        Some(("raw statements writing the same rows", creates_limit)),
    )?;

    let id = target.first_contact().await?;
    let path = format!("/v3/sessions/{id}");
    let get = target.rest("GET", &path);
    let hello = hello_limit(plan, &target.answer(&path).await?, get.clone()).await?;
    let outcome = load(address, plan.connections, get, time).await?;
    if let Some(limit) = reads_limit {
        row("get contact by id", outcome.clone(), Some(("raw point reads", limit)))?;
    }
    row("get contact by id", outcome, Some(("hello-world with the same bytes", hello)))?;

    let list = target.rest("GET", "/v3/sessions?plan=team&sort=-createdAt&limit=50");
    row("list 50, filtered by plan, newest first", load(address, plan.connections, list, time).await?, None)?;
    let list = target.rest("GET", "/v3/sessions?customData.region=eu&value%3E=5000&limit=50");
    row(
        "list 50, filtered by two properties without an index",
        load(address, plan.connections, list, time).await?,
        None,
    )?;
    for (name, words) in SEARCHES {
        let search = target.rest("GET", &format!("/v3/sessions/search?searchTerm={words}&limit=30"));
        row(&format!("search, {name}"), load(address, plan.connections, search, time).await?, None)?;
    }

    let mut outcome = load(address, plan.connections, target.tracking(plan.contacts), time).await?;
    outcome.per_second *= BATCH as f64;
    row(&format!("track events, batches of {BATCH}"), outcome, None)?;
    target.server.stop().await
}

/// How many of the same requests a hello-world answers with the same bytes.
async fn hello_limit(plan: &Plan, (head, body): &(String, String), source: Source) -> Result<f64> {
    let me = std::env::current_exe()?;
    let arguments = ["hello", "--bytes", &body.len().to_string(), "--headers", head];
    let server = Server::start(&me, &arguments).await?;
    let time = Until::Time(Duration::from_secs(plan.seconds));
    let outcome = load(server.address, plan.connections, source, time).await?;
    server.stop().await?;
    Ok(outcome.per_second)
}

async fn start(plan: &Plan, place: &[&str]) -> Result<Target> {
    let keys = command(&plan.hark, &[&["init", "--json"], place].concat()).await?;
    let unlimited = ["--rest-calls-per-minute", "1000000000", "--server-calls-per-minute", "1000000000"];
    let server =
        Server::start(&plan.hark, &[&["serve", "--listen", "127.0.0.1:0"], place, &unlimited[..]].concat())
            .await?;
    let text = |value: &Json| value.as_str().map(str::to_owned).context("a key is missing");
    Ok(Target {
        server,
        project: text(&keys["project"]["id"])?,
        api_token: text(&keys["apiToken"])?,
        secret_token: text(&keys["secretApiToken"])?,
    })
}

impl Target {
    fn rest(&self, method: &str, path: &str) -> Source {
        let bytes = self.rest_request(method, path, "");
        Arc::new(move |_| bytes.clone())
    }

    fn rest_request(&self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let bearer = format!("Bearer {}", self.api_token);
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Project", &self.project),
            ("Content-Type", "application/json"),
        ];
        request(method, path, &headers, body)
    }

    fn creates(&self) -> Source {
        let (api_token, project) = (format!("Bearer {}", self.api_token), self.project.clone());
        Arc::new(move |number| {
            let headers = [
                ("Authorization", api_token.as_str()),
                ("Project", &project),
                ("Content-Type", "application/json"),
            ];
            request("POST", "/v3/sessions", &headers, &data::contact(number).to_string())
        })
    }

    fn tracking(&self, contacts: usize) -> Source {
        let token = self.secret_token.clone();
        Arc::new(move |batch| {
            let headers = [("Api-Token", token.as_str()), ("Content-Type", "application/json")];
            request("POST", "/admin/track", &headers, &data::events(batch, BATCH, contacts).to_string())
        })
    }

    /// The id of a contact.
    async fn first_contact(&self) -> Result<String> {
        let (_, body) = self.answer("/v3/sessions?limit=1").await?;
        let list: Json = serde_json::from_str(&body)?;
        list[0]["id"].as_str().map(str::to_owned).context("a contact with an id")
    }

    /// Head and body of an answer.
    async fn answer(&self, path: &str) -> Result<(String, String)> {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = tokio::net::TcpStream::connect(self.server.address).await?;
        let bearer = format!("Bearer {}", self.api_token);
        let headers =
            [("Authorization", bearer.as_str()), ("Project", self.project.as_str()), ("Connection", "close")];
        stream.write_all(&request("GET", path, &headers, "")).await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        let (head, body) = text.split_once("\r\n\r\n").context("an answer without a body")?;
        let head = head.lines().skip(1).filter(|line| !line.starts_with("connection:"));
        Ok((head.collect::<Vec<_>>().join("\n"), body.to_owned()))
    }
}
