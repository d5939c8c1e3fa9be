//! The worker: bells, timers, failures, panics, its limits and its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hark_store::{JobError, NewJob, Registry, Scope, Store, Worker, both, run_due};
use serde_json::json;
use tokio::sync::{Semaphore, mpsc};

/// Far longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(20);

async fn enqueue(store: &Store, scope: &Scope, job: NewJob) {
    store.write(scope, move |tx| tx.enqueue(job.clone())).await.expect("enqueue");
}

/// A handler that tells about each run.
fn telling(kind: &'static str) -> (Registry, mpsc::UnboundedReceiver<serde_json::Value>) {
    let (tell, told) = mpsc::unbounded_channel();
    let registry = Registry::new().on(kind, move |_, job| {
        let _ = tell.send(job.payload);
        async { Ok(()) }
    });
    (registry, told)
}

/// A handler that tells when it begins and never ends.
fn endless() -> (Registry, mpsc::UnboundedReceiver<()>) {
    let (tell, told) = mpsc::unbounded_channel();
    let registry = Registry::new().on("endless", move |_, _| {
        let _ = tell.send(());
        std::future::pending::<Result<(), JobError>>()
    });
    (registry, told)
}

both! {
    async fn due_jobs_run_in_order_with_what_they_enqueue(scratch: Scratch) {
        let scope = scratch.project().await;
        let (registry, mut told) = telling("leaf");
        let registry = registry.on("root", |store: Store, job: hark_store::LeasedJob| async move {
            let held = job.clone();
            store.write(job.scope(), move |tx| {
                tx.enqueue(NewJob::new("leaf", json!("now")))?;
                tx.enqueue(NewJob::new("leaf", json!("later")).at(tx.now() + 1_000))?;
                tx.finish_job(&held)
            }).await?;
            Ok(())
        });
        enqueue(&scratch.store, &scope, NewJob::new("root", json!({}))).await;
        assert_eq!(run_due(&scratch.store, &registry).await.expect("run"), 2);
        assert_eq!(told.try_recv().expect("told"), json!("now"));
        assert_eq!(run_due(&scratch.store, &registry).await.expect("run"), 0);
        scratch.clock.advance(1_000);
        assert_eq!(run_due(&scratch.store, &registry).await.expect("run"), 1);
        assert_eq!(told.try_recv().expect("told"), json!("later"));
        let counts = scratch.store.read(&scope, |tx| tx.job_counts()).await.expect("counts");
        assert_eq!(counts, hark_store::JobCounts::default());
    }

    async fn a_panic_is_a_failed_attempt(scratch: Scratch) {
        let scope = scratch.project().await;
        let registry = Registry::new().on("bad", |_, job| async move {
            assert!(job.attempt > 1, "on purpose");
            Err(JobError::never("hopeless"))
        });
        enqueue(&scratch.store, &scope, NewJob::new("bad", json!({}))).await;
        assert_eq!(run_due(&scratch.store, &registry).await.expect("run"), 1);
        let counts = scratch.store.read(&scope, |tx| tx.job_counts()).await.expect("counts");
        assert_eq!((counts.waiting, counts.dead), (1, 0));
        scratch.clock.advance(10_000);
        assert_eq!(run_due(&scratch.store, &registry).await.expect("run"), 1);
        let dead = scratch.store.read(&scope, |tx| tx.dead_jobs(None, 10)).await.expect("dead");
        assert_eq!(dead[0].last_error.as_deref(), Some("hopeless"));
    }

    async fn a_bell_wakes_the_worker_and_a_timer_rings_itself(scratch: Scratch) {
        let scope = scratch.project().await;
        let (registry, mut told) = telling("mail");
        let worker = Worker::new(scratch.store.clone(), registry).concurrency(4).start();
        for n in 0..20 {
            enqueue(&scratch.store, &scope, NewJob::new("mail", json!(n))).await;
            let ran = tokio::time::timeout(DEADLINE, told.recv()).await.expect("in time");
            assert_eq!(ran, Some(json!(n)));
        }
        let at = scratch.clock.now() + 500;
        enqueue(&scratch.store, &scope, NewJob::new("mail", json!("timer")).at(at)).await;
        assert!(told.try_recv().is_err(), "not before its time");
        scratch.clock.advance(500);
        let ran = tokio::time::timeout(DEADLINE, told.recv()).await.expect("in time");
        assert_eq!(ran, Some(json!("timer")));
        worker.stop(DEADLINE).await;
        enqueue(&scratch.store, &scope, NewJob::new("mail", json!("late"))).await;
        assert!(told.recv().await.is_none(), "a stopped worker holds no handler and runs nothing");
    }

    async fn a_worker_keeps_its_limits_and_leaves_room_for_others(scratch: Scratch) {
        let busy = scratch.project().await;
        let calm = scratch.project().await;
        let gate = Arc::new(Semaphore::new(0));
        let running = Arc::new(AtomicUsize::new(0));
        let (tell, mut told) = mpsc::unbounded_channel();
        let slow = {
            let (gate, running) = (gate.clone(), running.clone());
            move |_, job: hark_store::LeasedJob| {
                let (gate, running, tell) = (gate.clone(), running.clone(), tell.clone());
                async move {
                    let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                    let _ = tell.send((job.payload, now));
                    drop(gate.acquire().await);
                    running.fetch_sub(1, Ordering::SeqCst);
                    Ok(())
                }
            }
        };
        let registry = Registry::new().on("slow", slow.clone()).on("slower", slow);
        scratch.store.write(&busy, |tx| {
            let kind = |n| if n % 2 == 0 { "slow" } else { "slower" };
            (0..20).try_for_each(|n| tx.enqueue(NewJob::new(kind(n), json!(n))).map(drop))
        }).await.expect("enqueue");
        let worker = Worker::new(scratch.store.clone(), registry).concurrency(4).start();
        for _ in 0..3 {
            let began = tokio::time::timeout(DEADLINE, told.recv()).await.expect("in time").expect("told");
            assert!(began.0.is_number());
        }
        // The busy project has its three quarters; the last place is for somebody else.
        enqueue(&scratch.store, &calm, NewJob::new("slower", json!("reply"))).await;
        let (payload, now) = tokio::time::timeout(DEADLINE, told.recv()).await.expect("in time").expect("told");
        assert_eq!((payload, now), (json!("reply"), 4));
        gate.add_permits(1_000);
        for _ in 0..17 {
            let (_, now) = tokio::time::timeout(DEADLINE, told.recv()).await.expect("in time").expect("told");
            assert!(now <= 4, "{now} at once");
        }
        worker.stop(DEADLINE).await;
        let counts = scratch.store.read(&scratch.store.operator(), |tx| tx.job_counts()).await.expect("counts");
        assert_eq!(counts, hark_store::JobCounts::default(), "a worker that stops finishes what it began");
    }

    async fn a_target_that_does_not_answer_keeps_only_its_own_jobs_waiting(scratch: Scratch) {
        let scope = scratch.project().await;
        let hanging = Arc::new(AtomicUsize::new(0));
        let (tell, mut told) = mpsc::unbounded_channel();
        let registry = Registry::new()
            .on("hook", {
                let (hanging, tell) = (hanging.clone(), tell.clone());
                move |_, job: hark_store::LeasedJob| {
                    let (hanging, tell) = (hanging.clone(), tell.clone());
                    async move {
                        if job.payload == json!("dead") {
                            hanging.fetch_add(1, Ordering::SeqCst);
                            return std::future::pending().await;
                        }
                        let _ = tell.send(job.payload);
                        Ok(())
                    }
                }
            })
            .on("timer", move |_, job: hark_store::LeasedJob| {
                let _ = tell.send(job.payload);
                async { Ok(()) }
            });
        scratch.store.write(&scope, |tx| {
            for _ in 0..50 {
                tx.enqueue(NewJob::new("hook", json!("dead")).toward("dead"))?;
            }
            Ok(())
        }).await.expect("enqueue");
        let worker = Worker::new(scratch.store.clone(), registry).concurrency(16).start();
        for word in ["well", "again"] {
            enqueue(&scratch.store, &scope, NewJob::new("hook", json!(word)).toward("alive")).await;
            let ran = tokio::time::timeout(DEADLINE, told.recv()).await.expect("in time");
            assert_eq!(ran, Some(json!(word)));
            enqueue(&scratch.store, &scope, NewJob::new("timer", json!("due"))).await;
            let ran = tokio::time::timeout(DEADLINE, told.recv()).await.expect("in time");
            assert_eq!(ran, Some(json!("due")));
        }
        assert_eq!(hanging.load(Ordering::SeqCst), 2, "an eighth of the worker");
        worker.stop(Duration::ZERO).await;
    }

    async fn a_job_that_another_worker_has_is_not_given_back(scratch: Scratch) {
        let scope = scratch.project().await;
        let (registry, mut told) = endless();
        let job = || NewJob::new("endless", json!({})).unique("one");
        enqueue(&scratch.store, &scope, job()).await;
        let worker = Worker::new(scratch.store.clone(), registry).concurrency(1).start();
        tokio::time::timeout(DEADLINE, told.recv()).await.expect("in time").expect("it began");
        scratch.clock.advance(60_000);
        let newest = scratch.store.lease(&["endless"], 1, 60_000).await.expect("lease").remove(0);
        enqueue(&scratch.store, &scope, job()).await;
        worker.stop(Duration::ZERO).await;
        scratch.store.finish(&newest).await.expect("the job is still there to be finished");
    }

    async fn a_job_that_is_given_up_is_told_to_its_rule_in_the_same_transaction(scratch: Scratch) {
        let scope = scratch.project().await;
        let registry = Registry::new()
            .on("bad", |_, job: hark_store::LeasedJob| async move {
                if job.payload == json!("hopeless") { Err(JobError::never("no")) } else { Err(JobError::retry("no")) }
            })
            .on_dead("bad", |tx, job| {
                tx.publish("dead", "dead", job.payload.clone());
                Ok(())
            });
        let dead = async || {
            let events = scratch.store.read(&scope, |tx| tx.stream_after("dead", 0, 10)).await.expect("events");
            let letters = scratch.store.read(&scope, |tx| tx.dead_jobs(None, 10)).await.expect("dead");
            assert_eq!(events.len(), letters.len());
            events.into_iter().map(|event| event.data).collect::<Vec<_>>()
        };
        let bad = |what: &str, attempts| NewJob::new("bad", json!(what)).attempts(attempts);
        enqueue(&scratch.store, &scope, bad("tries twice", 2)).await;
        run_due(&scratch.store, &registry).await.expect("run");
        assert_eq!(dead().await, [json!(null); 0], "it has another attempt");
        scratch.clock.advance(10_000);
        run_due(&scratch.store, &registry).await.expect("run");
        assert_eq!(dead().await, [json!("tries twice")]);

        enqueue(&scratch.store, &scope, bad("hopeless", 9)).await;
        run_due(&scratch.store, &registry).await.expect("run");
        assert_eq!(dead().await.last(), Some(&json!("hopeless")));

        // Its worker ends without a word.
        enqueue(&scratch.store, &scope, bad("kills", 1)).await;
        assert_eq!(scratch.store.lease(&["bad"], 1, 60_000).await.expect("lease").len(), 1);
        scratch.clock.advance(60_000);
        run_due(&scratch.store, &registry).await.expect("run");
        assert_eq!(dead().await.last(), Some(&json!("kills")));
        let letters = scratch.store.read(&scope, |tx| tx.dead_jobs(None, 1)).await.expect("dead");
        assert_eq!(letters[0].last_error.as_deref(), Some("the worker ended during the last attempt"));
        assert_eq!(letters[0].attempt, 1);
    }

    async fn a_rule_that_fails_is_tried_again_and_does_not_keep_the_job_forever(scratch: Scratch) {
        let scope = scratch.project().await;
        let tries = Arc::new(AtomicUsize::new(0));
        let counter = tries.clone();
        let registry = Registry::new()
            .on("bad", |_, _| async { Err(JobError::never("no")) })
            .on_dead("bad", move |tx, _| {
                tx.publish("dead", "dead", json!(null));
                counter.fetch_add(1, Ordering::SeqCst);
                Err(hark_store::Error::invalid("not now"))
            });
        enqueue(&scratch.store, &scope, NewJob::new("bad", json!({})).attempts(1)).await;
        let counts = async || scratch.store.read(&scope, |tx| tx.job_counts()).await.expect("counts");
        run_due(&scratch.store, &registry).await.expect("run");
        assert_eq!((counts().await.running, counts().await.dead), (1, 0));
        for _ in 0..10 {
            scratch.clock.advance(60_000);
            run_due(&scratch.store, &registry).await.expect("run");
        }
        assert_eq!((counts().await.running, counts().await.dead), (0, 1));
        assert_eq!(tries.load(Ordering::SeqCst), 6);
        let position = scratch.store.read(&scope, |tx| tx.stream_position("dead")).await.expect("position");
        assert_eq!(position.seq, 0, "nothing of the rule that failed stands");
    }

    async fn what_does_not_end_in_time_is_given_back(scratch: Scratch) {
        let scope = scratch.project().await;
        let (registry, mut told) = endless();
        enqueue(&scratch.store, &scope, NewJob::new("endless", json!({}))).await;
        let worker = Worker::new(scratch.store.clone(), registry).start();
        tokio::time::timeout(DEADLINE, told.recv()).await.expect("in time").expect("it began");
        worker.stop(Duration::ZERO).await;
        let jobs = scratch.store.lease(&["endless"], 1, 60_000).await.expect("lease");
        assert_eq!(jobs.first().map(|job| job.attempt), Some(1), "at once, and the attempt was not counted");
    }
}
