//! The doctor: finds nothing in a healthy store, and each fault that it looks for.

use hark_store::testing::Engine;
use hark_store::{Id, JobError, Kind, Level, NewJob, both, doctor, to_body};
use serde_json::json;

const TEAM: Kind = Kind { feed: true, ..Kind::new("team", "team", &[]) };

both! {
    async fn every_fault_is_found(scratch: Scratch) {
        let scope = scratch.project().await;
        let healthy = scratch.project().await;
        for scope in [&scope, &healthy] {
            scratch.store.write(scope, |tx| {
                tx.audit("a", None, json!(null))?;
                tx.enqueue(NewJob::new("mail", json!({})).attempts(1))?;
                tx.insert(&TEAM, to_body(json!({"name": "x"})))
            }).await.expect("write");
        }
        let found = async || {
            let findings = doctor(&scratch.store).await.expect("doctor");
            let named = findings.into_iter().filter(|finding| finding.what != "disk");
            named.map(|finding| (finding.what, finding.level, finding.sentence)).collect::<Vec<_>>()
        };
        assert_eq!(found().await, []);

        scratch.clock.advance(11 * 60_000);
        assert_eq!(found().await.first().map(|found| (found.0, found.1)), Some(("jobs", Level::Warning)));
        for job in scratch.store.lease(&["mail"], 10, 1_000).await.expect("lease") {
            scratch.store.fail(&job, &JobError::never("no")).await.expect("fail");
        }
        assert!(found().await[0].2.starts_with("2 jobs were given up"));
        let discard = |tx: &mut hark_store::Tx<'_>| tx.discard_dead_jobs(i64::MAX);
        scratch.store.write(&scratch.store.operator(), discard).await.expect("discard");

        let project = scope.project().expect("a project");
        let other = Id::INSTANCE;
        for (damage, what) in [
            (format!("update audit set actor = 'user:x' where project_id = '{project}'"), "audit"),
            (format!("delete from feed where project_id = '{project}'"), "streams"),
            (format!("update team set doc = '{{\"_id\":\"{other}\"}}' where project_id = '{project}'"), "documents"),
        ] {
            scratch.execute(&scope, &damage).await;
            let found = found().await;
            let hit = found.iter().find(|found| found.0 == what);
            assert!(hit.is_some_and(|hit| hit.1 == Level::Error && hit.2.contains(&project.to_string())), "{found:?}");
            assert!(found.iter().all(|found| !found.2.contains(&healthy.project().expect("one").to_string())));
        }
    }

    async fn a_table_without_walls_is_found(scratch: Scratch) {
        if scratch.engine == Engine::Sqlite {
            return; // It has no row-level security.
        }
        let operator = scratch.store.operator();
        scratch.execute(&operator, "alter table team no force row level security").await;
        let findings = doctor(&scratch.store).await.expect("doctor");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].sentence.contains("the table team"));
    }
}
