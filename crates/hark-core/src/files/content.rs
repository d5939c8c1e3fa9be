//! What a file really is: told by its first bytes, never by what the sender says.

/// A type of content and how browsers may treat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentKind {
    /// The media type.
    pub media_type: &'static str,
    /// Whether a browser may show it by itself; everything else is only saved.
    pub inline: bool,
}

impl ContentKind {
    /// Whether a browser may show content of this type by itself.
    pub fn is_inline(media_type: &str) -> bool {
        let known = MAGIC.iter().chain(BRANDS).map(|(_, kind)| kind).chain(OTHERS);
        TEXTS.contains(&media_type)
            || known.into_iter().any(|kind| kind.inline && kind.media_type == media_type)
    }
}

/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 200;

const fn shown(media_type: &'static str) -> ContentKind {
    ContentKind { media_type, inline: true }
}

const fn saved(media_type: &'static str) -> ContentKind {
    ContentKind { media_type, inline: false }
}

/// What is neither known nor plain text.
const UNKNOWN: ContentKind = saved("application/octet-stream");

/// Beginnings of files.
const MAGIC: &[(&[u8], ContentKind)] = &[
    (b"\x89PNG\r\n\x1a\n", shown("image/png")),
    (b"\xff\xd8\xff", shown("image/jpeg")),
    (b"GIF87a", shown("image/gif")),
    (b"GIF89a", shown("image/gif")),
    (b"BM", shown("image/bmp")),
    (b"\x1a\x45\xdf\xa3", shown("video/webm")),
    (b"OggS", shown("audio/ogg")),
    (b"ID3", shown("audio/mpeg")),
    (b"%PDF-", saved("application/pdf")),
    (b"PK\x03\x04", saved("application/zip")),
    (b"\x1f\x8b", saved("application/gzip")),
];

/// Brands of ISO media files, which stand behind `ftyp`.
const BRANDS: &[(&[u8], ContentKind)] = &[
    (b"avif", shown("image/avif")),
    (b"heic", saved("image/heic")),
    (b"M4A ", shown("audio/mp4")),
    (b"qt  ", shown("video/quicktime")),
];

/// Types that are told apart by more than their beginning.
const OTHERS: &[ContentKind] = &[shown("video/mp4"), shown("image/webp"), shown("audio/wav")];

/// Texts that keep the type that their sender gave them.
const TEXTS: &[&str] = &["text/plain", "text/csv", "application/json"];

/// What content is that begins with these bytes, some hundred of them at least if there are as many.
/// What the sender says only tells harmless kinds of text apart.
pub fn content_kind(head: &[u8], declared: &str) -> ContentKind {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *kind;
    }
    if head.get(4..8) == Some(b"ftyp") {
        let brand = head.get(8..12).unwrap_or_default();
        let known = BRANDS.iter().find(|(known, _)| *known == brand);
        return known.map_or(shown("video/mp4"), |(_, kind)| *kind);
    }
    match (head.get(..4), head.get(8..12)) {
        (Some(b"RIFF"), Some(b"WEBP")) => return shown("image/webp"),
        (Some(b"RIFF"), Some(b"WAVE")) => return shown("audio/wav"),
        _ => {}
    }
    if !is_text(head) {
        return UNKNOWN;
    }
    let lower = String::from_utf8_lossy(head).to_ascii_lowercase();
    if lower.contains("<svg") {
        return saved("image/svg+xml");
    }
    // Anything with a tag in it may be a page, whatever it is called.
    if lower.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return UNKNOWN;
    }
    let plain = declared.split(';').next().unwrap_or_default().trim();
    let known = TEXTS.iter().find(|known| plain.eq_ignore_ascii_case(known));
    shown(known.copied().unwrap_or("text/plain"))
}

/// Whether these bytes begin a text; a character may be cut off at their end.
fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && head.len() - error.valid_up_to() < 4,
    };
    let control = |byte: &u8| *byte < 0x20 && !b"\t\n\r\x0c\x1b".contains(byte);
    valid && !head.is_empty() && !head.iter().any(control)
}

/// The name of a file without a path and without what confuses terminals and headers.
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let bidi =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept: String = last.chars().filter(|c| !c.is_control() && !bidi(*c)).take(NAME_CHARS_MAX).collect();
    let kept = kept.trim().trim_matches('.').trim();
    if kept.is_empty() { "file".to_owned() } else { kept.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_what_its_first_bytes_say() {
        for (head, declared, media_type, inline) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], "text/html", "image/png", true),
            (b"\xff\xd8\xff\xe0", "null", "image/jpeg", true),
            (b"\0\0\0\x20ftypisom....", "", "video/mp4", true),
            (b"\0\0\0\x20ftypavif....", "", "image/avif", true),
            (b"\0\0\0\x20ftyp", "", "video/mp4", true),
            (b"RIFF....WEBPVP8 ", "image/png", "image/webp", true),
            (b"\x1a\x45\xdf\xa3....", "video/webm;codecs=vp9,opus", "video/webm", true),
            (b"%PDF-1.7", "application/pdf", "application/pdf", false),
            (b"<!doctype html><p>", "image/png", "application/octet-stream", false),
            (b"\xef\xbb\xbf  <html>", "text/plain", "application/octet-stream", false),
            (b"<?xml version='1.0'?><svg onload='x()'>", "image/png", "image/svg+xml", false),
            (b"line one\nline two", "image/svg+xml; x", "text/plain", true),
            (b"{\"a\":1}", "Application/JSON; charset=utf-8", "application/json", true),
            (b"a,b\n1,2", "text/csv", "text/csv", true),
            (b"gr\xc3\xbc\xc3", "text/plain", "text/plain", true),
            (b"gr\xfc\xdf", "text/plain", "application/octet-stream", false),
            (b"\0\x01\x02", "text/plain", "application/octet-stream", false),
            (b"", "text/plain", "application/octet-stream", false),
        ] {
            let kind = content_kind(head, declared);
            assert_eq!((kind.media_type, kind.inline), (media_type, inline), "{head:?}");
        }
    }

    #[test]
    fn names_lose_paths_and_what_deceives() {
        for (name, safe) in [
            ("photo of me.png", "photo of me.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.txt", "a.txt"),
            ("grüße.txt", "grüße.txt"),
            ("a\r\nb\0.txt", "ab.txt"),
            ("harmless\u{202e}gpj.exe", "harmlessgpj.exe"),
            ("", "file"),
            ("..", "file"),
        ] {
            assert_eq!(safe_name(name), safe, "{name:?}");
        }
        assert_eq!(safe_name(&"x".repeat(1000)).len(), NAME_CHARS_MAX);
    }
}
