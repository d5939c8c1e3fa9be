//! The worker: leases jobs, runs their handlers beside each other, and notes how they ended.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use tokio::sync::{broadcast, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::error::{Error, Result};
use crate::jobs::{JobError, LeasedJob};
use crate::lease::{Bounds, Held, LEASE_MAX, Leased, Room};
use crate::store::{Bell, Store};
use crate::tx::Tx;

/// How long a lease is; it is renewed after each third of it.
const LEASE_MS: i64 = 60_000;
/// How often the worker looks without being rung for: bells can be lost.
const POLL: Duration = Duration::from_secs(2);
/// The pause at least between two looks, so that a lost race does not become a spin.
const BREATH: Duration = Duration::from_millis(50);
/// The pause after the database could not be asked.
const AFTER_ERROR: Duration = Duration::from_secs(1);
/// Jobs that run beside each other unless the caller says otherwise.
const CONCURRENCY: u32 = 32;
/// Leases beyond its attempts in which a job can be given up with its rule, before it is without.
const GIVE_UP_MAX: u32 = 5;
/// Jobs that [`run_due`] runs before it takes them for a circle.
const DRAIN_MAX: usize = 100_000;

type Handler = Arc<dyn Fn(Store, LeasedJob) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;

/// What is done in the transaction that gives a job up.
pub(crate) type OnDead = Arc<dyn Fn(&mut Tx<'_>, &LeasedJob) -> Result<()> + Send + Sync>;

/// Which handler runs which kind of job.
#[derive(Clone, Default)]
pub struct Registry {
    handlers: BTreeMap<&'static str, Handler>,
    on_dead: BTreeMap<&'static str, OnDead>,
}

impl Registry {
    /// No handlers.
    pub fn new() -> Registry {
        Registry::default()
    }

    /// The same with a handler for a kind.
    ///
    /// The job is finished when the handler returns `Ok`, unless the handler finished it itself
    /// with [`crate::Tx::finish_job`]. A handler may run again for the same job and must not mind.
    #[must_use]
    pub fn on<F, R>(mut self, kind: &'static str, handler: F) -> Registry
    where
        F: Fn(Store, LeasedJob) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.handlers.insert(kind, Arc::new(move |store, job| Box::pin(handler(store, job))));
        self
    }

    /// The same with a rule for jobs of a kind that are given up, because their attempts are used
    /// up, another would not help, or their workers ended without a word.
    ///
    /// It runs in the job's scope and in the transaction that gives the job up, so it may run again
    /// from the start and must have no other effects. If it fails, the job is given up later; after
    /// some attempts at that it is given up without.
    #[must_use]
    pub fn on_dead<F>(mut self, kind: &'static str, rule: F) -> Registry
    where
        F: Fn(&mut Tx<'_>, &LeasedJob) -> Result<()> + Send + Sync + 'static,
    {
        self.on_dead.insert(kind, Arc::new(rule));
        self
    }

    /// The same with the handlers of another registry.
    #[must_use]
    pub fn with(mut self, other: Registry) -> Registry {
        self.handlers.extend(other.handlers);
        self.on_dead.extend(other.on_dead);
        self
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.handlers.keys().copied().collect()
    }
}

/// Runs jobs until it is told to stop.
pub struct Worker {
    store: Store,
    registry: Registry,
    concurrency: u32,
}

/// A worker that runs.
pub struct RunningWorker {
    stop: watch::Sender<Option<Duration>>,
    task: JoinHandle<()>,
}

impl Worker {
    /// A worker for the registry's kinds.
    pub fn new(store: Store, registry: Registry) -> Worker {
        Worker { store, registry, concurrency: CONCURRENCY }
    }

    /// How many jobs run beside each other, 1 to 256. One project gets at most three quarters,
    /// one kind the half, one kind in one project three eighths, and one target an eighth of it,
    /// so that slow handlers leave room for the others.
    #[must_use]
    pub fn concurrency(self, concurrency: u32) -> Worker {
        Worker { concurrency: concurrency.clamp(1, LEASE_MAX), ..self }
    }

    /// Starts leasing.
    pub fn start(self) -> RunningWorker {
        let (stop, stopped) = watch::channel(None);
        RunningWorker { stop, task: tokio::spawn(Desk::new(self, stopped).run()) }
    }
}

impl RunningWorker {
    /// Leases nothing more, waits at most `limit` for what runs, and gives the rest back.
    pub async fn stop(self, limit: Duration) {
        self.stop.send_replace(Some(limit));
        if let Err(panic) = self.task.await {
            tracing::error!(%panic, "the job worker had failed");
        }
    }
}

/// What a running worker knows.
struct Desk {
    worker: Worker,
    bells: broadcast::Receiver<Bell>,
    stop: watch::Receiver<Option<Duration>>,
    running: JoinSet<()>,
    held: HashMap<tokio::task::Id, LeasedJob>,
}

impl Desk {
    fn new(worker: Worker, stop: watch::Receiver<Option<Duration>>) -> Desk {
        let bells = worker.store.bells();
        Desk { worker, bells, stop, running: JoinSet::new(), held: HashMap::new() }
    }

    async fn run(mut self) {
        while self.stop.borrow().is_none() {
            let room = self.room();
            if room.free == 0 {
                self.wait_for_room().await;
                continue;
            }
            match self.worker.store.lease_into(&self.worker.registry.kinds(), &room, LEASE_MS).await {
                Ok(Leased { jobs, next_due }) if jobs.is_empty() => self.wait_for_work(next_due).await,
                Ok(Leased { jobs, .. }) => jobs.into_iter().for_each(|job| self.begin(job)),
                Err(error) => {
                    tracing::error!(?error, "jobs could not be leased");
                    sleep(AFTER_ERROR).await;
                }
            }
        }
        self.finish().await;
    }

    fn room(&self) -> Room {
        let concurrency = self.worker.concurrency;
        let mut held = Held::default();
        for job in self.held.values() {
            held.count(&job.place());
        }
        let running = u32::try_from(self.held.len()).unwrap_or(u32::MAX);
        Room { free: concurrency.saturating_sub(running), bounds: Bounds::of(concurrency), held }
    }

    fn begin(&mut self, job: LeasedJob) {
        let (store, registry) = (self.worker.store.clone(), self.worker.registry.clone());
        let task = {
            let job = job.clone();
            self.running.spawn(async move { run(&store, &registry, &job).await })
        };
        self.held.insert(task.id(), job);
    }

    fn ended(&mut self, ended: Result<(tokio::task::Id, ()), tokio::task::JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => error.id(),
        };
        self.held.remove(&id);
    }

    async fn wait_for_room(&mut self) {
        let ended = tokio::select! {
            _ = self.stop.changed() => None,
            ended = self.running.join_next_with_id() => ended,
        };
        if let Some(ended) = ended {
            self.ended(ended);
        }
    }

    /// Waits for a bell, the end of a job, the next time something is due, or a while.
    async fn wait_for_work(&mut self, next_due: Option<i64>) {
        let now = self.worker.store.clock().now();
        let until_due = next_due.map(|due| Duration::from_millis(u64::try_from(due - now).unwrap_or(0)));
        let pause = match until_due {
            // There is no room for its project until one of our jobs ends.
            Some(Duration::ZERO) if !self.held.is_empty() => POLL,
            Some(until_due) => until_due.clamp(BREATH, POLL),
            None => POLL,
        };
        let ended = tokio::select! {
            _ = self.stop.changed() => None,
            () = job_bell(&mut self.bells) => None,
            Some(ended) = self.running.join_next_with_id() => Some(ended),
            () = sleep(pause) => None,
        };
        if let Some(ended) = ended {
            self.ended(ended);
        }
    }

    async fn finish(mut self) {
        let limit = (*self.stop.borrow()).unwrap_or_default();
        let all_ended = async {
            while let Some(ended) = self.running.join_next_with_id().await {
                let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                self.held.remove(&id);
            }
        };
        if timeout(limit, all_ended).await.is_ok() {
            return;
        }
        self.running.shutdown().await;
        tracing::warn!(jobs = self.held.len(), "jobs did not end in time and were given back");
        for job in self.held.values() {
            if let Err(error) = self.worker.store.release(job).await {
                log_end(job, &error);
            }
        }
    }
}

/// Returns when jobs wait, or may wait because bells were missed.
async fn job_bell(bells: &mut broadcast::Receiver<Bell>) {
    loop {
        match bells.recv().await {
            Ok(Bell::Jobs) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            Ok(_) => {}
            // The store is gone; the next look will say so.
            Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// Runs a job's handler while renewing its lease, and notes how it ended.
async fn run(store: &Store, registry: &Registry, job: &LeasedJob) {
    let started = Instant::now();
    let outcome = tokio::select! {
        outcome = handle(store, registry, job) => outcome,
        () = keep_lease(store, job) => {
            tracing::warn!(job.id = %job.id, job.kind, "lost the lease of a job, another worker has it");
            return;
        }
    };
    let word = if outcome.is_ok() { "done" } else { "failed" };
    metrics::counter!("hark_jobs_total", "kind" => job.kind.clone(), "outcome" => word).increment(1);
    metrics::histogram!("hark_job_seconds", "kind" => job.kind.clone())
        .record(started.elapsed().as_secs_f64());
    let noted = match &outcome {
        Ok(()) => store.finish(job).await,
        Err(error) => {
            tracing::warn!(job.id = %job.id, job.kind, job.attempt, reason = error.reason, "a job failed");
            note_failure(store, registry, job, error).await
        }
    };
    match noted {
        // The handler finished it in a transaction of its own.
        Ok(()) | Err(Error::Stale { .. }) => {}
        Err(error) => log_end(job, &error),
    }
}

/// Plans the next attempt, or gives the job up with the rule for that.
async fn note_failure(store: &Store, registry: &Registry, job: &LeasedJob, error: &JobError) -> Result<()> {
    let may_retry_rule = job.attempt <= job.attempts_max.saturating_add(GIVE_UP_MAX);
    match registry.on_dead.get(job.kind.as_str()) {
        Some(rule) if job.ends_with(error) && may_retry_rule => store.give_up(job, error, rule.clone()).await,
        _ => store.fail(job, error).await,
    }
}

fn log_end(job: &LeasedJob, error: &Error) {
    tracing::error!(job.id = %job.id, job.kind, ?error, "the end of a job could not be noted, it will run again");
}

/// Runs the handler on a task of its own: its panics are failures, and it cannot hold up the lease.
async fn handle(store: &Store, registry: &Registry, job: &LeasedJob) -> Result<(), JobError> {
    if job.is_exhausted() {
        return Err(JobError::worker_ended());
    }
    let Some(handler) = registry.handlers.get(job.kind.as_str()) else {
        return Err(JobError::retry(format!("no handler runs jobs of kind {}", job.kind)));
    };
    let mut task = JoinSet::new();
    let (handler, store, job) = (handler.clone(), store.clone(), job.clone());
    task.spawn(async move { handler(store, job).await });
    match task.join_next().await {
        Some(Ok(outcome)) => outcome,
        Some(Err(error)) => Err(JobError::retry(format!("the handler failed: {error}"))),
        None => Err(JobError::retry("the handler did not run")),
    }
}

/// Renews the lease as long as it is ours.
async fn keep_lease(store: &Store, job: &LeasedJob) {
    loop {
        sleep(Duration::from_millis(LEASE_MS.unsigned_abs() / 3)).await;
        match store.renew(job, LEASE_MS).await {
            Ok(()) => {}
            Err(Error::Stale { .. }) => return,
            // The lease may still be renewed in time.
            Err(error) => tracing::warn!(job.id = %job.id, ?error, "the lease of a job could not be renewed"),
        }
    }
}

/// Runs everything that is due by the store's clock, one job after the other, and what becomes
/// due by that, until nothing is left. Returns how many jobs ran. For tests with a fixed clock.
///
/// # Errors
/// When the database fails, or jobs go on enqueueing jobs without end.
pub async fn run_due(store: &Store, registry: &Registry) -> Result<usize> {
    let room = Room { free: 1, bounds: Bounds::NONE, held: Held::default() };
    let mut ran = 0;
    while ran < DRAIN_MAX {
        let jobs = store.lease_into(&registry.kinds(), &room, LEASE_MS).await?.jobs;
        let Some(job) = jobs.first() else { return Ok(ran) };
        run(store, registry, job).await;
        ran += 1;
    }
    Err(Error::internal("jobs enqueue jobs without end"))
}
