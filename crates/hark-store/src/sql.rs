//! Values and rows as both engines understand them, and the words in which their SQL differs.

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{IsNull, ToSql, Type};

use crate::error::{Error, Result};
use crate::id::Id;

/// Which SQL a statement is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// The embedded engine.
    Sqlite,
    /// The server engine.
    Postgres,
}

/// A bound parameter or a column of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
}

impl Value {
    pub(crate) fn text(value: impl ToString) -> Value {
        Value::Text(value.to_string())
    }

    pub(crate) fn optional(value: Option<impl ToString>) -> Value {
        value.map_or(Value::Null, Value::text)
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(int) => Some(*int),
            _ => None,
        }
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::Float(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

/// The bound parameters of a statement that is put together from parts.
///
/// Bind only what the statement then names: PostgreSQL cannot tell the type of
/// a parameter that is nowhere used.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<Value>);

impl Parameters {
    /// Begins with the project, which is `?1` in every statement.
    pub(crate) fn new(partition: Value) -> Parameters {
        Parameters(vec![partition])
    }

    /// Binds a value and returns its name in the statement: `?2`.
    pub(crate) fn bind(&mut self, value: Value) -> String {
        self.0.push(value);
        format!("?{}", self.0.len())
    }

    /// The values in the order of their names.
    pub(crate) fn values(&self) -> &[Value] {
        &self.0
    }
}

/// One row of an answer, read by position.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Row {
    pub(crate) fn text(&mut self, at: usize) -> Result<String> {
        match self.take(at) {
            Value::Text(text) => Ok(text),
            other => Err(wrong_type(at, "text", &other)),
        }
    }

    pub(crate) fn optional_text(&mut self, at: usize) -> Result<Option<String>> {
        match self.take(at) {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other => Err(wrong_type(at, "text or null", &other)),
        }
    }

    pub(crate) fn int(&mut self, at: usize) -> Result<i64> {
        match self.take(at) {
            Value::Int(int) => Ok(int),
            other => Err(wrong_type(at, "an integer", &other)),
        }
    }

    pub(crate) fn optional_int(&mut self, at: usize) -> Result<Option<i64>> {
        match self.take(at) {
            Value::Null => Ok(None),
            Value::Int(int) => Ok(Some(int)),
            other => Err(wrong_type(at, "an integer or null", &other)),
        }
    }

    pub(crate) fn id(&mut self, at: usize) -> Result<Id> {
        let text = self.text(at)?;
        Id::parse(&text).ok_or_else(|| Error::internal(format!("stored id {text}")))
    }

    /// A number that cannot be negative.
    pub(crate) fn count(&mut self, at: usize) -> Result<u32> {
        let int = self.int(at)?;
        u32::try_from(int).map_err(|_| Error::internal(format!("{int} stored as a count")))
    }

    pub(crate) fn take(&mut self, at: usize) -> Value {
        self.0.get_mut(at).map_or(Value::Null, |value| std::mem::replace(value, Value::Null))
    }
}

fn wrong_type(at: usize, wanted: &str, got: &Value) -> Error {
    Error::internal(format!("column {at} of a row should be {wanted} but is {got:?}"))
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Int(int) => ValueRef::Integer(*int),
            Value::Float(float) => ValueRef::Real(*float),
            Value::Bool(bool) => ValueRef::Integer(i64::from(*bool)),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Text(text) => {
                // The binary form of jsonb is its text behind a version byte; json is bare text.
                if *ty == Type::JSONB {
                    out.extend_from_slice(&[1]);
                }
                out.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
            Value::Int(int) => match *ty {
                Type::INT4 => i32::try_from(*int)?.to_sql(ty, out),
                Type::FLOAT8 => (*int as f64).to_sql(ty, out),
                _ => int.to_sql(ty, out),
            },
            Value::Float(float) => float.to_sql(ty, out),
            Value::Bool(bool) => bool.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// Turns `?1` into `$1` for PostgreSQL; SQLite takes the text as it is.
///
/// Statements are written with `?1`, because SQLite numbers `$1` by first
/// appearance. A bare `?` (a jsonb operator) is left alone.
pub(crate) fn postgres_placeholders(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        let numbered = c == '?' && rest.peek().is_some_and(char::is_ascii_digit);
        out.push(if numbered { '$' } else { c });
    }
    out
}

/// Replaces the words in which the engines differ; used for migrations and statements.
///
/// | word | SQLite | PostgreSQL |
/// |---|---|---|
/// | `{text}` | `text` | `text collate "C"` |
/// | `{json}` | `text` | `json` (keeps the order of keys, which SDKs compare) |
/// | `{props}` | nothing | a generated `jsonb` copy of `doc` for filters |
/// | `{skip_locked}` | nothing (the write lock does it) | `for update skip locked` |
/// | `{for_update}` | nothing | `for update` |
/// | `{each ?N}` | the elements of a JSON array as `each(value)` | the same |
/// | `{among type ?N}` | `in` the elements of a JSON array of this type | the same |
/// | `{only_sqlite}`, `{only_postgres}` | line kept or dropped | line dropped or kept |
/// | `{promote column type path}` | a column derived from `doc` | the same |
pub(crate) fn fill_words(sql: &str, dialect: Dialect) -> String {
    let sqlite = dialect == Dialect::Sqlite;
    let (drop, keep) =
        if sqlite { ("{only_postgres}", "{only_sqlite}") } else { ("{only_sqlite}", "{only_postgres}") };
    let lines: Vec<&str> = sql.lines().filter(|line| !line.trim_start().starts_with(drop)).collect();
    let words: [(&str, &str, &str); 5] = [
        ("{text}", "text", "text collate \"C\""),
        ("{json}", "text", "json"),
        ("{props}", "", "props jsonb generated always as (doc::jsonb) stored,"),
        ("{skip_locked}", "", "for update skip locked"),
        ("{for_update}", "", "for update"),
    ];
    let text = words.iter().fold(lines.join("\n").replace(keep, ""), |text, (word, lite, server)| {
        text.replace(word, if sqlite { lite } else { server })
    });
    let text = fill_calls(&text, "each", |parameter| match dialect {
        Dialect::Sqlite => format!("json_each({parameter}) as each"),
        Dialect::Postgres => format!("json_array_elements({parameter}::json) as each(value)"),
    });
    let text = fill_calls(&text, "among", |words| among(words, dialect));
    fill_calls(&text, "promote", |words| promote(words, dialect))
}

/// Replaces every `{name words}` by what `expand` makes of the words.
fn fill_calls(text: &str, name: &str, expand: impl Fn(&str) -> String) -> String {
    let opening = format!("{{{name} ");
    let mut parts = text.split(&opening);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (words, rest) = part.split_once('}').unwrap_or((part, ""));
        out.push_str(&expand(words));
        out.push_str(rest);
    }
    out
}

/// `{among type ?N}`. PostgreSQL gets an array that is computed first: a join would read the
/// whole table, because row-level security keeps functions like `->>` away from indexes.
fn among(words: &str, dialect: Dialect) -> String {
    let (ty, parameter) = words.split_once(' ').unwrap_or(("text", words));
    match dialect {
        Dialect::Sqlite => format!("in (select value from json_each({parameter}))"),
        Dialect::Postgres => {
            format!("= any (array(select json_array_elements_text({parameter}::json)::{ty}))")
        }
    }
}

/// `{promote column type path}`: a generated column that is null where the property is
/// absent or of another type.
fn promote(words: &str, dialect: Dialect) -> String {
    match words.split_whitespace().collect::<Vec<_>>()[..] {
        [column, ty, path] => promotion(column, ty, path, dialect),
        _ => String::new(),
    }
}

fn promotion(column: &str, ty: &str, path: &str, dialect: Dialect) -> String {
    let (column_type, json_types, cast) = match (dialect, ty) {
        (Dialect::Sqlite, "number") => ("real", "'integer', 'real'", ""),
        (Dialect::Sqlite, "bool") => ("integer", "'true', 'false'", ""),
        (Dialect::Sqlite, _) => ("text", "'text'", ""),
        (Dialect::Postgres, "number") => ("double precision", "'number'", "::double precision"),
        (Dialect::Postgres, "bool") => ("boolean", "'boolean'", "::boolean"),
        (Dialect::Postgres, _) => ("text collate \"C\"", "'string'", ""),
    };
    let (type_of, value) = match dialect {
        Dialect::Sqlite => (format!("json_type(doc, '$.{path}')"), format!("doc ->> '$.{path}'")),
        Dialect::Postgres => {
            let keys = path.replace('.', ",");
            (format!("json_typeof(doc #> '{{{keys}}}')"), format!("(doc #>> '{{{keys}}}')"))
        }
    };
    format!(
        "{column} {column_type} generated always as (case when {type_of} in ({json_types}) then {value}{cast} end) stored"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_placeholders_become_dollars() {
        assert_eq!(postgres_placeholders("a = ?1 and b ? 'c' and d = ?12"), "a = $1 and b ? 'c' and d = $12");
    }

    #[test]
    fn words_follow_the_dialect() {
        let text = "create table t (\n  a {text},\n  {props}\n{only_postgres} server_only\n{only_sqlite} lite_only\n)";
        assert!(fill_words(text, Dialect::Sqlite).contains("lite_only"));
        assert!(!fill_words(text, Dialect::Sqlite).contains("server_only"));
        assert!(fill_words(text, Dialect::Postgres).contains("jsonb"));
        let text = "a {among bigint ?2} and b";
        assert_eq!(fill_words(text, Dialect::Sqlite), "a in (select value from json_each(?2)) and b");
        let server = "a = any (array(select json_array_elements_text(?2::json)::bigint)) and b";
        assert_eq!(fill_words(text, Dialect::Postgres), server);
    }
}
