//! Where a property of a document is in SQL, and how JSON is read in the words of either engine.
//!
//! Beside full-text search this is the only place where the engines' SQL differs
//! in more than a word. Nothing that a caller sent becomes text of a statement:
//! paths and values are bound parameters.

use hark_query::Path;

use crate::error::{Error, Result};
use crate::kind::{ColumnType, Field, Kind};
use crate::sql::{Dialect, Parameters, Value};

/// Where a property is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// In a column of its own, which an index may know.
    ///
    /// The rules of a kind see to it that such a property holds a value of the column's type or
    /// nothing, so a test for another type is false without a look into the document.
    Column(&'static Field),
    /// In a column of unix milliseconds that is never null; the document has it as text.
    Moment(&'static str),
    /// In the document.
    Document,
}

const ID: Field = Field::text("id", "id");

/// Finds a property of a kind.
///
/// # Errors
/// Refuses properties that not everybody may see: what a caller may compare with, it can find out.
pub(crate) fn place(kind: &Kind, path: &Path) -> Result<Place> {
    let first = path.segments().first().map_or("", |first| first.as_str());
    if kind.hidden.contains(&first) {
        let sentence = format!("`{path}` cannot be filtered or sorted by, it never leaves the server");
        return Err(Error::Invalid(sentence));
    }
    if kind.guarded.iter().any(|(property, _)| *property == first) {
        return Err(Error::Invalid(format!("`{path}` cannot be filtered or sorted by, it is a secret")));
    }
    let dotted = path.to_string();
    // Documents of a kind that has a column for it may be older than their rows.
    if let Some(field) = kind.column(&dotted) {
        return Ok(Place::Column(field));
    }
    Ok(match dotted.as_str() {
        "_id" | "id" => Place::Column(&ID),
        "createdAt" => Place::Moment("created_at"),
        "updatedAt" => Place::Moment("updated_at"),
        _ => Place::Document,
    })
}

/// A value inside JSON, as expressions.
#[derive(Debug)]
pub(crate) struct JsonValue {
    dialect: Dialect,
    /// The name of its type; null where there is nothing.
    type_name: String,
    /// A scalar as the engine hands it out: only to be read through [`JsonValue::read`].
    scalar: String,
    /// The rows of an array, called `element`.
    elements: String,
}

impl JsonValue {
    /// The value at a path of the document.
    ///
    /// The steps are text keys, which find nothing in arrays.
    pub(crate) fn at(path: &Path, dialect: Dialect, parameters: &mut Parameters) -> JsonValue {
        match dialect {
            Dialect::Sqlite => {
                // A path holds no quotes and no backslashes, so quoting its names is enough.
                let quoted: String = path.segments().iter().map(|name| format!(".\"{name}\"")).collect();
                let path = parameters.bind(Value::Text(format!("${quoted}")));
                JsonValue {
                    dialect,
                    type_name: format!("json_type(doc, {path})"),
                    scalar: format!("(doc ->> {path})"),
                    elements: format!("json_each(doc, {path}) as element"),
                }
            }
            Dialect::Postgres => {
                let steps: String = path
                    .segments()
                    .iter()
                    .map(|name| format!(" -> {}::text", parameters.bind(Value::text(name))))
                    .collect();
                JsonValue {
                    dialect,
                    type_name: format!("jsonb_typeof(props{steps})"),
                    scalar: format!("(props{steps} #>> '{{}}')"),
                    elements: format!("jsonb_array_elements(props{steps}) as element(value)"),
                }
            }
        }
    }

    fn element(dialect: Dialect) -> JsonValue {
        let (type_name, scalar) = match dialect {
            Dialect::Sqlite => ("element.type", "element.value"),
            Dialect::Postgres => ("jsonb_typeof(element.value)", "(element.value #>> '{}')"),
        };
        let (type_name, scalar) = (type_name.to_owned(), scalar.to_owned());
        JsonValue { dialect, type_name, scalar, elements: String::new() }
    }

    /// Whether there is a value other than null.
    pub(crate) fn exists(&self) -> String {
        format!("{} <> 'null'", self.type_name)
    }

    /// What is true of the value by its type; of an array, what is true of any of its elements.
    ///
    /// The SQL of a branch has `{x}` where the value stands.
    pub(crate) fn any(&self, branches: &[(ColumnType, String)], in_arrays: bool) -> String {
        let array = if in_arrays {
            let inner = JsonValue::element(self.dialect).any(branches, false);
            let (type_name, elements) = (&self.type_name, &self.elements);
            format!(" when {type_name} = 'array' then exists (select 1 from {elements} where {inner})")
        } else {
            String::new()
        };
        let scalars: String = branches.iter().map(|(ty, sql)| self.branch(*ty, sql)).collect();
        format!("case{scalars}{array} end")
    }

    /// One `when … then …` of a `case`, which keeps casts away from values of other types.
    pub(crate) fn branch(&self, ty: ColumnType, sql: &str) -> String {
        let names = match (self.dialect, ty) {
            (Dialect::Sqlite, ColumnType::Text) => "'text'",
            (Dialect::Sqlite, ColumnType::Number) => "'integer', 'real'",
            (Dialect::Sqlite, ColumnType::Bool) => "'true', 'false'",
            (Dialect::Postgres, ColumnType::Text) => "'string'",
            (Dialect::Postgres, ColumnType::Number) => "'number'",
            (Dialect::Postgres, ColumnType::Bool) => "'boolean'",
        };
        format!(" when {} in ({names}) then {}", self.type_name, sql.replace("{x}", &self.read(ty)))
    }

    /// The scalar in SQL's own type. Numbers are 64-bit floats, as the query language has them.
    fn read(&self, ty: ColumnType) -> String {
        let scalar = &self.scalar;
        match (self.dialect, ty) {
            (Dialect::Sqlite, ColumnType::Number) => format!("cast({scalar} as real)"),
            (Dialect::Sqlite, _) => scalar.clone(),
            (Dialect::Postgres, ColumnType::Text) => format!("{scalar} collate \"C\""),
            (Dialect::Postgres, ColumnType::Number) => format!("{scalar}::double precision"),
            (Dialect::Postgres, ColumnType::Bool) => format!("{scalar}::boolean"),
        }
    }
}

/// `{x}` is one of the values of a JSON array that is bound as one parameter, so that lists of
/// different lengths are the same statement.
pub(crate) fn one_of(ty: ColumnType, array: &str, dialect: Dialect) -> String {
    match (dialect, ty) {
        (Dialect::Sqlite, _) => format!("{{x}} in (select value from json_each({array}))"),
        (Dialect::Postgres, ColumnType::Number) => format!(
            "{{x}} = any(array(select v::double precision from jsonb_array_elements_text({array}::jsonb) v))"
        ),
        (Dialect::Postgres, _) => {
            format!("{{x}} = any(array(select jsonb_array_elements_text({array}::jsonb)))")
        }
    }
}

/// Which part of a text is compared, without regard to the case of the ASCII letters.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TextPart {
    Anywhere,
    Start,
    End,
}

/// `{x}` has the lower-case text `part` there. The part is not empty.
pub(crate) fn has_part(place: TextPart, part: &str, dialect: Dialect) -> String {
    match (dialect, place) {
        (Dialect::Sqlite, TextPart::Anywhere) => format!("instr(lower({{x}}), {part}) > 0"),
        (Dialect::Sqlite, TextPart::Start) => format!("substr(lower({{x}}), 1, length({part})) = {part}"),
        (Dialect::Sqlite, TextPart::End) => format!("substr(lower({{x}}), -length({part})) = {part}"),
        (Dialect::Postgres, TextPart::Anywhere) => format!("strpos(lower({{x}} collate \"C\"), {part}) > 0"),
        (Dialect::Postgres, TextPart::Start) => format!("starts_with(lower({{x}} collate \"C\"), {part})"),
        (Dialect::Postgres, TextPart::End) => {
            format!("right(lower({{x}} collate \"C\"), length({part}::text)) = {part}")
        }
    }
}

/// `{x}` has the shape of a date in its canonical spelling.
pub(crate) fn is_canonical_date(dialect: Dialect) -> String {
    use hark_query::dates::{CANONICAL_GLOB, CANONICAL_REGEX};
    match dialect {
        Dialect::Sqlite => format!("{{x}} glob '{CANONICAL_GLOB}'"),
        // PostgreSQL believes that hardly any text has this shape and then sorts what it could walk
        // in order; it makes no guesses about `coalesce`.
        Dialect::Postgres => format!("coalesce({{x}} ~ '{CANONICAL_REGEX}', false)"),
    }
}
