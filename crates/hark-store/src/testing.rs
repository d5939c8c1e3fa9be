//! Scratch databases for tests: the same test runs on both engines.
//!
//! PostgreSQL is reached through `HARK_TEST_POSTGRES`, the URL of a database in
//! which the tests may create schemas; `scripts/with-postgres` starts one.

use serde_json::json;

use crate::access::{ORGANISATION, PROJECT};
use crate::clock::Clock;
use crate::credentials::{hash, random_secret};
use crate::error::Result;
use crate::id::Id;
use crate::kind::to_body;
use crate::schema;
use crate::scope::Scope;
use crate::seal::SecretKeys;
use crate::sql::{Dialect, Value};
use crate::store::{Location, Store};
use crate::tx::ReadTx;

/// 2026-01-01T00:00:00Z, where fixed clocks start.
pub const START: i64 = 1_767_225_600_000;

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// An SQLite file in a temporary folder.
    Sqlite,
    /// A schema of its own on a real server.
    Postgres,
}

/// An empty database that belongs to one test.
pub struct Scratch {
    /// The opened store with a fixed clock.
    pub store: Store,
    /// Where it is, to open it a second time.
    pub location: Location,
    /// The store's clock.
    pub clock: Clock,
    /// Which engine it is.
    pub engine: Engine,
    folder: tempfile::TempDir,
}

impl Scratch {
    /// A new empty database with its schema.
    ///
    /// # Panics
    /// When the engine cannot be reached; a test cannot go on without it.
    pub async fn new(engine: Engine) -> Scratch {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = match engine {
            Engine::Sqlite => Location::Sqlite(folder.path().join("hark.db")),
            Engine::Postgres => Location::Postgres { url: new_schema().await, connections: 8 },
        };
        let clock = Clock::fixed(START);
        let store = Store::open(&location, clock.clone(), &SecretKeys::in_folder(folder.path()))
            .await
            .expect("an empty database opens");
        Scratch { store, location, clock, engine, folder }
    }

    /// A folder that goes with the database.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The keys of its secrets, in the file that the program finds in the same folder.
    pub fn keys(&self) -> SecretKeys {
        SecretKeys::in_folder(self.folder())
    }

    /// A new organisation with a project, and the operator's scope on the project.
    ///
    /// # Panics
    /// When it cannot be stored.
    pub async fn project(&self) -> Scope {
        let write = |tx: &mut crate::tx::Tx<'_>| {
            let organisation = tx.insert(&ORGANISATION, to_body(json!({"name": "Test"})))?;
            let keys = json!({
                "name": "Test", "organisation": organisation.id, "sdkKey": random_secret(),
                "secretHash": hash(&random_secret()), "identitySecret": random_secret(),
            });
            Ok(tx.insert(&PROJECT, to_body(keys))?.id)
        };
        let project: Id = self.store.write(&self.store.operator(), write).await.expect("a project");
        self.store.operator_of(project).await.expect("the project's scope")
    }

    /// The tables in which a text stands anywhere, in any project and in any form: every column of every
    /// table is looked through, those behind the full-text index too. The text is lower-case ASCII.
    ///
    /// # Panics
    /// When the database cannot be read.
    pub async fn traces(&self, text: &str) -> Vec<String> {
        let operator = self.store.operator();
        let projects = self.store.read(&operator, |tx| schema::projects(tx.conn(), Id::INSTANCE)).await;
        let mut scopes = vec![operator];
        for project in projects.expect("the projects") {
            scopes.push(self.store.operator_of(project).await.expect("the project's scope"));
        }
        let mut tables = std::collections::BTreeSet::new();
        for scope in scopes {
            let text = text.to_owned();
            let found = self.store.read(&scope, move |tx| traces(tx, &text)).await;
            tables.extend(found.expect("every table can be read"));
        }
        tables.into_iter().collect()
    }

    /// Runs a statement behind the store's back, to damage what it keeps. On SQLite it
    /// sees all projects.
    ///
    /// # Panics
    /// When the statement fails.
    pub async fn execute(&self, scope: &Scope, sql: &str) {
        let sql = sql.to_owned();
        self.store.write(scope, move |tx| tx.execute(&sql, &[])).await.expect("the statement runs");
    }
}

fn traces(tx: &ReadTx<'_>, text: &str) -> Result<Vec<String>> {
    let (columns, hex) = match tx.dialect() {
        Dialect::Sqlite => (
            "select tables.name, columns.name from pragma_table_list tables, pragma_table_xinfo(tables.name) columns
             where tables.schema = 'main' and tables.type in ('table', 'shadow')",
            "hex(cast(? as blob))",
        ),
        Dialect::Postgres => (
            "select table_name::text, column_name::text from information_schema.columns
             where table_schema = current_schema()",
            "encode(convert_to(?::text, 'UTF8'), 'hex')",
        ),
    };
    let (wanted, mut found) = (hex::encode(text), Vec::new());
    for mut row in tx.query(columns, &[])? {
        let (table, column) = (row.text(0)?, row.text(1)?);
        let sql = format!("select {} from {table}", hex.replace('?', &format!("\"{column}\"")));
        for row in tx.query(&sql, &[])? {
            let value = row.0.first().and_then(Value::as_text).unwrap_or_default().to_lowercase();
            let value = hex::decode(value).unwrap_or_default().to_ascii_lowercase();
            if hex::encode(value).contains(&wanted) {
                found.push(format!("{table}.{column}"));
            }
        }
    }
    Ok(found)
}

/// The URL of a new schema on the server of `HARK_TEST_POSTGRES`.
#[expect(clippy::disallowed_methods, reason = "tests have no command line to get it from")]
pub(crate) async fn new_schema() -> String {
    let url = std::env::var("HARK_TEST_POSTGRES")
        .expect("HARK_TEST_POSTGRES names a PostgreSQL for tests: run `scripts/with-postgres cargo test`");
    let schema = format!("test_{}", &random_secret()[..16]);
    let server = crate::engine::postgres::Server::at(&url).expect("HARK_TEST_POSTGRES is a URL");
    let (client, _) = server.connect(|_| ()).await.expect("the test server answers");
    client.batch_execute(&format!("create schema {schema}")).await.expect("a schema");
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options=-c%20search_path%3D{schema}")
}

/// Runs each test function on both engines: `both! { async fn name(scratch: Scratch) { … } }`.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($scratch:ident: Scratch) $body:block)*) => {
        $(
            mod $name {
                #[allow(unused_imports, reason = "a test may need nothing of its surroundings")]
                use super::*;

                async fn run($scratch: $crate::testing::Scratch) $body

                $(#[$meta])*
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    run($crate::testing::Scratch::new($crate::testing::Engine::Sqlite).await).await;
                }

                $(#[$meta])*
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    run($crate::testing::Scratch::new($crate::testing::Engine::Postgres).await).await;
                }
            }
        )*
    };
}
