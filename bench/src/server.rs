//! The servers under load: `hark` itself, and a hello-world on the same HTTP stack.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::http::{HeaderMap, HeaderName};
use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How the address is announced.
const LISTENING: &str = "listening on http://";
/// A server that says nothing for so long does not come.
const START_MAX: Duration = Duration::from_secs(60);

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// From the start of the process to the first answer.
    pub(crate) cold_start: Duration,
    child: Child,
}

impl Server {
    /// Starts a program and waits until it answers.
    pub(crate) async fn start(program: &Path, arguments: &[&str]) -> Result<Server> {
        let started = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .env("HARK_LOG_LEVEL", "warn")
            .env("HARK_REST_CALLS_PER_MINUTE", "4294967295")
            .env("HARK_SERVER_CALLS_PER_MINUTE", "4294967295")
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let address = tokio::time::timeout(START_MAX, announced(&mut child))
            .await
            .context("no address announced")??;
        let connected = tokio::net::TcpStream::connect(address).await?;
        drop(connected);
        Ok(Server { address, cold_start: started.elapsed(), child })
    }

    /// Memory that the process holds, in megabytes.
    pub(crate) fn memory_mb(&self) -> Result<f64> {
        let id = self.child.id().context("the server has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    }

    /// Ends the process.
    pub(crate) async fn stop(mut self) -> Result<()> {
        self.child.kill().await?;
        Ok(())
    }
}

/// Reads the address that the program announces on either stream, and keeps both drained.
async fn announced(child: &mut Child) -> Result<SocketAddr> {
    let mut errors = BufReader::new(child.stderr.take().context("no stderr")?).lines();
    let mut output = BufReader::new(child.stdout.take().context("no stdout")?).lines();
    loop {
        let line = tokio::select! {
            Ok(Some(line)) = errors.next_line() => line,
            Ok(Some(line)) = output.next_line() => line,
            else => bail!("the server ended before it announced its address"),
        };
        if let Some((_, rest)) = line.split_once(LISTENING) {
            let address = rest.split([' ', '"', '/']).next().unwrap_or_default().parse()?;
            tokio::spawn(async move { while let Ok(Some(_)) = errors.next_line().await {} });
            tokio::spawn(async move { while let Ok(Some(_)) = output.next_line().await {} });
            return Ok(address);
        }
    }
}

/// Runs a `hark` command that prints one JSON object.
pub(crate) async fn command(program: &Path, arguments: &[&str]) -> Result<Json> {
    let output = Command::new(program).args(arguments).output().await?;
    if !output.status.success() {
        bail!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Serves the same answer to everyone, on the HTTP stack that `hark` uses: `headers` are lines of
/// an answer of `hark`, of which those that the stack writes itself are left out.
pub(crate) async fn hello(bytes: usize, headers: &str) -> Result<()> {
    let text: &'static str = Box::leak("x".repeat(bytes).into_boxed_str());
    let mut map = HeaderMap::new();
    for (name, value) in headers.lines().filter_map(|line| line.split_once(": ")) {
        if !["content-length", "date"].contains(&name) {
            map.insert(name.parse::<HeaderName>()?, value.parse()?);
        }
    }
    let answer = move || async move { (map, text) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    announce(&listener)?;
    axum::serve(listener, axum::Router::new().fallback(answer)).await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the parent process reads the address here")]
fn announce(listener: &tokio::net::TcpListener) -> Result<()> {
    println!("{LISTENING}{}", listener.local_addr()?);
    Ok(())
}
