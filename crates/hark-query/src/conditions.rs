//! Conditions as JSON: what audiences, segments and automation store, and how a filter is printed.
//!
//! A condition is one of
//!
//! ```json
//! { "all": [ … ] }      every one of these conditions; an empty list is true
//! { "any": [ … ] }      at least one of these; an empty list is false
//! { "not": … }          the opposite of this condition
//! { "path": "customData.plan", "op": "is", "value": "pro" }
//! { }                   everything
//! ```
//!
//! A value is typed as JSON types it: `null`, `true`, `5`, `"text"`; a moment is written
//! `{"date": "2025-09-01T00:00:00.000Z"}`.
//!
//! | `op` | true if the property | `value` |
//! |---|---|---|
//! | `is`, `isnot` | equals the value, or does not | any value |
//! | `in`, `notin` | equals one of them, or none | a list of values |
//! | `contains`, `notcontains` | has the text in it, or has not | a text |
//! | `startswith`, `endswith` | begins or ends so | a text |
//! | `gt`, `gte`, `lt`, `lte` | is after, not before, before, not after | a number, text or moment |
//! | `before`, `after` | is a moment before or after | a moment, or its text alone |
//! | `olderthan`, `newerthan` | is a moment further back than this, or less far | `{"days": 30}`, `{"hours": 8}` or `{"minutes": 5}` |
//! | `exists` | has a value other than null, or has none | `true` or `false` |
//! | `empty`, `notempty` | is missing, null or the empty text, or is not | none |
//!
//! `isnot`, `notin` and `notcontains` are true of a missing property. These three and `before`,
//! `after`, `olderthan`, `newerthan`, `empty` and `notempty` are shorthand: a filter is printed
//! without them.

use serde_json::{Map, Value, json};

use crate::ast::{Filter, Literal, Op, Path};
use crate::dates;
use crate::error::QueryError;
use crate::limits::{CONDITIONS_DEPTH_MAX, CONDITIONS_MAX, DAYS_MAX, LIST_MAX, PARAMETERS_MAX};

/// Every operator, as messages list them.
pub const OPERATORS: &[&str] = &[
    "is",
    "isnot",
    "in",
    "notin",
    "contains",
    "notcontains",
    "startswith",
    "endswith",
    "gt",
    "gte",
    "lt",
    "lte",
    "before",
    "after",
    "olderthan",
    "newerthan",
    "exists",
    "empty",
    "notempty",
];

/// Integers that a 64-bit float holds exactly end here.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// Reads conditions that do not depend on the time; `olderthan` and `newerthan` are refused.
pub fn parse_conditions(value: &Value) -> Result<Filter, QueryError> {
    Parser { conditions_left: CONDITIONS_MAX, now_ms: None }.whole("conditions", value, 1)
}

/// Reads conditions; `olderthan` and `newerthan` count back from `now_ms`, so conditions that are
/// kept are kept as JSON and read anew each time they are asked.
pub fn parse_conditions_at(value: &Value, now_ms: i64) -> Result<Filter, QueryError> {
    Parser { conditions_left: CONDITIONS_MAX, now_ms: Some(now_ms) }.whole("conditions", value, 1)
}

/// Reads the `filter` parameter of a query string. It leaves room for what the other parameters may
/// add, a level and two conditions each, so that the whole can be printed and read again.
pub(crate) fn parse_parameter(value: &Value) -> Result<Filter, QueryError> {
    let conditions_left = CONDITIONS_MAX - 2 * PARAMETERS_MAX;
    Parser { conditions_left, now_ms: None }.whole("filter", value, 2)
}

impl Filter {
    /// Prints the filter; [`parse_conditions`] reads it back unchanged, within the limits.
    pub fn to_conditions(&self) -> Value {
        let list = |filters: &[Self]| Value::Array(filters.iter().map(Self::to_conditions).collect());
        match self {
            Self::All(filters) => json!({ "all": list(filters) }),
            Self::Any(filters) => json!({ "any": list(filters) }),
            Self::Not(filter) => json!({ "not": filter.to_conditions() }),
            Self::Test { path, op } => {
                let (name, value) = print_op(op);
                json!({ "path": path.to_string(), "op": name, "value": value })
            }
        }
    }
}

fn print_op(op: &Op) -> (&'static str, Value) {
    match op {
        Op::Equal(literal) => ("is", print_literal(literal)),
        Op::OneOf(literals) => ("in", Value::Array(literals.iter().map(print_literal).collect())),
        Op::Less(literal) => ("lt", print_literal(literal)),
        Op::LessOrEqual(literal) => ("lte", print_literal(literal)),
        Op::Greater(literal) => ("gt", print_literal(literal)),
        Op::GreaterOrEqual(literal) => ("gte", print_literal(literal)),
        Op::Exists(wanted) => ("exists", json!(wanted)),
        Op::Contains(text) => ("contains", json!(text)),
        Op::StartsWith(text) => ("startswith", json!(text)),
        Op::EndsWith(text) => ("endswith", json!(text)),
    }
}

fn print_literal(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => json!(value),
        Literal::Number(number) if number.fract() == 0.0 && number.abs() <= EXACT_MAX => {
            json!(*number as i64)
        }
        Literal::Number(number) => json!(number),
        Literal::Text(text) => json!(text),
        Literal::Date(ms) => json!({ "date": dates::format_date(*ms) }),
    }
}

/// Reads conditions and counts them on the way. Errors are about the place below; each level puts
/// its own name in front.
struct Parser {
    conditions_left: usize,
    now_ms: Option<i64>,
}

type Object = Map<String, Value>;

impl Parser {
    fn whole(mut self, name: &str, value: &Value, depth: usize) -> Result<Filter, QueryError> {
        self.condition(value, depth).map_err(|error| error.inside(name))
    }

    fn condition(&mut self, value: &Value, depth: usize) -> Result<Filter, QueryError> {
        self.count(depth)?;
        let object = value.as_object().ok_or_else(not_a_condition)?;
        if object.contains_key("path") {
            return self.test(object, depth);
        }
        let mut entries = object.iter();
        match (entries.next(), entries.next()) {
            (None, _) => Ok(Filter::everything()),
            (Some((key, list)), None) if key == "all" => self.list(key, list, depth).map(Filter::All),
            (Some((key, list)), None) if key == "any" => self.list(key, list, depth).map(Filter::Any),
            (Some((key, inner)), None) if key == "not" => {
                let inner = self.condition(inner, depth + 1).map_err(|error| error.inside(key))?;
                Ok(inner.negated())
            }
            _ => Err(not_a_condition()),
        }
    }

    fn list(&mut self, key: &str, value: &Value, depth: usize) -> Result<Vec<Filter>, QueryError> {
        let values = value.as_array().ok_or_else(|| QueryError::new(key, "must be a list of conditions"))?;
        let read = |(index, value)| {
            self.condition(value, depth + 1).map_err(|error| error.inside(format!("{key}/{index}")))
        };
        values.iter().enumerate().map(read).collect()
    }

    fn test(&mut self, object: &Object, depth: usize) -> Result<Filter, QueryError> {
        if let Some(key) = object.keys().find(|key| !matches!(key.as_str(), "path" | "op" | "value")) {
            return Err(QueryError::new(key, "is unknown, a condition with a path has path, op and value"));
        }
        let text = |key: &str| {
            let found = object.get(key).and_then(Value::as_str);
            found.ok_or_else(|| QueryError::new(key, "must be a text"))
        };
        let path = Path::parse(text("path")?).map_err(|error| error.about("path"))?;
        let value = object.get("value").unwrap_or(&Value::Null);
        match text("op")? {
            "isnot" => self.negated(path, "is", value, depth),
            "notin" => self.negated(path, "in", value, depth),
            "notcontains" => self.negated(path, "contains", value, depth),
            "empty" => self.empty(path, depth),
            "notempty" => {
                self.count(depth + 1)?;
                Ok(self.empty(path, depth + 1)?.negated())
            }
            name => Ok(Filter::test(path, self.op(name, value)?)),
        }
    }

    fn negated(&mut self, path: Path, name: &str, value: &Value, depth: usize) -> Result<Filter, QueryError> {
        self.count(depth + 1)?;
        Ok(Filter::test(path, self.op(name, value)?).negated())
    }

    fn empty(&mut self, path: Path, depth: usize) -> Result<Filter, QueryError> {
        self.count(depth + 1)?;
        self.count(depth + 1)?;
        Ok(Filter::Any(vec![Filter::exists(path.clone(), false), Filter::equal(path, "")]))
    }

    fn op(&self, name: &str, value: &Value) -> Result<Op, QueryError> {
        match name {
            "is" => literal(value).map(Op::Equal),
            "in" => literals(value).map(Op::OneOf),
            "contains" => text(value).map(Op::Contains),
            "startswith" => text(value).map(Op::StartsWith),
            "endswith" => text(value).map(Op::EndsWith),
            "gt" => orderable(value).map(Op::Greater),
            "gte" => orderable(value).map(Op::GreaterOrEqual),
            "lt" => orderable(value).map(Op::Less),
            "lte" => orderable(value).map(Op::LessOrEqual),
            "before" => moment(value).map(Op::Less),
            "after" => moment(value).map(Op::Greater),
            "olderthan" => self.ago(value).map(Op::Less),
            "newerthan" => self.ago(value).map(Op::Greater),
            "exists" => {
                let wanted =
                    value.as_bool().ok_or_else(|| QueryError::new("value", "must be true or false"))?;
                Ok(Op::Exists(wanted))
            }
            _ => {
                Err(QueryError::new("op", format!("is not an operator, use one of {}", OPERATORS.join(", "))))
            }
        }
    }

    fn ago(&self, value: &Value) -> Result<Literal, QueryError> {
        let now_ms = self.now_ms.ok_or_else(|| {
            QueryError::new(
                "op",
                "cannot be used here, where the time is not known; use before or after with a date",
            )
        })?;
        let duration =
            value.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
        let day_ms = 86_400_000.0;
        let duration_ms = duration.and_then(|(unit, count)| match unit.as_str() {
            "days" => Some(count.as_f64()? * day_ms),
            "hours" => Some(count.as_f64()? * 3_600_000.0),
            "minutes" => Some(count.as_f64()? * 60_000.0),
            _ => None,
        });
        match duration_ms {
            Some(ms) if (0.0..=DAYS_MAX * day_ms).contains(&ms) => {
                Ok(Literal::Date(now_ms.saturating_sub(ms as i64)))
            }
            _ => Err(QueryError::new(
                "value",
                format!(
                    r#"must be a duration such as {{"days": 30}}, {{"hours": 8}} or {{"minutes": 5}}, at most {DAYS_MAX} days"#
                ),
            )),
        }
    }

    /// Takes note of one more condition, as it would be printed.
    fn count(&mut self, depth: usize) -> Result<(), QueryError> {
        if depth > CONDITIONS_DEPTH_MAX {
            let message = format!("is nested too deeply, at most {CONDITIONS_DEPTH_MAX} levels are allowed");
            return Err(QueryError::new("", message));
        }
        self.conditions_left = self.conditions_left.checked_sub(1).ok_or_else(|| {
            QueryError::new(
                "",
                format!("is one condition too many, at most {CONDITIONS_MAX} are allowed in all"),
            )
        })?;
        Ok(())
    }
}

fn not_a_condition() -> QueryError {
    let message = r#"is not a condition, write {"all": […]}, {"any": […]}, {"not": …} or {"path": …, "op": …, "value": …}"#;
    QueryError::new("", message)
}

fn text(value: &Value) -> Result<String, QueryError> {
    let text = value.as_str().ok_or_else(|| QueryError::new("value", "must be a text"))?;
    Literal::text(text, "value")
}

fn literals(value: &Value) -> Result<Vec<Literal>, QueryError> {
    let values = value.as_array().filter(|values| values.len() <= LIST_MAX);
    let values = values
        .ok_or_else(|| QueryError::new("value", format!("must be a list of at most {LIST_MAX} values")))?;
    values.iter().map(literal).collect()
}

fn literal(value: &Value) -> Result<Literal, QueryError> {
    match value {
        Value::Null => Ok(Literal::Null),
        Value::Bool(value) => Ok(Literal::Bool(*value)),
        Value::Number(number) => number.as_f64().map(Literal::Number).ok_or_else(not_a_value),
        Value::String(text) => Literal::text(text, "value").map(Literal::Text),
        Value::Object(object) if object.len() == 1 && object.contains_key("date") => moment(value),
        Value::Array(_) | Value::Object(_) => Err(not_a_value()),
    }
}

fn not_a_value() -> QueryError {
    QueryError::new(
        "value",
        r#"must be null, true, false, a number, a text or {"date": "2025-09-01T00:00:00.000Z"}; lists go with in and notin"#,
    )
}

fn orderable(value: &Value) -> Result<Literal, QueryError> {
    match literal(value)? {
        Literal::Null | Literal::Bool(_) => Err(QueryError::new(
            "value",
            r#"has no order, compare with a number, a text or {"date": "2025-09-01T00:00:00.000Z"}"#,
        )),
        literal => Ok(literal),
    }
}

/// A moment, as `{"date": …}` or as its text alone.
fn moment(value: &Value) -> Result<Literal, QueryError> {
    let text = value.as_str().or_else(|| value.get("date")?.as_str());
    let refuse = || {
        QueryError::new("value", "must be an ISO 8601 date such as 2025-09-01 or 2025-09-01T00:00:00.000Z")
    };
    text.and_then(dates::parse_date).map(Literal::Date).ok_or_else(refuse)
}
