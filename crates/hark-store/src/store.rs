//! The store: opens a database, runs units of work on it, and tells about what they did.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, oneshot};
use tokio::time::timeout;

use crate::clock::Clock;
use crate::counts::Counts;
use crate::credentials::{Cache, Rights};
use crate::engine::postgres::{self, Link, Pool};
use crate::engine::sqlite::{self, Sqlite};
use crate::engine::{Conn, repeatable};
use crate::error::{Error, Result};
use crate::id::{Id, IdSource};
use crate::kind::Kind;
use crate::lookups::Lookups;
use crate::migrate;
use crate::scope::Scope;
use crate::seal::{Keyring, SecretKeys};
use crate::search::Spaces;
use crate::tx::{Effects, ReadTx, Surroundings, Tx};

/// How often a unit of work is repeated after it lost a race on PostgreSQL.
const ATTEMPTS_MAX: u32 = 8;
/// Reads that run at once, for each core of this machine, where the database is on it too.
const READS_PER_CORE: usize = 2;
/// Bells that a slow listener may be behind before it is told that it missed some.
const BELLS_MAX: usize = 4_096;

/// Where the data is.
#[derive(Clone, Debug)]
pub enum Location {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres {
        /// `postgres://user:password@host/database?sslmode=require`.
        url: String,
        /// Connections at most.
        connections: usize,
    },
}

/// News without content: whoever waits for it looks into the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bell {
    /// A stream of a project has new events.
    Stream {
        /// The project.
        project: Id,
        /// The stream.
        stream: String,
    },
    /// Jobs wait to be leased.
    Jobs,
}

/// A database with everything around it. Clones share it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

pub(crate) struct Inner {
    engine: Engine,
    clock: Clock,
    ids: IdSource,
    keys: Keyring,
    bells: broadcast::Sender<Bell>,
    /// What other nodes have to be told; `None` on SQLite, where there are none.
    outbox: Option<tokio::sync::mpsc::UnboundedSender<String>>,
    /// Counts changes of rights; an answer from before the last one is not used again.
    rights: Arc<AtomicU64>,
    /// Whether news of other nodes reach us; if not, rights are read from the database each time.
    hears_others: Arc<AtomicBool>,
    cache: Cache,
    counts: Counts,
    spaces: Spaces,
    lookups: Lookups,
    /// Turns for reads that take a thread: more at once than the machine can run only get in each
    /// other's way, and each would open the embedded database once more. A PostgreSQL server elsewhere has
    /// a machine of its own, so there everybody who has a connection reads.
    turns: Arc<Semaphore>,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Pool),
}

impl Store {
    /// Opens the database, creates or migrates its schema, and starts its threads.
    ///
    /// # Errors
    /// When it cannot be reached, was migrated by a newer program, or has secrets of other keys.
    pub async fn open(location: &Location, clock: Clock, keys: &SecretKeys) -> Result<Store> {
        let rights = Arc::new(AtomicU64::new(0));
        let (bells, _) = broadcast::channel(BELLS_MAX);
        let hears_others = Arc::new(AtomicBool::new(true));
        let keys = keys.clone();
        let (engine, keys, outbox, reads_at_once) = match location {
            Location::Sqlite(path) => {
                let counter = rights.clone();
                let path = path.clone();
                let now = clock.now();
                let open = move || {
                    let keys = prepare_sqlite(&path, now, &keys)?;
                    let sqlite = Sqlite::open(&path, move || {
                        counter.fetch_add(1, Ordering::SeqCst);
                    })?;
                    Ok((sqlite, keys))
                };
                let (sqlite, keys) = blocking(open).await?;
                (Engine::Sqlite(sqlite), keys, None, READS_PER_CORE * cores())
            }
            Location::Postgres { url, connections } => {
                let server = postgres::Server::at(url)?;
                let reads_at_once = if server.is_here() {
                    (READS_PER_CORE * cores()).min(*connections)
                } else {
                    *connections
                };
                let pool = postgres::pool(&server, *connections)?;
                migrate_postgres(&pool, clock.now()).await?;
                let link = postgres::take(&pool).await?;
                let keys = blocking(move || keys.unlock(&Conn::Postgres(&link))).await?;
                let news =
                    crate::engine::bells::start(server, bells.clone(), rights.clone(), hears_others.clone())
                        .await?;
                crate::engine::statistics::start(&pool);
                (Engine::Postgres(pool), keys, Some(news), reads_at_once)
            }
        };
        let inner = Inner {
            engine,
            clock,
            ids: IdSource::new(),
            keys,
            bells,
            outbox,
            rights,
            hears_others,
            cache: Cache::default(),
            counts: Counts::default(),
            spaces: Spaces::default(),
            lookups: Lookups::default(),
            turns: Arc::new(Semaphore::new(reads_at_once)),
        };
        Ok(Store(Arc::new(inner)))
    }

    /// Runs a unit of work that writes. It commits when `work` returns `Ok`, and
    /// the answer comes when the commit is durable; `Err` undoes everything it did.
    ///
    /// `work` runs again from the start when it lost a race, so it must not have
    /// effects outside the transaction.
    pub async fn write<T, W>(&self, scope: &Scope, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => self.write_sqlite(sqlite, scope.clone(), work).await,
            Engine::Postgres(pool) => self.write_postgres(pool, scope.clone(), work).await,
        }
    }

    /// Runs a unit of work that only reads, on a thread for blocking work.
    pub async fn read<T, W>(&self, scope: &Scope, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    {
        let turn = self.0.turn().await?;
        match &self.0.engine {
            Engine::Sqlite(_) => {
                let (inner, scope) = (self.0.clone(), scope.clone());
                blocking(move || {
                    let _turn = turn;
                    inner.read_sqlite(&scope, work)
                })
                .await
            }
            Engine::Postgres(pool) => {
                self.read_postgres(pool, scope, move |tx| {
                    let _turn = turn;
                    work(tx)
                })
                .await
            }
        }
    }

    async fn read_postgres<T, W>(&self, pool: &Pool, scope: &Scope, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    {
        let (inner, scope) = (self.0.clone(), scope.clone());
        let link = postgres::take(pool).await?;
        blocking(move || inner.read_postgres(&link, &scope, work)).await
    }

    /// Runs a unit of work that reads a few rows by key. On SQLite it runs where
    /// it stands, which takes microseconds; anything longer belongs into [`Store::read`]. It waits for no turn,
    /// so that callers are known, and answered, while long reads take theirs.
    pub async fn peek<T, W>(&self, scope: &Scope, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(_) => self.0.read_sqlite(scope, work),
            Engine::Postgres(pool) => self.read_postgres(pool, scope, work).await,
        }
    }

    /// The stored text of a document, as it goes over the wire, and its revision: the quickest way to one
    /// document, for a scope that sees the whole of it. It waits for no turn.
    ///
    /// # Errors
    /// [`Error::Internal`] when the scope does not see the whole document.
    pub async fn find_text(
        &self,
        scope: &Scope,
        kind: &'static Kind,
        id: Id,
    ) -> Result<Option<(i64, String)>> {
        match &self.0.engine {
            Engine::Sqlite(_) => self.0.read_sqlite(scope, |tx| tx.find_text(kind, id)),
            Engine::Postgres(pool) => {
                kind.need_whole(scope)?;
                self.0.lookups.find(pool, scope.partition(), kind, id).await
            }
        }
    }

    /// Listens for news; a listener that is told it missed some looks everywhere.
    pub fn bells(&self) -> broadcast::Receiver<Bell> {
        self.0.bells.subscribe()
    }

    /// The clock that everything in this store goes by.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The path of the database file, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.0.engine {
            Engine::Sqlite(sqlite) => Some(sqlite.path()),
            Engine::Postgres(_) => None,
        }
    }

    /// Finishes what was submitted and closes the files; later calls are refused.
    pub async fn close(&self) {
        let inner = self.0.clone();
        let _ = blocking(move || {
            match &inner.engine {
                Engine::Sqlite(sqlite) => sqlite.close(),
                Engine::Postgres(pool) => pool.close(),
            }
            Ok(())
        })
        .await;
    }

    /// The connections to PostgreSQL, if that is the engine.
    pub(crate) fn postgres(&self) -> Option<&Pool> {
        match &self.0.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(pool) => Some(pool),
        }
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.0.cache
    }

    /// The state of everyone's rights now, or `None` when news of other nodes are known to be missing.
    /// What was read from documents of kinds that are credentials is good until it changes, and
    /// for a few seconds at most, because news can also be missing without anybody knowing.
    pub fn rights(&self) -> Option<Rights> {
        let heard = self.0.hears_others.load(Ordering::SeqCst);
        heard.then(|| Rights { changes: self.0.rights.load(Ordering::SeqCst), at: self.0.clock.now() })
    }

    async fn write_sqlite<T, W>(&self, sqlite: &Sqlite, scope: Scope, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let inner = self.0.clone();
        sqlite.submit(Box::new(Unit { inner, scope, work, done: None, reply }))?;
        answer.await.map_err(|_| Error::internal("the writer ended before it answered"))?
    }

    async fn write_postgres<T, W>(&self, pool: &Pool, scope: Scope, mut work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let link = postgres::take(pool).await?;
        let inner = self.0.clone();
        blocking(move || {
            link.set_project(scope.partition())?;
            let mut attempt = 1;
            loop {
                match inner.attempt(&link, &scope, &mut work) {
                    Err(error) if repeatable(&error) && attempt < ATTEMPTS_MAX => attempt += 1,
                    Err(error) if repeatable(&error) => {
                        let sentence = "too many changes of the same data at once, repeat the call";
                        return Err(Error::Unavailable(sentence.to_owned()));
                    }
                    answer => return answer,
                }
            }
        })
        .await
    }
}

/// A unit of work on its way through the writer of SQLite.
struct Unit<T, W> {
    inner: Arc<Inner>,
    scope: Scope,
    work: W,
    /// What came of the work when it last ran to its end.
    done: Option<Result<(T, Effects)>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, W> sqlite::Work for Unit<T, W>
where
    T: Send,
    W: FnMut(&mut Tx<'_>) -> Result<T> + Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        self.done = None;
        let mut tx = Tx::new(Conn::Sqlite(connection), &self.scope, self.inner.surroundings());
        let done = (self.work)(&mut tx).and_then(|value| Ok((value, tx.finish()?)));
        self.done.insert(done).is_ok()
    }

    fn settle(self: Box<Self>, committed: Result<()>) {
        let answer = match (self.done, committed) {
            // What a unit found wrong is true whatever became of the others.
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (Some(Ok((value, effects))), Ok(())) => {
                self.inner.after_commit(effects);
                Ok(value)
            }
            (None, Ok(())) => Err(Error::internal("a unit of work panicked")),
        };
        // Whoever asked may have gone away; the work is done all the same.
        let _ = self.reply.send(answer);
    }
}

impl Inner {
    /// Waits for a turn to read.
    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        let turn = timeout(postgres::WAIT_FOR_CONNECTION, self.turns.clone().acquire_owned()).await;
        let turn =
            turn.map_err(|_| Error::Unavailable("the database is busy, repeat the call".to_owned()))?;
        turn.map_err(|closed| Error::Internal(closed.into()))
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            clock: &self.clock,
            ids: &self.ids,
            keys: &self.keys,
            counts: Some(&self.counts),
            spaces: &self.spaces,
        }
    }

    fn attempt<T>(
        &self,
        link: &Link,
        scope: &Scope,
        work: &mut impl FnMut(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        link.begin();
        let done = catch_unwind(AssertUnwindSafe(|| {
            let mut tx = Tx::new(Conn::Postgres(link), scope, self.surroundings());
            let value = work(&mut tx)?;
            Ok((value, tx.finish()?))
        }));
        match done.unwrap_or_else(|_| Err(Error::internal("a unit of work panicked"))) {
            Ok((value, effects)) => match link.batch("commit") {
                Ok(()) => {
                    self.after_commit(effects);
                    Ok(value)
                }
                Err(error) => {
                    // What was put off may have failed before the commit was sent.
                    let _ = link.rollback();
                    Err(error)
                }
            },
            Err(error) => {
                link.rollback()?;
                Err(error)
            }
        }
    }

    fn read_sqlite<T>(&self, scope: &Scope, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        let Engine::Sqlite(sqlite) = &self.engine else {
            return Err(Error::internal("an SQLite read on another engine"));
        };
        sqlite.read(|connection| work(&ReadTx::new(Conn::Sqlite(connection), scope, self.surroundings())))
    }

    fn read_postgres<T>(
        &self,
        link: &Link,
        scope: &Scope,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T>,
    ) -> Result<T> {
        link.set_project(scope.partition())?;
        work(&ReadTx::new(Conn::Postgres(link), scope, self.surroundings()))
    }

    fn after_commit(&self, effects: Effects) {
        if effects.credentials {
            self.rights.fetch_add(1, Ordering::SeqCst);
            self.tell_others("rights".to_owned());
        }
        for (project, stream) in effects.streams {
            self.tell_others(format!("stream {project} {stream}"));
            // Nobody listening is fine.
            let _ = self.bells.send(Bell::Stream { project, stream });
        }
        if effects.jobs {
            self.tell_others("jobs".to_owned());
            let _ = self.bells.send(Bell::Jobs);
        }
    }

    fn tell_others(&self, news: String) {
        if let Some(outbox) = &self.outbox {
            let _ = outbox.send(news);
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Runs blocking work on a thread for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|panic| Err(Error::internal(format!("blocking work failed: {panic}"))))
}

/// Migrates an SQLite file; before an existing one is changed, a copy is put beside it. Returns the
/// keys of its secrets.
fn prepare_sqlite(path: &Path, now: i64, keys: &SecretKeys) -> Result<Keyring> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(anyhow::Error::from)?;
    }
    let connection = crate::engine::sqlite::connect(path, false)?;
    let conn = Conn::Sqlite(&connection);
    conn.batch("begin immediate")?;
    let before = migrate::version(&conn)?;
    if before > 0 && before < migrate::SCHEMA_VERSION {
        conn.batch("commit")?;
        let copy = path.with_extension(format!("before-schema-{}.db", migrate::SCHEMA_VERSION));
        if !copy.exists() {
            conn.execute("vacuum into ?1", &[crate::sql::Value::text(copy.display())])?;
        }
        conn.batch("begin immediate")?;
    }
    let done = migrate::migrate(&conn, now);
    conn.batch(if done.is_ok() { "commit" } else { "rollback" })?;
    migrate::tell(done?);
    keys.unlock(&conn)
}

pub(crate) async fn migrate_postgres(pool: &Pool, now: i64) -> Result<()> {
    /// "hark" in ASCII: the lock that serialises concurrent starts.
    const LOCK: i64 = 0x6861_726b;
    let link = postgres::take(pool).await?;
    blocking(move || {
        let conn = Conn::Postgres(&link);
        conn.batch("begin")?;
        conn.batch(&format!("select pg_advisory_xact_lock({LOCK})"))?;
        let done = migrate::migrate(&conn, now);
        conn.batch(if done.is_ok() { "commit" } else { "rollback" })?;
        migrate::tell(done?);
        Ok(())
    })
    .await
}

#[cfg(test)]
#[expect(clippy::allow_attributes, reason = "`both!` allows what tests in other places need")]
mod tests {
    use crate::access::PROJECT;
    use crate::both;

    both! {
        async fn a_look_up_waits_for_no_turn_of_long_reads(scratch: Scratch) {
            let scope = scratch.project().await;
            let project = scope.project().expect("a project");
            let turns = &scratch.store.0.turns;
            let all = u32::try_from(turns.available_permits()).expect("a few");
            let taken = turns.acquire_many(all).await.expect("every turn");
            let store = scratch.store.clone();
            let read = tokio::spawn(async move { store.read(&store.operator(), |_| Ok(())).await });
            let operator = scratch.store.operator();
            let found = scratch.store.peek(&operator, move |tx| tx.get(&PROJECT, project)).await;
            assert_eq!(found.expect("the project").id, project);
            assert!(!read.is_finished(), "a read took no turn");
            drop(taken);
            read.await.expect("a task").expect("a read, as soon as there is a turn");
        }
    }
}
