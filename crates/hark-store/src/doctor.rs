//! The doctor: looks for what should not be, in data, schema and surroundings.
//!
//! It changes nothing itself, but it is given an open store, and opening one makes the database and
//! brings it to this program's schema.

use serde::Serialize;

use crate::engine::Conn;
use crate::error::Result;
use crate::id::Id;
use crate::migrate::SCHEMA_VERSION;
use crate::schema::{self, number};
use crate::scope::Scope;
use crate::setting::FORWARDED_SEEN;
use crate::store::Store;
use crate::tx::ReadTx;

/// Examples of the same fault that are told.
const EXAMPLES_MAX: u32 = 5;
/// A job that could have run for so long is stuck.
const STUCK_MS: i64 = 10 * 60 * 1_000;
/// How long a forwarded call is told of.
const FORWARDED_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// Free space below which the disk counts as nearly full.
const FREE_MIN: u64 = 1024 * 1024 * 1024;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Something needs attention.
    Warning,
    /// Something is broken.
    Error,
}

/// Something that should not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// Which check found it: `database`, `schema`, `audit`, `jobs`, `streams`, `documents`, `disk`, `roles`,
    /// `secrets`, `proxies`.
    pub what: &'static str,
    /// What it is and what to do.
    pub sentence: String,
}

pub(crate) fn error(what: &'static str, sentence: impl Into<String>) -> Finding {
    Finding { level: Level::Error, what, sentence: sentence.into() }
}

pub(crate) fn warning(what: &'static str, sentence: impl Into<String>) -> Finding {
    Finding { level: Level::Warning, what, sentence: sentence.into() }
}

/// Examines the instance and every project; nothing found means that all is well.
///
/// # Errors
/// When the database cannot be asked.
pub async fn doctor(store: &Store) -> Result<Vec<Finding>> {
    let operator = store.operator();
    let mut findings = store.read(&operator, examine_instance).await?;
    findings.extend(examine_partition(store, &operator, "the instance".to_owned()).await?);
    let mut last = Id::INSTANCE;
    loop {
        let projects = store.read(&operator, move |tx| schema::projects(tx.conn(), last)).await?;
        let Some(end) = projects.last() else { break };
        last = *end;
        for project in projects {
            let scope = store.operator_of(project).await?;
            findings.extend(examine_partition(store, &scope, format!("project {project}")).await?);
        }
    }
    findings.extend(store.path().and_then(disk));
    Ok(findings)
}

/// What the doctor says when calls were forwarded of late although the operator trusts no proxy.
///
/// # Errors
/// When the database cannot be asked.
pub async fn examine_proxies(store: &Store) -> Result<Option<Finding>> {
    let seen = store.read(&store.operator(), |tx| tx.instance_setting(FORWARDED_SEEN)).await?;
    let seen = seen.as_deref().and_then(|seen| seen.split_once(' '));
    let Some((at, ip)) = seen.and_then(|(at, ip)| Some((at.parse::<i64>().ok()?, ip))) else {
        return Ok(None);
    };
    let is_recent = store.clock().now().saturating_sub(at) < FORWARDED_MS;
    Ok(is_recent.then(|| {
        warning(
            "proxies",
            format!(
                "calls carry X-Forwarded-For, the last seen from {ip}, and `trusted_proxies` is empty: if that is \
                 your proxy, set it, or all your visitors share the limits of one"
            ),
        )
    }))
}

async fn examine_partition(store: &Store, scope: &Scope, name: String) -> Result<Vec<Finding>> {
    let examine = move |tx: &ReadTx<'_>| {
        let mut findings: Vec<Finding> = audit(tx, &name)?.into_iter().collect();
        findings.extend(streams(tx, &name)?);
        findings.extend(documents(tx, &name)?);
        Ok(findings)
    };
    store.read(scope, examine).await
}

fn examine_instance(tx: &ReadTx<'_>) -> Result<Vec<Finding>> {
    let mut findings = match tx.conn() {
        Conn::Sqlite(_) => integrity(tx)?,
        Conn::Postgres(_) => walls(tx)?,
    };
    let version = number(tx.conn(), "select coalesce(max(version), 0) from hark_migration", &[])?;
    if version != SCHEMA_VERSION {
        findings.push(error(
            "schema",
            format!("the database has schema {version} and this program works with {SCHEMA_VERSION}"),
        ));
    }
    findings.extend(jobs(tx)?);
    Ok(findings)
}

fn integrity(tx: &ReadTx<'_>) -> Result<Vec<Finding>> {
    let rows = tx.query(&format!("pragma quick_check({EXAMPLES_MAX})"), &[])?;
    let mut findings = Vec::new();
    for mut row in rows {
        let complaint = row.text(0)?;
        if complaint != "ok" {
            findings.push(error(
                "database",
                format!("the database file is damaged, restore a backup: {complaint}"),
            ));
        }
    }
    Ok(findings)
}

/// What PostgreSQL needs so that projects cannot see each other.
fn walls(tx: &ReadTx<'_>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let above = "select count(*) from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)";
    if number(tx.conn(), above, &[])? > 0 {
        findings.push(warning(
            "roles",
            "the database role is above row-level security, which then does not keep projects apart: \
             connect with a role that is no superuser",
        ));
    }
    let open = tx.query(
        "select relname::text from pg_class where relnamespace = current_schema()::regnamespace
         and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)
         and exists (select 1 from pg_attribute where attrelid = pg_class.oid and attname = 'project_id')
         order by 1",
        &[],
    )?;
    for mut row in open {
        findings.push(error("roles", format!("the table {} has no row-level security", row.text(0)?)));
    }
    Ok(findings)
}

fn jobs(tx: &ReadTx<'_>) -> Result<Vec<Finding>> {
    let counts = tx.job_counts()?;
    let mut findings = Vec::new();
    if counts.dead > 0 {
        findings.push(warning(
            "jobs",
            format!("{} jobs were given up: look at them, and revive or discard them", counts.dead),
        ));
    }
    let late = counts.oldest_due.map_or(0, |due| tx.now().saturating_sub(due));
    if late > STUCK_MS {
        findings.push(warning(
            "jobs",
            format!(
                "a job has been waiting for a worker for {} minutes: is a server running?",
                late / 60_000
            ),
        ));
    }
    Ok(findings)
}

fn audit(tx: &ReadTx<'_>, name: &str) -> Result<Option<Finding>> {
    let broken = tx.verify_audit()?;
    Ok(broken.map(|seq| {
        error("audit", format!("the audit log of {name} was changed or lost entries at number {seq}"))
    }))
}

fn streams(tx: &ReadTx<'_>, name: &str) -> Result<Vec<Finding>> {
    let sql = format!(
        "select stream from stream_head where project_id = ?1 and seq <> coalesce((
             select max(feed.seq) from feed
             where feed.project_id = stream_head.project_id and feed.stream = stream_head.stream), 0)
         order by stream limit {EXAMPLES_MAX}"
    );
    let wrong = tx.query(&sql, &[tx.partition()])?;
    let finding =
        |stream: String| error("streams", format!("the stream {stream} of {name} has lost its last events"));
    wrong.into_iter().map(|mut row| row.text(0).map(finding)).collect()
}

fn documents(tx: &ReadTx<'_>, name: &str) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for table in schema::tables(tx.conn())?.iter().filter(|table| table.is_of_documents()) {
        let sql = format!(
            "select id from {} where project_id = ?1 and (doc ->> '_id') is distinct from id
             order by id limit {EXAMPLES_MAX}",
            table.name
        );
        for mut row in tx.query(&sql, &[tx.partition()])? {
            let id = row.text(0)?;
            findings.push(error(
                "documents",
                format!("the row {id} of {} in {name} holds a document with another id", table.name),
            ));
        }
    }
    Ok(findings)
}

#[cfg(unix)]
fn disk(database: &std::path::Path) -> Option<Finding> {
    let space = rustix::fs::statvfs(database).ok()?;
    let free = space.f_bavail.saturating_mul(space.f_frsize);
    (free < FREE_MIN)
        .then(|| warning("disk", format!("only {} MiB are free where the database is", free / 1024 / 1024)))
}

#[cfg(not(unix))]
fn disk(_: &std::path::Path) -> Option<Finding> {
    None
}
