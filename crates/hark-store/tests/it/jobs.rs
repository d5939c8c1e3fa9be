//! Jobs: enqueueing, unique keys, leases and their fencing, failures, dead letters, fairness.

use std::collections::BTreeSet;
use std::time::Duration;

use hark_store::testing::Engine;
use hark_store::{Error, JobError, LeasedJob, NewJob, Scope, Store, both};
use serde_json::json;

const LEASE_MS: i64 = 60_000;

async fn enqueue(store: &Store, scope: &Scope, job: NewJob) -> hark_store::Id {
    store.write(scope, move |tx| tx.enqueue(job.clone())).await.expect("enqueue")
}

async fn lease(store: &Store, kind: &str, limit: u32) -> Vec<LeasedJob> {
    store.lease(&[kind], limit, LEASE_MS).await.expect("lease")
}

async fn lease_one(store: &Store, kind: &str) -> LeasedJob {
    let mut jobs = lease(store, kind, 10).await;
    assert_eq!(jobs.len(), 1);
    jobs.remove(0)
}

both! {
    async fn a_job_acts_on_its_own_project(scratch: Scratch) {
        let scope = scratch.project().await;
        let id = enqueue(&scratch.store, &scope, NewJob::new("mail", json!({"to": "x"}))).await;
        assert!(lease(&scratch.store, "other", 10).await.is_empty());
        let job = lease_one(&scratch.store, "mail").await;
        assert_eq!((job.id, job.attempt, &job.payload), (id, 1, &json!({"to": "x"})));
        assert_eq!(job.scope().project(), scope.project());
        assert_eq!(job.scope().organisation(), scope.organisation());
        assert_eq!(job.scope().actor().label(), format!("job:{id}"));
        assert!(lease(&scratch.store, "mail", 10).await.is_empty(), "a leased job is nobody else's");
        scratch.store.finish(&job).await.expect("finish");
        let again = scratch.store.finish(&job).await;
        assert!(matches!(again, Err(Error::Stale { what: "job" })), "{again:?}");
        let counts = scratch.store.read(&scope, |tx| tx.job_counts()).await.expect("counts");
        assert_eq!(counts, hark_store::JobCounts::default());
    }

    async fn the_instance_has_jobs_and_sees_those_of_projects(scratch: Scratch) {
        let scope = scratch.project().await;
        let other = scratch.project().await;
        let operator = scratch.store.operator();
        enqueue(&scratch.store, &operator, NewJob::new("sweep", json!({})).attempts(1)).await;
        enqueue(&scratch.store, &scope, NewJob::new("sweep", json!({})).attempts(1)).await;
        for job in lease(&scratch.store, "sweep", 10).await {
            scratch.store.fail(&job, &JobError::retry("no")).await.expect("fail");
        }
        let dead = |scope: Scope| {
            let store = scratch.store.clone();
            async move { store.read(&scope, |tx| tx.dead_jobs(None, 10)).await.expect("dead").len() }
        };
        assert_eq!((dead(operator).await, dead(scope).await, dead(other).await), (2, 1, 0));
    }

    async fn a_job_of_a_rolled_back_transaction_does_not_exist(scratch: Scratch) {
        let scope = scratch.project().await;
        let failed: Result<(), Error> = scratch.store.write(&scope, |tx| {
            tx.enqueue(NewJob::new("mail", json!({})))?;
            Err(Error::invalid("no"))
        }).await;
        assert!(failed.is_err());
        assert!(lease(&scratch.store, "mail", 10).await.is_empty());
    }

    async fn a_payload_is_bounded(scratch: Scratch) {
        let scope = scratch.project().await;
        let big = json!("x".repeat(65 * 1024));
        let refused = scratch.store.write(&scope, move |tx| tx.enqueue(NewJob::new("mail", big.clone()))).await;
        assert!(matches!(refused, Err(Error::TooLarge(_))), "{refused:?}");
    }

    async fn a_unique_key_keeps_the_waiting_job(scratch: Scratch) {
        let scope = scratch.project().await;
        let now = scratch.clock.now();
        let timer = |n: i64, at: i64| NewJob::new("timer", json!(n)).at(now + at).unique("snooze:1");
        let first = enqueue(&scratch.store, &scope, timer(1, 5_000)).await;
        let second = enqueue(&scratch.store, &scope, timer(2, 3_000)).await;
        enqueue(&scratch.store, &scope, timer(3, 9_000)).await;
        assert_eq!(first, second);
        let due = scratch.store.read(&scope, |tx| tx.job_due_at("snooze:1")).await.expect("due");
        assert_eq!(due, Some(now + 3_000), "the earlier of the two times");
        // Another project has its own keys.
        let other = scratch.project().await;
        assert_ne!(enqueue(&scratch.store, &other, timer(4, 90_000)).await, first);

        scratch.clock.advance(3_000);
        let running = lease_one(&scratch.store, "timer").await;
        assert_eq!(running.payload, json!(1));
        let next = enqueue(&scratch.store, &scope, timer(5, 3_000)).await;
        assert_ne!(next, first, "a running job may have missed what this one is about");
        // The failed one gives way to its twin.
        scratch.store.fail(&running, &JobError::retry("no")).await.expect("fail");
        let counts = scratch.store.read(&scope, |tx| tx.job_counts()).await.expect("counts");
        assert_eq!((counts.waiting, counts.running, counts.dead), (1, 0, 0));
    }

    async fn a_worker_that_lost_its_lease_leaves_the_job_to_the_next(scratch: Scratch) {
        let scope = scratch.project().await;
        let timer = || NewJob::new("timer", json!({})).unique("sla:2");
        enqueue(&scratch.store, &scope, timer()).await;
        let late = lease_one(&scratch.store, "timer").await;
        scratch.clock.advance(LEASE_MS);
        let newest = lease_one(&scratch.store, "timer").await;
        enqueue(&scratch.store, &scope, timer()).await;
        // A twin waits, and still the job is not the late worker's to drop.
        let failed = scratch.store.fail(&late, &JobError::retry("no")).await;
        assert!(matches!(failed, Err(Error::Stale { what: "job" })), "{failed:?}");
        let counts = scratch.store.read(&scope, |tx| tx.job_counts()).await.expect("counts");
        assert_eq!((counts.waiting, counts.running, counts.dead), (1, 1, 0));
        scratch.store.finish(&newest).await.expect("the job is still there to be finished");
    }

    async fn a_timer_moves_and_stops(scratch: Scratch) {
        let scope = scratch.project().await;
        let now = scratch.clock.now();
        enqueue(&scratch.store, &scope, NewJob::new("timer", json!({})).at(now + 1_000).unique("sla:1")).await;
        let moved = scratch.store.write(&scope, move |tx| tx.reschedule("sla:1", now + 2_000)).await;
        assert!(moved.expect("reschedule"));
        scratch.clock.advance(1_999);
        assert!(lease(&scratch.store, "timer", 10).await.is_empty());
        assert!(scratch.store.write(&scope, |tx| tx.cancel("sla:1")).await.expect("cancel"));
        scratch.clock.advance(1);
        assert!(lease(&scratch.store, "timer", 10).await.is_empty());
        assert!(!scratch.store.write(&scope, |tx| tx.cancel("sla:1")).await.expect("cancel"));
        let moved = scratch.store.write(&scope, move |tx| tx.reschedule("sla:1", now)).await;
        assert!(!moved.expect("reschedule"));
    }

    async fn an_ended_lease_passes_to_another_worker_and_fences_the_first(scratch: Scratch) {
        let scope = scratch.project().await;
        enqueue(&scratch.store, &scope, NewJob::new("mail", json!({}))).await;
        let first = lease_one(&scratch.store, "mail").await;
        scratch.clock.advance(LEASE_MS - 1);
        scratch.store.renew(&first, LEASE_MS).await.expect("renew");
        scratch.clock.advance(LEASE_MS - 1);
        assert!(lease(&scratch.store, "mail", 10).await.is_empty(), "the lease was renewed");
        scratch.clock.advance(1);
        let second = lease_one(&scratch.store, "mail").await;
        assert_eq!((second.id, second.attempt), (first.id, 2));

        let zombie = first.clone();
        let work = scratch.store.write(first.scope(), move |tx| {
            tx.publish("work", "done", json!({}));
            tx.finish_job(&zombie)
        }).await;
        assert!(matches!(work, Err(Error::Stale { what: "job" })), "{work:?}");
        assert!(matches!(scratch.store.renew(&first, LEASE_MS).await, Err(Error::Stale { .. })));
        assert!(matches!(scratch.store.fail(&first, &JobError::retry("no")).await, Err(Error::Stale { .. })));
        let position = scratch.store.read(&scope, |tx| tx.stream_position("work")).await.expect("position");
        assert_eq!(position.seq, 0, "nothing of the first worker's transaction stands");

        let holder = second.clone();
        scratch.store.write(second.scope(), move |tx| {
            tx.publish("work", "done", json!({}));
            tx.finish_job(&holder)
        }).await.expect("the second worker finishes");
    }

    async fn a_job_cannot_be_finished_from_another_project(scratch: Scratch) {
        let scope = scratch.project().await;
        let other = scratch.project().await;
        enqueue(&scratch.store, &scope, NewJob::new("mail", json!({}))).await;
        let job = lease_one(&scratch.store, "mail").await;
        let foreign = scratch.store.write(&other, move |tx| tx.finish_job(&job)).await;
        assert!(matches!(foreign, Err(Error::Stale { .. })));
    }

    async fn a_failing_job_comes_back_later_and_is_given_up_at_last(scratch: Scratch) {
        let scope = scratch.project().await;
        let id = enqueue(&scratch.store, &scope, NewJob::new("mail", json!({})).attempts(2)).await;
        let job = lease_one(&scratch.store, "mail").await;
        let busy = JobError::after("the server is busy", Duration::from_secs(30));
        scratch.store.fail(&job, &busy).await.expect("fail");
        scratch.clock.advance(29_999);
        assert!(lease(&scratch.store, "mail", 10).await.is_empty());
        scratch.clock.advance(1);
        let job = lease_one(&scratch.store, "mail").await;
        assert_eq!(job.attempt, 2);
        scratch.store.fail(&job, &JobError::retry("no such mailbox\0")).await.expect("fail");
        scratch.clock.advance(1_000_000_000);
        assert!(lease(&scratch.store, "mail", 10).await.is_empty());

        let dead = scratch.store.read(&scope, |tx| tx.dead_jobs(None, 10)).await.expect("dead");
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].id, dead[0].attempt, dead[0].project), (id, 2, scope.project()));
        assert_eq!(dead[0].last_error.as_deref(), Some("no such mailbox"));
        let older = scratch.store.read(&scope, move |tx| tx.dead_jobs(Some(id), 10)).await.expect("dead");
        assert!(older.is_empty());

        scratch.store.write(&scope, move |tx| tx.revive_job(id)).await.expect("revive");
        let revived = lease_one(&scratch.store, "mail").await;
        assert_eq!((revived.id, revived.attempt), (id, 1));
        // The attempts count anew, but a lease from before the revival stays worthless.
        assert!(matches!(scratch.store.finish(&job).await, Err(Error::Stale { .. })));
        scratch.store.fail(&revived, &JobError::never("hopeless")).await.expect("fail");
        let counts = scratch.store.read(&scope, |tx| tx.job_counts()).await.expect("counts");
        assert_eq!(counts.dead, 1, "no attempt is left when none can succeed");
        let now = scratch.clock.now();
        let discard = move |tx: &mut hark_store::Tx<'_>| {
            Ok((tx.discard_dead_jobs(now)?, tx.discard_dead_jobs(now + 1)?))
        };
        assert_eq!(scratch.store.write(&scope, discard).await.expect("discard"), (0, 1));
        let gone = scratch.store.write(&scope, move |tx| tx.revive_job(id)).await;
        assert!(matches!(gone, Err(Error::NotFound { .. })));
    }

    async fn a_job_that_ends_its_workers_is_given_up(scratch: Scratch) {
        let scope = scratch.project().await;
        enqueue(&scratch.store, &scope, NewJob::new("mail", json!({})).attempts(2)).await;
        for _ in 0..2 {
            lease_one(&scratch.store, "mail").await;
            scratch.clock.advance(LEASE_MS);
        }
        assert!(lease(&scratch.store, "mail", 10).await.is_empty());
        let dead = scratch.store.read(&scope, |tx| tx.dead_jobs(None, 10)).await.expect("dead");
        assert_eq!(dead.first().map(|dead| dead.attempt), Some(2));
    }

    async fn the_jobs_of_a_project_that_is_gone_are_dropped(scratch: Scratch) {
        let scope = scratch.project().await;
        enqueue(&scratch.store, &scope, NewJob::new("mail", json!({}))).await;
        let project = scope.project().expect("a project");
        let operator = scratch.store.operator();
        let remove = move |tx: &mut hark_store::Tx<'_>| tx.delete(&hark_store::access::PROJECT, project);
        assert!(scratch.store.write(&operator, remove).await.expect("delete"));
        assert!(lease(&scratch.store, "mail", 10).await.is_empty());
        let counts = scratch.store.read(&operator, |tx| tx.job_counts()).await.expect("counts");
        assert_eq!(counts.waiting, 0);
    }

    async fn a_long_queue_does_not_delay_another_project(scratch: Scratch) {
        let busy = scratch.project().await;
        let calm = scratch.project().await;
        scratch.store.write(&busy, |tx| {
            for n in 0..500 {
                tx.enqueue(NewJob::new("mail", json!(n)))?;
            }
            Ok(())
        }).await.expect("a long queue");
        assert_eq!(lease(&scratch.store, "mail", 8).await.len(), 8);
        scratch.clock.advance(10);
        enqueue(&scratch.store, &calm, NewJob::new("mail", json!("reply"))).await;
        let next = lease(&scratch.store, "mail", 1).await;
        assert_eq!(next[0].payload, json!("reply"));
        // Within a lane the oldest come first.
        let rest = lease(&scratch.store, "mail", 3).await;
        let rest: Vec<_> = rest.into_iter().map(|job| job.payload).collect();
        assert_eq!(rest, [json!(8), json!(9), json!(10)]);
    }

    async fn every_job_is_leased_once_by_concurrent_lessees(scratch: Scratch) {
        const JOBS: usize = 200;
        let scopes = [scratch.project().await, scratch.project().await, scratch.project().await];
        for (at, scope) in scopes.iter().enumerate() {
            let from = JOBS * at / 3;
            let to = JOBS * (at + 1) / 3;
            scratch.store.write(scope, move |tx| {
                (from..to).try_for_each(|n| tx.enqueue(NewJob::new("mail", json!(n))).map(drop))
            }).await.expect("enqueue");
        }
        // On PostgreSQL half of them lease on a node of their own.
        let second_node = match scratch.engine {
            Engine::Sqlite => scratch.store.clone(),
            Engine::Postgres => Store::open(&scratch.location, scratch.clock.clone(), &scratch.keys()).await.expect("a second node"),
        };
        let mut lessees = tokio::task::JoinSet::new();
        for lessee in 0..8 {
            let store = if lessee % 2 == 0 { scratch.store.clone() } else { second_node.clone() };
            lessees.spawn(async move {
                let mut done = Vec::new();
                // A lessee may find everything taken by others while something is left.
                let left = |store: &Store| {
                    let store = store.clone();
                    async move {
                        let counts = store.read(&store.operator(), |tx| tx.job_counts()).await.expect("counts");
                        counts.waiting > 0
                    }
                };
                while left(&store).await {
                    for job in lease(&store, "mail", 5).await {
                        done.push(job.payload.as_u64().expect("a number"));
                        store.finish(&job).await.expect("finish");
                    }
                }
                done
            });
        }
        let done: Vec<u64> = lessees.join_all().await.into_iter().flatten().collect();
        assert_eq!(done.len(), JOBS, "none twice");
        assert_eq!(done.into_iter().collect::<BTreeSet<_>>().len(), JOBS, "none lost");
    }
}
