//! The order of a list in SQL: its sort keys, and the condition for everything behind a document.

use hark_query::{Sort, SortKey};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::id::Id;
use crate::kind::{ColumnType, Field, Kind};
use crate::place::{JsonValue, Place, place};
use crate::sql::{Dialect, Parameters, Row, Value};

/// An order without ties: sort keys, then the id.
///
/// Ids follow the time of creation, so `createdAt` is the id, which has an index in every table, unless
/// the kind has a column for it.
/// Ties of the other keys are ordered by id in the direction of the first key, so that one index
/// on the key and the id gives the whole order.
pub(crate) struct Order {
    keys: Vec<Key>,
    id_descending: bool,
}

struct Key {
    descending: bool,
    source: Source,
}

/// Where the values of a key are.
enum Source {
    /// A column of unix milliseconds that is never null.
    Moment(&'static str),
    /// A column that holds values of its type or null.
    Column(&'static Field),
    /// JSON: the place of the value's type in the order, the value if it is a number or a boolean,
    /// and the value if it is a text.
    Json { rank: String, number: String, text: String },
}

/// What a document has at a sort key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum SortValue {
    /// Nothing that can be sorted.
    #[serde(rename = "x")]
    Missing,
    /// The bits of a 64-bit float, because its digits would have to be read back exactly.
    #[serde(rename = "n")]
    Number(u64),
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "b")]
    Bool(bool),
    #[serde(rename = "m")]
    Moment(i64),
}

/// The place of missing values, last in both directions.
const RANK_MISSING: i64 = 3;

impl Order {
    pub(crate) fn new(
        kind: &Kind,
        sort: &Sort,
        dialect: Dialect,
        parameters: &mut Parameters,
    ) -> Result<Order> {
        let mut keys = Vec::new();
        for SortKey { path, descending } in &sort.keys {
            let descending = *descending;
            let source = match place(kind, path)? {
                // Nothing follows a key without ties.
                Place::Moment("created_at") | Place::Column(Field { column: "id", .. }) => {
                    return Ok(Order { keys, id_descending: descending });
                }
                Place::Moment(column) => Source::Moment(column),
                Place::Column(field) => Source::Column(field),
                Place::Document => json(&JsonValue::at(path, dialect, parameters), descending),
            };
            keys.push(Key { descending, source });
        }
        let id_descending = keys.first().is_none_or(|key| key.descending);
        Ok(Order { keys, id_descending })
    }

    /// What to select, behind other columns, so that [`Order::values`] can read it.
    pub(crate) fn columns(&self) -> String {
        let columns = self.keys.iter().enumerate().map(|(at, key)| match &key.source {
            Source::Moment(column) => format!(", {column}"),
            Source::Column(field) => format!(", {}", field.column),
            Source::Json { rank, number, text } => {
                format!(", {rank} as key_{at}_rank, {number} as key_{at}_number, {text} as key_{at}_text")
            }
        });
        columns.collect()
    }

    /// The column of the first key, if it has one.
    pub(crate) fn first_column(&self) -> Option<&'static str> {
        match &self.keys.first()?.source {
            Source::Moment(column) => Some(column),
            Source::Column(field) => Some(field.column),
            Source::Json { .. } => None,
        }
    }

    /// What stands behind `order by`.
    pub(crate) fn order_by(&self) -> String {
        let keys = self.keys.iter().enumerate().map(|(at, key)| {
            let direction = direction(key.descending);
            match &key.source {
                Source::Moment(column) => format!("{column} {direction}, "),
                Source::Column(field) => format!("{} {direction} nulls last, ", field.column),
                Source::Json { .. } => {
                    format!("key_{at}_rank, key_{at}_number {direction}, key_{at}_text {direction}, ")
                }
            }
        });
        format!("{}id {}", keys.collect::<String>(), direction(self.id_descending))
    }

    /// Reads what [`Order::columns`] selected, the first of it at column `first`.
    pub(crate) fn values(&self, row: &mut Row, first: usize) -> Result<Vec<SortValue>> {
        let mut at = first;
        let mut values = Vec::new();
        for key in &self.keys {
            values.push(match &key.source {
                Source::Moment(_) => SortValue::Moment(row.int(at)?),
                Source::Column(field) => column_value(row.take(at), field.column_type)?,
                Source::Json { .. } => json_value(row, at, key.descending)?,
            });
            at += if matches!(key.source, Source::Json { .. }) { 3 } else { 1 };
        }
        Ok(values)
    }

    /// The condition for what comes behind the document with this id and these values, or `None`
    /// when they are not of this order.
    pub(crate) fn behind(&self, id: Id, values: &[SortValue], parameters: &mut Parameters) -> Option<String> {
        if values.len() != self.keys.len() {
            return None;
        }
        let id = parameters.bind(Value::text(id));
        let mut condition = format!("id {} {id}", sign(self.id_descending));
        for (key, value) in self.keys.iter().zip(values).rev() {
            let (after, same) = key.after_and_same(value, parameters)?;
            condition = format!("({after} or ({same} and {condition}))");
        }
        Some(condition)
    }
}

impl Key {
    /// The conditions for values behind this one, and for values equal to it.
    fn after_and_same(&self, value: &SortValue, parameters: &mut Parameters) -> Option<(String, String)> {
        let sign = sign(self.descending);
        match (&self.source, value) {
            (Source::Moment(column), SortValue::Moment(ms)) => {
                let bound = parameters.bind((*ms).into());
                Some((format!("{column} {sign} {bound}"), format!("{column} = {bound}")))
            }
            (Source::Column(field), SortValue::Missing) => {
                Some(("false".to_owned(), format!("{} is null", field.column)))
            }
            (Source::Column(Field { column, column_type, .. }), value) => {
                let bound = parameters.bind(scalar(value, *column_type)?);
                let after = format!("({column} {sign} {bound} or {column} is null)");
                Some((after, format!("{column} = {bound}")))
            }
            (Source::Json { rank, .. }, SortValue::Missing) => {
                Some(("false".to_owned(), format!("{rank} = {RANK_MISSING}")))
            }
            (Source::Json { rank, number, text }, value) => {
                let (ty, slot, bound) = match value {
                    SortValue::Number(_) => (ColumnType::Number, number, scalar(value, ColumnType::Number)?),
                    SortValue::Text(_) => (ColumnType::Text, text, scalar(value, ColumnType::Text)?),
                    SortValue::Bool(value) => (ColumnType::Bool, number, Value::Float(f64::from(*value))),
                    SortValue::Missing | SortValue::Moment(_) => return None,
                };
                let here = rank_of(ty, self.descending);
                let bound = parameters.bind(bound);
                let after = format!("({rank} > {here} or ({rank} = {here} and {slot} {sign} {bound}))");
                Some((after, format!("({rank} = {here} and {slot} = {bound})")))
            }
            (Source::Moment(_), _) => None,
        }
    }
}

/// The expressions of a key inside JSON. Numbers come before texts before booleans.
fn json(value: &JsonValue, descending: bool) -> Source {
    let types = [ColumnType::Number, ColumnType::Text, ColumnType::Bool];
    let ranks: String =
        types.iter().map(|ty| value.branch(*ty, &rank_of(*ty, descending).to_string())).collect();
    Source::Json {
        rank: format!("(case{ranks} else {RANK_MISSING} end)"),
        number: format!(
            "(case{}{} end)",
            value.branch(ColumnType::Number, "{x}"),
            value.branch(ColumnType::Bool, "case when {x} then 1.0 else 0.0 end")
        ),
        text: format!("(case{} end)", value.branch(ColumnType::Text, "{x}")),
    }
}

fn rank_of(ty: ColumnType, descending: bool) -> i64 {
    let ascending = match ty {
        ColumnType::Number => 0,
        ColumnType::Text => 1,
        ColumnType::Bool => 2,
    };
    if descending { 2 - ascending } else { ascending }
}

fn json_value(row: &mut Row, at: usize, descending: bool) -> Result<SortValue> {
    let rank = row.int(at)?;
    let is = |ty| rank == rank_of(ty, descending);
    let (number, text) = (row.take(at + 1), row.take(at + 2));
    match (number, text) {
        (Value::Float(value), _) if is(ColumnType::Number) => Ok(SortValue::Number(value.to_bits())),
        (Value::Float(value), _) if is(ColumnType::Bool) => Ok(SortValue::Bool(value != 0.0)),
        (_, Value::Text(text)) if is(ColumnType::Text) => Ok(SortValue::Text(text)),
        _ if rank == RANK_MISSING => Ok(SortValue::Missing),
        other => Err(Error::internal(format!("a sort key of rank {rank} is {other:?}"))),
    }
}

fn column_value(value: Value, ty: ColumnType) -> Result<SortValue> {
    match (value, ty) {
        (Value::Null, _) => Ok(SortValue::Missing),
        (Value::Text(text), ColumnType::Text) => Ok(SortValue::Text(text)),
        (Value::Float(value), ColumnType::Number) => Ok(SortValue::Number(value.to_bits())),
        (Value::Int(value), ColumnType::Bool) => Ok(SortValue::Bool(value != 0)),
        (Value::Bool(value), ColumnType::Bool) => Ok(SortValue::Bool(value)),
        (other, ty) => Err(Error::internal(format!("a column of {ty:?} holds {other:?}"))),
    }
}

/// A value to compare with a column of this type, if it is of the type and can be held.
fn scalar(value: &SortValue, ty: ColumnType) -> Option<Value> {
    match (value, ty) {
        (SortValue::Text(text), ColumnType::Text) if !text.contains('\0') => Some(Value::Text(text.clone())),
        (SortValue::Number(bits), ColumnType::Number) => {
            Some(f64::from_bits(*bits)).filter(|value| value.is_finite()).map(Value::Float)
        }
        (SortValue::Bool(value), ColumnType::Bool) => Some(Value::Bool(*value)),
        _ => None,
    }
}

fn direction(descending: bool) -> &'static str {
    if descending { "desc" } else { "asc" }
}

fn sign(descending: bool) -> &'static str {
    if descending { "<" } else { ">" }
}
