//! What may stand in an attribute: addresses, colours, names. Everything that is written into one
//! passed through here.

use crate::limits::{ADDRESS_BYTES_MAX, ATTRIBUTE_CHARS_MAX};

/// The colour of a button that names none.
pub(crate) const BUTTON_COLOUR: &str = "#485bff";

/// Characters of a YouTube video's id.
const VIDEO_ID_CHARS: usize = 11;

/// An address that a link may lead to: `http`, `https`, `mailto` or `tel`. A host without a scheme
/// (`example.com/a`, `//example.com`) is taken for `https`; paths alone lead nowhere, because nobody
/// knows on whose page they would be followed.
pub fn link_address(text: &str) -> Option<String> {
    let address = without_whitespace(text)?;
    match scheme(&address) {
        Some(scheme) => ["http", "https", "mailto", "tel"].contains(&scheme.as_str()).then_some(address),
        None => with_https(&address),
    }
}

/// An address that an image may be loaded from: `http` or `https`.
pub fn image_address(text: &str) -> Option<String> {
    let address = without_whitespace(text)?;
    match scheme(&address) {
        Some(scheme) => ["http", "https"].contains(&scheme.as_str()).then_some(address),
        None => address.strip_prefix("//").and_then(|_| with_https(&address)),
    }
}

/// A colour as `#rgb`, `#rrggbb` or `#rrggbbaa`, in lower case.
pub fn colour(text: &str) -> Option<String> {
    let digits = text.trim().strip_prefix('#')?;
    let fits = matches!(digits.len(), 3 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| format!("#{}", digits.to_ascii_lowercase()))
}

/// The address as browsers read it, which leave out line ends and tabs anywhere and control
/// characters and spaces around it.
fn without_whitespace(text: &str) -> Option<String> {
    let around = |character: char| character.is_control() || character == ' ';
    let address: String =
        text.trim_matches(around).chars().filter(|character| !character.is_control()).collect();
    (!address.is_empty() && address.len() <= ADDRESS_BYTES_MAX).then_some(address)
}

/// What stands before the first colon, in lower case, if it is a scheme.
fn scheme(address: &str) -> Option<String> {
    let (scheme, _) = address.split_once(':')?;
    let starts = scheme.starts_with(|character: char| character.is_ascii_alphabetic());
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let is_host_with_port = scheme.contains('.') && !starts_like_opaque(address, scheme);
    (starts && scheme.bytes().all(fits) && !is_host_with_port).then(|| scheme.to_ascii_lowercase())
}

/// Whether what follows `name:` is not a port, so that `name` is a scheme with a dot in it.
fn starts_like_opaque(address: &str, name: &str) -> bool {
    let rest = &address[name.len() + 1..];
    let port = rest.split(['/', '?', '#']).next().unwrap_or_default();
    port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit())
}

fn with_https(address: &str) -> Option<String> {
    let rest = address.strip_prefix("//").unwrap_or(address);
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let letter = |character: char| character.is_alphanumeric() || matches!(character, '-' | '.' | ':');
    let is_host = host.contains('.')
        && host.chars().all(letter)
        && host.starts_with(char::is_alphanumeric)
        && host.ends_with(char::is_alphanumeric);
    is_host.then(|| format!("https://{rest}")).filter(|address| address.len() <= ADDRESS_BYTES_MAX)
}

/// A name, id or title: one line without control characters, cut at the bound.
pub(crate) fn line(text: &str) -> String {
    let blank = |character: char| if character.is_control() { ' ' } else { character };
    text.trim().chars().take(ATTRIBUTE_CHARS_MAX).map(blank).collect::<String>().trim().to_owned()
}

/// The name of a programming language.
pub(crate) fn language(text: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#' | b'-' | b'_' | b'.');
    let fits = !text.is_empty() && text.len() <= 32 && text.bytes().all(fits);
    fits.then(|| text.to_ascii_lowercase())
}

/// A width in pixels (`320`) or as a share of the line (`50%`).
pub(crate) fn width(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_suffix("px").unwrap_or(text);
    let digits = text.strip_suffix('%').unwrap_or(text);
    let fits = !digits.is_empty() && digits.len() <= 5 && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.to_owned())
}

/// A side that an image stands at.
pub(crate) fn align(text: &str) -> Option<&'static str> {
    ["left", "center", "right"].into_iter().find(|side| *side == text)
}

/// The id of a video out of an address of YouTube, or an id alone.
pub(crate) fn video_id(text: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_id = |id: &str| id.len() == VIDEO_ID_CHARS && id.bytes().all(fits);
    if is_id(text) {
        return Some(text.to_owned());
    }
    let (_, rest) = text.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let host = host.strip_prefix("www.").or(host.strip_prefix("m.")).unwrap_or(host);
    let id = match host {
        "youtu.be" => path,
        "youtube.com" | "youtube-nocookie.com" => match path.split_once('/') {
            Some(("embed" | "shorts" | "live" | "v", id)) => id,
            _ => {
                let (_, query) = path.strip_prefix("watch")?.split_once('?')?;
                query.split('&').find_map(|pair| pair.strip_prefix("v="))?
            }
        },
        _ => return None,
    };
    let id = id.split(['?', '&', '#', '/']).next().unwrap_or_default();
    is_id(id).then(|| id.to_owned())
}

/// The address of a video's page.
pub(crate) fn video_address(id: &str) -> String {
    format!("https://www.youtube.com/watch?v={id}")
}

/// Whether a character may stand in a text: control characters may not, so that no text can hide
/// what it says.
pub(crate) fn is_text(character: char) -> bool {
    !character.is_control()
}

/// The start of a text of at most so many bytes.
pub(crate) fn start(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max.min(text.len()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_web_to_mail_and_to_telephones_only() {
        for (text, address) in [
            ("https://a.example/b?c=d#e", Some("https://a.example/b?c=d#e")),
            (" \u{1}HTTP://A.example", Some("HTTP://A.example")),
            ("mailto:a@b.example", Some("mailto:a@b.example")),
            ("tel:+4312345", Some("tel:+4312345")),
            ("java\nscript:alert(1)", None),
            ("\u{0}javascript:alert(1)", None),
            ("JaVaScRiPt:alert(1)", None),
            ("vbscript:x", None),
            ("data:text/html,<script>", None),
            ("blob:https://a.example/1", None),
            ("file:///etc/passwd", None),
            ("example.com/a", Some("https://example.com/a")),
            ("example.com:8080/a", Some("https://example.com:8080/a")),
            ("//example.com", Some("https://example.com")),
            ("my.scheme:alert(1)", None),
            ("/local", None),
            ("#part", None),
            ("?a=b", None),
            ("", None),
            ("\t\n", None),
        ] {
            assert_eq!(link_address(text).as_deref(), address, "{text:?}");
        }
        assert_eq!(link_address(&format!("https://{}", "a".repeat(ADDRESS_BYTES_MAX))), None);
    }

    #[test]
    fn images_come_from_the_web_only() {
        assert_eq!(image_address("https://a.example/b.png").as_deref(), Some("https://a.example/b.png"));
        assert_eq!(image_address("//a.example/b.png").as_deref(), Some("https://a.example/b.png"));
        for refused in
            ["data:image/svg+xml;base64,AAAA", "cid:1@a", "javascript:alert(1)", "b.png", "mailto:a@b.c"]
        {
            assert_eq!(image_address(refused), None, "{refused}");
        }
    }

    #[test]
    fn colours_are_hexadecimal() {
        assert_eq!(colour("#485BFF").as_deref(), Some("#485bff"));
        assert_eq!(colour("#abc").as_deref(), Some("#abc"));
        for refused in ["red", "#12345", "#12345g", "url(x)", "#fff;background:url(x)", ""] {
            assert_eq!(colour(refused), None, "{refused}");
        }
    }

    #[test]
    fn videos_are_known_by_their_id() {
        for text in [
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://www.youtube.com/watch?list=a&v=dQw4w9WgXcQ&t=1",
            "https://youtu.be/dQw4w9WgXcQ?t=1",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
            "dQw4w9WgXcQ",
        ] {
            assert_eq!(video_id(text).as_deref(), Some("dQw4w9WgXcQ"), "{text}");
        }
        for refused in ["https://evil.example/watch?v=dQw4w9WgXcQ", "https://youtu.be/\"onload=", "x"] {
            assert_eq!(video_id(refused), None, "{refused}");
        }
    }
}
