//! Documents: insert, read, save, delete, uniqueness, revisions, tenancy and the feed.

use futures_util::FutureExt;
use futures_util::future::join_all;
use hark_query::Filter;
use hark_store::{Error, Field, Id, Kind, Listing, PROJECT_STREAM, ReadTx, Scope, both, to_body};
use serde_json::json;

/// Stored in the table of teams, with a feed.
const TEAM: Kind = Kind { feed: true, ..Kind::new("team", "team", &[Field::text("name", "name")]) };
const MEMORY: Kind = Kind::new("memory", "contact_memory", &[Field::text("pair", "pair")]);

both! {
    async fn a_document_is_read_back_as_it_was_written(scratch: Scratch) {
        let scope = scratch.project().await;
        let body = to_body(json!({"name": "Core", "zeta": {"b": 1, "a": [1.5, "x", null]}, "alpha": true}));
        let written = scratch.store.write(&scope, move |tx| tx.insert(&TEAM, body.clone())).await.expect("insert");
        let id = written.id;
        let read = scratch.store.read(&scope, move |tx| tx.get(&TEAM, id)).await.expect("get");
        assert_eq!(read, written);
        let keys: Vec<&String> = read.body.keys().collect();
        assert_eq!(keys, ["_id", "id", "project", "createdAt", "updatedAt", "name", "zeta", "alpha"]);
        assert_eq!(read.body["createdAt"], "2026-01-01T00:00:00.000Z");
        let found = scratch.store.read(&scope, |tx| tx.find_by(&TEAM, "name", "Core")).await.expect("find");
        assert_eq!(found.map(|doc| doc.id), Some(id));
    }

    async fn properties_cannot_pretend_to_be_another_document_or_project(scratch: Scratch) {
        let (scope, other) = (scratch.project().await, scratch.project().await);
        let project = scope.project().expect("a project").to_string();
        let body = json!({
            "_id": "f".repeat(24), "id": "f".repeat(24), "project": other.project(), "name": "Core",
            "createdAt": "2020-02-02T00:00:00.000Z",
        });
        let write = move |tx: &mut hark_store::Tx<'_>| tx.insert(&TEAM, to_body(body.clone()));
        let team = scratch.store.write(&scope, write).await.expect("insert");
        let read = scratch.store.read(&scope, move |tx| tx.get(&TEAM, team.id)).await.expect("get");
        for (property, value) in [("_id", read.id.to_string()), ("id", read.id.to_string()), ("project", project)] {
            assert_eq!(read.body[property], json!(value), "{property}");
        }
        assert_eq!(read.body["createdAt"], "2020-02-02T00:00:00.000Z");
    }

    async fn documents_that_are_looked_up_at_once_reach_whoever_asked_for_them(scratch: Scratch) {
        let (ours, theirs) = (scratch.project().await, scratch.project().await);
        let insert_all = |tx: &mut hark_store::Tx<'_>| {
            (0..100).map(|n| tx.insert(&TEAM, to_body(json!({"name": format!("Team {n}")})))).collect()
        };
        let docs: Vec<hark_store::Doc> = scratch.store.write(&ours, insert_all).await.expect("insert");
        let saved = docs[7].clone();
        scratch.store.write(&ours, move |tx| tx.save(&TEAM, saved.clone())).await.expect("save");
        let insert = |tx: &mut hark_store::Tx<'_>| tx.insert(&TEAM, to_body(json!({"name": "Theirs"})));
        let foreign = scratch.store.write(&theirs, insert).await.expect("insert");
        let look_up = |scope: &Scope, id: Id| {
            let (store, scope) = (scratch.store.clone(), scope.clone());
            async move { store.find_text(&scope, &TEAM, id).await.expect("a look-up") }
        };

        let found = join_all(docs.iter().map(|doc| look_up(&ours, doc.id)));
        let strange = join_all(docs.iter().map(|doc| look_up(&theirs, doc.id)));
        let (found, strange, own, other) = futures_util::join!(
            found, strange, look_up(&theirs, foreign.id), look_up(&ours, foreign.id)
        );
        for (n, (doc, found)) in docs.iter().zip(found).enumerate() {
            let (rev, text) = found.expect("a document");
            assert_eq!(rev, if n == 7 { 2 } else { 1 });
            let body: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!((&body["id"], &body["name"]), (&json!(doc.id), &json!(format!("Team {n}"))));
        }
        assert!(strange.iter().all(Option::is_none), "documents of another project");
        assert!(own.is_some() && other.is_none());

        // Whoever goes away leaves the others what they asked for.
        let mut asked: Vec<_> = docs.iter().map(|doc| look_up(&ours, doc.id).shared()).collect();
        let stayed: Vec<_> = asked.iter().step_by(3).cloned().collect();
        for asked in &mut asked {
            let _ = futures_util::poll!(asked);
        }
        drop(asked);
        assert!(join_all(stayed).await.iter().all(Option::is_some));

        // SQLite's readers need nothing that a store closes.
        scratch.store.close().await;
        let found = scratch.store.find_text(&ours, &TEAM, docs[0].id).await;
        assert_eq!(found.is_ok(), scratch.store.path().is_some(), "{found:?}");
    }

    async fn a_save_against_an_old_revision_is_refused(scratch: Scratch) {
        let scope = scratch.project().await;
        let doc = scratch.store.write(&scope, |tx| tx.insert(&TEAM, to_body(json!({"name": "A"})))).await.expect("insert");
        let old = doc.clone();
        scratch.clock.advance(5);
        let saved = scratch.store.write(&scope, move |tx| tx.save(&TEAM, doc.clone())).await.expect("save");
        assert_eq!((saved.rev, saved.updated_at - saved.created_at), (2, 5));
        let refused = scratch.store.write(&scope, move |tx| tx.save(&TEAM, old.clone())).await;
        assert!(matches!(refused, Err(Error::Stale { what: "team" })), "{refused:?}");
    }

    async fn a_unique_property_is_named_when_it_is_taken(scratch: Scratch) {
        let scope = scratch.project().await;
        let insert = |tx: &mut hark_store::Tx<'_>| tx.insert(&MEMORY, to_body(json!({"pair": "c:likes"})));
        scratch.store.write(&scope, insert).await.expect("the first");
        let refused = scratch.store.write(&scope, insert).await;
        assert!(matches!(&refused, Err(Error::Conflict { field, .. }) if field == "pair"), "{refused:?}");
        // Another project may have the same.
        let other = scratch.project().await;
        scratch.store.write(&other, insert).await.expect("the same in another project");
    }

    async fn of_units_that_run_together_only_the_failing_ones_are_undone(scratch: Scratch) {
        let scope = scratch.project().await;
        let unit = |n: usize| {
            scratch.store.write(&scope, move |tx| {
                let written = tx.insert(&TEAM, to_body(json!({"name": format!("{n}")})))?;
                match n % 3 {
                    0 => Err(Error::invalid("after the write")),
                    1 => panic!("after the write"),
                    _ => Ok(written),
                }
            })
        };
        let answers = join_all((0..30).map(unit)).await;
        for (n, answer) in answers.iter().enumerate() {
            match n % 3 {
                0 => assert!(matches!(answer, Err(Error::Invalid(_))), "{n}: {answer:?}"),
                1 => assert!(matches!(answer, Err(Error::Internal(_))), "{n}: {answer:?}"),
                _ => assert!(answer.is_ok(), "{n}: {answer:?}"),
            }
        }
        let all = Listing::new(Filter::everything(), 100);
        let listed = scratch.store.read(&scope, move |tx| tx.list(&TEAM, &all)).await.expect("list").docs;
        let mut names: Vec<usize> =
            listed.iter().filter_map(|doc| doc.text("name")?.parse().ok()).collect();
        names.sort_unstable();
        assert_eq!(names, (0..30).filter(|n| n % 3 == 2).collect::<Vec<_>>());
    }

    async fn a_total_follows_every_change_at_once(scratch: Scratch) {
        let (scope, other) = (scratch.project().await, scratch.project().await);
        let total = async |scope: &Scope| {
            let total = |tx: &ReadTx<'_>| {
                let page = Listing::new(Filter::everything(), 1);
                let (_, with_a_page) = tx.list_texts_and_total(&TEAM, &page)?;
                assert_eq!(tx.total(&TEAM, &Filter::everything())?, with_a_page);
                let (listed, with_documents) = tx.list_and_total(&TEAM, &page)?;
                assert_eq!((with_documents, with_a_page.min(1)), (with_a_page, listed.docs.len() as u64));
                Ok(with_a_page)
            };
            scratch.store.read(scope, total).await.expect("a total")
        };
        let mut teams = Vec::new();
        for n in 0..3 {
            assert_eq!((total(&scope).await, total(&scope).await), (n, n));
            let insert = |tx: &mut hark_store::Tx<'_>| {
                let before = tx.total(&TEAM, &Filter::everything())?;
                let team = tx.insert(&TEAM, to_body(json!({"name": "Core"})))?;
                Ok((team.id, tx.total(&TEAM, &Filter::everything())? - before))
            };
            let (id, more) = scratch.store.write(&scope, insert).await.expect("insert");
            assert_eq!(more, 1, "a transaction counts its own changes");
            teams.push(id);
        }
        let first = teams[0];
        scratch.store.write(&scope, move |tx| tx.delete(&TEAM, first)).await.expect("delete");
        assert_eq!((total(&scope).await, total(&other).await), (2, 0));
    }

    async fn what_fails_leaves_nothing_behind(scratch: Scratch) {
        let scope = scratch.project().await;
        let failed: Result<(), Error> = scratch.store.write(&scope, |tx| {
            tx.insert(&TEAM, to_body(json!({"name": "Ghost"})))?;
            Err(Error::invalid("no"))
        }).await;
        assert!(matches!(failed, Err(Error::Invalid(_))));
        let panicked: Result<(), Error> = scratch.store.write(&scope, |tx| {
            tx.insert(&TEAM, to_body(json!({"name": "Ghost"})))?;
            panic!("on purpose");
        }).await;
        assert!(matches!(panicked, Err(Error::Internal(_))));
        let ghost = scratch.store.read(&scope, |tx| tx.find_by(&TEAM, "name", "Ghost")).await.expect("find");
        assert_eq!(ghost, None);
        let position = scratch.store.read(&scope, |tx| tx.stream_position(PROJECT_STREAM)).await.expect("position");
        assert_eq!(position.seq, 0);
    }

    async fn another_project_sees_nothing(scratch: Scratch) {
        let mine = scratch.project().await;
        let other = scratch.project().await;
        let doc = scratch.store.write(&mine, |tx| tx.insert(&TEAM, to_body(json!({"name": "Mine"})))).await.expect("insert");
        let id = doc.id;
        let read = scratch.store.read(&other, move |tx| tx.find(&TEAM, id)).await.expect("find");
        assert_eq!(read, None);
        assert!(!scratch.store.write(&other, move |tx| tx.delete(&TEAM, id)).await.expect("delete"));
        assert!(scratch.store.write(&mine, move |tx| tx.delete(&TEAM, id)).await.expect("delete"));
    }

    async fn numbers_of_a_stream_have_no_gaps_under_concurrency(scratch: Scratch) {
        let scope = scratch.project().await;
        let mut writers = Vec::new();
        for writer in 0..16 {
            let store = scratch.store.clone();
            let scope = scope.clone();
            writers.push(tokio::spawn(async move {
                for at in 0..8 {
                    let outcome = store.write(&scope, move |tx| {
                        tx.insert(&TEAM, to_body(json!({"name": format!("{writer}-{at}")})))?;
                        if at % 4 == 3 { Err(Error::invalid("rolled back")) } else { Ok(()) }
                    }).await;
                    assert_eq!(outcome.is_ok(), at % 4 != 3);
                }
            }));
        }
        for writer in writers {
            writer.await.expect("a writer");
        }
        let events = scratch.store.read(&scope, |tx| tx.stream_after(PROJECT_STREAM, 0, 1000)).await.expect("events");
        let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
        assert_eq!(numbers, (1..=96).collect::<Vec<i64>>());
        assert!(events.iter().all(|event| event.event == "team.created" && event.actor == "system"));
    }

    async fn listeners_are_told_after_the_commit(scratch: Scratch) {
        let scope = scratch.project().await;
        let second = hark_store::Store::open(&scratch.location, scratch.clock.clone(), &scratch.keys()).await.expect("a second node");
        let mut here = scratch.store.bells();
        let mut there = second.bells();
        scratch.store.write(&scope, |tx| tx.insert(&TEAM, to_body(json!({"name": "Bell"})))).await.expect("insert");
        let wanted = hark_store::Bell::Stream { project: scope.project().expect("a project"), stream: PROJECT_STREAM.to_owned() };
        while here.recv().await.expect("a bell") != wanted {}
        if scratch.engine == hark_store::testing::Engine::Postgres {
            while there.recv().await.expect("a bell on the other node") != wanted {}
        }
    }
}

#[test]
fn ids_are_refused_when_they_are_not_hex() {
    assert!("xyz".parse::<Id>().is_err());
}
