//! All secrets of a database at once: how they are stored, sealing them again with the newest key, and
//! giving up those whose key is lost.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::doc::{COLUMNS, Doc, doc, stored_text};
use crate::doctor::{Finding, error, warning};
use crate::error::Result;
use crate::id::Id;
use crate::kind::Kind;
use crate::schema;
use crate::scope::Scope;
use crate::seal::{SECRET_SETTINGS, State};
use crate::sql::Value;
use crate::store::Store;
use crate::tx::{ReadTx, Tx};

/// Documents that one unit of work looks at.
const PAGE: u32 = 200;
/// The setting that says that nothing is left from the time before there were keys.
const SEALED: &str = "secrets_sealed";

/// How the secrets of a database are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretsReport {
    /// The id of the key that seals now.
    pub key: String,
    /// Secrets that can be read.
    pub secrets: u64,
    /// Those of them that an older key sealed.
    pub with_older_keys: u64,
    /// Those of them that are not sealed.
    pub plain: u64,
    /// Secrets that no key opens.
    pub lost: Vec<LostSecrets>,
}

/// Secrets of one sort that no key opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostSecrets {
    /// The kind of the documents and the property: `webhook.secret`.
    pub what: String,
    /// How many.
    pub count: u64,
}

/// What stands in place of a secret that is lost: nothing unless a rule says otherwise.
pub type Renew = fn(&Kind, &str) -> Option<Json>;

/// What is done on the way through all secrets.
#[derive(Clone, Copy)]
enum Way {
    Look,
    Seal,
    Forget(Renew),
}

/// Tells how the secrets in documents of these kinds, and those of the instance, are stored.
///
/// # Errors
/// When the database cannot be asked.
pub async fn look_at_secrets(store: &Store, kinds: &'static [&'static Kind]) -> Result<SecretsReport> {
    walk(store, kinds, Way::Look).await
}

/// Seals everything with the newest key that is not, and tells how the secrets are stored then.
///
/// # Errors
/// When the database fails; what is sealed stays so, and the call can be repeated.
pub async fn reseal_secrets(store: &Store, kinds: &'static [&'static Kind]) -> Result<SecretsReport> {
    walk(store, kinds, Way::Seal).await?;
    store.write(&store.operator(), |tx| tx.reseal_check()).await?;
    // Somebody may have saved an old value meanwhile.
    walk(store, kinds, Way::Look).await
}

/// Seals what an older program left unsealed; afterwards this does nothing.
///
/// # Errors
/// When the database fails.
pub async fn seal_old_secrets(store: &Store, kinds: &'static [&'static Kind]) -> Result<()> {
    let operator = store.operator();
    if store.peek(&operator, |tx| tx.instance_setting(SEALED)).await?.is_some() {
        return Ok(());
    }
    let report = walk(store, kinds, Way::Seal).await?;
    store.write(&operator, |tx| tx.set_instance_setting_once(SEALED, "1")).await?;
    tracing::info!(secrets = report.secrets, key = report.key, "secrets in the database are encrypted now");
    Ok(())
}

/// Takes away every secret that no key opens, puts what `renew` says in its place, makes the newest key
/// that of the database, and tells what was lost.
///
/// # Errors
/// When the database fails.
pub async fn forget_secrets(
    store: &Store,
    kinds: &'static [&'static Kind],
    renew: Renew,
) -> Result<SecretsReport> {
    let report = walk(store, kinds, Way::Forget(renew)).await?;
    store.write(&store.operator(), |tx| tx.reseal_check()).await?;
    Ok(report)
}

/// What the doctor has to say about secrets.
///
/// # Errors
/// When the database cannot be asked.
pub async fn examine_secrets(store: &Store, kinds: &'static [&'static Kind]) -> Result<Vec<Finding>> {
    let report = look_at_secrets(store, kinds).await?;
    let mut findings = Vec::new();
    for lost in &report.lost {
        let LostSecrets { what, count } = lost;
        findings.push(error(
            "secrets",
            format!("{count} values of {what} open with none of the keys: bring the key that is missing"),
        ));
    }
    for (count, how) in [(report.plain, "are not encrypted"), (report.with_older_keys, "have an older key")] {
        if count > 0 {
            findings.push(warning("secrets", format!("{count} secrets {how}: run `hark secrets rotate`")));
        }
    }
    Ok(findings)
}

/// How often each sort of secret was met in each state.
#[derive(Default)]
struct Tally(BTreeMap<(String, u8), u64>);

impl Tally {
    fn count(&mut self, what: String, state: State) {
        *self.0.entry((what, state as u8)).or_default() += 1;
    }

    fn add(&mut self, other: Tally) {
        for (what, count) in other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }

    fn report(self, key: String) -> SecretsReport {
        let mut report = SecretsReport { key, ..SecretsReport::default() };
        for ((what, state), count) in self.0 {
            if state == State::Lost as u8 {
                report.lost.push(LostSecrets { what, count });
                continue;
            }
            report.secrets += count;
            if state == State::Old as u8 {
                report.with_older_keys += count;
            } else if state == State::Plain as u8 {
                report.plain += count;
            }
        }
        report
    }
}

async fn walk(store: &Store, kinds: &'static [&'static Kind], way: Way) -> Result<SecretsReport> {
    let operator = store.operator();
    let mut tally = Tally::default();
    tally.add(match way {
        Way::Look => store.read(&operator, settings).await?,
        Way::Seal | Way::Forget(_) => store.write(&operator, move |tx| mend_settings(tx, way)).await?,
    });
    walk_partition(store, &operator, kinds, way, &mut tally).await?;
    let mut last = Id::INSTANCE;
    loop {
        let projects = store.read(&operator, move |tx| schema::projects(tx.conn(), last)).await?;
        let Some(end) = projects.last() else { break };
        last = *end;
        for project in projects {
            let scope = store.operator_of(project).await?;
            walk_partition(store, &scope, kinds, way, &mut tally).await?;
        }
    }
    let key = store.peek(&operator, |tx| Ok(tx.keys().newest().to_owned())).await?;
    Ok(tally.report(key))
}

async fn walk_partition(
    store: &Store,
    scope: &Scope,
    kinds: &'static [&'static Kind],
    way: Way,
    tally: &mut Tally,
) -> Result<()> {
    for kind in kinds.iter().filter(|kind| !kind.sealed.is_empty()) {
        let mut after = Id::INSTANCE;
        loop {
            let (counted, last) = match way {
                Way::Look => store.read(scope, move |tx| look(tx, kind, after)).await?,
                Way::Seal | Way::Forget(_) => {
                    store.write(scope, move |tx| mend(tx, kind, after, way)).await?
                }
            };
            tally.add(counted);
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
    }
    Ok(())
}

/// Counts a page of documents, and returns the last of them.
fn look(tx: &ReadTx<'_>, kind: &'static Kind, after: Id) -> Result<(Tally, Option<Id>)> {
    let docs = page(tx, kind, after, "")?;
    let mut tally = Tally::default();
    for doc in &docs {
        for property in kind.sealed {
            if let Some(state) = tx.sealed_state(kind, doc, property) {
                tally.count(name(kind, property), state);
            }
        }
    }
    Ok((tally, docs.last().map(|doc| doc.id)))
}

/// The same, and puts right what is to be put right.
fn mend(tx: &mut Tx<'_>, kind: &'static Kind, after: Id, way: Way) -> Result<(Tally, Option<Id>)> {
    let docs = page(tx, kind, after, tx.for_update())?;
    let (mut tally, last) = (Tally::default(), docs.last().map(|doc| doc.id));
    for mut doc in docs {
        let mut is_changed = false;
        for property in kind.sealed {
            let Some(state) = tx.sealed_state(kind, &doc, property) else { continue };
            let value = match (state, way) {
                (State::Lost, Way::Forget(renew)) => renew(kind, property).unwrap_or_default(),
                (State::Plain | State::Old, Way::Seal) => {
                    tx.unseal(kind, &doc, property)?.unwrap_or_default()
                }
                _ => {
                    tally.count(name(kind, property), state);
                    continue;
                }
            };
            doc.set(property, value);
            is_changed = true;
            tally.count(name(kind, property), if state == State::Lost { state } else { State::Sealed });
        }
        if is_changed {
            rewrite(tx, kind, doc)?;
        }
    }
    Ok((tally, last))
}

fn page(tx: &ReadTx<'_>, kind: &Kind, after: Id, lock: &str) -> Result<Vec<Doc>> {
    let sql = format!(
        "select {COLUMNS} from {} where project_id = ?1 and id > ?2 order by id limit {PAGE} {lock}",
        kind.table
    );
    tx.query(&sql, &[tx.partition(), Value::text(after)])?.into_iter().map(doc).collect()
}

/// Stores the same document in another form: that is no change of it, so nobody hears of it.
fn rewrite(tx: &Tx<'_>, kind: &Kind, mut doc: Doc) -> Result<()> {
    tx.seal(kind, doc.id, &mut doc.body)?;
    let sql = format!("update {} set doc = ?3 where project_id = ?1 and id = ?2", kind.table);
    tx.execute(&sql, &[tx.partition(), Value::text(doc.id), Value::Text(stored_text(&doc.body)?)]).map(drop)
}

fn settings(tx: &ReadTx<'_>) -> Result<Tally> {
    let mut tally = Tally::default();
    for setting in SECRET_SETTINGS {
        if let Some(state) = tx.secret_setting_state(setting)? {
            tally.count(format!("instance.{setting}"), state);
        }
    }
    Ok(tally)
}

fn mend_settings(tx: &mut Tx<'_>, way: Way) -> Result<Tally> {
    let tally = settings(tx)?;
    for setting in SECRET_SETTINGS {
        match (tx.secret_setting_state(setting)?, way) {
            (Some(State::Plain | State::Old), Way::Seal) => tx.reseal_setting(setting)?,
            // It is made anew when it is needed.
            (Some(State::Lost), Way::Forget(_)) => tx.forget_setting(setting)?,
            _ => {}
        }
    }
    Ok(tally)
}

fn name(kind: &Kind, property: &str) -> String {
    format!("{}.{property}", kind.table)
}
