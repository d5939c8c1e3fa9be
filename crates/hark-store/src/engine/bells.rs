//! News between nodes on one PostgreSQL: `notify` as a bell, never as a message.
//!
//! Notifications are sent outside of the transactions they are about, in
//! batches, because PostgreSQL lets only one notifying transaction commit at a
//! time. A crash between a commit and its bell loses the bell, and so does a
//! connection that died without a word, until its heartbeat finds out. Nothing may
//! therefore depend on a bell alone: whoever waits for news also looks at the database
//! now and then, and credentials are remembered for a few seconds only.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{broadcast, mpsc};
use tokio_postgres::Client;

use super::postgres::{Server, fault};
use crate::error::Result;
use crate::id::Id;
use crate::store::Bell;

/// The pause before a lost connection is opened again.
const RECONNECT: Duration = Duration::from_secs(1);
/// How often a quiet connection is asked whether it still lives.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// How long it may take to answer before it counts as lost.
const ANSWER_MAX: Duration = Duration::from_secs(5);
/// PostgreSQL refuses payloads of 8,000 bytes.
const PAYLOAD_MAX: usize = 7_000;

/// Starts the connection that hears and tells; returns where to put what others should know.
pub(crate) async fn start(
    server: Server,
    bells: broadcast::Sender<Bell>,
    rights: Arc<AtomicU64>,
    hears_others: Arc<AtomicBool>,
) -> Result<mpsc::UnboundedSender<String>> {
    let (outbox, mut news) = mpsc::unbounded_channel();
    let ear = Ear { bells, rights };
    let mut line = listen(&server, &ear, &hears_others).await?;
    tokio::spawn(async move {
        let mut batch = BTreeSet::new();
        loop {
            tokio::select! {
                _ = &mut line.ended => {
                    line = reconnect(&server, &ear, &hears_others).await;
                }
                first = news.recv() => {
                    let Some(first) = first else { return };
                    batch.insert(first);
                }
                () = tokio::time::sleep(HEARTBEAT) => {}
            }
            while let Ok(more) = news.try_recv() {
                batch.insert(more);
            }
            match tokio::time::timeout(ANSWER_MAX, tell(&line.client, &batch)).await {
                Ok(Ok(())) => batch.clear(),
                // A connection that is closed has ended its task; any other trouble may pass.
                Ok(Err(error)) => tracing::warn!(?error, "other nodes could not be told the news"),
                Err(_) => {
                    tracing::warn!("the connection for news of other nodes is dead");
                    hears_others.store(false, Ordering::SeqCst);
                    line.ended.abort();
                }
            }
        }
    });
    Ok(outbox)
}

/// A connection that listens, and the task that ends with it.
struct Line {
    client: Client,
    ended: tokio::task::JoinHandle<()>,
}

async fn reconnect(server: &Server, ear: &Ear, hears_others: &Arc<AtomicBool>) -> Line {
    loop {
        tokio::time::sleep(RECONNECT).await;
        if let Ok(line) = listen(server, ear, hears_others).await {
            return line;
        }
    }
}

/// What is done with a bell.
#[derive(Clone)]
struct Ear {
    bells: broadcast::Sender<Bell>,
    rights: Arc<AtomicU64>,
}

impl Ear {
    fn hear(&self, payload: &str) {
        for line in payload.lines() {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["rights"] => {
                    self.rights.fetch_add(1, Ordering::SeqCst);
                }
                ["jobs"] => {
                    let _ = self.bells.send(Bell::Jobs);
                }
                ["stream", project, stream] => {
                    if let Some(project) = Id::parse(project) {
                        let _ = self.bells.send(Bell::Stream { project, stream: stream.to_owned() });
                    }
                }
                _ => tracing::warn!(payload = line, "a bell of another version of the program"),
            }
        }
    }
}

/// Opens a listening connection whose task lives as long as the connection.
async fn listen(server: &Server, ear: &Ear, hears_others: &Arc<AtomicBool>) -> Result<Line> {
    let ear_of_line = ear.clone();
    let (client, wire) = server.connect(move |payload| ear_of_line.hear(payload)).await?;
    let flag = hears_others.clone();
    let ended = tokio::spawn(async move {
        let _ = wire.await;
        flag.store(false, Ordering::SeqCst);
    });
    client.batch_execute("listen hark").await.map_err(fault)?;
    // Rights may have changed while nobody listened.
    ear.rights.fetch_add(1, Ordering::SeqCst);
    hears_others.store(true, Ordering::SeqCst);
    Ok(Line { client, ended })
}

/// Tells the others, or with nothing to tell makes sure that the connection lives.
async fn tell(client: &Client, batch: &BTreeSet<String>) -> Result<()> {
    if batch.is_empty() {
        return client.batch_execute("").await.map_err(fault);
    }
    let mut payloads = vec![String::new()];
    for news in batch {
        let last = payloads.len() - 1;
        if payloads[last].len() + news.len() > PAYLOAD_MAX {
            payloads.push(String::new());
        }
        if let Some(payload) = payloads.last_mut() {
            payload.push_str(news);
            payload.push('\n');
        }
    }
    for payload in payloads {
        client.execute("select pg_notify('hark', $1)", &[&payload]).await.map_err(fault)?;
    }
    Ok(())
}
