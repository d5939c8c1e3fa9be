//! Migrations: one ordered list of SQL texts for both engines, forward only, applied at start.

use sha2::{Digest, Sha256};

use crate::clock::Millis;
use crate::engine::Conn;
use crate::error::{Error, Result};
use crate::sql::{Value, fill_words};

/// A step of the schema. Never edited once released; a change is a new step.
struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "foundation", sql: include_str!("../migrations/0001_foundation.sql") },
    Migration { version: 2, name: "search", sql: include_str!("../migrations/0002_search.sql") },
    Migration { version: 3, name: "jobs", sql: include_str!("../migrations/0003_jobs.sql") },
    Migration { version: 4, name: "file sessions", sql: include_str!("../migrations/0004_file_session.sql") },
    Migration { version: 5, name: "imports", sql: include_str!("../migrations/0005_imports.sql") },
    Migration {
        version: 6,
        name: "contact trust",
        sql: include_str!("../migrations/0006_contact_trust.sql"),
    },
    Migration { version: 7, name: "tickets", sql: include_str!("../migrations/0007_tickets.sql") },
    Migration { version: 8, name: "attendance", sql: include_str!("../migrations/0008_attendance.sql") },
    Migration { version: 9, name: "inbox", sql: include_str!("../migrations/0009_inbox.sql") },
    Migration { version: 10, name: "files", sql: include_str!("../migrations/0010_file.sql") },
    Migration { version: 11, name: "ticket votes", sql: include_str!("../migrations/0011_ticket_votes.sql") },
    Migration {
        version: 12,
        name: "stream cursors",
        sql: include_str!("../migrations/0012_stream_cursor.sql"),
    },
    Migration { version: 13, name: "boards", sql: include_str!("../migrations/0013_boards.sql") },
    Migration { version: 14, name: "crash groups", sql: include_str!("../migrations/0014_crash_group.sql") },
    Migration {
        version: 15,
        name: "ticket indexes",
        sql: include_str!("../migrations/0015_ticket_indexes.sql"),
    },
    Migration {
        version: 16,
        name: "when contacts were created",
        sql: include_str!("../migrations/0016_contact_created.sql"),
    },
    Migration { version: 17, name: "segments", sql: include_str!("../migrations/0017_segments.sql") },
    Migration {
        version: 18,
        name: "single sign-on",
        sql: include_str!("../migrations/0018_single_sign_on.sql"),
    },
    Migration { version: 19, name: "sdks seen", sql: include_str!("../migrations/0019_sdk_seen.sql") },
    Migration {
        version: 20,
        name: "targets of jobs",
        sql: include_str!("../migrations/0020_job_target.sql"),
    },
    Migration {
        version: 21,
        name: "spaces of words",
        sql: include_str!("../migrations/0021_search_space.sql"),
    },
    Migration { version: 22, name: "calls once", sql: include_str!("../migrations/0022_once.sql") },
    Migration {
        version: 23,
        name: "notifications",
        sql: include_str!("../migrations/0023_notification.sql"),
    },
    Migration {
        version: 24,
        name: "moments of the audit log",
        sql: include_str!("../migrations/0024_audit_moment.sql"),
    },
    Migration {
        version: 25,
        name: "properties in their rows",
        sql: include_str!("../migrations/0025_inline.sql"),
    },
    Migration {
        version: 26,
        name: "trusted addresses",
        sql: include_str!("../migrations/0026_trusted_address.sql"),
    },
];

/// The version of the schema that this program works with.
pub const SCHEMA_VERSION: i64 = MIGRATIONS[MIGRATIONS.len() - 1].version;

/// The version of the schema in the database, 0 for an empty one.
pub(crate) fn version(conn: &Conn<'_>) -> Result<i64> {
    conn.batch(
        "create table if not exists hark_migration (
            version bigint primary key, name text not null, hash text not null, applied_at bigint not null)",
    )?;
    let mut row = conn
        .query_one("select coalesce(max(version), 0) from hark_migration", &[])?
        .ok_or_else(|| Error::internal("no version"))?;
    row.int(0)
}

/// Tells the operator that the schema of the instance's own database moved forward from this version, if it did.
pub(crate) fn tell(from: i64) {
    if from < SCHEMA_VERSION {
        tracing::info!(from, to = SCHEMA_VERSION, "the database schema moved forward");
    }
}

/// Applies what is missing, inside the caller's transaction and lock, and returns the version before.
///
/// # Errors
/// Refuses a database that a newer program has migrated, and one whose steps
/// are not ours.
pub(crate) fn migrate(conn: &Conn<'_>, now: Millis) -> Result<i64> {
    let current = version(conn)?;
    if current > SCHEMA_VERSION {
        return Err(Error::invalid(format!(
            "the database has schema {current} and this program knows {SCHEMA_VERSION}: start the newer program, \
             or restore the backup made before the upgrade"
        )));
    }
    for migration in MIGRATIONS {
        if migration.version > current {
            apply(conn, migration, now)?;
        } else {
            check(conn, migration)?;
        }
    }
    Ok(current)
}

fn apply(conn: &Conn<'_>, migration: &Migration, now: Millis) -> Result<()> {
    conn.batch(&fill_words(migration.sql, conn.dialect()))?;
    conn.execute(
        "insert into hark_migration (version, name, hash, applied_at) values (?1, ?2, ?3, ?4)",
        &[migration.version.into(), Value::text(migration.name), Value::Text(hash(migration)), now.into()],
    )?;
    tracing::debug!(migration.version, migration.name, "a step of the database schema was applied");
    Ok(())
}

fn check(conn: &Conn<'_>, migration: &Migration) -> Result<()> {
    let applied =
        conn.query_one("select hash from hark_migration where version = ?1", &[migration.version.into()])?;
    let same = applied.map(|mut row| row.text(0)).transpose()? == Some(hash(migration));
    if !same {
        return Err(Error::invalid(format!(
            "step {} of the database schema was not made by this program's history: is this the right database?",
            migration.version
        )));
    }
    Ok(())
}

fn hash(migration: &Migration) -> String {
    hex::encode(Sha256::digest(migration.sql))
}
