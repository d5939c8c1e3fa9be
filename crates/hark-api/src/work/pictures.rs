//! Makes pictures of captured pages with the Chromium that the operator named.
//!
//! The browser is given a proxy that serves nothing but the page, so that it reaches nothing else: not
//! the network, not this server, not the disk. It has limits of time and memory, and one runs at once.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use futures_util::TryStreamExt;
use hark_core::files::{self, FILE, NewFile, Purpose};
use hark_core::reports::{self, Render};
use hark_store::{Doc, Error, JobError, LeasedJob, Result, Tx};
use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::time::timeout;

use crate::app::App;
use crate::snapshot::{self, Loads};
use crate::storing::{Typed, give_up, write};

/// How long a browser may take.
const TIME_MAX: Duration = Duration::from_secs(30);
/// Kilobytes of data that each of its processes may have.
const DATA_KB_MAX: u32 = 4 * 1024 * 1024;
/// Pixels of a picture's side.
const SIDE_MAX: i64 = 4_096;
/// Bytes of a picture.
const PICTURE_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Bytes of a page; a report is not larger.
const PAGE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// The name under which the browser knows the page; it exists nowhere else.
const PAGE_URL: &str = "http://page.invalid/";
/// Bytes of a request that the browser makes.
const REQUEST_BYTES_MAX: u64 = 64 * 1024;
/// Gives the browser's processes a limit of memory; its words are arguments and no part of the script.
const LIMITED: &str = "ulimit -d \"$0\"; exec \"$@\"";

/// Makes the picture that a job is about.
pub(super) async fn render(app: App, job: LeasedJob) -> Result<(), JobError> {
    let what: Render = job.open()?;
    let Some(chromium) = app.settings.chromium.clone() else {
        return Err(JobError::never("no Chromium is configured any more"));
    };
    let page = app.store.read(job.scope(), move |tx| tx.find(&FILE, what.file)).await?;
    let Some(page) = page.filter(|page| page.text("purpose") == Some(Purpose::Snapshot.word())) else {
        return Ok(()); // The ticket is gone.
    };
    let _turn = app.pictures().acquire().await.map_err(|_| JobError::retry("no more turns"))?;
    let picture = picture(&app, &chromium, &page).await?;
    let new = NewFile {
        name: "screenshot.png".to_owned(),
        purpose: Purpose::Screenshot,
        contact: page.reference("contact"),
        compressed: false,
        details: Json::Null,
    };
    let content = futures_util::stream::iter([Ok(bytes::Bytes::from(picture))]);
    let written =
        write(&app, job.scope(), new, Typed::Known("image/png"), content, PICTURE_BYTES_MAX).await?;
    let (id, received, media_url) = (written.file.id, written.received.clone(), app.settings.media_url());
    let held = job.clone();
    let kept = app
        .store
        .write(job.scope(), move |tx| {
            reports::rendered(tx, what.ticket, id, &received, &media_url)?;
            tx.finish_job(&held)
        })
        .await;
    match kept {
        Ok(()) => Ok(()),
        Err(error) => {
            give_up(&app, job.scope(), &written.file).await;
            match error {
                Error::NotFound { .. } => Ok(()),
                error => Err(error.into()),
            }
        }
    }
}

/// Notes that there will be no picture.
pub(super) fn died(tx: &mut Tx<'_>, job: &LeasedJob) -> Result<()> {
    match job.open::<Render>() {
        Ok(what) => reports::rendering_failed(tx, what.ticket),
        Err(_) => Ok(()),
    }
}

async fn picture(app: &App, chromium: &Path, page: &Doc) -> Result<Vec<u8>, JobError> {
    let mut html = Vec::new();
    let mut pieces = snapshot::page(app, page, Loads::Nothing).await?;
    while let Some(piece) = pieces.try_next().await? {
        if html.len() + piece.len() > PAGE_BYTES_MAX {
            return Err(JobError::never("the page is too large"));
        }
        html.extend_from_slice(&piece);
    }
    let folder = app.files.scratch_folder().await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(fault)?;
    let proxy = listener.local_addr().map_err(fault)?;
    let serving = tokio::spawn(serve(listener, html.into()));
    let file = folder.path().join("picture.png");
    let drawn = draw(chromium, folder.path(), &file, &proxy.to_string(), page).await;
    serving.abort();
    drawn?;
    let size =
        tokio::fs::metadata(&file).await.map_err(|_| JobError::retry("the browser made no picture"))?.len();
    if size > PICTURE_BYTES_MAX {
        return Err(JobError::never("the picture is too large"));
    }
    let picture = tokio::fs::read(&file).await.map_err(fault)?;
    match files::content_kind(&picture, "").media_type {
        "image/png" => Ok(picture),
        _ => Err(JobError::retry("the browser made something that is no picture")),
    }
}

async fn draw(chromium: &Path, folder: &Path, file: &Path, proxy: &str, page: &Doc) -> Result<(), JobError> {
    let side = |name: &str, usual: i64| {
        let side =
            page.body.get("details").and_then(|details| details[name].as_i64()).filter(|side| *side > 0);
        side.unwrap_or(usual).clamp(1, SIDE_MAX)
    };
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(LIMITED).arg(DATA_KB_MAX.to_string()).arg(chromium);
    command
        .args(["--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-default-apps"])
        .args(["--disable-extensions", "--disable-quic", "--disable-dev-shm-usage", "--mute-audio"])
        .args(["--force-device-scale-factor=1", "--virtual-time-budget=5000", "--timeout=20000"])
        // Also what is on this machine goes through the proxy, which knows one page.
        .arg(format!("--proxy-server=http://{proxy}"))
        .arg("--proxy-bypass-list=<-loopback>")
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("--window-size={},{}", side("width", 1280), side("height", 800)))
        .arg(format!("--screenshot={}", file.display()));
    // Chromium's own sandbox does not work for the superuser.
    if std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        command.arg("--no-sandbox");
    }
    command.arg(PAGE_URL).current_dir(folder).env_clear().env("HOME", folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    // The browser's other processes go with it.
    command.process_group(0);
    let mut child =
        command.spawn().map_err(|error| JobError::retry(format!("the browser did not start: {error}")))?;
    let group = child.id();
    let ended = timeout(TIME_MAX, child.wait()).await;
    if ended.is_err() {
        end_group(group).await;
        return Err(JobError::retry(format!("the browser took longer than {} s", TIME_MAX.as_secs())));
    }
    match ended {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(JobError::retry(format!("the browser failed: {status}"))),
        Ok(Err(error)) => Err(fault(error)),
        Err(_) => Ok(()),
    }
}

/// Kills all processes of a browser that hangs.
async fn end_group(leader: Option<u32>) {
    if let Some(leader) = leader {
        // There is no safe call for it in the standard library.
        let _ = Command::new("/bin/kill").args(["-KILL", "--", &format!("-{leader}")]).status().await;
    }
}

/// Serves the page as a proxy that knows nothing else.
async fn serve(listener: TcpListener, page: bytes::Bytes) {
    while let Ok((stream, _)) = listener.accept().await {
        // A browser that goes away is no concern of ours.
        tokio::spawn(answer(stream, page.clone()));
    }
}

async fn answer(stream: TcpStream, page: bytes::Bytes) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader.take(REQUEST_BYTES_MAX)).lines();
    let first = lines.next_line().await?.unwrap_or_default();
    while lines.next_line().await?.is_some_and(|line| !line.is_empty()) {}
    if first.starts_with(&format!("GET {PAGE_URL} ")) {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
             Content-Security-Policy: {}\r\nConnection: close\r\n\r\n",
            page.len(),
            snapshot::policy(Loads::Nothing)
        );
        writer.write_all(head.as_bytes()).await?;
        writer.write_all(&page).await?;
    } else {
        writer.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await?;
    }
    writer.shutdown().await
}

fn fault(error: std::io::Error) -> JobError {
    JobError::retry(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_proxy_serves_one_page_and_refuses_everything_else() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = tokio::spawn(serve(listener, bytes::Bytes::from_static(b"<p>page")));
        for (request, status, body) in [
            ("GET http://page.invalid/ HTTP/1.1", "200", "<p>page"),
            ("GET http://page.invalid/other HTTP/1.1", "403", ""),
            ("GET http://127.0.0.1/ HTTP/1.1", "403", ""),
            ("CONNECT internal.example:443 HTTP/1.1", "403", ""),
            ("GET / HTTP/1.1", "403", ""),
            ("", "403", ""),
        ] {
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            stream.write_all(format!("{request}\r\nHost: x\r\n\r\n").as_bytes()).await.expect("sent");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("an answer");
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {answer}");
            assert!(answer.ends_with(&format!("\r\n\r\n{body}")), "{request}: {answer}");
        }
        serving.abort();
    }
}
