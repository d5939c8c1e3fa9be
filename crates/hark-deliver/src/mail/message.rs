//! A mail as the bytes that go over the wire, with nothing in it that could start a new header.

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::{Mail, MailError};

/// Longest subject, in characters.
const SUBJECT_CHARS_MAX: usize = 500;
/// How many headers a caller may add.
const HEADERS_MAX: usize = 50;
/// Longest value of an added header, in bytes.
const HEADER_BYTES_MAX: usize = 8 * 1024;
/// Longest run without a space in a header, in bytes: lines fold at spaces only, and a line
/// has at most 998 bytes (RFC 5322, 2.1.1).
const WORD_BYTES_MAX: usize = 900;
/// Longest text or HTML, in bytes.
const BODY_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Longest recipient or sender with its name, in bytes.
const MAILBOX_BYTES_MAX: usize = 500;
/// Longest message id without brackets, in bytes.
const MESSAGE_ID_BYTES_MAX: usize = 250;

/// Headers that this module writes itself, or that would change who gets the message or how
/// it is read.
const OWN_HEADERS: [&str; 12] = [
    "bcc",
    "cc",
    "date",
    "dkim-signature",
    "from",
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "sender",
    "subject",
    "to",
];

/// Reads `address` or `name <address>`; exactly one.
pub(super) fn mailbox(field: &'static str, text: &str) -> Result<Mailbox, MailError> {
    if text.len() > MAILBOX_BYTES_MAX || text.chars().any(char::is_control) {
        return Err(MailError::BadAddress(field));
    }
    text.trim().parse().map_err(|_| MailError::BadAddress(field))
}

/// A mail from a sender as the bytes that a mail server gets.
///
/// # Errors
/// [`MailError::BadAddress`] and [`MailError::BadField`] for what cannot be written safely.
pub fn compose(from: &str, mail: &Mail) -> Result<Vec<u8>, MailError> {
    Ok(build(&mailbox("the sender", from)?, mail)?.formatted())
}

/// Writes the message.
pub(super) fn build(from: &Mailbox, mail: &Mail) -> Result<Message, MailError> {
    check_line("the subject", &mail.subject)?;
    if mail.subject.chars().count() > SUBJECT_CHARS_MAX {
        return Err(bad("the subject", "is longer than 500 characters"));
    }
    if mail.headers.len() > HEADERS_MAX {
        return Err(bad("the list of headers", "has more than 50 entries"));
    }
    let mut message = Message::builder()
        .from(from.clone())
        .to(mailbox("the recipient", &mail.to)?)
        .subject(mail.subject.as_str())
        .message_id(Some(message_id(&mail.message_id)?));
    for (name, value) in &mail.headers {
        message = message.raw_header(header(name, value)?);
    }
    let text = body("the text", &mail.text)?;
    let built = match &mail.html {
        Some(html) => {
            let html = body("the HTML", html)?;
            message.multipart(MultiPart::alternative_plain_html(text, html))
        }
        None => message.singlepart(SinglePart::plain(text)),
    };
    // Sender and recipient are present, so nothing is left that could be missing.
    built.map_err(|_| bad("the envelope", "is incomplete"))
}

fn header(name: &str, value: &str) -> Result<HeaderValue, MailError> {
    let lower = name.to_ascii_lowercase();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_name || OWN_HEADERS.contains(&lower.as_str()) || lower.starts_with("content-") {
        return Err(bad(name, "is not a header that may be added"));
    }
    check_line(name, value)?;
    let longest_word = value.split(' ').map(str::len).max().unwrap_or(0);
    if value.len() > HEADER_BYTES_MAX || longest_word > WORD_BYTES_MAX {
        return Err(bad(name, "is too long"));
    }
    let name = HeaderName::new_from_ascii(name.to_owned())
        .map_err(|_| bad(name, "is not a header that may be added"))?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

fn message_id(text: &str) -> Result<String, MailError> {
    let bare = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
    let is_plain = bare.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>');
    let has_two_sides = bare
        .split_once('@')
        .is_some_and(|(left, right)| !left.is_empty() && !right.is_empty() && !right.contains('@'));
    if !is_plain || !has_two_sides || bare.len() > MESSAGE_ID_BYTES_MAX {
        return Err(bad("the message id", "must look like left@right in plain ASCII"));
    }
    Ok(format!("<{bare}>"))
}

/// Line ends become uniform, because a lone CR or LF inside a message means different things
/// to different servers, and NUL must not occur at all.
fn body(field: &str, text: &str) -> Result<String, MailError> {
    if text.len() > BODY_BYTES_MAX {
        return Err(bad(field, "is longer than 5 MiB"));
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', ""))
}

fn check_line(field: &str, text: &str) -> Result<(), MailError> {
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return Err(bad(field, "must be one line without control characters"));
    }
    Ok(())
}

fn bad(field: &str, problem: &'static str) -> MailError {
    // Names of headers come from callers; keep the message short and on one line.
    let field = field.escape_debug().take(80).collect();
    MailError::BadField { field, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            to: "someone@example.com".into(),
            subject: "Hello".into(),
            text: "Body".into(),
            message_id: "one@example.com".into(),
            ..Mail::default()
        }
    }

    fn built(mail: &Mail) -> Result<String, MailError> {
        let from = mailbox("the sender", "Support <support@example.com>")?;
        let bytes = build(&from, mail)?.formatted();
        Ok(String::from_utf8(bytes).expect("mail is ASCII"))
    }

    #[test]
    fn no_field_can_start_a_header() {
        for line_end in ["\r\n", "\n", "\r", "\0", "\u{85}"] {
            let evil = format!("a{line_end}Bcc: victim@example.com");
            let address = format!("someone@example.com{line_end}Bcc: victim@example.com");
            let named = format!("A{line_end}Bcc <someone@example.com>");
            let cases = [
                Mail { subject: evil.clone(), ..mail() },
                Mail { to: address, ..mail() },
                Mail { to: named, ..mail() },
                Mail { message_id: format!("a{line_end}b@example.com"), ..mail() },
                Mail { headers: vec![("X-A".into(), evil.clone())], ..mail() },
                Mail { headers: vec![(evil, "b".into())], ..mail() },
            ];
            for case in cases {
                let error = built(&case).expect_err(&format!("{case:?}"));
                assert!(error.is_permanent(), "{error}");
                assert!(!error.to_string().contains(['\r', '\n', '\0']), "{error:?}");
            }
        }
    }

    #[test]
    fn addresses_are_one_and_whole() {
        for to in [
            "",
            "someone",
            "@example.com",
            "a@b@c",
            "a@example.com, b@example.com",
            "a@example.com;b@example.com",
            "<>",
        ] {
            let error = built(&Mail { to: to.into(), ..mail() }).expect_err(to);
            assert_eq!(error, MailError::BadAddress("the recipient"), "{to}");
        }
    }

    #[test]
    fn own_headers_cannot_be_replaced() {
        for name in [
            "From",
            "to",
            "BCC",
            "Subject",
            "Content-Type",
            "content-transfer-encoding",
            "Message-ID",
            "",
            "a b",
            "a:b",
            "ä",
        ] {
            let headers = vec![(name.to_owned(), "x@example.com".to_owned())];
            let error = built(&Mail { headers, ..mail() }).expect_err(name);
            assert!(matches!(error, MailError::BadField { .. }), "{name}: {error}");
        }
    }

    #[test]
    fn message_ids_are_put_in_brackets_once() {
        for id in ["one@example.com", "<one@example.com>"] {
            let text = built(&Mail { message_id: id.into(), ..mail() }).expect(id);
            assert!(text.contains("Message-ID: <one@example.com>\r\n"), "{text}");
        }
        for id in ["", "one", "@", "a@", "@b", "a@b@c", "a b@c", "<a@b", "<<a@b>>", "ä@b"] {
            assert!(built(&Mail { message_id: id.into(), ..mail() }).is_err(), "{id}");
        }
    }

    #[test]
    fn lines_stay_within_the_limit() {
        let subject = format!("{} {}", "ü".repeat(200), "x".repeat(299));
        let references = ["<0123456789abcdef0123456789abcdef@example.com>"; 100].join(" ");
        let long = Mail {
            subject,
            headers: vec![("References".into(), references)],
            text: "x".repeat(5000),
            html: Some(format!("<p>{}</p>", "ü".repeat(5000))),
            ..mail()
        };
        let text = built(&long).expect("long but allowed");
        let longest = text.split("\r\n").map(str::len).max().unwrap_or(0);
        assert!(longest <= 998, "a line of {longest} bytes");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    }

    #[test]
    fn everything_is_bounded() {
        let cases = [
            Mail { subject: "x".repeat(501), ..mail() },
            Mail { headers: vec![("X-A".into(), "x".repeat(901))], ..mail() },
            Mail { headers: vec![("X-A".into(), "x ".repeat(4097))], ..mail() },
            Mail { headers: vec![("X-A".into(), "x".into()); 51], ..mail() },
            Mail { headers: vec![("X".repeat(77), "x".into())], ..mail() },
            Mail { text: "x".repeat(BODY_BYTES_MAX + 1), ..mail() },
            Mail { html: Some("x".repeat(BODY_BYTES_MAX + 1)), ..mail() },
            Mail { message_id: format!("{}@b", "x".repeat(250)), ..mail() },
        ];
        for case in cases {
            assert!(matches!(built(&case), Err(MailError::BadField { .. })));
        }
    }
}
