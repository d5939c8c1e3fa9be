//! Kinds of documents as values: one table of kinds drives storage, routes and tests.

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::permission::Permission;
use crate::scope::Scope;

/// The properties of a document in the order in which they arrived.
pub type Body = Map<String, Value>;

/// A kind of document: where it is stored and what the database knows about it.
#[derive(Debug)]
pub struct Kind {
    /// The kind's name in events (`contact.created`) and in sentences for people.
    pub name: &'static str,
    /// Its table.
    pub table: &'static str,
    /// The properties that have a column of their own, derived from the document by the database.
    pub fields: &'static [Field],
    /// What full-text search reads of it.
    pub search: Option<fn(&Body) -> SearchText>,
    /// Whether changes go to the project's feed.
    pub feed: bool,
    /// Whether a change may change what somebody is allowed to do.
    pub credential: bool,
    /// Properties that never leave the server.
    pub hidden: &'static [&'static str],
    /// Properties that only callers with a permission see, and that nobody filters or sorts by.
    pub guarded: &'static [(&'static str, Permission)],
    /// Properties that are stored encrypted; see [`crate::SecretKeys`].
    pub sealed: &'static [&'static str],
    /// Columns whose index `<table>_<column>` is in the order of a list by them, for the choice in
    /// [`crate::ReadTx::list`].
    pub ordered: &'static [&'static str],
}

/// A property with a column of its own.
#[derive(Debug)]
pub struct Field {
    /// The property's path in the document, dotted.
    pub path: &'static str,
    /// The generated column.
    pub column: &'static str,
    /// The type of the column; a value of another type leaves it null.
    pub column_type: ColumnType,
}

/// The type of a generated column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text; dates are text in canonical form.
    Text,
    /// A number.
    Number,
    /// True or false.
    Bool,
}

/// What full-text search reads of a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SearchText {
    /// Words that count most: a name, a title, an address.
    pub title: String,
    /// Everything else that should be found.
    pub body: String,
}

impl Kind {
    /// A kind with its table and columns and none of the extras.
    pub const fn new(name: &'static str, table: &'static str, fields: &'static [Field]) -> Kind {
        Kind {
            name,
            table,
            fields,
            search: None,
            feed: false,
            credential: false,
            hidden: &[],
            guarded: &[],
            sealed: &[],
            ordered: &[],
        }
    }

    /// The properties that are left out of what a scope sees.
    pub(crate) fn unseen<'k>(&'k self, scope: &'k Scope) -> impl Iterator<Item = &'static str> + 'k {
        let may = |permission: &Permission| scope.permissions().has(*permission);
        let guarded = self.guarded.iter().filter(move |(_, permission)| !may(permission));
        self.hidden.iter().copied().chain(guarded.map(|(property, _)| *property))
    }

    /// Whether a scope sees documents of this kind as they are stored.
    pub fn is_whole_for(&self, scope: &Scope) -> bool {
        self.sealed.is_empty() && self.unseen(scope).next().is_none()
    }

    /// Refuses to hand out stored texts that hold what the scope may not see.
    pub(crate) fn need_whole(&self, scope: &Scope) -> Result<()> {
        if self.is_whole_for(scope) {
            return Ok(());
        }
        Err(Error::internal(format!("the texts of {} hold what must stay here", self.name)))
    }

    /// The column of a path, if it has one.
    pub fn column(&self, path: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.path == path)
    }
}

impl Field {
    /// A text column.
    pub const fn text(path: &'static str, column: &'static str) -> Field {
        Field { path, column, column_type: ColumnType::Text }
    }

    /// A number column.
    pub const fn number(path: &'static str, column: &'static str) -> Field {
        Field { path, column, column_type: ColumnType::Number }
    }

    /// A true-or-false column.
    pub const fn bool(path: &'static str, column: &'static str) -> Field {
        Field { path, column, column_type: ColumnType::Bool }
    }
}

/// A body from a JSON object, for rules that build documents; anything else is an empty body.
pub fn to_body(value: Value) -> Body {
    match value {
        Value::Object(body) => body,
        _ => Body::new(),
    }
}
