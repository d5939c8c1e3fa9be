//! Takes secrets out of captured network calls: in headers, addresses, forms and JSON, as deep as they are.
//!
//! SDKs filter too, but only what their own list knows: a self-hosted server's calls carry the contact's
//! hash, with which whoever reads a ticket could act as that contact.

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

/// Names that are always secret, without dashes and in lower case.
const ALWAYS: &[&str] = &[
    "gleaphash",
    "gleapid",
    "apitoken",
    "apikey",
    "authorization",
    "proxyauthorization",
    "cookie",
    "setcookie",
    "xapikey",
    "xfilesession",
    "fileaccesstoken",
    "userhash",
    "password",
    "accesstoken",
    "refreshtoken",
    "clientsecret",
];
/// What stands in the place of a secret.
const REMOVED: &str = "<removed>";
/// How deep JSON in texts in JSON is looked into.
const LEVELS_MAX: usize = 4;
/// Names of a project's own list that are honoured.
const OWN_MAX: usize = 100;

/// What separates parameters from each other and from what is around them.
const MARKS: [char; 6] = ['?', '&', '#', ';', ' ', '\n'];

/// The names of what is secret.
#[derive(Clone, Debug)]
pub struct Secrets(HashSet<String>);

impl Secrets {
    /// What is always secret, and a project's own names.
    pub fn new<'n>(own: impl IntoIterator<Item = &'n str>) -> Secrets {
        let own = own.into_iter().take(OWN_MAX).map(plain).filter(|name| !name.is_empty());
        Secrets(ALWAYS.iter().map(|name| (*name).to_owned()).chain(own).collect())
    }

    /// Takes the secrets out of a value.
    pub fn strip(&self, value: &mut Json) {
        self.strip_at(value, 0);
    }

    fn strip_at(&self, value: &mut Json, level: usize) {
        match value {
            Json::Object(body) => {
                self.strip_named(body);
                for (name, value) in body {
                    if self.names(name) {
                        *value = Json::String(REMOVED.to_owned());
                    } else {
                        self.strip_at(value, level);
                    }
                }
            }
            Json::Array(values) => self.strip_list(values, level),
            Json::String(text) => {
                if let Some(clean) = self.text(text, level) {
                    *text = clean;
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    /// A header may be an object of its own: `{"name": "Cookie", "value": "..."}`.
    fn strip_named(&self, body: &mut Map<String, Json>) {
        let of = |body: &Map<String, Json>, words: &[&str]| -> Vec<String> {
            body.keys().filter(|name| words.contains(&plain(name).as_str())).cloned().collect()
        };
        let is_secret = |name: &String| body[name].as_str().is_some_and(|text| self.names(text.trim()));
        if of(body, &["name", "key", "header", "headername", "field"]).iter().any(is_secret) {
            for value in of(body, &["value", "values", "headervalue"]) {
                body.insert(value, Json::String(REMOVED.to_owned()));
            }
        }
    }

    /// Lists of headers are often pairs of a name and a value.
    fn strip_list(&self, values: &mut [Json], level: usize) {
        if let [Json::String(name), value] = values
            && self.names(name)
        {
            *value = Json::String(REMOVED.to_owned());
            return;
        }
        values.iter_mut().for_each(|value| self.strip_at(value, level));
    }

    /// The text without its secrets, `None` when it has none.
    fn text(&self, text: &str, level: usize) -> Option<String> {
        let start = text.trim_start();
        if level < LEVELS_MAX
            && start.starts_with(['{', '['])
            && let Ok(mut json) = serde_json::from_str::<Json>(text)
        {
            let before = json.clone();
            self.strip_at(&mut json, level + 1);
            return (json != before).then(|| json.to_string());
        }
        let quoted = self.quoted(text);
        let lines = self.lines(quoted.as_deref().unwrap_or(text));
        let text = lines.as_deref().or(quoted.as_deref()).unwrap_or(text);
        self.parameters(text).or(lines).or(quoted)
    }

    /// Without the values behind secret names in JSON that cannot be read, because it was cut off.
    fn quoted(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        let (mut copied, mut at) = (0, 0);
        while let Some((name, end)) = next_string(text, at) {
            at = end;
            let rest = &text[end..];
            let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
            let Some(value) = value.filter(|_| self.names(name)) else { continue };
            let start = text.len() - value.len();
            let stop = if value.starts_with('"') {
                next_string(text, start).map_or(text.len(), |(_, end)| end)
            } else {
                value.find([',', '}', ']', '\n']).map_or(text.len(), |length| start + length)
            };
            out.push_str(&text[copied..start]);
            out.push('"');
            out.push_str(REMOVED);
            out.push('"');
            (copied, at) = (stop, stop);
        }
        (copied > 0).then(|| out + &text[copied..])
    }

    /// Without the values of headers that are lines of a text.
    fn lines(&self, text: &str) -> Option<String> {
        let is_secret = |line: &str| line.split_once(':').is_some_and(|(name, _)| self.names(name.trim()));
        if !text.lines().any(is_secret) {
            return None;
        }
        let clean = |line: &str| match line.split_once(':') {
            Some((name, _)) if self.names(name.trim()) => format!("{name}: {REMOVED}"),
            _ => line.to_owned(),
        };
        Some(text.lines().map(clean).collect::<Vec<_>>().join("\n"))
    }

    /// Without the values of secret parameters in an address or a form.
    fn parameters(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut found = false;
        for part in text.split_inclusive(MARKS) {
            let end = part.find(MARKS).unwrap_or(part.len());
            match part[..end].split_once('=') {
                Some((name, value)) if self.names(&unescaped(name)) && !value.is_empty() => {
                    found = true;
                    out.push_str(&format!("{name}={REMOVED}{}", &part[end..]));
                }
                _ => out.push_str(part),
            }
        }
        found.then_some(out)
    }

    fn names(&self, name: &str) -> bool {
        name.len() <= 200 && self.0.contains(&plain(name))
    }
}

/// A name as it is compared: `Gleap-Hash`, `gleapHash` and `gleap_hash` are the same.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !"-_ ".contains(*c)).flat_map(char::to_lowercase).collect()
}

/// The next text in quotes from a place on, and where it ends.
fn next_string(text: &str, from: usize) -> Option<(&str, usize)> {
    let start = from + text.get(from..)?.find('"')? + 1;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some((&text[start..at], at + 1)),
            _ => {}
        }
    }
    None
}

/// A name in an address, with its escapes read.
fn unescaped(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = (*first == b'%').then(|| std::str::from_utf8(tail.get(..2)?).ok()).flatten();
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_go_wherever_they_are_and_the_rest_stays() {
        let secrets = Secrets::new(["X-Bank-Pin", "tan"]);
        for (before, after) in [
            (
                json!({"headers": {"Gleap-Hash": ["s"], "Accept": ["a"]}}),
                json!({"headers": {"Gleap-Hash": REMOVED, "Accept": ["a"]}}),
            ),
            (
                json!([{"name": "Cookie", "value": "s"}, {"Key": "X-Bank-Pin", "values": ["s"]}, {"name": "Accept", "value": "a"}]),
                json!([{"name": "Cookie", "value": REMOVED}, {"Key": "X-Bank-Pin", "values": REMOVED}, {"name": "Accept", "value": "a"}]),
            ),
            (
                json!({"AUTHORIZATION": "Bearer s", "x-bank-pin": 1}),
                json!({"AUTHORIZATION": REMOVED, "x-bank-pin": REMOVED}),
            ),
            (json!([["Cookie", "s"], ["Accept", "a"]]), json!([["Cookie", REMOVED], ["Accept", "a"]])),
            (
                json!("wss://h/ws?gleapId=s&gleapHash=s&apiKey=s&v=1#x"),
                json!("wss://h/ws?gleapId=<removed>&gleapHash=<removed>&apiKey=<removed>&v=1#x"),
            ),
            (json!("https://h/?t%61n=s&a=b"), json!("https://h/?t%61n=<removed>&a=b")),
            (json!("tan=s&amount=5"), json!("tan=<removed>&amount=5")),
            (
                json!("{\"a\":{\"gleapHash\":\"s\"},\"b\":1}"),
                json!("{\"a\":{\"gleapHash\":\"<removed>\"},\"b\":1}"),
            ),
            (
                json!("{\"body\":\"{\\\"password\\\":\\\"s\\\"}\"}"),
                json!("{\"body\":\"{\\\"password\\\":\\\"<removed>\\\"}\"}"),
            ),
            (
                json!("[{\"api_token\" : \"s\\\"s\", \"b\": \"kept"),
                json!("[{\"api_token\" : \"<removed>\", \"b\": \"kept"),
            ),
            (json!("{\"tan\": 12345, \"b\": 1, cut"), json!("{\"tan\": \"<removed>\", \"b\": 1, cut")),
            (json!("{\"Set-Cookie\": \"never ends"), json!("{\"Set-Cookie\": \"<removed>\"")),
            (
                json!("POST / HTTP/1.1\nCookie: s\r\nAccept: a"),
                json!("POST / HTTP/1.1\nCookie: <removed>\nAccept: a"),
            ),
        ] {
            let mut value = before.clone();
            secrets.strip(&mut value);
            assert_eq!(value, after, "{before}");
        }
        for kept in [
            json!("https://h/tickets?status=OPEN&hash=1"),
            json!({"payload": "{\"name\": \"Ada\", \"n\": 1.50}", "status": 200}),
            json!("a sentence about a password: none"),
            json!("ü = ö & \"quoted\" text"),
        ] {
            let mut value = kept.clone();
            secrets.strip(&mut value);
            assert_eq!(value, kept);
        }
    }
}
