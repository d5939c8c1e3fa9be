//! Reads the query string of a list: filters, order and paging.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::ast::{Filter, Literal, Op, Path};
use crate::conditions;
use crate::dates;
use crate::error::QueryError;
use crate::limits::{CURSOR_CHARS_MAX, LIMIT_MAX, PARAMETERS_MAX, QUERY_BYTES_MAX, SKIP_MAX, VALUES_MAX};
use crate::sort::Sort;

/// What a caller asks of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Which documents.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// How many at most, 1 to [`LIMIT_MAX`]; the endpoint has its own default and maximum.
    pub limit: Option<u32>,
    /// How many to pass over first, at most [`SKIP_MAX`].
    pub skip: u32,
    /// Where an earlier answer ended; only its author can read it.
    pub cursor: Option<String>,
    /// Flags that choose documents by state rather than by property.
    pub flags: Flags,
    /// The parameters that the endpoint reads itself, decoded, in the order they were sent.
    pub extra: Vec<(String, String)>,
}

/// Flags that choose documents by state; what they mean is the endpoint's business.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `archived`: only archived ones, or only those that are not.
    pub archived: Option<bool>,
    /// `ignoreArchived`: leave archived ones out.
    pub ignore_archived: bool,
    /// `isSpam`: only spam, or only what is not.
    pub is_spam: Option<bool>,
}

/// Reads a raw query string, percent-encoded and without the question mark.
///
/// `reserved` are the parameters that the endpoint reads itself; they are handed back in
/// [`Query::extra`] and are never filters, even where this language has the same word.
pub fn parse_query(raw: &str, reserved: &[&str]) -> Result<Query, QueryError> {
    if raw.len() > QUERY_BYTES_MAX {
        return Err(QueryError::new(
            "query string",
            format!("is too long, at most {QUERY_BYTES_MAX} bytes are allowed"),
        ));
    }
    let mut parser = Parser::new(reserved);
    for (index, piece) in raw.split('&').filter(|piece| !piece.is_empty()).enumerate() {
        if index == PARAMETERS_MAX {
            let message = format!("has too many parameters, at most {PARAMETERS_MAX} are allowed");
            return Err(QueryError::new("query string", message));
        }
        parser.parameter(piece)?;
    }
    Ok(parser.finish())
}

#[derive(Clone, Copy)]
enum Comparison {
    Equal,
    NotEqual,
    Ordering(fn(Literal) -> Op),
}

/// All values that were given for one property, of which one must match.
struct Choice {
    path: Path,
    values: usize,
    literals: Vec<Literal>,
}

struct Parser<'a> {
    reserved: &'a [&'a str],
    query: Query,
    seen: Vec<String>,
    choices: Vec<Choice>,
    others: Vec<Filter>,
}

impl<'a> Parser<'a> {
    fn new(reserved: &'a [&'a str]) -> Self {
        Self { reserved, query: Query::default(), seen: Vec::new(), choices: Vec::new(), others: Vec::new() }
    }

    fn finish(self) -> Query {
        let choices = self.choices.into_iter().map(|choice| any_of(choice.path, choice.literals));
        let filter = choices.chain(self.others).fold(Filter::everything(), Filter::and);
        Query { filter, ..self.query }
    }

    fn parameter(&mut self, piece: &str) -> Result<(), QueryError> {
        let (raw_name, comparison, raw_value) = split(piece);
        let name = decode(raw_name, "query string")?;
        match comparison {
            Comparison::Equal => self.equal(&name, raw_value),
            Comparison::NotEqual => self.not_equal(&name, raw_value.unwrap_or_default()),
            Comparison::Ordering(op) => self.ordering(&name, op, raw_value.unwrap_or_default()),
        }
    }

    fn equal(&mut self, name: &str, raw_value: Option<&str>) -> Result<(), QueryError> {
        let (name, is_list) = strip_list_suffix(name);
        let value = decode(raw_value.unwrap_or_default(), name)?;
        if self.reserved.contains(&name) {
            self.query.extra.push((name.to_owned(), value));
            return Ok(());
        }
        if self.setting(name, &value)? {
            return Ok(());
        }
        let Some(raw_value) = raw_value else {
            return Err(QueryError::new(name, "has no value, write name=value"));
        };
        let path = property(name)?;
        let literals = if is_list { vec![untyped(raw_value, name)?] } else { split_list(raw_value, name)? };
        self.choose(path, literals)
    }

    fn not_equal(&mut self, name: &str, raw_value: &str) -> Result<(), QueryError> {
        let (name, is_list) = strip_list_suffix(name);
        let path = property(name)?;
        let literals = if is_list { vec![untyped(raw_value, name)?] } else { split_list(raw_value, name)? };
        self.others.push(any_of(path, literals.concat()).negated());
        Ok(())
    }

    fn ordering(&mut self, name: &str, op: fn(Literal) -> Op, raw_value: &str) -> Result<(), QueryError> {
        let path = property(name)?;
        let text = decode(raw_value, name)?;
        let literal = match typed(&text) {
            Some(literal @ (Literal::Number(_) | Literal::Date(_))) => literal,
            None if !text.is_empty() => Literal::Text(Literal::text(&text, name)?),
            _ => {
                return Err(QueryError::new(
                    name,
                    "is compared with something that has no order, give a number, a date or a text",
                ));
            }
        };
        self.others.push(Filter::test(path, op(literal)));
        Ok(())
    }

    fn choose(&mut self, path: Path, literals: Vec<Vec<Literal>>) -> Result<(), QueryError> {
        let index = self.choices.iter().position(|choice| choice.path == path).unwrap_or_else(|| {
            self.choices.push(Choice { path, values: 0, literals: Vec::new() });
            self.choices.len() - 1
        });
        let choice = &mut self.choices[index];
        choice.values += literals.len();
        if choice.values > VALUES_MAX {
            return Err(too_many_values(&choice.path.to_string()));
        }
        choice.literals.extend(literals.into_iter().flatten());
        Ok(())
    }

    /// Takes a parameter that is no filter; false if it is one.
    fn setting(&mut self, name: &str, value: &str) -> Result<bool, QueryError> {
        if !matches!(
            name,
            "filter" | "sort" | "limit" | "skip" | "cursor" | "archived" | "ignoreArchived" | "isSpam"
        ) {
            return Ok(false);
        }
        if self.seen.iter().any(|seen| seen == name) {
            return Err(QueryError::new(name, "is given twice, give it once"));
        }
        self.seen.push(name.to_owned());
        if value.is_empty() {
            return Ok(true);
        }
        let query = &mut self.query;
        match name {
            "filter" => self.others.push(conditions_from(value)?),
            "sort" => query.sort = Sort::parse(value)?,
            "limit" => query.limit = Some(whole(name, value, 1, LIMIT_MAX)?),
            "skip" => query.skip = whole(name, value, 0, SKIP_MAX)?,
            "cursor" => query.cursor = Some(cursor(value)?),
            "archived" => query.flags.archived = Some(boolean(name, value)?),
            "ignoreArchived" => query.flags.ignore_archived = boolean(name, value)?,
            _ => query.flags.is_spam = Some(boolean(name, value)?),
        }
        Ok(true)
    }
}

/// The name, the operator and the value of a parameter, none of them decoded: the first operator
/// decides, whether it is percent-encoded or not. Only `=` must be written plainly when it stands
/// alone. A value that is not there at all is told from an empty one.
fn split(piece: &str) -> (&str, Comparison, Option<&str>) {
    for (at, _) in piece.char_indices() {
        let (name, rest) = piece.split_at(at);
        let (strict, or_equal, rest) = if let Some(rest) = strip_any(rest, &[">", "%3E", "%3e"]) {
            (Op::Greater as fn(Literal) -> Op, Op::GreaterOrEqual as fn(Literal) -> Op, rest)
        } else if let Some(rest) = strip_any(rest, &["<", "%3C", "%3c"]) {
            (Op::Less as fn(Literal) -> Op, Op::LessOrEqual as fn(Literal) -> Op, rest)
        } else if let Some(value) = strip_any(rest, &["!", "%21"]).and_then(strip_equals) {
            return (name, Comparison::NotEqual, Some(value));
        } else if let Some(value) = rest.strip_prefix('=') {
            return (name, Comparison::Equal, Some(value));
        } else {
            continue;
        };
        return match strip_equals(rest) {
            Some(value) => (name, Comparison::Ordering(or_equal), Some(value)),
            None => (name, Comparison::Ordering(strict), Some(rest)),
        };
    }
    (piece, Comparison::Equal, None)
}

/// The rest after the `=` of an operator. A client that is given the name `createdAt>=` encodes that
/// and adds a `=` of its own.
fn strip_equals(text: &str) -> Option<&str> {
    strip_any(text, &["%3D=", "%3d=", "%3D", "%3d", "="])
}

fn strip_any<'a>(text: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    prefixes.iter().find_map(|prefix| text.strip_prefix(prefix))
}

/// The name without `[]` or `[0]`, and whether one of them was there.
fn strip_list_suffix(name: &str) -> (&str, bool) {
    let bare = name.strip_suffix(']').map(|name| name.trim_end_matches(|digit: char| digit.is_ascii_digit()));
    match bare.and_then(|name| name.strip_suffix('[')) {
        Some(bare) => (bare, true),
        None => (name, false),
    }
}

fn property(name: &str) -> Result<Path, QueryError> {
    if name.contains(['[', ']']) {
        return Err(QueryError::new(
            name,
            "has brackets in its name, write nested properties with dots (customData.plan) and comparisons as name>=value",
        ));
    }
    Path::parse(name).map_err(|error| error.about(name))
}

fn split_list(raw: &str, name: &str) -> Result<Vec<Vec<Literal>>, QueryError> {
    let pieces: Vec<&str> = raw.split(',').filter(|piece| !piece.is_empty()).take(VALUES_MAX + 1).collect();
    if pieces.len() > VALUES_MAX {
        return Err(too_many_values(name));
    }
    if pieces.is_empty() {
        return Ok(vec![vec![Literal::Text(String::new())]]);
    }
    pieces.into_iter().map(|piece| untyped(piece, name)).collect()
}

fn too_many_values(name: &str) -> QueryError {
    QueryError::new(name, format!("has too many values, at most {VALUES_MAX} are allowed"))
}

fn any_of(path: Path, literals: Vec<Literal>) -> Filter {
    match <[Literal; 1]>::try_from(literals) {
        Ok([only]) => Filter::equal(path, only),
        Err(several) => Filter::one_of(path, several),
    }
}

/// Everything that a value without a type can mean.
fn untyped(raw: &str, name: &str) -> Result<Vec<Literal>, QueryError> {
    let text = Literal::text(&decode(raw, name)?, name)?;
    let typed = typed(&text);
    let says_it_all = matches!(typed, Some(Literal::Date(ms)) if dates::format_date(ms) == text);
    let as_text = (!says_it_all).then_some(Literal::Text(text));
    Ok(typed.into_iter().chain(as_text).collect())
}

/// The one meaning of a value other than its text, if it has one.
fn typed(text: &str) -> Option<Literal> {
    match text {
        "null" => Some(Literal::Null),
        "true" => Some(Literal::Bool(true)),
        "false" => Some(Literal::Bool(false)),
        _ => number(text).map(Literal::Number).or_else(|| date(text).map(Literal::Date)),
    }
}

/// A finite number in JSON's spelling, read by the reader that documents are read with.
fn number(text: &str) -> Option<f64> {
    let starts = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let ends = text.ends_with(|last: char| last.is_ascii_digit());
    (starts && ends).then(|| serde_json::from_str::<f64>(text).ok()).flatten()
}

fn date(text: &str) -> Option<i64> {
    // An offset of +02:00 that was not percent-encoded arrives with a space.
    let mend = || text.rsplit_once(' ').map(|(moment, offset)| format!("{moment}+{offset}"));
    dates::parse_date(text).or_else(|| dates::parse_date(&mend()?))
}

fn conditions_from(value: &str) -> Result<Filter, QueryError> {
    let value: Value = serde_json::from_str(value).map_err(|error| {
        QueryError::new("filter", format!("is not JSON ({error}), write conditions or leave it out"))
    })?;
    conditions::parse_parameter(&value)
}

fn whole(name: &str, value: &str, min: u32, max: u32) -> Result<u32, QueryError> {
    let number = value.parse().ok().filter(|number| (min..=max).contains(number));
    number.ok_or_else(|| QueryError::new(name, format!("must be a whole number from {min} to {max}")))
}

fn boolean(name: &str, value: &str) -> Result<bool, QueryError> {
    match value {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(QueryError::new(name, "must be true or false")),
    }
}

fn cursor(value: &str) -> Result<String, QueryError> {
    if value.chars().nth(CURSOR_CHARS_MAX).is_some() || value.chars().any(char::is_control) {
        return Err(QueryError::new(
            "cursor",
            "is not one that was handed out, take it from the last answer unchanged",
        ));
    }
    Ok(value.to_owned())
}

fn decode(raw: &str, name: &str) -> Result<String, QueryError> {
    let spaced = raw.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    let decoded =
        decoded.map_err(|_| QueryError::new(name, "is not UTF-8 once its percent signs are decoded"))?;
    if decoded.contains('\0') {
        return Err(QueryError::new(name, "has a NUL character in it, remove it"));
    }
    Ok(decoded.into_owned())
}
