//! Keeps PostgreSQL's statistics true while tables grow.
//!
//! The server's own upkeep looks once a minute. Until then it plans for the tables of before, and after an
//! import it reads whole tables where an index would do.

use std::time::Duration;

use super::postgres::{self, Pool};
use crate::error::Result;
use crate::sql::Value;
use crate::store::blocking;

/// How often somebody looks.
const EVERY: Duration = Duration::from_secs(5);
/// A table is looked at again when so many rows changed, and a fifth of all beside.
const ROWS_MIN: i64 = 1_000;

/// Starts looking, until the pool is closed or gone.
pub(crate) fn start(pool: &Pool) {
    let pool = pool.weak();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            let Some(pool) = pool.upgrade().filter(|pool| !pool.is_closed()) else { return };
            // Nothing is lost but time: the server looks too.
            if let Err(error) = renew(&pool).await {
                tracing::debug!(?error, "the database's statistics could not be renewed");
            }
        }
    });
}

/// Has the server look at the tables that changed much; returns their names.
pub(crate) async fn renew(pool: &Pool) -> Result<Vec<String>> {
    let link = postgres::take(pool).await?;
    blocking(move || {
        let changed = link.query(
            "select quote_ident(changed.relname)
             from pg_stat_user_tables changed join pg_class on pg_class.oid = changed.relid
             where schemaname = current_schema() and n_mod_since_analyze > ?1 + greatest(reltuples, 0) / 5
             order by 1",
            &[Value::Int(ROWS_MIN)],
        )?;
        let tables = changed.into_iter().map(|mut row| row.text(0)).collect::<Result<Vec<String>>>()?;
        for table in &tables {
            // Another node may be at it.
            link.batch(&format!("analyze (skip_locked) {table}"))?;
        }
        Ok(tables)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::new_schema;

    async fn run(pool: &Pool, sql: &'static str) {
        let link = postgres::take(pool).await.expect("a connection");
        blocking(move || link.batch(sql)).await.expect("the statement runs");
    }

    #[tokio::test]
    async fn tables_that_changed_much_are_looked_at_once() {
        let pool =
            postgres::pool(&postgres::Server::at(&new_schema().await).expect("a server"), 2).expect("a pool");
        run(&pool, "create table small (n bigint); create table \"Large\" (n bigint)").await;
        run(&pool, "insert into small select generate_series(1, 900)").await;
        run(&pool, "insert into \"Large\" select generate_series(1, 1100)").await;
        // The server counts changes some time after they were made.
        let mut looked_at = Vec::new();
        while looked_at.is_empty() {
            looked_at = renew(&pool).await.expect("the statistics");
        }
        assert_eq!(looked_at, ["\"Large\""]);
        assert!(renew(&pool).await.expect("the statistics").is_empty());
    }
}
