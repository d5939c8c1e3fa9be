//! The index over words, where the engines differ: FTS5 on SQLite, `tsvector` on PostgreSQL.
//!
//! Both see the same words, each behind the number of its space, and both only
//! answer which entries have them; what comes first is decided in [`super::rank`].

use std::fmt::Write;

use super::rank::Candidate;
use super::tokens::is_whole;
use crate::engine::Conn;
use crate::error::{Error, Result};
use crate::sql::{Dialect, Row, Value};
use crate::tx::{ReadTx, Tx};

/// Digits of a space's number in front of each word; always as many, so that the
/// first letters of a word stand at the same place everywhere.
const SPACE_DIGITS: usize = 5;
const BASE: i64 = 36;

/// The documents of one kind in one project.
#[derive(Clone, Debug)]
pub(super) struct Space {
    pub(super) number: i64,
    digits: String,
}

/// Words of which an entry must have one.
#[derive(Clone, Debug)]
pub(super) struct AnyOf(pub(super) Vec<Form>);

/// A word, or the beginning of words.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) text: String,
    pub(super) prefix: bool,
}

/// How several conditions come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    All,
    Any,
}

impl Space {
    pub(super) fn new(number: i64) -> Result<Space> {
        let mut rest = number;
        let mut digits = [b'0'; SPACE_DIGITS];
        for digit in digits.iter_mut().rev() {
            *digit = b"0123456789abcdefghijklmnopqrstuvwxyz"[rest.rem_euclid(BASE) as usize];
            rest /= BASE;
        }
        if number < 0 || rest > 0 {
            return Err(Error::internal(format!(
                "no more than {BASE}^{SPACE_DIGITS} search spaces, got {number}"
            )));
        }
        Ok(Space { number, digits: digits.iter().map(|digit| char::from(*digit)).collect() })
    }
}

/// Adds the words of a new entry.
pub(super) fn add(
    conn: &Conn<'_>,
    space: &Space,
    seq: i64,
    words: impl Iterator<Item = impl AsRef<str>>,
) -> Result<()> {
    let sql = format!("insert into search_words (rowid, words) values (?1, {})", vector(conn.dialect()));
    conn.execute_soon(&sql, &[seq.into(), written(conn.dialect(), space, words)])
}

/// Replaces the words of an entry.
pub(super) fn replace<'w>(
    tx: &Tx<'_>,
    space: &Space,
    seq: i64,
    words: impl Iterator<Item = &'w String>,
) -> Result<()> {
    let sql = format!("update search_words set words = {} where rowid = ?1", vector(tx.dialect()));
    tx.execute_soon(&sql, &[seq.into(), written(tx.dialect(), space, words)])
}

/// Removes an entry's words.
pub(super) fn remove(tx: &Tx<'_>, seq: i64) -> Result<()> {
    tx.execute_soon("delete from search_words where rowid = ?1", &[seq.into()])
}

/// The number of entries that fulfil a condition, counted up to `max`.
pub(super) fn count(tx: &ReadTx<'_>, space: &Space, any_of: &AnyOf, max: usize) -> Result<usize> {
    let sql = format!(
        "select count(*) from (select 1 from search_words where {} limit {max}) as counted",
        condition(tx.dialect(), space)
    );
    let text = expression(tx.dialect(), space, std::slice::from_ref(any_of), Join::All);
    let mut rows = tx.query_planned(&sql, &[Value::Text(text)])?;
    rows.first_mut().map_or(Ok(0), |row| Ok(row.count(0)? as usize))
}

/// The newest `max` entries that fulfil the conditions, of those before one if it is given.
///
/// PostgreSQL walks back from the newest entry of the space where words are common, and asks the index
/// where they are rare, so it has to know the words when it plans.
pub(super) fn newest(
    tx: &ReadTx<'_>,
    space: &Space,
    conditions: &[AnyOf],
    join: Join,
    before: Option<i64>,
    max: usize,
) -> Result<Vec<Candidate>> {
    let older = before.map(|before| format!(" and rowid < {before}")).unwrap_or_default();
    let found = format!(
        "select rowid as seq from search_words where {}{older} order by rowid desc limit {max}",
        condition(tx.dialect(), space)
    );
    let sql = entries(tx.dialect(), &found, "seq", "entry.project_id = ?2");
    let text = expression(tx.dialect(), space, conditions, join);
    let rows = tx.query_planned(&sql, &[Value::Text(text), tx.partition()])?;
    rows.into_iter().map(candidate).collect()
}

/// The statement for the entries whose `column` a query finds under that name, with the columns of [`candidate`]. The engines are
/// kept from reading all entries of the project to join them: SQLite by `cross join`, PostgreSQL by looking
/// up a list.
pub(super) fn entries(dialect: Dialect, found: &str, column: &str, here: &str) -> String {
    let columns = "entry.seq, entry.doc_id, entry.title, entry.body";
    match dialect {
        Dialect::Sqlite => format!(
            "select {columns} from ({found}) found cross join search_entry entry
             where {here} and entry.{column} = found.{column}"
        ),
        Dialect::Postgres => {
            format!(
                "select {columns} from search_entry entry where {here} and entry.{column} = any (array({found}))"
            )
        }
    }
}

/// An entry out of the columns `seq, doc_id, title, body`.
pub(super) fn candidate(mut row: Row) -> Result<Candidate> {
    Ok(Candidate { seq: row.int(0)?, id: row.id(1)?, title: row.text(2)?, body: row.text(3)? })
}

/// The condition in the engine's own language. Words consist of letters, digits and marks,
/// so nothing in them can end the quotes.
fn expression(dialect: Dialect, space: &Space, conditions: &[AnyOf], join: Join) -> String {
    let (quote, star, or) = match dialect {
        Dialect::Sqlite => ('"', "*", " OR "),
        Dialect::Postgres => ('\'', ":*", " | "),
    };
    let and = match (dialect, join) {
        (_, Join::Any) => or,
        (Dialect::Sqlite, Join::All) => " AND ",
        (Dialect::Postgres, Join::All) => " & ",
    };
    let groups: Vec<String> = conditions
        .iter()
        .map(|AnyOf(forms)| {
            let forms: Vec<String> = forms
                .iter()
                .map(|form| {
                    let star = if form.prefix { star } else { "" };
                    format!("{quote}{}{}{quote}{star}", space.digits, form.text)
                })
                .collect();
            format!("({})", forms.join(or))
        })
        .collect();
    groups.join(and)
}

/// The condition on an entry's words, with the expression as the first parameter. PostgreSQL is told
/// the space as well, so that a walk through entries passes none of other projects and kinds.
fn condition(dialect: Dialect, space: &Space) -> String {
    match dialect {
        Dialect::Sqlite => "search_words match ?1".to_owned(),
        Dialect::Postgres => format!("space = '{}' and words @@ ?1::text::tsquery", space.digits),
    }
}

fn vector(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "?2",
        Dialect::Postgres => "?2::text::tsvector",
    }
}

/// The words as they are stored. Addresses and identifiers as wholes stay out: their parts
/// find them, and thousands that begin alike would slow down every search for that beginning.
fn written(dialect: Dialect, space: &Space, words: impl Iterator<Item = impl AsRef<str>>) -> Value {
    let quote = match dialect {
        Dialect::Sqlite => "",
        Dialect::Postgres => "'",
    };
    let mut text = String::new();
    for word in words.filter(|word| !is_whole(word.as_ref())) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{quote}{}{}{quote} ", space.digits, word.as_ref());
    }
    Value::Text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_spaces_are_as_long_as_each_other() {
        assert_eq!(Space::new(1).expect("a space").digits, "00001");
        assert_eq!(Space::new(36 * 36 - 1).expect("a space").digits, "000zz");
        assert!(Space::new(36_i64.pow(5)).is_err());
        assert!(Space::new(-1).is_err());
    }

    #[test]
    fn wholes_are_not_stored() {
        let space = Space::new(1).expect("a space");
        let words = ["jane", "acme", "jane@acme", "obrien"];
        let stored = |dialect| written(dialect, &space, words.iter());
        assert_eq!(stored(Dialect::Sqlite), Value::text("00001jane 00001acme 00001obrien "));
        assert_eq!(stored(Dialect::Postgres), Value::text("'00001jane' '00001acme' '00001obrien' "));
    }

    #[test]
    fn conditions_are_written_for_the_engine() {
        let space = Space::new(1).expect("a space");
        let form = |text: &str, prefix| Form { text: text.to_owned(), prefix };
        let conditions = [AnyOf(vec![form("a", true), form("b", false)]), AnyOf(vec![form("c", false)])];
        let lite = expression(Dialect::Sqlite, &space, &conditions, Join::All);
        assert_eq!(lite, r#"("00001a"* OR "00001b") AND ("00001c")"#);
        let server = expression(Dialect::Postgres, &space, &conditions, Join::Any);
        assert_eq!(server, "('00001a':* | '00001b') | ('00001c')");
    }
}
