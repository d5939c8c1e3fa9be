//! Backups: complete while writers go on, back into either engine, and refused where they would
//! destroy something.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hark_store::testing::{Engine, Scratch};
use hark_store::{
    BackupReport, Doc, Error, Event, Field, Kind, Limits, Location, NewJob, PROJECT_STREAM, Scope,
    SearchRequest, SearchText, Store, backup, both, doctor, restore, to_body,
};
use serde_json::json;

fn text_of(body: &hark_store::Body) -> SearchText {
    SearchText { title: body["name"].as_str().unwrap_or_default().to_owned(), body: String::new() }
}

const TEAM: Kind =
    Kind { feed: true, search: Some(text_of), ..Kind::new("team", "team", &[Field::text("name", "name")]) };

/// A folder that disappears with the test.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Something in every kind of table, in two projects and the instance.
async fn fill(scratch: &Scratch) -> Vec<Scope> {
    let scopes = vec![scratch.project().await, scratch.project().await];
    for (at, scope) in scopes.iter().enumerate() {
        scratch.store.write(scope, move |tx| {
            for n in 0..130 {
                let body = json!({"name": format!("Zebra{at} {n}"), "z": {"b": [1.5, null, true], "a": "\u{e9}\u{1F600}"}});
                tx.insert(&TEAM, to_body(body))?;
            }
            tx.audit("team.created", Some("x".to_owned()), json!({"n": at}))?;
            tx.enqueue(NewJob::new("mail", json!({"n": at})).at(tx.now() + 1_000).unique("k"))?;
            Ok(())
        }).await.expect("fill");
    }
    let operator = scratch.store.operator();
    let note = |tx: &mut hark_store::Tx<'_>| {
        tx.set_instance_setting_once("answer", "42")?;
        tx.audit("instance.filled", None, json!(null))
    };
    scratch.store.write(&operator, note).await.expect("the instance");
    Limits::new(scratch.store.clone()).attempt("sign-in:x", 3, 900).await.expect("an attempt");
    scopes
}

/// What a project holds, as far as callers see it.
async fn content(
    store: &Store,
    scope: &Scope,
) -> (Vec<Doc>, Vec<Event>, Vec<Doc>, Option<i64>, Vec<hark_store::AuditEntry>) {
    let project = scope.project().expect("a project");
    let scope = store.operator_of(project).await.expect("the project is there");
    store
        .read(&scope, |tx| {
            let mut teams = Vec::new();
            for event in tx.stream_after(PROJECT_STREAM, 0, 1_000)? {
                let id = event.document.as_deref().and_then(hark_store::Id::parse).expect("a document");
                teams.push(tx.get(&TEAM, id)?);
            }
            let request = SearchRequest { text: "zebra".to_owned(), limit: 10, skip: 0 };
            let found = tx.search_docs(&TEAM, &request)?;
            Ok((
                teams,
                tx.stream_after(PROJECT_STREAM, 0, 1_000)?,
                found,
                tx.job_due_at("k")?,
                tx.audit_log(0, 10)?,
            ))
        })
        .await
        .expect("content")
}

async fn epoch(store: &Store, scope: &Scope) -> String {
    store.read(scope, |tx| tx.stream_position(PROJECT_STREAM)).await.expect("position").epoch
}

/// Saves, restores into `to`, and compares everything.
async fn moves_to(scratch: Scratch, to: Engine) {
    let scopes = fill(&scratch).await;
    let folder = folder();
    let file = folder.path().join("a.backup");
    let saved = backup(&scratch.store, &file).await.expect("backup");
    assert_eq!(saved.documents, 2 * 130 + 4, "teams, projects and organisations");
    assert_eq!(saved.bytes, std::fs::metadata(&file).expect("the file").len());
    assert_eq!(files(folder.path()), std::slice::from_ref(&file), "nothing is left beside the backup");

    let target = Scratch::new(to).await;
    target.store.close().await;
    let restored = restore(&file, &target.location, false, &scratch.clock).await.expect("restore");
    assert_eq!(restored, saved);
    let store = Store::open(&target.location, scratch.clock.clone(), &scratch.keys())
        .await
        .expect("open the restored");
    for scope in &scopes {
        let (before, after) = (content(&scratch.store, scope).await, content(&store, scope).await);
        assert_eq!(before.0.len(), 130);
        assert!(!before.2.is_empty(), "full-text search finds");
        assert_eq!(after, before);
        assert_ne!(epoch(&store, scope).await, epoch(&scratch.store, scope).await, "clients must notice");
    }
    let setting = store.read(&store.operator(), |tx| tx.instance_setting("answer")).await.expect("setting");
    assert_eq!(setting.as_deref(), Some("42"));
    let attempt = Limits::new(store.clone()).attempt("sign-in:x", 3, 900).await.expect("an attempt");
    assert_eq!(attempt.remaining, 1, "the earlier attempt still counts");
    let findings = doctor(&store).await.expect("doctor");
    assert!(findings.iter().all(|finding| finding.what == "disk"), "{findings:?}");

    // The restored database works on: new rows do not collide with old ones.
    let scope = store.operator_of(scopes[0].project().expect("a project")).await.expect("scope");
    store.write(&scope, |tx| tx.insert(&TEAM, to_body(json!({"name": "Quagga"})))).await.expect("insert");
    let request = SearchRequest { text: "quagga".to_owned(), limit: 10, skip: 0 };
    let found = store.read(&scope, move |tx| tx.search_docs(&TEAM, &request)).await.expect("search");
    assert_eq!(found.len(), 1);
    let seq = store.read(&scope, |tx| tx.stream_position(PROJECT_STREAM)).await.expect("position").seq;
    assert_eq!(seq, 131);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
}

both! {
    async fn a_backup_moves_to_sqlite(scratch: Scratch) {
        moves_to(scratch, Engine::Sqlite).await;
    }

    async fn a_backup_moves_to_postgres(scratch: Scratch) {
        moves_to(scratch, Engine::Postgres).await;
    }

    async fn data_is_only_replaced_when_that_is_said(scratch: Scratch) {
        let scopes = fill(&scratch).await;
        let folder = folder();
        let file = folder.path().join("a.backup");
        backup(&scratch.store, &file).await.expect("backup");
        let again = backup(&scratch.store, &file).await;
        assert!(matches!(again, Err(Error::Invalid(_))), "a backup never overwrites: {again:?}");

        let late = |tx: &mut hark_store::Tx<'_>| tx.insert(&TEAM, to_body(json!({"name": "late"})));
        let late = scratch.store.write(&scopes[0], late).await.expect("written after the backup").id;
        scratch.store.close().await;
        let refused = restore(&file, &scratch.location, false, &scratch.clock).await;
        assert!(matches!(&refused, Err(Error::Invalid(why)) if why.contains("replaced")), "{refused:?}");

        restore(&file, &scratch.location, true, &scratch.clock).await.expect("restore");
        let store = Store::open(&scratch.location, scratch.clock.clone(), &scratch.keys()).await.expect("open");
        let scope = store.operator_of(scopes[0].project().expect("a project")).await.expect("scope");
        let gone = store.read(&scope, move |tx| tx.find(&TEAM, late)).await.expect("find");
        assert_eq!(gone, None);
        assert_eq!(content(&store, &scopes[0]).await.0.len(), 130);
    }

    async fn what_is_no_backup_is_refused_and_changes_nothing(scratch: Scratch) {
        let scopes = fill(&scratch).await;
        let folder = folder();
        let file = folder.path().join("a.backup");
        backup(&scratch.store, &file).await.expect("backup");
        let whole = std::fs::read(&file).expect("read");
        let attempt = async |name: &str, bytes: &[u8]| {
            let broken = folder.path().join(name);
            std::fs::write(&broken, bytes).expect("write");
            let refused = restore(&broken, &scratch.location, true, &scratch.clock).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{name}: {refused:?}");
        };
        attempt("text", b"this is a text and no database, whatever its name says").await;
        attempt("empty", b"").await;
        attempt("cut", &whole[..whole.len() / 2]).await;
        let mut scrambled = whole.clone();
        let middle = whole.len() / 2;
        scrambled[middle..middle + 8_192].fill(0xA5);
        attempt("scrambled", &scrambled).await;
        let missing = restore(&folder.path().join("missing"), &scratch.location, true, &scratch.clock).await;
        assert!(matches!(missing, Err(Error::Invalid(_))), "{missing:?}");
        assert_eq!(content(&scratch.store, &scopes[0]).await.0.len(), 130, "the target is as it was");
    }

    async fn writers_go_on_and_the_backup_shows_one_moment(scratch: Scratch) {
        let scope = scratch.project().await;
        let stop = Arc::new(AtomicBool::new(false));
        let writer = {
            let (store, scope, stop) = (scratch.store.clone(), scope.clone(), stop.clone());
            tokio::spawn(async move {
                let mut written = 0;
                while !stop.load(Ordering::SeqCst) {
                    // Always two at once.
                    let pair = move |tx: &mut hark_store::Tx<'_>| {
                        tx.insert(&TEAM, to_body(json!({"name": format!("left {written}")})))?;
                        tx.insert(&TEAM, to_body(json!({"name": format!("right {written}")})))
                    };
                    store.write(&scope, pair).await.expect("insert");
                    written += 1;
                }
                written
            })
        };
        let folder = folder();
        let mut reports: Vec<BackupReport> = Vec::new();
        for n in 0..3 {
            let file = folder.path().join(format!("{n}.backup"));
            reports.push(backup(&scratch.store, &file).await.expect("backup"));
            let copy = Location::Sqlite(folder.path().join(format!("{n}.db")));
            restore(&file, &copy, false, &scratch.clock).await.expect("restore");
            let store = Store::open(&copy, scratch.clock.clone(), &scratch.keys()).await.expect("open");
            let findings = doctor(&store).await.expect("doctor");
            assert!(findings.iter().all(|finding| finding.what == "disk"), "{findings:?}");
        }
        stop.store(true, Ordering::SeqCst);
        let written: u64 = writer.await.expect("the writer");
        assert!(written > 0);
        // A project and its organisation, and pairs that are never torn.
        assert!(reports.iter().all(|report| report.documents % 2 == 0), "{reports:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_in_use_is_not_replaced() {
    let scratch = Scratch::new(Engine::Sqlite).await;
    fill(&scratch).await;
    let folder = folder();
    let file = folder.path().join("a.backup");
    backup(&scratch.store, &file).await.expect("backup");
    let refused = restore(&file, &scratch.location, true, &scratch.clock).await;
    assert!(matches!(&refused, Err(Error::Invalid(why)) if why.contains("in use")), "{refused:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "secrets are in it");
    }
}
