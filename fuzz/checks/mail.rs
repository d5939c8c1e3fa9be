//! What holds for any texts as the parts of a mail: either they are refused, or the message has exactly the
//! headers that it should have, and says what was to be said.

use hark_deliver::mail::{Mail, compose};

/// Headers that a message has once, and no others but those that were added.
const ONCE: [&str; 7] = ["from", "to", "subject", "message-id", "date", "mime-version", "content-type"];

/// Composes a mail of the lines of a text: recipient, subject, message id, name and value of a header; the rest
/// is what it says.
pub(crate) fn check(text: &str) {
    let mut parts = text.splitn(6, '\u{1e}');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (to, subject, message_id, header, body) = (part(), part(), part(), (part(), part()), part());
    for html in [None, Some(format!("<p>{body}</p>"))] {
        let mail = Mail {
            to: to.clone(),
            subject: subject.clone(),
            text: body.clone(),
            html,
            headers: vec![header.clone()],
            message_id: message_id.clone(),
        };
        match compose("Support <support@example.com>", &mail) {
            Ok(bytes) => whole(&mail, &String::from_utf8(bytes).expect("a message is text")),
            Err(refusal) => assert!(!refusal.to_string().contains(['\r', '\n', '\0']), "{refusal:?}"),
        }
    }
}

/// Goes on for a message that is this mail and nothing else.
fn whole(mail: &Mail, message: &str) {
    // Addresses outside ASCII stay as they are, for servers that know them (RFC 6531).
    assert!(message.is_ascii() || !mail.to.is_ascii(), "{message:?}");
    assert!(!message.contains('\0'), "{message:?}");
    assert!(!message.replace("\r\n", "").contains(['\r', '\n']), "a lone line end: {message:?}");
    assert!(message.split("\r\n").all(|line| line.len() <= 998), "a line that is too long: {message:?}");
    let (head, body) = message.split_once("\r\n\r\n").expect("headers and a body");
    let fields = fields(head);
    for (name, _) in &fields {
        let expected = ONCE.contains(&name.as_str()) || name == "content-transfer-encoding";
        let added = name.eq_ignore_ascii_case(&mail.headers[0].0);
        assert!(expected || added, "a header that nobody asked for: {name:?} in {head:?}");
        assert_eq!(
            fields.iter().filter(|(other, _)| other == name).count(),
            1,
            "{name} is there twice: {head:?}"
        );
    }
    assert!(ONCE.iter().all(|name| fields.iter().any(|(known, _)| known == name)), "{head:?}");
    let texts = match &mail.html {
        None => vec![decoded(head, body)],
        Some(_) => alternatives(head, body),
    };
    let said: Vec<&str> = std::iter::once(mail.text.as_str()).chain(mail.html.as_deref()).collect();
    assert_eq!(texts.len(), said.len(), "{message:?}");
    for (text, said) in texts.iter().zip(said) {
        assert_eq!(same(text), same(said), "{message:?}");
    }
}

/// What two texts have in common that say the same: line ends are uniform, and none is left at the end.
fn same(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "").trim_end_matches('\n').to_owned()
}

/// The headers with their folds undone, their names in lower case.
fn fields(head: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", "\t");
    let field = |line: &str| {
        let (name, value) = line.split_once(':').expect("a header has a colon");
        (name.to_ascii_lowercase(), value.trim().to_owned())
    };
    unfolded.split("\r\n").map(field).collect()
}

fn value<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// The parts of a message that says the same in several ways.
fn alternatives(head: &str, body: &str) -> Vec<String> {
    let fields = fields(head);
    let kind = value(&fields, "content-type");
    assert!(kind.starts_with("multipart/alternative"), "{kind}");
    let boundary = kind.split_once("boundary=").expect("a boundary").1.trim_matches('"');
    let separator = format!("--{boundary}");
    let mut parts = body.split(&separator);
    assert_eq!(parts.next().unwrap_or_default().trim(), "", "nothing before the first part");
    let mut texts = Vec::new();
    for part in parts {
        if let Some(end) = part.strip_prefix("--") {
            assert_eq!(end.trim(), "", "nothing after the last part");
            break;
        }
        let part = part.strip_prefix("\r\n").expect("a line of its own");
        let (head, body) = part.split_once("\r\n\r\n").expect("headers and a body");
        texts.push(decoded(head, body.strip_suffix("\r\n").unwrap_or(body)));
    }
    texts
}

/// What a part says, without its transfer encoding.
fn decoded(head: &str, body: &str) -> String {
    let fields = fields(head);
    assert!(value(&fields, "content-type").to_ascii_lowercase().contains("charset=utf-8"), "{head:?}");
    let bytes = match value(&fields, "content-transfer-encoding").to_ascii_lowercase().as_str() {
        "base64" => base64(body),
        "quoted-printable" => quoted_printable(body),
        "7bit" | "" => body.as_bytes().to_vec(),
        other => panic!("an encoding that nobody knows: {other}"),
    };
    String::from_utf8(bytes).expect("text")
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(&rest[..2]).expect("two digits");
        bytes.push(u8::from_str_radix(digits, 16).expect("hex digits"));
        rest = &rest[2..];
    }
    bytes
}

fn base64(body: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in body.chars().filter(|c| !c.is_whitespace() && *c != '=') {
        let digit = DIGITS.find(digit).expect("a digit of base 64");
        bits = (bits << 6) | digit as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}
