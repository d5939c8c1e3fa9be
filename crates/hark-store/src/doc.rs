//! Documents: read one, insert, save with a revision check, delete.

use hark_query::dates::format_date;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::clock::Millis;
use crate::engine::unique_violation;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::kind::{Body, Kind};
use crate::nul::{NUL_REFUSED, holds_nul};
use crate::scope::Scope;
use crate::sql::{Row, Value};
use crate::tx::{ReadTx, Tx};

/// A stored document with its revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Doc {
    /// The document's id.
    pub id: Id,
    /// Counts the saves; a save against an older one is refused.
    pub rev: i64,
    /// When it was inserted.
    pub created_at: Millis,
    /// When it was last saved.
    pub updated_at: Millis,
    /// The wire form: `_id`, `id`, `createdAt`, `updatedAt` and `project` are in it.
    pub body: Body,
}

impl Doc {
    /// The text at a top-level property.
    pub fn text(&self, property: &str) -> Option<&str> {
        self.body.get(property).and_then(Json::as_str)
    }

    /// The id at a top-level property.
    pub fn reference(&self, property: &str) -> Option<Id> {
        self.text(property).and_then(Id::parse)
    }

    /// Whether a top-level property is `true`.
    pub fn is_true(&self, property: &str) -> bool {
        self.body.get(property) == Some(&Json::Bool(true))
    }

    /// Sets a property, or removes it when the value is null: absent and null are the same to us,
    /// and SDKs must never see null.
    pub fn set(&mut self, property: &str, value: impl Into<Json>) {
        match value.into() {
            Json::Null => {
                self.body.shift_remove(property);
            }
            value => {
                self.body.insert(property.to_owned(), value);
            }
        }
    }

    /// The body as a type that a rule works with.
    pub fn open<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_value(Json::Object(self.body.clone()))?)
    }

    /// The body without what must not leave the server, and without what takes a permission to see.
    pub fn view(&self, kind: &Kind) -> Json {
        let guarded = kind.guarded.iter().map(|(property, _)| *property);
        self.without(kind.hidden.iter().copied().chain(guarded))
    }

    /// The body as somebody in this scope may see it.
    pub fn view_for(&self, kind: &Kind, scope: &Scope) -> Json {
        self.without(kind.unseen(scope))
    }

    fn without(&self, properties: impl Iterator<Item = &'static str>) -> Json {
        let mut body = self.body.clone();
        for property in properties {
            body.shift_remove(property);
        }
        Json::Object(body)
    }
}

/// Documents that are read at a time to be deleted one by one.
const DELETE_CHUNK: u32 = 500;

pub(crate) const COLUMNS: &str = "id, rev, created_at, updated_at, doc";

/// Reads the columns named in [`COLUMNS`].
pub(crate) fn doc(mut row: Row) -> Result<Doc> {
    Ok(Doc {
        id: row.id(0)?,
        rev: row.int(1)?,
        created_at: row.int(2)?,
        updated_at: row.int(3)?,
        body: serde_json::from_str(&row.text(4)?)?,
    })
}

impl ReadTx<'_> {
    /// The document with this id, or an error that says there is none.
    pub fn get(&self, kind: &Kind, id: Id) -> Result<Doc> {
        self.find(kind, id)?.ok_or_else(|| Error::not_found(kind.name, id))
    }

    /// The document with this id, if there is one.
    pub fn find(&self, kind: &Kind, id: Id) -> Result<Option<Doc>> {
        self.one(kind, "id = ?2", &Value::text(id), "")
    }

    /// The oldest document whose promoted property has this text.
    pub fn find_by(&self, kind: &Kind, property: &str, text: &str) -> Result<Option<Doc>> {
        self.one(kind, &column_is(kind, property)?, &Value::text(text), "")
    }

    /// All documents whose promoted property has this text, oldest first, at most `limit`.
    pub fn all_by(&self, kind: &Kind, property: &str, text: &str, limit: u32) -> Result<Vec<Doc>> {
        let sql = format!(
            "select {COLUMNS} from {} where project_id = ?1 and {} order by id limit {limit}",
            kind.table,
            column_is(kind, property)?
        );
        self.query(&sql, &[self.partition(), Value::text(text)])?.into_iter().map(doc).collect()
    }

    /// The documents whose id, or whose promoted property, is one of these texts; oldest first.
    pub fn all_of(&self, kind: &Kind, property: &str, texts: &[String]) -> Result<Vec<Doc>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let column = if property == "id" { "id" } else { column(kind, property)? };
        let sql = self.words(&format!(
            "select {COLUMNS} from {} where project_id = ?1 and {column} {{among text ?2}} order by id",
            kind.table
        ));
        let texts = Value::Text(serde_json::to_string(texts)?);
        self.query(&sql, &[self.partition(), texts])?.into_iter().map(doc).collect()
    }

    /// The stored text of a document, as it goes over the wire, and its revision.
    ///
    /// The quick way when the scope sees the whole document.
    ///
    /// # Errors
    /// [`Error::Internal`] when it does not.
    pub(crate) fn find_text(&self, kind: &Kind, id: Id) -> Result<Option<(i64, String)>> {
        kind.need_whole(self.scope())?;
        let sql = format!("select rev, doc from {} where project_id = ?1 and id = ?2", kind.table);
        let row = self.query(&sql, &[self.partition(), Value::text(id)])?.into_iter().next();
        row.map(|mut row| Ok((row.int(0)?, row.text(1)?))).transpose()
    }

    fn one(&self, kind: &Kind, condition: &str, value: &Value, lock: &str) -> Result<Option<Doc>> {
        let sql = format!(
            "select {COLUMNS} from {} where project_id = ?1 and {condition} order by id limit 1 {lock}",
            kind.table
        );
        self.query(&sql, &[self.partition(), value.clone()])?.into_iter().next().map(doc).transpose()
    }
}

impl Tx<'_> {
    /// The document with this id, locked until the transaction ends.
    pub fn get_locked(&self, kind: &Kind, id: Id) -> Result<Doc> {
        self.find_locked(kind, id)?.ok_or_else(|| Error::not_found(kind.name, id))
    }

    /// The document with this id if there is one, locked until the transaction ends.
    pub fn find_locked(&self, kind: &Kind, id: Id) -> Result<Option<Doc>> {
        self.one(kind, "id = ?2", &Value::text(id), self.for_update())
    }

    /// The oldest document whose promoted property has this text, locked until the transaction ends.
    pub fn find_by_locked(&self, kind: &Kind, property: &str, text: &str) -> Result<Option<Doc>> {
        self.one(kind, &column_is(kind, property)?, &Value::text(text), self.for_update())
    }

    /// Inserts a document under a new id.
    ///
    /// # Errors
    /// [`Error::Conflict`] when a unique property is taken.
    pub fn insert(&mut self, kind: &'static Kind, body: Body) -> Result<Doc> {
        let id = self.new_id();
        self.insert_as(kind, id, body)
    }

    /// Inserts a document under an id of [`Tx::new_id`].
    ///
    /// What the properties say about `_id`, `id` and the `project` of a scope that has one is
    /// ignored. They may say when the document was created, as for contacts that somebody brings along.
    ///
    /// # Errors
    /// [`Error::Conflict`] when a unique property is taken.
    pub fn insert_as(&mut self, kind: &'static Kind, id: Id, properties: Body) -> Result<Doc> {
        let now = self.now();
        let mut body = Body::new();
        body.insert("_id".to_owned(), Json::String(id.to_string()));
        body.insert("id".to_owned(), Json::String(id.to_string()));
        // A document of the instance has no project, but may be about one, as a token is.
        if let Some(project) = self.scope().project() {
            body.insert("project".to_owned(), Json::String(project.to_string()));
        }
        let fixed = body.clone();
        body.insert("createdAt".to_owned(), Json::String(format_date(now)));
        body.insert("updatedAt".to_owned(), Json::String(format_date(now)));
        for (property, value) in properties {
            if !value.is_null() && !fixed.contains_key(&property) {
                body.insert(property, value);
            }
        }
        let sql = format!(
            "insert into {} (project_id, id, rev, created_at, updated_at, doc) values (?1, ?2, 1, ?3, ?3, ?4)",
            kind.table
        );
        self.seal(kind, id, &mut body)?;
        let text = stored_text(&body)?;
        self.execute(&sql, &[self.partition(), Value::text(id), now.into(), Value::Text(text)])
            .map_err(|error| conflict(kind, error))?;
        self.changed(kind, id, Change::Created, Some(&body))?;
        Ok(Doc { id, rev: 1, created_at: now, updated_at: now, body })
    }

    /// Saves a document that this transaction read, and returns it with its new revision.
    ///
    /// # Errors
    /// [`Error::Stale`] when it was saved by someone else meanwhile,
    /// [`Error::Conflict`] when a unique property is taken.
    pub fn save(&mut self, kind: &'static Kind, mut doc: Doc) -> Result<Doc> {
        let now = self.now();
        doc.body.insert("updatedAt".to_owned(), Json::String(format_date(now)));
        let sql = format!(
            "update {} set rev = rev + 1, updated_at = ?3, doc = ?4 where project_id = ?1 and id = ?2 and rev = ?5",
            kind.table
        );
        self.seal(kind, doc.id, &mut doc.body)?;
        let text = stored_text(&doc.body)?;
        let parameters =
            [self.partition(), Value::text(doc.id), now.into(), Value::Text(text), doc.rev.into()];
        let saved = self.execute(&sql, &parameters).map_err(|error| conflict(kind, error))?;
        if saved == 0 {
            return Err(Error::Stale { what: kind.name });
        }
        self.changed(kind, doc.id, Change::Updated, Some(&doc.body))?;
        doc.rev += 1;
        doc.updated_at = now;
        Ok(doc)
    }

    /// Deletes a document and tells whether there was one.
    pub fn delete(&mut self, kind: &'static Kind, id: Id) -> Result<bool> {
        let sql = format!("delete from {} where project_id = ?1 and id = ?2", kind.table);
        let deleted = self.execute(&sql, &[self.partition(), Value::text(id)])? > 0;
        if deleted {
            self.changed(kind, id, Change::Deleted, None)?;
        }
        Ok(deleted)
    }

    /// Deletes the documents whose promoted property has this text and tells how many there were.
    pub fn delete_where(&mut self, kind: &'static Kind, property: &str, text: &str) -> Result<u64> {
        if kind.search.is_none() && !kind.feed && !kind.credential {
            let condition = column_is(kind, property)?;
            let sql = format!("delete from {} where project_id = ?1 and {condition}", kind.table);
            return self.execute(&sql, &[self.partition(), Value::text(text)]);
        }
        let mut deleted = 0;
        loop {
            let docs = self.all_by(kind, property, text, DELETE_CHUNK)?;
            if docs.is_empty() {
                return Ok(deleted);
            }
            for doc in docs {
                deleted += u64::from(self.delete(kind, doc.id)?);
            }
        }
    }
}

/// What happened to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Created,
    /// It was saved.
    Updated,
    /// It is gone.
    Deleted,
}

impl Change {
    /// The word behind the kind's name in an event: `contact.created`.
    pub fn word(self) -> &'static str {
        match self {
            Change::Created => "created",
            Change::Updated => "updated",
            Change::Deleted => "deleted",
        }
    }
}

/// The text of a document. PostgreSQL cannot store U+0000 in it, so neither engine does.
pub(crate) fn stored_text(body: &Body) -> Result<String> {
    let text = serde_json::to_string(body)?;
    if holds_nul(text.as_bytes()) {
        return Err(Error::invalid(NUL_REFUSED));
    }
    Ok(text)
}

fn column_is(kind: &Kind, property: &str) -> Result<String> {
    Ok(format!("{} = ?2", column(kind, property)?))
}

fn column(kind: &Kind, property: &str) -> Result<&'static str> {
    let field = kind.column(property);
    let missing = || Error::internal(format!("{} has no column for {property}", kind.name));
    field.map(|field| field.column).ok_or_else(missing)
}

/// Names the property behind a broken unique constraint: indexes are called `table_column`
/// on PostgreSQL, and SQLite lists `table.column` with the project first.
fn conflict(kind: &Kind, error: Error) -> Error {
    let Some(violation) = unique_violation(&error) else {
        return error;
    };
    let broken = violation.constraint.rsplit(['.', ' ']).next().unwrap_or_default();
    let column = broken.strip_prefix(kind.table).and_then(|rest| rest.strip_prefix('_')).unwrap_or(broken);
    let field = kind.fields.iter().find(|field| field.column == column).map_or(column, |field| field.path);
    Error::Conflict { what: kind.name, field: field.to_owned() }
}
