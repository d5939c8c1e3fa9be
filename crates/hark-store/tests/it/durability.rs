//! Durability on SQLite: many writers share a commit, and what was acknowledged survives a kill.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;

use futures_util::future::join_all;
use hark_store::testing::{Engine, START, Scratch};
use hark_store::{Clock, Id, Kind, Location, PROJECT_STREAM, SecretKeys, Store, Tx, to_body};
use serde_json::json;

const TEAM: Kind = Kind { feed: true, ..Kind::new("team", "team", &[]) };
/// Tells the test below that it is the child that gets killed: `path project round`.
const CHILD: &str = "HARK_TEST_CRASH_CHILD";
const WRITERS: usize = 8;

/// Counts the transactions in the write-ahead log: the last page of each carries the size of the
/// database, the others carry 0.
fn commits(database: &Path) -> usize {
    let log = std::fs::read(database.with_extension("db-wal")).expect("the write-ahead log");
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().expect("four bytes"));
    let frame = 24 + number(8) as usize;
    // Frames of an earlier round of the log have another salt.
    let current = |at: &usize| log[at + 8..at + 16] == log[16..24];
    (32..log.len().saturating_sub(frame - 1))
        .step_by(frame)
        .filter(current)
        .filter(|at| number(at + 4) > 0)
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_that_wait_together_share_one_commit() {
    let scratch = Scratch::new(Engine::Sqlite).await;
    let scope = scratch.project().await;
    let path = scratch.store.path().expect("a file").to_owned();
    let before = commits(&path);

    // The first unit holds the writer up until all the others have queued behind it.
    let (open_gate, gate) = mpsc::channel::<()>();
    let wait = move |_: &mut Tx<'_>| gate.recv().map_err(hark_store::Error::internal);
    let store = scratch.store.clone();
    let first = {
        let scope = scope.clone();
        tokio::spawn(async move { store.write(&scope, wait).await })
    };
    let writer = |n: usize| scratch.store.write(&scope, move |tx| tx.insert(&TEAM, to_body(json!({"n": n}))));
    let mut writers = std::pin::pin!(join_all((0..64).map(writer)));
    tokio::select! {
        biased;
        _ = &mut writers => panic!("nothing commits before the gate opens"),
        () = std::future::ready(()) => {}
    }
    open_gate.send(()).expect("the first unit waits");
    assert!(writers.await.into_iter().all(|written| written.is_ok()));
    first.await.expect("no panic").expect("the first unit");
    let commits = commits(&path) - before;
    // Two if the writers came before the unit that should have held them up.
    assert!((1..=2).contains(&commits), "64 writes took {commits} commits");
}

/// Runs as the child when told so: writes without end and acknowledges each write on stdout.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill() {
    if let Some(task) = task_of_child() {
        write_without_end(&task).await;
    }
    let scratch = Scratch::new(Engine::Sqlite).await;
    let scope = scratch.project().await;
    let project = scope.project().expect("a project");
    let path = scratch.store.path().expect("a file").to_owned();
    scratch.store.close().await;

    let mut acknowledged = BTreeSet::new();
    for round in 0..3 {
        let read = acknowledgements(&format!("{} {project} {round}", path.display()), 150);
        assert!(read.len() >= 150, "the child wrote");
        acknowledged.extend(read);
    }

    let keys = SecretKeys::in_folder(path.parent().expect("a folder"));
    let location = Location::Sqlite(path);
    let store = Store::open(&location, Clock::fixed(START), &keys).await.expect("reopen after the kill");
    let scope = store.operator_of(project).await.expect("the project");
    let events = store
        .read(&scope, |tx| {
            let mut events = tx.stream_after(PROJECT_STREAM, 0, 1_000)?;
            while let Some(last) = events.last().map(|event| event.seq) {
                let more = tx.stream_after(PROJECT_STREAM, last, 1_000)?;
                if more.is_empty() {
                    break;
                }
                events.extend(more);
            }
            Ok(events)
        })
        .await
        .expect("events");
    assert!(events.iter().zip(1..).all(|(event, seq)| event.seq == seq), "the stream has no gaps");
    let mut found = BTreeSet::new();
    for event in events {
        let id: Id = event.document.expect("a document").parse().expect("an id");
        let doc =
            store.read(&scope, move |tx| tx.get(&TEAM, id)).await.expect("an event tells of a document");
        let name = doc.text("name").expect("a name").to_owned();
        assert!(found.insert(name.clone()), "{name} is there twice");
    }
    assert_eq!(acknowledged.difference(&found).next(), None, "an acknowledged write is lost");
    let findings = hark_store::doctor(&store).await.expect("doctor");
    assert!(findings.iter().all(|finding| finding.level != hark_store::Level::Error), "{findings:?}");
}

#[expect(clippy::disallowed_methods, reason = "the parent tells the child through it what it is for")]
fn task_of_child() -> Option<String> {
    std::env::var(CHILD).ok()
}

/// Starts the child, reads acknowledgements until there are enough, and kills it in full work.
fn acknowledgements(task: &str, enough: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "durability::what_was_acknowledged_survives_a_kill", "--nocapture"])
        .env(CHILD, task)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
    let name = |line: String| line.strip_prefix("written ").map(str::to_owned);
    let mut read: Vec<String> = lines.by_ref().filter_map(name).take(enough).collect();
    // On Unix this is SIGKILL; what the child said before it died counts too.
    child.kill().expect("the child is killed");
    child.wait().expect("the child ended");
    read.extend(lines.filter(|line| line.ends_with('.')).filter_map(name));
    read
}

async fn write_without_end(task: &str) {
    let mut words = task.rsplitn(3, ' ').map(str::to_owned);
    let mut word = || words.next().expect("path, project, round");
    let (round, project, path) = (word(), word(), word());
    let path = PathBuf::from(path);
    let keys = SecretKeys::in_folder(path.parent().expect("a folder"));
    let store = Store::open(&Location::Sqlite(path), Clock::fixed(START), &keys).await.expect("open");
    let scope = store.operator_of(project.parse().expect("an id")).await.expect("the project");
    let write_on = |writer: usize| {
        let (store, scope, round) = (store.clone(), scope.clone(), round.clone());
        async move {
            for n in 0_u64.. {
                let name = format!("{round}-{writer}-{n}.");
                let body = to_body(json!({"name": name}));
                store.write(&scope, move |tx| tx.insert(&TEAM, body.clone())).await.expect("insert");
                writeln!(std::io::stdout(), "written {name}").expect("the parent listens");
            }
        }
    };
    join_all((0..WRITERS).map(write_on)).await;
}
