//! Documents as CSV (RFC 4180), safe to open in a spreadsheet.

use hark_store::{Body, Error, Result};
use serde_json::Value as Json;

/// Columns at most.
const COLUMNS_MAX: usize = 100;
/// Characters of a column's name at most.
const COLUMN_CHARS_MAX: usize = 256;
/// Spreadsheets take text that begins with one of these for a formula.
const FORMULA_STARTS: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The columns of a file: properties of documents, dotted where they are nested.
#[derive(Clone, Debug)]
pub struct Columns(Vec<String>);

impl Columns {
    /// Reads a list with commas; the default columns when there is none. `secrets` are properties that
    /// no file has.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there are too many, or one cannot be exported.
    pub fn parse(fields: Option<&str>, default: &str, secrets: &[&str]) -> Result<Columns> {
        let fields = fields.filter(|fields| !fields.trim().is_empty()).unwrap_or(default);
        let names = fields.split(',').map(str::trim).filter(|name| !name.is_empty());
        let columns: Vec<String> = names.map(str::to_owned).collect();
        if columns.len() > COLUMNS_MAX {
            return Err(Error::invalid(format!("`fields` names more than {COLUMNS_MAX} columns")));
        }
        if columns.iter().any(|name| name.chars().count() > COLUMN_CHARS_MAX) {
            return Err(Error::invalid(format!(
                "a name in `fields` is longer than {COLUMN_CHARS_MAX} characters"
            )));
        }
        let is_secret = |name: &&String| secrets.contains(&name.split('.').next().unwrap_or_default());
        if let Some(secret) = columns.iter().find(is_secret) {
            return Err(Error::invalid(format!("`{secret}` is a secret and is not exported")));
        }
        Ok(Columns(columns))
    }

    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// The first line.
    pub fn head(&self) -> Result<Vec<u8>> {
        lines([self.0.iter().map(|name| harmless(name)).collect()])
    }

    /// A line for each document.
    pub fn rows<'b>(&self, documents: impl IntoIterator<Item = &'b Body>) -> Result<Vec<u8>> {
        let row = |body: &'b Body| self.0.iter().map(|name| cell(value_at(body, name))).collect();
        lines(documents.into_iter().map(row))
    }

    /// A document with nothing but these properties, under the names of the columns.
    pub fn pick(&self, body: &Body) -> Body {
        self.0.iter().filter_map(|name| Some((name.clone(), value_at(body, name)?.clone()))).collect()
    }
}

fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).map_err(anyhow::Error::from)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

fn value_at<'b>(body: &'b Body, path: &str) -> Option<&'b Json> {
    // The own name of a custom property or of a form's field may have dots in it.
    if let Some((object @ ("customData" | "formData"), name)) = path.split_once('.')
        && let Some(value) = body.get(object).and_then(|custom| custom.get(name))
    {
        return Some(value);
    }
    let mut steps = path.split('.');
    let first = body.get(steps.next()?)?;
    steps.try_fold(first, |value, step| value.as_object()?.get(step))
}

fn cell(value: Option<&Json>) -> String {
    match value {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => harmless(text),
        Some(Json::Array(values)) if values.iter().all(Json::is_string) => {
            let texts: Vec<&str> = values.iter().filter_map(Json::as_str).collect();
            harmless(&texts.join(", "))
        }
        // Numbers, booleans and JSON never are formulas.
        Some(value) => value.to_string(),
    }
}

/// Text that a spreadsheet does not take for a formula: an apostrophe in front makes it text.
fn harmless(text: &str) -> String {
    if text.trim_start_matches(' ').starts_with(FORMULA_STARTS) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
