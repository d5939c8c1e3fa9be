//! Contacts in JSON: a list in one body, or an object on each line of a file.

use hark_store::{Error, Result};
use serde_json::Value as Json;

use super::{ROW_BYTES_MAX, Row};

/// Reads `[{…}]`, `{"sessions": […]}` or one contact. Rows are numbered from 1.
///
/// # Errors
/// [`Error::Invalid`] when it is none of them.
pub fn read_json(body: &[u8]) -> Result<Vec<Row>> {
    let value = serde_json::from_slice(body)
        .map_err(|error| Error::invalid(format!("the body is not JSON: {error}")))?;
    let contacts = match value {
        Json::Array(contacts) => contacts,
        Json::Object(mut body) => match body.shift_remove("sessions") {
            Some(Json::Array(contacts)) => contacts,
            Some(_) => return Err(Error::invalid("`sessions` must be a list of contacts")),
            None => vec![Json::Object(body)],
        },
        _ => return Err(Error::invalid("the body must be a list of contacts")),
    };
    let read = |contact: Json| {
        if contact.to_string().len() > ROW_BYTES_MAX {
            return Err(format!("the contact has more than {ROW_BYTES_MAX} bytes"));
        }
        object(contact)
    };
    let rows = (1..).zip(contacts).map(|(number, contact)| Row::new(number, read(contact)));
    Ok(rows.collect())
}

/// Reads an object from each line; empty lines are skipped. Rows are numbered like lines, from 1.
pub fn read_lines(file: &[u8]) -> impl Iterator<Item = Row> {
    let lines = (1..).zip(file.split(|byte| *byte == b'\n'));
    let filled = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    filled.map(|(number, line)| Row::new(number, read_line(line.trim_ascii(), number == 1)))
}

fn read_line(line: &[u8], first: bool) -> Result<hark_store::Body, String> {
    let line = if first { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
    if line.len() > ROW_BYTES_MAX {
        return Err(format!("the line has more than {ROW_BYTES_MAX} bytes"));
    }
    // The error of the parser says the column and not the text.
    let value = serde_json::from_slice(line).map_err(|error| format!("the line is not JSON: {error}"))?;
    object(value)
}

fn object(value: Json) -> Result<hark_store::Body, String> {
    match value {
        Json::Object(contact) => Ok(contact),
        _ => Err("a contact must be an object".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_stands_for_itself() {
        let mut file = b"\xef\xbb\xbf{\"email\":\"a@example.com\"}\r\n\n[1]\n{\"a\":\n\xff\xfe\n".to_vec();
        file.extend(vec![b'['; 100_000]);
        file.extend(b"\n{\"userId\":\"1\"}");
        let rows: Vec<Row> = read_lines(&file).collect();
        let numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 3, 4, 5, 6, 7]);
        let read: Vec<bool> = rows.iter().map(|row| row.contact.is_ok()).collect();
        assert_eq!(read, [true, false, false, false, false, true]);
    }

    #[test]
    fn a_list_has_three_spellings() {
        let count = |body: &str| read_json(body.as_bytes()).map(|rows| rows.len()).ok();
        assert_eq!(count("[]"), Some(0));
        assert_eq!(count(r#"[{}, 1]"#), Some(2));
        assert_eq!(count(r#"{"sessions": [{}, {}, {}]}"#), Some(3));
        assert_eq!(count(r#"{"email": "a@example.com"}"#), Some(1));
        for wrong in ["", "1", r#"{"sessions": 1}"#, "[1", &"[".repeat(100_000)] {
            assert_eq!(count(wrong), None);
        }
    }
}
