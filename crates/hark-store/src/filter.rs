//! Compiles a filter to a SQL condition that is true of the same documents as [`Filter::matches`].
//!
//! A compiled test may be null where it is not true. `and` and `or` pass that on harmlessly, and the
//! only negation is `is not true`, so columns stay bare and indexes can be used.

use hark_query::dates::{MS_MAX, MS_MIN, format_date, parse_date};
use hark_query::{Filter, Literal, Op, Path};

use crate::error::{Error, Result};
use crate::kind::{ColumnType, Kind};
use crate::place::{JsonValue, Place, TextPart, has_part, is_canonical_date, one_of, place};
use crate::sql::{Dialect, Parameters, Value};

/// Levels of filters within filters.
const DEPTH_MAX: usize = 40;
/// Tests in one filter; each binds a dozen parameters at most, and engines take 32,766.
const TESTS_MAX: usize = 2_000;
/// Values that the tests of one filter compare with.
const VALUES_MAX: usize = 20_000;

/// The condition for the documents of a kind that a filter is true of.
///
/// # Errors
/// [`Error::Invalid`] when the filter is too large, or asks for what never leaves the server.
pub(crate) fn condition(
    filter: &Filter,
    kind: &Kind,
    dialect: Dialect,
    parameters: &mut Parameters,
) -> Result<String> {
    Compiler { kind, dialect, parameters, tests: 0, values: 0 }.filter(filter, 1)
}

/// Several conditions as one, as a balanced tree, because SQLite bounds the depth of expressions.
pub(crate) fn join(conditions: &[String], word: &str, empty: &str) -> String {
    match conditions {
        [] => empty.to_owned(),
        [one] => one.clone(),
        several => {
            let (left, right) = several.split_at(several.len() / 2);
            format!("({} {word} {})", join(left, word, empty), join(right, word, empty))
        }
    }
}

struct Compiler<'c> {
    kind: &'c Kind,
    dialect: Dialect,
    parameters: &'c mut Parameters,
    tests: usize,
    values: usize,
}

/// What must be true of a value of a type; `{x}` is the value.
type Branch = (ColumnType, String);

/// What a test asks of values.
struct Meaning {
    /// True of a missing value.
    missing: bool,
    /// By the value's type, each of which occurs once.
    branches: Vec<Branch>,
    /// Whether an element of an array counts.
    in_arrays: bool,
}

impl Compiler<'_> {
    fn filter(&mut self, filter: &Filter, depth: usize) -> Result<String> {
        if depth > DEPTH_MAX {
            let sentence = format!("the filter is nested too deeply, at most {DEPTH_MAX} levels are allowed");
            return Err(Error::Invalid(sentence));
        }
        match filter {
            Filter::All(filters) => Ok(join(&self.filters(filters, depth)?, "and", "true")),
            Filter::Any(filters) => Ok(join(&self.filters(filters, depth)?, "or", "false")),
            Filter::Not(inner) => Ok(is_not_true(&self.filter(inner, depth + 1)?)),
            Filter::Test { path, op } => self.test(path, op),
        }
    }

    fn filters(&mut self, filters: &[Filter], depth: usize) -> Result<Vec<String>> {
        filters.iter().map(|filter| self.filter(filter, depth + 1)).collect()
    }

    fn test(&mut self, path: &Path, op: &Op) -> Result<String> {
        self.tests += 1;
        if self.tests > TESTS_MAX {
            let sentence = format!("the filter has too many conditions, at most {TESTS_MAX} are allowed");
            return Err(Error::Invalid(sentence));
        }
        match place(self.kind, path)? {
            Place::Column(field) => self.column(field.column, field.column_type, op),
            Place::Moment(column) => self.moment(column, path, op),
            Place::Document => self.document(path, op),
        }
    }

    fn column(&mut self, column: &str, ty: ColumnType, op: &Op) -> Result<String> {
        if let Op::Exists(wanted) = op {
            return Ok(format!("{column} is {}null", if *wanted { "not " } else { "" }));
        }
        let meaning = self.meaning(op, Some(ty))?;
        let mut any: Vec<String> =
            meaning.branches.iter().map(|(_, sql)| sql.replace("{x}", column)).collect();
        if meaning.missing {
            any.push(format!("{column} is null"));
        }
        Ok(join(&any, "or", "false"))
    }

    /// A test of `createdAt` or `updatedAt`, which have one spelling in documents: comparing them
    /// with a text of that spelling is comparing them with the moment.
    fn moment(&mut self, column: &str, path: &Path, op: &Op) -> Result<String> {
        let (comparison, literals) = match op {
            Op::Exists(wanted) => return Ok(wanted.to_string()),
            Op::Equal(literal) => ("=", std::slice::from_ref(literal)),
            Op::OneOf(literals) => ("=", literals.as_slice()),
            Op::Less(literal @ Literal::Date(_)) => ("<", std::slice::from_ref(literal)),
            Op::LessOrEqual(literal @ Literal::Date(_)) => ("<=", std::slice::from_ref(literal)),
            Op::Greater(literal @ Literal::Date(_)) => (">", std::slice::from_ref(literal)),
            Op::GreaterOrEqual(literal @ Literal::Date(_)) => (">=", std::slice::from_ref(literal)),
            _ => return self.document(path, op),
        };
        self.count_values(literals.len())?;
        let any: Vec<String> = literals
            .iter()
            .filter_map(|literal| match literal {
                Literal::Date(ms) => Some((*ms).clamp(MS_MIN, MS_MAX)),
                Literal::Text(text) => parse_date(text).filter(|ms| format_date(*ms) == *text),
                Literal::Null | Literal::Bool(_) | Literal::Number(_) => None,
            })
            .map(|ms| format!("{column} {comparison} {}", self.parameters.bind(ms.into())))
            .collect();
        Ok(join(&any, "or", "false"))
    }

    fn document(&mut self, path: &Path, op: &Op) -> Result<String> {
        if let Op::Exists(wanted) = op {
            let exists = JsonValue::at(path, self.dialect, self.parameters).exists();
            return Ok(if *wanted { exists } else { is_not_true(&exists) });
        }
        let meaning = self.meaning(op, None)?;
        if !meaning.missing && meaning.branches.is_empty() {
            return Ok("false".to_owned());
        }
        let value = JsonValue::at(path, self.dialect, self.parameters);
        let mut any = Vec::new();
        if !meaning.branches.is_empty() {
            any.push(value.any(&meaning.branches, meaning.in_arrays));
        }
        if meaning.missing {
            any.push(is_not_true(&value.exists()));
        }
        Ok(join(&any, "or", "false"))
    }

    /// What a test means; with `only`, what it means for values of that type and missing ones.
    fn meaning(&mut self, op: &Op, only: Option<ColumnType>) -> Result<Meaning> {
        let literals = match op {
            Op::Equal(literal) => std::slice::from_ref(literal),
            Op::OneOf(literals) => literals.as_slice(),
            _ => &[],
        };
        let branches = match op {
            Op::Equal(_) | Op::OneOf(_) => self.equal_to(literals, only)?,
            Op::Contains(part) => self.part(TextPart::Anywhere, part, only)?,
            Op::StartsWith(part) => self.part(TextPart::Start, part, only)?,
            Op::EndsWith(part) => self.part(TextPart::End, part, only)?,
            Op::Less(literal) => self.ordering("<", literal, only)?,
            Op::LessOrEqual(literal) => self.ordering("<=", literal, only)?,
            Op::Greater(literal) => self.ordering(">", literal, only)?,
            Op::GreaterOrEqual(literal) => self.ordering(">=", literal, only)?,
            Op::Exists(_) => return Err(Error::internal("existence is no question of type")),
        };
        let in_arrays =
            !matches!(op, Op::Less(_) | Op::LessOrEqual(_) | Op::Greater(_) | Op::GreaterOrEqual(_));
        Ok(Meaning { missing: literals.contains(&Literal::Null), branches, in_arrays })
    }

    fn equal_to(&mut self, literals: &[Literal], only: Option<ColumnType>) -> Result<Vec<Branch>> {
        self.count_values(literals.len())?;
        let (mut texts, mut numbers, mut bools) = (Vec::new(), Vec::new(), Vec::new());
        for literal in literals {
            match literal {
                Literal::Null => {}
                Literal::Bool(value) => bools.push(*value),
                Literal::Number(value) => numbers.push(*value),
                Literal::Text(text) => texts.push(checked(text)?),
                Literal::Date(ms) => texts.push(format_date(*ms)),
            }
        }
        let mut branches = Vec::new();
        if takes(only, ColumnType::Text) {
            branches.extend(self.one_of(ColumnType::Text, texts)?);
        }
        if takes(only, ColumnType::Number) {
            branches.extend(self.one_of(ColumnType::Number, numbers)?);
        }
        if takes(only, ColumnType::Bool) {
            bools.dedup();
            let sql = match bools[..] {
                [] => None,
                [one] => Some(format!("{{x}} = {}", self.parameters.bind(one.into()))),
                _ => Some("{x} is not null".to_owned()),
            };
            branches.extend(sql.map(|sql| (ColumnType::Bool, sql)));
        }
        Ok(branches)
    }

    fn one_of<T>(&mut self, ty: ColumnType, mut values: Vec<T>) -> Result<Option<Branch>>
    where
        T: Into<Value> + serde::Serialize,
    {
        let sql = match values.len() {
            0 => return Ok(None),
            1 => format!("{{x}} = {}", self.parameters.bind(values.swap_remove(0).into())),
            _ => {
                let array = self.parameters.bind(Value::Text(serde_json::to_string(&values)?));
                one_of(ty, &array, self.dialect)
            }
        };
        Ok(Some((ty, sql)))
    }

    fn part(&mut self, place: TextPart, part: &str, only: Option<ColumnType>) -> Result<Vec<Branch>> {
        self.count_values(1)?;
        if !takes(only, ColumnType::Text) {
            return Ok(Vec::new());
        }
        let part = checked(part)?.to_ascii_lowercase();
        let sql = if part.is_empty() {
            // The empty text is in every text.
            "{x} is not null".to_owned()
        } else {
            let part = self.parameters.bind(Value::Text(part));
            has_part(place, &part, self.dialect)
        };
        Ok(vec![(ColumnType::Text, sql)])
    }

    fn ordering(&mut self, sign: &str, literal: &Literal, only: Option<ColumnType>) -> Result<Vec<Branch>> {
        self.count_values(1)?;
        let (ty, bound) = match literal {
            Literal::Number(value) => (ColumnType::Number, Value::Float(*value)),
            Literal::Text(text) => (ColumnType::Text, Value::Text(checked(text)?)),
            Literal::Date(ms) => (ColumnType::Text, Value::Text(format_date(*ms))),
            Literal::Null | Literal::Bool(_) => return Ok(Vec::new()),
        };
        if !takes(only, ty) {
            return Ok(Vec::new());
        }
        let mut sql = format!("{{x}} {sign} {}", self.parameters.bind(bound));
        if matches!(literal, Literal::Date(_)) {
            sql = format!("({sql} and {})", is_canonical_date(self.dialect));
        }
        Ok(vec![(ty, sql)])
    }

    fn count_values(&mut self, more: usize) -> Result<()> {
        self.values += more;
        if self.values <= VALUES_MAX {
            return Ok(());
        }
        Err(Error::Invalid(format!(
            "the filter compares with too many values, at most {VALUES_MAX} are allowed"
        )))
    }
}

/// Whether a place that holds only one type, or any, can hold this one.
fn takes(only: Option<ColumnType>, ty: ColumnType) -> bool {
    only.is_none_or(|only| only == ty)
}

fn is_not_true(condition: &str) -> String {
    format!("(({condition}) is not true)")
}

/// A text that PostgreSQL can hold.
fn checked(text: &str) -> Result<String> {
    if text.contains('\0') {
        let sentence = "the filter has a NUL character in a text, remove it";
        return Err(Error::invalid(sentence));
    }
    Ok(text.to_owned())
}
