//! Contacts in a file of rows with separated columns (CSV, RFC 4180, also with `;` or tabs).
//!
//! Columns are found by their head, in any spelling of case, spaces and hyphens. A column that
//! nobody knows becomes a custom property. Every cell is text: nothing in it is calculated.

use csv::{ByteRecord, ReaderBuilder};
use hark_store::{Body, Error, Result};
use serde_json::Value as Json;

use super::{ROW_BYTES_MAX, Row};
use crate::contacts::{PROPERTIES, Property, Shape};

/// Columns of a file at most.
const COLUMNS_MAX: usize = 200;
/// Characters of a head at most.
const HEAD_CHARS_MAX: usize = 64;

/// Other heads for properties, as other products write them.
const ALIASES: &[(&str, &str)] = &[
    ("emailaddress", "email"),
    ("mail", "email"),
    ("externalid", "userId"),
    ("fullname", "name"),
    ("phonenumber", "phone"),
    ("mobile", "phone"),
    ("company", "companyName"),
    ("language", "lang"),
    ("labels", "tags"),
];

/// Columns of exports that say nothing that could be set.
const SKIPPED: &[&str] = &[
    "id",
    "gleapid",
    "gleaphash",
    "project",
    "organisation",
    "updatedat",
    "firstactivity",
    "lastheardfrom",
    "lastfeedbackreport",
    "unsubscribedat",
    "sessions",
    "countfeedbackreports",
    "countfeedbackcomments",
    "eventdata",
    "checklisttasks",
    "outboundhistory",
];

/// What a column holds.
enum Column {
    Known(&'static Property),
    FirstName,
    LastName,
    /// A custom property of this name.
    Custom(String),
    /// An object of custom properties.
    AllCustom,
    Skipped,
}

/// Reads a file whose first row is its head. Rows are numbered with the head as row 1.
///
/// # Errors
/// [`Error::Invalid`] when the head cannot be used.
pub fn read_delimited(file: &[u8]) -> Result<impl Iterator<Item = Row>> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut reader = ReaderBuilder::new().flexible(true).delimiter(delimiter(file)).from_reader(file);
    let head =
        reader.byte_headers().map_err(|error| Error::invalid(format!("the head is no row: {error}")))?;
    let columns = read_head(head)?;
    let rows = (2..).zip(reader.into_byte_records());
    let filled =
        rows.filter(|(_, record)| !record.as_ref().is_ok_and(|record| record.iter().all(<[u8]>::is_empty)));
    Ok(filled.map(move |(number, record)| {
        let record = record.map_err(|error| format!("the row cannot be read: {error}"));
        Row::new(number, record.and_then(|record| read_row(&columns, &record)))
    }))
}

/// The separator that occurs most in the head.
fn delimiter(file: &[u8]) -> u8 {
    let head = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |separator: u8| head.iter().filter(|byte| **byte == separator).count();
    // The last of equals wins, so that a head of one column is separated by commas.
    [b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

fn read_head(head: &ByteRecord) -> Result<Vec<Column>> {
    if head.is_empty() {
        return Err(Error::invalid("the file is empty, its first row names the columns"));
    }
    if head.len() > COLUMNS_MAX {
        return Err(Error::invalid(format!(
            "the file has {} columns, at most {COLUMNS_MAX} are allowed",
            head.len()
        )));
    }
    let mut names: Vec<String> = Vec::new();
    let mut columns = Vec::new();
    for cell in head {
        let name =
            std::str::from_utf8(cell).map_err(|_| Error::invalid("the head is not UTF-8 text"))?.trim();
        if name.chars().count() > HEAD_CHARS_MAX {
            return Err(Error::invalid(format!(
                "the head of a column is longer than {HEAD_CHARS_MAX} characters"
            )));
        }
        let column = column(name);
        let key = match &column {
            Column::Known(property) => property.name.to_owned(),
            Column::Skipped => String::new(),
            _ => name.to_owned(),
        };
        if !key.is_empty() && names.contains(&key) {
            return Err(Error::invalid(format!("two columns are called `{key}`")));
        }
        names.push(key);
        columns.push(column);
    }
    if !columns.iter().any(
        |column| matches!(column, Column::Known(property) if ["userId", "email"].contains(&property.name)),
    ) {
        return Err(Error::invalid("no column is called `userId` or `email`, by which contacts are known"));
    }
    Ok(columns)
}

fn column(head: &str) -> Column {
    let key = plain(head);
    let alias = ALIASES.iter().find(|(alias, _)| *alias == key).map(|(_, name)| plain(name));
    let wanted = alias.as_ref().unwrap_or(&key);
    if let Some(property) = PROPERTIES.iter().find(|property| plain(property.name) == *wanted) {
        return Column::Known(property);
    }
    match wanted.as_str() {
        "" => Column::Skipped,
        "firstname" => Column::FirstName,
        "lastname" => Column::LastName,
        "customdata" => Column::AllCustom,
        known if SKIPPED.contains(&known) => Column::Skipped,
        _ => Column::Custom(head.strip_prefix("customData.").unwrap_or(head).to_owned()),
    }
}

/// Lower-case letters and digits alone.
fn plain(head: &str) -> String {
    head.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn read_row(columns: &[Column], record: &ByteRecord) -> Result<Body, String> {
    if record.len() > columns.len() {
        return Err(format!("the row has {} columns, the head has {}", record.len(), columns.len()));
    }
    if record.as_slice().len() > ROW_BYTES_MAX {
        return Err(format!("the row has more than {ROW_BYTES_MAX} bytes"));
    }
    let mut contact = Body::new();
    let mut custom = Body::new();
    let (mut first, mut last) = ("", "");
    for (column, cell) in columns.iter().zip(record) {
        let text = std::str::from_utf8(cell).map_err(|_| "the row is not UTF-8 text".to_owned())?.trim();
        if text.is_empty() {
            continue;
        }
        match column {
            Column::Known(property) => {
                contact.insert(property.name.to_owned(), cell_value(property, text)?);
            }
            Column::FirstName => first = text,
            Column::LastName => last = text,
            Column::Custom(name) => {
                custom.insert(name.clone(), text.into());
            }
            Column::AllCustom => match serde_json::from_str(text) {
                Ok(Json::Object(properties)) => custom.extend(properties),
                _ => return Err("`customData` must be a JSON object".to_owned()),
            },
            Column::Skipped => {}
        }
    }
    let name = format!("{first} {last}");
    if !contact.contains_key("name") && !name.trim().is_empty() {
        contact.insert("name".to_owned(), name.trim().into());
    }
    if !custom.is_empty() {
        contact.insert("customData".to_owned(), Json::Object(custom));
    }
    Ok(contact)
}

/// A cell as the JSON that its property takes. Numbers and dates are read from text by the rules
/// of contacts.
fn cell_value(property: &Property, text: &str) -> Result<Json, String> {
    match property.shape {
        Shape::Text(_) | Shape::Number | Shape::Date => Ok(text.into()),
        Shape::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(true.into()),
            "false" | "no" | "0" => Ok(false.into()),
            _ => Err(format!("`{}` must be true or false", property.name)),
        },
        Shape::Tags => Ok(text.split([',', ';', '|']).map(str::trim).filter(|tag| !tag.is_empty()).collect()),
        Shape::Json(_) => serde_json::from_str(text).map_err(|_| format!("`{}` must be JSON", property.name)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(file: &str) -> Vec<(u64, Result<Json, String>)> {
        let rows = read_delimited(file.as_bytes()).expect("a head");
        rows.map(|row| (row.number, row.contact.map(Json::Object))).collect()
    }

    #[test]
    fn heads_are_found_in_any_spelling() {
        let file = "\u{feff}E-Mail Address; User ID;First Name;last_name;Tags;blocked;Favourite colour;id\r\n\
                    a@example.com;007;Ada;Lovelace;a, b|c;yes;=1+1;99\r\n;;;;;;;\r\nb@example.com\r\n";
        let ada = json!({
            "email": "a@example.com", "userId": "007", "tags": ["a", "b", "c"], "blocked": true,
            "name": "Ada Lovelace", "customData": {"Favourite colour": "=1+1"},
        });
        assert_eq!(read(file), [(2, Ok(ada)), (4, Ok(json!({"email": "b@example.com"})))]);
    }

    #[test]
    fn cells_may_hold_line_ends_quotes_and_separators() {
        let rows = read("email,name\n\"a@example.com\",\"A \"\"B\"\",\nC\"\n");
        assert_eq!(rows, [(2, Ok(json!({"email": "a@example.com", "name": "A \"B\",\nC"})))]);
    }

    #[test]
    fn a_wrong_row_is_told_and_does_not_stop_the_others() {
        let mut file = b"email,blocked,customData\na,maybe,\nb,,[1]\nc,,,,\n\xff\xfe,,\n".to_vec();
        file.extend(
            format!("{},,\n\"d@example.com\",,\"{{\"\"a\"\":1}}\"\n", "x".repeat(70_000)).into_bytes(),
        );
        let rows: Vec<Row> = read_delimited(&file).expect("a head").collect();
        let messages: Vec<_> =
            rows.iter().map(|row| row.contact.as_ref().err().map(String::as_str)).collect();
        assert_eq!(
            messages,
            [
                Some("`blocked` must be true or false"),
                Some("`customData` must be a JSON object"),
                Some("the row has 5 columns, the head has 3"),
                Some("the row is not UTF-8 text"),
                Some("the row has more than 65536 bytes"),
                None,
            ]
        );
    }

    #[test]
    fn a_head_that_cannot_be_used_is_told() {
        let many = vec!["x"; 10_000].join(",");
        let long = format!("email,{}", "x".repeat(65));
        for (file, sentence) in [
            ("", "the file is empty"),
            ("name,phone\n", "no column is called `userId` or `email`"),
            ("email,E-Mail\n", "two columns are called `email`"),
            (&many, "the file has 10000 columns, at most 200 are allowed"),
            (&long, "longer than 64 characters"),
        ] {
            let error =
                read_delimited(file.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(sentence), "{error}");
        }
        assert!(read_delimited(b"email,\xff\n").is_err());
    }
}
