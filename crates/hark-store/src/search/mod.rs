//! Full-text search: keeps the index in step with documents, inside their transaction, and asks it.
//!
//! The words of a text ([`tokens`]) go into an index of the engine ([`words`]), which
//! tells the newest documents that have what a query asks for ([`find`]); their order
//! is decided here ([`rank`]) and so is the same on both engines. Mistyped words are
//! looked up in the vocabulary of a project and kind ([`terms`]).

mod filtered;
mod find;
mod purge;
mod rank;
mod terms;
mod tokens;
mod words;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::doc::{COLUMNS, Change, Doc, doc};
use crate::engine::Conn;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::kind::{Kind, SearchText};
use crate::schema::Table;
use crate::sql::{Row, Value};
use crate::tx::{ReadTx, Tx};

pub use purge::{COMPACT_JOB, SWEEP_JOB, compact_words, sweep_words};

pub(crate) use purge::Gone;
pub(crate) use terms::Vocabulary;

use tokens::DocumentWords;
use words::Space;

/// Hits that one search returns at most.
const LIMIT_MAX: usize = 100;
/// Documents that are compared to find the best; what is further down cannot be reached.
const CANDIDATES_MAX: usize = 200;

/// What to search for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// What somebody typed. 256 characters and 16 words of it count; blank text finds the
    /// newest documents.
    pub text: String,
    /// Hits at most, up to 100.
    pub limit: u32,
    /// Hits to leave out at the start; nothing is found behind the first 200.
    pub skip: u32,
}

/// A document that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The document's id.
    pub id: Id,
    /// How well it fits, comparable within one answer; 0 when the query had no text.
    pub score: u64,
}

impl ReadTx<'_> {
    /// The documents of a kind that fit a text, best first.
    ///
    /// A document has all words of the text, or words that begin with them. Where there is
    /// none, words that nobody uses are corrected or left out, and then documents are taken
    /// that have the telling words of the rest. Title counts before body, the word itself before
    /// its beginning and before a correction, and then the newer document.
    ///
    /// # Errors
    /// When the kind is not searchable.
    pub fn search(&self, kind: &Kind, request: &SearchRequest) -> Result<Vec<Hit>> {
        if kind.search.is_none() {
            return Err(Error::internal(format!("{} is not searchable", kind.name)));
        }
        let limit = (request.limit as usize).min(LIMIT_MAX);
        let skip = (request.skip as usize).min(CANDIDATES_MAX);
        if request.text.trim().is_empty() {
            let sql = format!(
                "select id from {} where project_id = ?1 order by id desc limit {} offset {skip}",
                kind.table,
                limit.min(CANDIDATES_MAX - skip)
            );
            let rows = self.query(&sql, &[self.partition()])?;
            return rows.into_iter().map(|mut row| Ok(Hit { id: row.id(0)?, score: 0 })).collect();
        }
        let Some(space) = space(self, kind)? else {
            return Ok(Vec::new());
        };
        let Some(found) = find::find(self, &space, &request.text)? else {
            return Ok(Vec::new());
        };
        let hits = found.rank(&found.candidates);
        Ok(hits.into_iter().skip(skip).take(limit).collect())
    }

    /// The documents of [`ReadTx::search`] themselves, in the same order.
    ///
    /// # Errors
    /// When the kind is not searchable.
    pub fn search_docs(&self, kind: &Kind, request: &SearchRequest) -> Result<Vec<Doc>> {
        self.found(kind, request, COLUMNS)?.into_iter().map(doc).collect()
    }

    /// The documents of [`ReadTx::search`] as they are stored, in the same order.
    ///
    /// The quick way when the scope sees whole documents.
    ///
    /// # Errors
    /// When the kind is not searchable, or the scope does not see whole documents.
    pub fn search_texts(&self, kind: &Kind, request: &SearchRequest) -> Result<Vec<String>> {
        kind.need_whole(self.scope())?;
        self.found(kind, request, "id, doc")?.into_iter().map(|mut row| row.text(1)).collect()
    }

    /// The rows of what a search finds, with the columns asked for (the id first), best first.
    fn found(&self, kind: &Kind, request: &SearchRequest, columns: &str) -> Result<Vec<Row>> {
        let ids: Vec<Id> = self.search(kind, request)?.iter().map(|hit| hit.id).collect();
        self.in_order(kind, &ids, columns)
    }

    /// The rows with these ids, in their order.
    fn in_order(&self, kind: &Kind, ids: &[Id], columns: &str) -> Result<Vec<Row>> {
        let sql = self.words(&format!(
            "select {columns} from {} where project_id = ?1 and id {{among text ?2}}",
            kind.table
        ));
        let mut rows = self.query(&sql, &[self.partition(), Value::Text(serde_json::to_string(ids)?)])?;
        let places: HashMap<String, usize> =
            ids.iter().enumerate().map(|(place, id)| (id.to_string(), place)).collect();
        let place = |row: &Row| row.0.first().and_then(Value::as_text).and_then(|id| places.get(id)).copied();
        rows.sort_by_key(place);
        Ok(rows)
    }
}

/// Makes a document findable by its text; costs one look when the text is as before.
pub(crate) fn index(tx: &mut Tx<'_>, kind: &Kind, id: Id, change: Change, text: &SearchText) -> Result<()> {
    let is_new = change == Change::Created;
    let words = tokens::document(text);
    if words == DocumentWords::default() {
        return if is_new { Ok(()) } else { forget(tx, kind, id) };
    }
    let space = match space(tx, kind)? {
        Some(space) => space,
        None => new_space(tx, kind)?,
    };
    let (title, body) = (words.title.join(" "), words.body.join(" "));
    let all = || words.title.iter().chain(&words.body);
    let known = if is_new { None } else { entry(tx, &space, id)? };
    match known {
        Some(entry) if entry.title == title && entry.body == body => return Ok(()),
        Some(entry) => {
            tx.execute(
                "update search_entry set title = ?3, body = ?4 where project_id = ?1 and seq = ?2",
                &[tx.partition(), entry.seq.into(), Value::Text(title), Value::Text(body)],
            )?;
            words::replace(tx, &space, entry.seq, all())?;
            tx.gone.note(&space, [&entry.title, &entry.body], all());
        }
        None => words::add(tx.conn(), &space, new_entry(tx, &space, id, title, body)?, all())?,
    }
    tx.vocabulary.note(&space, all());
    Ok(())
}

/// The table whose rows [`index_again`] reads.
pub(crate) const ENTRIES: &str = "search_entry";

/// Fills the index over words for an entry that was copied from another database.
pub(crate) fn index_again(conn: &Conn<'_>, table: &Table, entry: &Row) -> Result<()> {
    let number = |column| table.value(entry, column).and_then(Value::as_int);
    let words =
        |column| table.value(entry, column).and_then(Value::as_text).unwrap_or_default().split_whitespace();
    let (Some(seq), Some(space)) = (number("seq"), number("space")) else {
        return Err(Error::internal("a search entry without its numbers"));
    };
    words::add(conn, &Space::new(space)?, seq, words("title").chain(words("body")))
}

/// Makes a document unfindable.
pub(crate) fn forget(tx: &mut Tx<'_>, kind: &Kind, id: Id) -> Result<()> {
    let Some(space) = space(tx, kind)? else {
        return Ok(());
    };
    let deleted = tx.query(
        "delete from search_entry where project_id = ?1 and space = ?2 and doc_id = ?3 returning seq, title, body",
        &[tx.partition(), space.number.into(), Value::text(id)],
    )?;
    for mut row in deleted {
        words::remove(tx, row.int(0)?)?;
        let (title, body) = (row.text(1)?, row.text(2)?);
        tx.gone.note(&space, [&title, &body], std::iter::empty());
    }
    Ok(())
}

/// What is stored of a findable document.
struct Entry {
    seq: i64,
    title: String,
    body: String,
}

fn entry(tx: &Tx<'_>, space: &Space, id: Id) -> Result<Option<Entry>> {
    let rows = tx.query(
        "select seq, title, body from search_entry where project_id = ?1 and space = ?2 and doc_id = ?3",
        &[tx.partition(), space.number.into(), Value::text(id)],
    )?;
    let row = rows.into_iter().next();
    row.map(|mut row| Ok(Entry { seq: row.int(0)?, title: row.text(1)?, body: row.text(2)? })).transpose()
}

fn new_entry(tx: &Tx<'_>, space: &Space, id: Id, title: String, body: String) -> Result<i64> {
    tx.write_back(
        "insert into search_entry (project_id, space, doc_id, title, body) values (?1, ?2, ?3, ?4, ?5)",
        &[tx.partition(), space.number.into(), Value::text(id), Value::Text(title), Value::Text(body)],
        "seq",
        "search_entry where project_id = ?1 and space = ?2 and doc_id = ?3",
        3,
    )?
    .int(0)
}

/// The numbers of spaces, which never change: what was read once is not read again.
#[derive(Default)]
pub(crate) struct Spaces(Mutex<HashMap<(Id, &'static str), Space>>);

/// Spaces that are remembered; the memory starts over when it is full.
const SPACES_MAX: usize = 4_096;

impl Spaces {
    fn known(&self) -> MutexGuard<'_, HashMap<(Id, &'static str), Space>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The space of a kind in this project, if anything was ever findable in it.
fn space(tx: &ReadTx<'_>, kind: &Kind) -> Result<Option<Space>> {
    let key = (tx.scope().partition(), kind.table);
    if let Some(known) = tx.spaces().known().get(&key) {
        return Ok(Some(known.clone()));
    }
    let mut rows = tx.query(
        "select n from search_space where project_id = ?1 and kind = ?2",
        &[tx.partition(), Value::text(kind.table)],
    )?;
    let space = rows.first_mut().map(|row| Space::new(row.int(0)?)).transpose()?;
    // A transaction that writes may have made it, and may come to nothing.
    if let Some(space) = space.as_ref().filter(|_| tx.only_reads()) {
        let mut known = tx.spaces().known();
        if known.len() >= SPACES_MAX {
            known.clear();
        }
        known.insert(key, space.clone());
    }
    Ok(space)
}

fn new_space(tx: &Tx<'_>, kind: &Kind) -> Result<Space> {
    tx.execute(
        "insert into search_space (project_id, kind) values (?1, ?2) on conflict do nothing",
        &[tx.partition(), Value::text(kind.table)],
    )?;
    space(tx, kind)?.ok_or_else(|| Error::internal("a search space was not stored"))
}
