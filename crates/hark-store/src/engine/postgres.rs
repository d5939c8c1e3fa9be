//! The server engine: a pool of PostgreSQL connections, each driven from a blocking thread.

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use deadpool::managed::{self, QueueMode, RecycleError, RecycleResult};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Repeatable, UniqueViolation};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::sql::{Row, Value, postgres_placeholders};

/// How long a call waits for its turn, and for a free connection, before it is answered "try again".
pub(crate) const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(10);
/// Prepared statements kept per connection before the cache starts over.
const STATEMENTS_MAX: usize = 512;

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
        Ok(Link { session, runtime: Handle::current(), project: Mutex::default() })
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
        self.wait(async move |session| {
            let statement = session.prepare(&sql).await?;
            session.client.execute(&statement, &refs(&parameters)).await.map_err(fault)
        })
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        let sql = sql.to_owned();
        self.wait(async move |session| session.client.batch_execute(&sql).await.map_err(fault))
    }

    /// Waits for work on the connection. The work runs where the connection's bytes are moved: an answer
    /// comes in many pieces, and each would wake this thread.
    fn wait<T, F>(&self, work: impl FnOnce(Arc<Session>) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let work = self.runtime.spawn(work(self.session.clone()));
        self.runtime.block_on(work).unwrap_or_else(|ended| Err(Error::internal(ended)))
    }
}

impl Session {
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
