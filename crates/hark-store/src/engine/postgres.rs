//! The server engine: a pool of PostgreSQL connections, each driven from a blocking thread.

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deadpool::managed::{self, QueueMode, RecycleError, RecycleResult};
use futures_util::future::{MaybeDone, maybe_done};
use futures_util::poll;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Repeatable, UniqueViolation, unique_violation};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::sql::{Row, Value, postgres_placeholders};

/// How long a call waits for its turn, and for a free connection, before it is answered "try again".
pub(crate) const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(10);
/// Prepared statements kept per connection before the cache starts over.
const STATEMENTS_MAX: usize = 512;
/// Statements that are put off at most until the next one that is waited for.
const PUT_OFF_MAX: usize = 256;

/// Opens connections for the pool.
#[derive(Debug)]
pub(crate) struct Manager {
    server: Server,
}

pub(crate) type Pool = managed::Pool<Manager>;

/// A connection and the project it is set to.
pub(crate) struct Link {
    session: Arc<Session>,
    runtime: Handle,
    project: Mutex<Option<Id>>,
    /// What goes to the server with the next statement that somebody waits for.
    put_off: Mutex<Vec<PutOff>>,
    /// Something that was put off failed, maybe before the server heard of it: nothing goes on before a rollback.
    has_failed: AtomicBool,
}

/// A statement of whose answer nobody needs more than that it is no error.
enum PutOff {
    Bare(&'static str),
    Bound(String, Vec<Value>),
}

/// The same, ready to be sent.
enum Ready {
    Bare(&'static str),
    Bound(Statement, Vec<Value>),
}

/// A connection with its prepared statements.
struct Session {
    client: Client,
    statements: Mutex<HashMap<String, Statement>>,
}

/// A pool of at most `connections` connections to a server.
///
/// The one that was used last is used first: it has its statements prepared, and they were planned with
/// parameters often enough to be planned without.
pub(crate) fn pool(server: &Server, connections: usize) -> Result<Pool> {
    managed::Pool::builder(Manager { server: server.clone() })
        .max_size(connections)
        .queue_mode(QueueMode::Lifo)
        .wait_timeout(Some(WAIT_FOR_CONNECTION))
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(|error| Error::Internal(error.into()))
}

/// Where a server is and how it is spoken to.
#[derive(Clone)]
pub(crate) struct Server {
    config: tokio_postgres::Config,
    /// Made once, because it reads the machine's certificates; sockets in the file system have none.
    tls: Option<MakeRustlsConnect>,
}

impl Server {
    /// The server at this URL.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the URL cannot be read.
    pub(crate) fn at(url: &str) -> Result<Server> {
        let mut config: tokio_postgres::Config = url
            .parse()
            .map_err(|error| Error::invalid(format!("the database URL cannot be read: {error}")))?;
        config.application_name("hark");
        // Compiling a statement takes longer than any of ours may run.
        let options = config.get_options().map(|options| format!("{options} ")).unwrap_or_default();
        config.options(format!("{options}-c jit=off"));
        let is_socket = config.get_hosts().iter().any(|host| matches!(host, Host::Unix(_)));
        let tls = if is_socket { None } else { Some(tls()?) };
        Ok(Server { config, tls })
    }

    /// Whether it runs on this machine.
    pub(crate) fn is_here(&self) -> bool {
        let is_here = |host: &Host| match host {
            Host::Tcp(name) => {
                name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
            }
            Host::Unix(_) => true,
        };
        let hosts = self.config.get_hosts();
        !hosts.is_empty() && hosts.iter().all(is_here)
    }

    /// Opens a connection and a task that moves its bytes until it ends; `hear` gets its notifications.
    /// TLS is used where the URL's `sslmode` asks for it.
    pub(crate) async fn connect(
        &self,
        hear: impl Fn(&str) + Send + 'static,
    ) -> Result<(Client, JoinHandle<()>)> {
        let Some(tls) = self.tls.clone() else {
            let (client, connection) = self.config.connect(NoTls).await.map_err(fault)?;
            return Ok((client, tokio::spawn(drive(connection, hear))));
        };
        let (client, connection) = self.config.connect(tls).await.map_err(fault)?;
        Ok((client, tokio::spawn(drive(connection, hear))))
    }
}

fn tls() -> Result<MakeRustlsConnect> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = rustls::crypto::ring::default_provider();
    let config = rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(anyhow::Error::from)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.config.fmt(f)
    }
}

async fn drive<S, T>(mut connection: Connection<S, T>, hear: impl Fn(&str))
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
        match message {
            Ok(AsyncMessage::Notification(bell)) => hear(bell.payload()),
            Ok(_) => {}
            Err(error) => return tracing::warn!(%error, "a database connection ended"),
        }
    }
}

/// Takes a connection out of the pool, or says that the server is overloaded.
pub(crate) async fn take(pool: &Pool) -> Result<managed::Object<Manager>> {
    // Boxed, because it has room for a whole handshake with the server, and everything that may
    // use the store would carry that around.
    Box::pin(pool.get()).await.map_err(|error| match error {
        managed::PoolError::Backend(error) => error,
        managed::PoolError::Timeout(_) => {
            Error::Unavailable("all database connections are busy, repeat the call".to_owned())
        }
        other => Error::internal(other),
    })
}

impl managed::Manager for Manager {
    type Type = Link;
    type Error = Error;

    async fn create(&self) -> Result<Link> {
        let (client, _) = self.server.connect(|_| ()).await?;
        let session = Arc::new(Session { client, statements: Mutex::default() });
        Ok(Link {
            session,
            runtime: Handle::current(),
            project: Mutex::default(),
            put_off: Mutex::default(),
            has_failed: AtomicBool::new(false),
        })
    }

    async fn recycle(&self, link: &mut Link, _: &managed::Metrics) -> RecycleResult<Error> {
        if link.session.client.is_closed() {
            return Err(RecycleError::message("connection closed"));
        }
        Ok(())
    }
}

impl Link {
    /// The same as [`Link::turn_to`] where blocking is fine.
    pub(crate) fn set_project(&self, project: Id) -> Result<()> {
        if *lock(&self.project) != Some(project) {
            self.batch(&to_project(project))?;
            *lock(&self.project) = Some(project);
        }
        Ok(())
    }

    /// Makes row-level security let through this project's rows only.
    pub(crate) async fn turn_to(&self, project: Id) -> Result<()> {
        if *lock(&self.project) != Some(project) {
            self.session.client.batch_execute(&to_project(project)).await.map_err(fault)?;
            *lock(&self.project) = Some(project);
        }
        Ok(())
    }

    /// Runs a statement and reads all its rows.
    pub(crate) async fn rows(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        self.session.query(sql, parameters).await
    }

    /// The same as [`Link::rows`] where blocking is fine.
    pub(crate) fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        let (sql, parameters) = (sql.to_owned(), parameters.to_vec());
        self.wait(async move |session| session.query(&sql, &parameters).await)
    }

    /// Runs a statement with text parameters that is planned anew, with them, each time:
    /// the server stops looking at parameters when it has seen a prepared statement five times.
    pub(crate) fn query_planned(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        let (sql, parameters) = (postgres_placeholders(sql), parameters.to_vec());
        self.wait(async move |session| {
            let typed: Vec<(&(dyn ToSql + Sync), Type)> =
                parameters.iter().map(|value| (value as &(dyn ToSql + Sync), Type::TEXT)).collect();
            let rows = session.client.query_typed(&sql, &typed).await.map_err(fault)?;
            rows.iter().map(row).collect()
        })
    }

    pub(crate) fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64> {
        let (sql, parameters) = (sql.to_owned(), parameters.to_vec());
        self.wait(async move |session| session.execute(&sql, &parameters).await)
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        let sql = sql.to_owned();
        self.wait(async move |session| session.client.batch_execute(&sql).await.map_err(fault))
    }

    /// Begins a transaction, with its first statement.
    pub(crate) fn begin(&self) {
        lock(&self.put_off).push(PutOff::Bare("begin"));
    }

    /// Runs a statement before the next one that is waited for, which fails if this one does.
    pub(crate) fn execute_soon(&self, sql: &str, parameters: &[Value]) -> Result<()> {
        let waiting = {
            let mut put_off = lock(&self.put_off);
            put_off.push(PutOff::Bound(sql.to_owned(), parameters.to_vec()));
            put_off.len()
        };
        if waiting < PUT_OFF_MAX {
            return Ok(());
        }
        self.wait(async |_| Ok(()))
    }

    /// Undoes a transaction, also what waits to be run in it.
    pub(crate) fn rollback(&self) -> Result<()> {
        lock(&self.put_off).clear();
        self.has_failed.store(false, Ordering::Relaxed);
        self.batch("rollback")
    }

    /// Waits for work on the connection, and for all that was put off until it. The work runs where the
    /// connection's bytes are moved: an answer comes in many pieces, and each would wake this thread.
    fn wait<T, F>(&self, work: impl FnOnce(Arc<Session>) -> F + Send + 'static) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send,
    {
        if self.has_failed.load(Ordering::Relaxed) {
            return Err(Error::internal("the transaction has failed already"));
        }
        let (session, put_off) = (self.session.clone(), std::mem::take(&mut *lock(&self.put_off)));
        let is_alone = put_off.is_empty();
        let work = self.runtime.spawn(async move {
            if is_alone { work(session).await } else { session.in_line(put_off, work).await }
        });
        let done = self.runtime.block_on(work).unwrap_or_else(|ended| Err(Error::internal(ended)));
        self.has_failed.store(done.is_err() && !is_alone, Ordering::Relaxed);
        done
    }
}

impl Session {
    /// Sends everything at once, in this order, and waits for all of it.
    async fn in_line<T, F>(
        self: Arc<Session>,
        put_off: Vec<PutOff>,
        work: impl FnOnce(Arc<Session>) -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut ready = Vec::with_capacity(put_off.len());
        for statement in put_off {
            // Before anything is on its way, because this waits. The statements are kept: the cache may start
            // over while it is filled.
            ready.push(match statement {
                PutOff::Bare(sql) => Ready::Bare(sql),
                PutOff::Bound(sql, parameters) => Ready::Bound(self.prepare(&sql).await?, parameters),
            });
        }
        let mut sent = Vec::with_capacity(ready.len());
        for statement in &ready {
            let mut running = Box::pin(maybe_done(self.run(statement)));
            // Whatever is looked at for the first time is sent, or cannot be.
            let _ = poll!(&mut running);
            let failed = running.as_mut().output_mut().is_some_and(|done| done.is_err());
            sent.push(running);
            if failed {
                done(sent).await?;
                return Err(Error::internal("a statement that failed has no error"));
            }
        }
        let mut work = pin!(maybe_done(work(self.clone())));
        let _ = poll!(work.as_mut());
        let before = done(sent).await;
        work.as_mut().await;
        before?;
        work.take_output().unwrap_or_else(|| Err(Error::internal("work that has no end")))
    }

    async fn run(&self, statement: &Ready) -> Result<()> {
        match statement {
            Ready::Bare(sql) => self.client.batch_execute(sql).await.map_err(fault),
            Ready::Bound(statement, parameters) => {
                self.client.execute(statement, &refs(parameters)).await.map(drop).map_err(fault)
            }
        }
    }

    async fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64> {
        let statement = self.prepare(sql).await?;
        self.client.execute(&statement, &refs(parameters)).await.map_err(fault)
    }

    async fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        let statement = self.prepare(sql).await?;
        let rows = self.client.query(&statement, &refs(parameters)).await.map_err(fault)?;
        rows.iter().map(row).collect()
    }

    async fn prepare(&self, sql: &str) -> Result<Statement> {
        if let Some(statement) = lock(&self.statements).get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&postgres_placeholders(sql)).await.map_err(fault)?;
        let mut statements = lock(&self.statements);
        if statements.len() >= STATEMENTS_MAX {
            statements.clear();
        }
        statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// Waits for all statements that were sent, and tells the first error.
async fn done<F: Future<Output = Result<()>>>(mut sent: Vec<Pin<Box<MaybeDone<F>>>>) -> Result<()> {
    for running in &mut sent {
        running.as_mut().await;
    }
    let first = sent.iter_mut().find_map(|running| running.as_mut().take_output()?.err());
    match first {
        None => Ok(()),
        // Whoever waits for another statement must not take it for that one's.
        Some(error) => Err(match unique_violation(&error) {
            Some(broken) => Error::internal(format!("a statement that was put off broke {broken}")),
            None => error,
        }),
    }
}

/// The statement that sets the project. An id is 24 hex digits, so it can stand in the text.
fn to_project(project: Id) -> String {
    format!("select set_config('hark.project', '{project}', false)")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn refs(parameters: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn row(row: &tokio_postgres::Row) -> Result<Row> {
    let values: Result<Vec<Value>> =
        row.columns().iter().enumerate().map(|(at, column)| value(row, at, column.type_())).collect();
    Ok(Row(values?))
}

fn value(row: &tokio_postgres::Row, at: usize, ty: &Type) -> Result<Value> {
    let value = match *ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(at).map_err(fault)?.map(Value::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(at).map_err(fault)?.map(|int| Value::Int(int.into())),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(at).map_err(fault)?.map(Value::Float),
        Type::FLOAT4 => {
            row.try_get::<_, Option<f32>>(at).map_err(fault)?.map(|float| Value::Float(float.into()))
        }
        Type::BOOL => row.try_get::<_, Option<bool>>(at).map_err(fault)?.map(Value::Bool),
        _ => row.try_get::<_, Option<RawText>>(at).map_err(fault)?.map(|text| Value::Text(text.0)),
    };
    Ok(value.unwrap_or(Value::Null))
}

/// Any type whose binary form is its text: text, varchar, name, json, and jsonb behind a version byte.
struct RawText(String);

impl<'a> tokio_postgres::types::FromSql<'a> for RawText {
    fn from_sql(
        ty: &Type,
        raw: &'a [u8],
    ) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        let bytes = if *ty == Type::JSONB { raw.get(1..).unwrap_or_default() } else { raw };
        Ok(RawText(std::str::from_utf8(bytes)?.to_owned()))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::JSON | Type::JSONB | Type::UNKNOWN
        )
    }
}

/// Gives a PostgreSQL failure its meaning.
pub(crate) fn fault(error: tokio_postgres::Error) -> Error {
    match error.code() {
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => {
            let constraint = error.as_db_error().and_then(|db| db.constraint()).unwrap_or_default();
            Error::Internal(UniqueViolation { constraint: constraint.to_owned() }.into())
        }
        Some(code)
            if [SqlState::T_R_DEADLOCK_DETECTED, SqlState::T_R_SERIALIZATION_FAILURE].contains(code) =>
        {
            Error::Internal(Repeatable.into())
        }
        _ => Error::Internal(anyhow::Error::new(error).context("postgres")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::blocking;
    use crate::testing::new_schema;

    async fn on_a_link<T: Send + 'static>(work: impl FnOnce(&Link) -> T + Send + 'static) -> T {
        let server = Server::at(&new_schema().await).expect("a server");
        let link = take(&pool(&server, 1).expect("a pool")).await.expect("a connection");
        let done = blocking(move || {
            link.batch("create table number (n bigint primary key)")?;
            Ok(work(&link))
        });
        done.await.expect("a table")
    }

    fn insert(link: &Link, number: i64) {
        link.execute_soon("insert into number values (?1)", &[number.into()]).expect("put off");
    }

    fn count(link: &Link) -> i64 {
        link.query("select count(*) from number", &[]).expect("a count").remove(0).int(0).expect("a number")
    }

    #[tokio::test]
    async fn what_was_put_off_is_done_before_what_follows() {
        on_a_link(|link| {
            link.begin();
            (0..1_000).for_each(|number| insert(link, number));
            assert_eq!(count(link), 1_000);
            link.execute_soon("delete from number where n < ?1", &[10.into()]).expect("put off");
            insert(link, 5);
            link.batch("commit").expect("a commit");
            assert_eq!(count(link), 991);
        })
        .await;
    }

    #[tokio::test]
    async fn a_commit_fails_with_what_was_put_off() {
        on_a_link(|link| {
            link.begin();
            insert(link, 1);
            insert(link, 1);
            insert(link, 2);
            let refused = link.batch("commit").expect_err("the same number twice");
            assert!(format!("{refused:?}").contains("number_pkey"), "{refused:?}");
            assert!(unique_violation(&refused).is_none(), "it would be taken for that of the next statement");
            link.query("select 1", &[]).expect_err("nothing goes on");
            link.rollback().expect("a rollback");
            assert_eq!(count(link), 0);
        })
        .await;
    }

    #[tokio::test]
    async fn what_was_put_off_keeps_its_order_while_the_cache_starts_over() {
        on_a_link(|link| {
            link.begin();
            // Each is a text of its own, and together they are more than the cache holds.
            for round in 0..3 {
                insert(link, -1);
                for number in 0..PUT_OFF_MAX - 2 {
                    let sql = format!("insert into number values ({})", round * PUT_OFF_MAX + number);
                    link.execute_soon(&sql, &[]).expect("put off");
                }
                let sql = format!("delete from number where n = -1 and {round} = {round}");
                assert_eq!(link.execute(&sql, &[]).expect("deleted"), 1);
            }
            link.batch("commit").expect("a commit");
            assert_eq!(count(link), 3 * (PUT_OFF_MAX as i64 - 2));
        })
        .await;
    }

    #[tokio::test]
    async fn what_cannot_be_sent_stops_what_follows() {
        on_a_link(|link| {
            let cases: [(&str, &[Value]); 3] = [
                ("insert into numbr values (?1)", &[Value::Int(2)]),
                ("insert into number values (?1, ?2)", &[Value::Int(2), Value::Int(2)]),
                // The server never hears of it.
                ("insert into number values (?1)", &[Value::Int(2), Value::Int(2)]),
            ];
            for (broken, parameters) in cases {
                link.begin();
                insert(link, 1);
                link.execute_soon(broken, parameters).expect("put off");
                link.execute("insert into number values (3)", &[]).expect_err("it comes behind a broken one");
                link.execute("insert into number values (4)", &[]).expect_err("nothing goes on");
                link.batch("commit").expect_err("nothing goes on");
                link.rollback().expect("a rollback");
                assert_eq!(count(link), 0);
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_rollback_forgets_what_was_put_off() {
        on_a_link(|link| {
            link.begin();
            insert(link, 1);
            assert_eq!(count(link), 1);
            insert(link, 2);
            link.rollback().expect("a rollback");
            assert_eq!(count(link), 0);
        })
        .await;
    }
}
