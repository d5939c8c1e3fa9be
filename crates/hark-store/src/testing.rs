//! Scratch databases for tests: the same test runs on both engines.
//!
//! PostgreSQL is reached through `HARK_TEST_POSTGRES`, the URL of a database in
//! which the tests may create schemas; `scripts/with-postgres` starts one.

use serde_json::json;

use crate::access::{ORGANISATION, PROJECT};
use crate::clock::Clock;
use crate::credentials::{hash, random_secret};
use crate::id::Id;
use crate::kind::to_body;
use crate::scope::Scope;
use crate::store::{Location, Store};

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
        let store = Store::open(&location, clock.clone()).await.expect("an empty database opens");
        Scratch { store, location, clock, engine, folder }
    }

    /// A folder that goes with the database.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
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

/// The URL of a new schema on the server of `HARK_TEST_POSTGRES`.
#[expect(clippy::disallowed_methods, reason = "tests have no command line to get it from")]
async fn new_schema() -> String {
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
