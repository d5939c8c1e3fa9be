//! The audit log: numbered entries per project or organisation, chained by hashes so that a changed, removed or
//! inserted entry shows.
//!
//! An entry's hash is the SHA-256 of the hash before it, a line feed, and the entry as a JSON array
//! `[project, seq, at, actor, action, target, detail]` in exactly the text that is stored. The first
//! entry follows the empty hash. `audit_head` holds the end of the chain, which shows entries that
//! were cut off, and is the row under whose lock entries are numbered.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::sql::{Row, Value};
use crate::tx::{ReadTx, Tx};

/// Entries that one read returns at most.
const PAGE_MAX: u32 = 1_000;
/// Bytes of an action or a target at most.
const NAME_MAX: usize = 500;
/// What [`stored`] reads.
const COLUMNS: &str = "seq, at, actor, action, target, detail, hash";
/// Bytes of a detail at most.
const DETAIL_MAX: usize = 64 * 1024;

/// An entry that waits for its number.
#[derive(Clone, Debug)]
pub(crate) struct NewEntry {
    action: String,
    target: Option<String>,
    /// JSON text, `None` for null.
    detail: Option<String>,
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// When it was written, unix milliseconds.
    pub at: Millis,
    /// Who did it: `user:<id>`, `job:<id>`, `system`.
    pub actor: String,
    /// What was done: `contact.deleted`.
    pub action: String,
    /// What it was done to.
    pub target: Option<String>,
    /// What else belongs to it.
    pub detail: Json,
    /// Its hash, lower-case hex.
    pub hash: String,
}

/// An entry with its detail in the stored text.
struct Stored {
    seq: i64,
    at: Millis,
    actor: String,
    entry: NewEntry,
    hash: String,
}

/// What of an audit log somebody looks for.
#[derive(Clone, Debug, Default)]
pub struct AuditLook {
    /// Whether the newest entry comes first.
    pub newest: bool,
    /// Who did it, as it is written down: `user:<id>`.
    pub actor: Option<String>,
    /// How the action begins: `role.`.
    pub action: Option<String>,
    /// What it was done to.
    pub target: Option<String>,
    /// From this moment on.
    pub from: Option<Millis>,
    /// Before this moment.
    pub to: Option<Millis>,
    /// Entries beyond this one, in the order of the look: its moment and its number.
    pub beyond: Option<(Millis, i64)>,
}

impl Stored {
    fn entry(self) -> Result<AuditEntry> {
        let detail = self.entry.detail.as_deref().map(serde_json::from_str).transpose()?;
        Ok(AuditEntry {
            seq: self.seq,
            at: self.at,
            actor: self.actor,
            action: self.entry.action,
            target: self.entry.target,
            detail: detail.unwrap_or_default(),
            hash: self.hash,
        })
    }
}

impl Tx<'_> {
    /// Writes to this project's audit log (or the instance's), with this scope's actor.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for a detail over 64 KiB, [`Error::Invalid`] for names that cannot be stored.
    pub fn audit(&mut self, action: &str, target: Option<String>, detail: Json) -> Result<()> {
        self.audit_in(self.scope().partition(), action, target, detail)
    }

    /// Writes to the audit log of a project or an organisation. Who may do what is stored with the
    /// instance, so the instance's scope writes to all logs; every other scope only to its own.
    ///
    /// # Errors
    /// As [`Tx::audit`].
    pub fn audit_in(&mut self, log: Id, action: &str, target: Option<String>, detail: Json) -> Result<()> {
        self.may_see_log(log)?;
        for name in [Some(action), target.as_deref()].into_iter().flatten() {
            if name.len() > NAME_MAX || name.contains('\0') {
                return Err(Error::invalid(format!(
                    "an action or target of the audit log has at most {NAME_MAX} bytes and no NUL"
                )));
            }
        }
        let detail = (!detail.is_null()).then(|| detail.to_string());
        if detail.as_ref().is_some_and(|detail| detail.len() > DETAIL_MAX) {
            return Err(Error::TooLarge(format!(
                "the detail of the audit entry {action} has more than {DETAIL_MAX} bytes"
            )));
        }
        self.note(log, NewEntry { action: action.to_owned(), target, detail });
        Ok(())
    }
}

/// Numbers, chains and writes the entries.
pub(crate) fn append(tx: &Tx<'_>, entries: Vec<(Id, NewEntry)>) -> Result<()> {
    // Always in the order of ids, so that two transactions cannot wait for each other.
    let mut logs: BTreeMap<Id, Vec<NewEntry>> = BTreeMap::new();
    for (log, entry) in entries {
        logs.entry(log).or_default().push(entry);
    }
    logs.into_iter().try_for_each(|(log, entries)| append_to(tx, log, entries))
}

fn append_to(tx: &Tx<'_>, log: Id, entries: Vec<NewEntry>) -> Result<()> {
    let log = log.to_string();
    // The update does nothing but lock the row until the commit.
    let lock = "insert into audit_head (project_id, seq, hash) values (?1, 0, '')
         on conflict (project_id) do update set seq = audit_head.seq";
    let mut head =
        tx.write_back(lock, &[Value::text(&log)], "seq, hash", "audit_head where project_id = ?1", 1)?;
    let (mut seq, mut hash) = (head.int(0)?, head.text(1)?);
    let actor = tx.scope().actor().label();
    // One look at the clock: what is hashed must be what is stored.
    let at = tx.now();
    for entry in entries {
        seq += 1;
        hash = chain(&hash, &log, seq, at, &actor, &entry)?;
        tx.execute_soon(
            "insert into audit (project_id, seq, at, actor, action, target, detail, hash)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            &[
                Value::text(&log),
                seq.into(),
                at.into(),
                Value::text(&actor),
                Value::Text(entry.action),
                Value::optional(entry.target),
                Value::optional(entry.detail),
                Value::text(&hash),
            ],
        )?;
    }
    tx.execute_soon(
        "update audit_head set seq = ?2, hash = ?3 where project_id = ?1",
        &[Value::Text(log), seq.into(), Value::Text(hash)],
    )
}

impl ReadTx<'_> {
    /// The entries of this project's audit log (or the instance's) after a number, oldest first.
    pub fn audit_log(&self, after_seq: i64, limit: u32) -> Result<Vec<AuditEntry>> {
        self.audit_log_of(self.scope().partition(), after_seq, limit)
    }

    /// The entries of another audit log after a number, for the instance's scope; see [`Tx::audit_in`].
    pub fn audit_log_of(&self, log: Id, after_seq: i64, limit: u32) -> Result<Vec<AuditEntry>> {
        self.may_see_log(log)?;
        self.stored_entries(log, after_seq, limit)?.into_iter().map(Stored::entry).collect()
    }

    /// The entries of an audit log that somebody looks for, in the order of their moments, for the instance's
    /// scope; see [`Tx::audit_in`]. Their numbers are in the order in which they were written, which is another
    /// one where a clock was set back, or a past was told.
    pub fn audit_log_find(&self, log: Id, look: &AuditLook, limit: u32) -> Result<Vec<AuditEntry>> {
        self.may_see_log(log)?;
        let mut parameters = vec![Value::text(log)];
        let mut conditions = String::new();
        let mut need = |condition: &str, value: Value| {
            parameters.push(value);
            conditions.push_str(&format!(" and {condition}{}", parameters.len()));
        };
        if let Some(actor) = &look.actor {
            need("actor = ?", Value::text(actor));
        }
        if let Some(action) = &look.action {
            // A range of texts, so that nothing in the word has a meaning of its own.
            need("action >= ?", Value::text(action));
            need("action < ?", Value::Text(format!("{action}\u{10ffff}")));
        }
        if let Some(target) = &look.target {
            need("target = ?", Value::text(target));
        }
        if let Some(from) = look.from {
            need("at >= ?", from.into());
        }
        if let Some(to) = look.to {
            need("at < ?", to.into());
        }
        let (beyond, order) = if look.newest { ("<", "desc") } else { (">", "asc") };
        if let Some((at, seq)) = look.beyond {
            parameters.extend([at.into(), seq.into()]);
            let last = parameters.len();
            conditions.push_str(&format!(" and (at, seq) {beyond} (?{}, ?{last})", last - 1));
        }
        let sql = format!(
            "select {COLUMNS} from audit where project_id = ?1{conditions}
             order by at {order}, seq {order} limit {}",
            limit.min(PAGE_MAX)
        );
        self.query(&sql, &parameters)?.into_iter().map(|row| stored(row)?.entry()).collect()
    }

    /// The number of the newest entry, 0 for an empty log.
    pub fn audit_end(&self) -> Result<i64> {
        Ok(self.audit_head(self.scope().partition())?.0)
    }

    /// Checks the whole chain, a thousand entries at a time, and returns the number of the first
    /// entry that is missing or not as it was written. Entries that come meanwhile are not checked.
    pub fn verify_audit(&self) -> Result<Option<i64>> {
        self.verify_audit_of(self.scope().partition())
    }

    /// Checks the chain of another audit log, for the instance's scope; see [`Tx::audit_in`].
    pub fn verify_audit_of(&self, log: Id) -> Result<Option<i64>> {
        self.may_see_log(log)?;
        let (end, end_hash) = self.audit_head(log)?;
        let project = log.to_string();
        let (mut seq, mut hash) = (0, String::new());
        while seq < end {
            let page = self.stored_entries(log, seq, PAGE_MAX)?;
            if page.is_empty() {
                return Ok(Some(seq + 1));
            }
            for stored in page {
                if seq == end {
                    break;
                }
                seq += 1;
                hash = chain(&hash, &project, seq, stored.at, &stored.actor, &stored.entry)?;
                if stored.seq != seq || stored.hash != hash {
                    return Ok(Some(seq));
                }
            }
        }
        Ok((hash != end_hash).then_some(end))
    }

    fn may_see_log(&self, log: Id) -> Result<()> {
        let own = self.scope().partition();
        if own == Id::INSTANCE || own == log {
            Ok(())
        } else {
            Err(Error::internal("an audit log of others"))
        }
    }

    fn audit_head(&self, log: Id) -> Result<(i64, String)> {
        let mut head =
            self.query("select seq, hash from audit_head where project_id = ?1", &[Value::text(log)])?;
        head.first_mut().map_or_else(|| Ok((0, String::new())), |head| Ok((head.int(0)?, head.text(1)?)))
    }

    fn stored_entries(&self, log: Id, after_seq: i64, limit: u32) -> Result<Vec<Stored>> {
        let sql = format!(
            "select {COLUMNS} from audit
             where project_id = ?1 and seq > ?2 order by seq limit {}",
            limit.min(PAGE_MAX)
        );
        self.query(&sql, &[Value::text(log), after_seq.into()])?.into_iter().map(stored).collect()
    }
}

fn stored(mut row: Row) -> Result<Stored> {
    Ok(Stored {
        seq: row.int(0)?,
        at: row.int(1)?,
        actor: row.text(2)?,
        entry: NewEntry {
            action: row.text(3)?,
            target: row.optional_text(4)?,
            detail: row.optional_text(5)?,
        },
        hash: row.text(6)?,
    })
}

/// The hash of an entry behind `hash`.
fn chain(hash: &str, project: &str, seq: i64, at: Millis, actor: &str, entry: &NewEntry) -> Result<String> {
    let detail: Option<&RawValue> = entry.detail.as_deref().map(serde_json::from_str).transpose()?;
    let text = serde_json::to_string(&(project, seq, at, actor, &entry.action, &entry.target, detail))?;
    Ok(hex::encode(Sha256::digest(format!("{hash}\n{text}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Auditors compute it with other tools, so the text must stay what it is.
    #[test]
    fn the_hashed_text_is_what_the_documentation_says() {
        let entry =
            NewEntry { action: "a".to_owned(), target: None, detail: Some("{\"b\": [1,  2]}".to_owned()) };
        let by_hand = "00\n[\"p\",1,2,\"system\",\"a\",null,{\"b\": [1,  2]}]";
        assert_eq!(
            chain("00", "p", 1, 2, "system", &entry).expect("a hash"),
            hex::encode(Sha256::digest(by_hand))
        );
    }
}
