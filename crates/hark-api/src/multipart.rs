//! `multipart/form-data` as it arrives: bounded memory, and the odd ways in which SDKs write it.
//!
//! [`Parser`] knows no input and output, so that it can be tried with any bytes in any pieces;
//! [`Multipart`] feeds it from a body.

use bytes::{Buf, Bytes, BytesMut};
use futures_util::StreamExt;
use hark_store::{Bytestream, Error, Result};

/// Bytes of the headers of a part.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Parts of a body.
const PARTS_MAX: usize = 200;
/// Bytes of a boundary; the standard allows 70.
const BOUNDARY_BYTES_MAX: usize = 200;
/// Spaces behind a boundary.
const PADDING_BYTES_MAX: usize = 64;

/// What the headers of a part say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartHead {
    /// The name of the field.
    pub name: String,
    /// The name of the file, empty when there is none.
    pub file_name: String,
    /// The content type, empty when there is none.
    pub content_type: String,
}

/// What comes next in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A part begins.
    Head(PartHead),
    /// Some bytes of the part.
    Data(Bytes),
    /// Nothing until there are more bytes.
    Hungry,
    /// The last part is over.
    End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first boundary, where anything may stand that nobody reads.
    Preamble,
    /// Behind a boundary.
    Boundary,
    /// In the headers of a part.
    Head,
    /// In the content of a part.
    Data,
    /// Behind the last boundary.
    End,
}

/// Finds the parts in the bytes of a body.
pub struct Parser {
    /// `CRLF`, two dashes and the boundary.
    delimiter: Vec<u8>,
    buffer: BytesMut,
    place: Place,
    parts: usize,
}

impl Parser {
    /// A parser for bodies with this `Content-Type`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is another type or names no boundary.
    pub fn new(content_type: &[u8]) -> Result<Parser> {
        let form =
            content_type.get(..19).is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/form-data"));
        let boundary = parameter(content_type, "boundary").filter(|_| form);
        let boundary = boundary.filter(|boundary| (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len()));
        let boundary = boundary.ok_or_else(|| {
            Error::invalid(
                "the body must be multipart/form-data, with its boundary in the header `Content-Type`",
            )
        })?;
        let delimiter = [b"\r\n--".as_slice(), &boundary].concat();
        // The first boundary has no line before it, so it is given one.
        Ok(Parser { delimiter, buffer: BytesMut::from(&b"\r\n"[..]), place: Place::Preamble, parts: 0 })
    }

    /// Takes the next bytes of the body.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// What is next in the bytes so far.
    ///
    /// # Errors
    /// [`Error::Invalid`] when they are no multipart body within bounds.
    pub fn step(&mut self) -> Result<Step> {
        loop {
            match self.place {
                Place::Preamble | Place::Data => match self.content() {
                    Some(data) if self.place_before_data() || data.is_empty() => continue,
                    Some(data) => return Ok(Step::Data(data)),
                    None => return Ok(Step::Hungry),
                },
                Place::Boundary => {
                    if !self.boundary()? {
                        return Ok(Step::Hungry);
                    }
                }
                Place::Head => return self.head(),
                Place::End => return Ok(Step::End),
            }
        }
    }

    /// Whether a body may end here.
    pub fn may_end(&self) -> bool {
        self.place == Place::End
    }

    /// Whether what was just taken out of the buffer stood before the first part.
    fn place_before_data(&self) -> bool {
        self.parts == 0
    }

    /// The content up to the next delimiter, or as much as is surely no part of one.
    fn content(&mut self) -> Option<Bytes> {
        if let Some(at) = find(&self.buffer, &self.delimiter) {
            let data = self.buffer.split_to(at).freeze();
            self.buffer.advance(self.delimiter.len());
            self.place = Place::Boundary;
            return Some(data);
        }
        let sure = self.buffer.len().saturating_sub(self.delimiter.len() - 1);
        (sure > 0).then(|| self.buffer.split_to(sure).freeze())
    }

    /// Reads what follows a boundary; tells whether it was there.
    fn boundary(&mut self) -> Result<bool> {
        if self.buffer.starts_with(b"--") {
            self.place = Place::End;
            return Ok(true);
        }
        let padding = self.buffer.iter().take_while(|byte| b" \t".contains(byte)).count();
        match &self.buffer[padding..] {
            [b'\r', b'\n', ..] if padding <= PADDING_BYTES_MAX => {
                self.buffer.advance(padding + 2);
                self.place = Place::Head;
                self.parts += 1;
                if self.parts > PARTS_MAX {
                    return Err(Error::Invalid(format!("the body has more than {PARTS_MAX} parts")));
                }
                Ok(true)
            }
            [] | [b'\r'] if padding <= PADDING_BYTES_MAX => Ok(false),
            [b'-'] if padding == 0 => Ok(false),
            _ => Err(broken("a boundary is not followed by a line's end")),
        }
    }

    fn head(&mut self) -> Result<Step> {
        let bare = self.buffer.starts_with(b"\r\n");
        let end = if bare { Some(0) } else { find(&self.buffer, b"\r\n\r\n") };
        match end {
            Some(end) if end <= HEAD_BYTES_MAX => {
                let head = read_head(&self.buffer[..end]);
                self.buffer.advance(end + if bare { 2 } else { 4 });
                self.place = Place::Data;
                Ok(Step::Head(head))
            }
            None if self.buffer.len() <= HEAD_BYTES_MAX + 4 => Ok(Step::Hungry),
            _ => Err(broken("the headers of a part are too long")),
        }
    }
}

/// The parts of a whole body that is handed over in pieces of this size: the parser without its
/// surroundings, for trying it with any bytes.
///
/// # Errors
/// Those of [`Parser`], and [`Error::Invalid`] when the body ends too early.
pub fn parts_of(content_type: &[u8], body: &[u8], piece_bytes: usize) -> Result<Vec<(PartHead, Vec<u8>)>> {
    let mut parser = Parser::new(content_type)?;
    let mut parts: Vec<(PartHead, Vec<u8>)> = Vec::new();
    let mut pieces = body.chunks(piece_bytes.max(1));
    loop {
        match parser.step()? {
            Step::Head(head) => parts.push((head, Vec::new())),
            Step::Data(data) => {
                if let Some((_, content)) = parts.last_mut() {
                    content.extend_from_slice(&data);
                }
            }
            Step::End => return Ok(parts),
            Step::Hungry => match pieces.next() {
                Some(piece) => parser.feed(piece),
                None => return Err(broken("it ends before its last boundary")),
            },
        }
    }
}

/// The parts of a body as it arrives.
pub(crate) struct Multipart {
    parser: Parser,
    body: Bytestream,
    /// The head of a part that was found while the one before was read.
    ahead: Option<PartHead>,
}

impl Multipart {
    /// The parts of a body with this `Content-Type`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it announces none.
    pub(crate) fn new(content_type: &[u8], body: Bytestream) -> Result<Multipart> {
        Ok(Multipart { parser: Parser::new(content_type)?, body, ahead: None })
    }

    /// The next part; what was not read of the one before is left out.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the body is broken, and those of the body.
    pub(crate) async fn part(&mut self) -> Result<Option<PartHead>> {
        while self.ahead.is_none() {
            match self.step().await? {
                Step::Head(head) => self.ahead = Some(head),
                Step::Data(_) | Step::Hungry => {}
                Step::End => return Ok(None),
            }
        }
        Ok(self.ahead.take())
    }

    /// The next bytes of the part, `None` at its end.
    ///
    /// # Errors
    /// Like [`Multipart::part`].
    pub(crate) async fn data(&mut self) -> Result<Option<Bytes>> {
        if self.ahead.is_some() {
            return Ok(None);
        }
        match self.step().await? {
            Step::Data(data) => Ok(Some(data)),
            Step::Head(head) => {
                self.ahead = Some(head);
                Ok(None)
            }
            Step::Hungry | Step::End => Ok(None),
        }
    }

    async fn step(&mut self) -> Result<Step> {
        loop {
            let step = self.parser.step()?;
            if step != Step::Hungry {
                return Ok(step);
            }
            match self.body.next().await {
                Some(piece) => self.parser.feed(&piece?),
                None if self.parser.may_end() => return Ok(Step::End),
                None => return Err(broken("it ends before its last boundary")),
            }
        }
    }
}

fn broken(why: &str) -> Error {
    Error::Invalid(format!("the body is no multipart/form-data that can be read: {why}"))
}

fn read_head(lines: &[u8]) -> PartHead {
    let mut head = PartHead::default();
    for line in lines.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"content-disposition") {
            let read = |parameter_name| parameter(value, parameter_name).map(|bytes| text(&bytes));
            head.name = read("name").unwrap_or_default();
            head.file_name = read("filename").unwrap_or_default();
        } else if name.eq_ignore_ascii_case(b"content-type") {
            head.content_type = text(value);
        }
    }
    head
}

/// A parameter of a header. Its value may be in quotes or not, and then contain spaces: one SDK
/// writes the names of files so.
fn parameter(header: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut rest = header;
    loop {
        let semicolon = unquoted_semicolon(rest)?;
        rest = &rest[semicolon + 1..];
        let entry = &rest[..unquoted_semicolon(rest).unwrap_or(rest.len())];
        let Some(equals) = entry.iter().position(|byte| *byte == b'=') else { continue };
        if entry[..equals].trim_ascii().eq_ignore_ascii_case(name.as_bytes()) {
            return Some(unquoted(entry[equals + 1..].trim_ascii()));
        }
    }
}

fn unquoted_semicolon(bytes: &[u8]) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn unquoted(value: &[u8]) -> Vec<u8> {
    let Some(inner) = value.strip_prefix(b"\"") else { return value.to_vec() };
    let (mut text, mut escaped) = (Vec::with_capacity(inner.len()), false);
    for byte in inner {
        match byte {
            b'"' if !escaped => break,
            // A backslash before anything else is one: some browsers sent whole Windows paths.
            b'\\' if !escaped => escaped = true,
            byte => {
                if escaped && !b"\"\\".contains(byte) {
                    text.push(b'\\');
                }
                escaped = false;
                text.push(*byte);
            }
        }
    }
    text
}

/// Text that is UTF-8, or else one byte for each character, as one SDK writes it.
fn text(bytes: &[u8]) -> String {
    let latin = || bytes.iter().map(|byte| char::from(*byte)).collect();
    std::str::from_utf8(bytes).map_or_else(|_| latin(), str::to_owned)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (first, rest) = needle.split_first()?;
    let mut from = 0;
    while let Some(at) = haystack[from..].iter().position(|byte| byte == first) {
        let start = from + at;
        match haystack.get(start + 1..start + needle.len()) {
            Some(next) if next == rest => return Some(start),
            Some(_) => from = start + 1,
            None => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &[u8] = b"multipart/form-data;boundary=BBB";

    fn head(name: &str, file_name: &str, content_type: &str) -> PartHead {
        PartHead {
            name: name.to_owned(),
            file_name: file_name.to_owned(),
            content_type: content_type.to_owned(),
        }
    }

    #[test]
    fn the_ways_of_sdks_and_browsers_are_understood_in_pieces_of_any_size() {
        let browser = b"ignored\r\n--BBB\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".webm\"\r\n\
            Content-Type: video/webm;codecs=vp9,opus\r\n\r\n\r\n--BB\r\n--BBA\r\n\r\n--BBB--\r\nepilogue";
        let android =
            b"--BBB\r\nContent-Disposition: form-data; name=\"file\";filename=\"gr\xfc\xdfe.png\"\r\n\
            Content-Type: null\r\n\r\nPNG\r\n--BBB--\r\n";
        let ios = b"--BBB\r\ncontent-disposition:form-data; name=file; filename=my photo.jpeg\r\nContent-Type: image/jpeg\r\n\r\n\
            \r\n--BBB  \r\nContent-Disposition: form-data; name=file; filename=step_1\r\n\r\nJPEG\r\n--BBB--";
        for size in [1, 2, 3, 7, 1000] {
            let found = parts_of(TYPE, browser, size).expect("a form of a browser");
            let video = head("file", "a \"b\".webm", "video/webm;codecs=vp9,opus");
            assert_eq!(found, [(video, b"\r\n--BB\r\n--BBA\r\n".to_vec())], "{size}");
            let found = parts_of(TYPE, android, size).expect("a form of Android");
            assert_eq!(found, [(head("file", "grüße.png", "null"), b"PNG".to_vec())], "{size}");
            let found = parts_of(TYPE, ios, size).expect("a form of iOS");
            let photo = (head("file", "my photo.jpeg", "image/jpeg"), Vec::new());
            assert_eq!(found, [photo, (head("file", "step_1", ""), b"JPEG".to_vec())], "{size}");
            assert_eq!(parts_of(TYPE, b"--BBB--\r\n", size).expect("an empty form"), [], "{size}");
        }
    }

    #[test]
    fn boundaries_come_quoted_or_not_and_in_any_case() {
        for content_type in [
            &b"multipart/form-data; boundary=BBB"[..],
            b"Multipart/Form-Data; charset=utf-8; Boundary=\"BBB\"",
            b"multipart/form-data ;x=\"a;boundary=C\"; boundary = BBB ",
        ] {
            assert_eq!(parts_of(content_type, b"--BBB--", 5).expect("a form"), []);
        }
        for content_type in [
            &b""[..],
            b"multipart/form-data",
            b"multipart/mixed; boundary=B",
            b"multipart/form-data; boundary=",
        ] {
            assert!(Parser::new(content_type).is_err(), "{content_type:?}");
        }
        let long = [b"multipart/form-data; boundary=", vec![b'B'; 201].as_slice()].concat();
        assert!(Parser::new(&long).is_err());
    }

    #[test]
    fn broken_forms_are_refused() {
        let long = [b"--BBB\r\nX: ".as_slice(), &vec![b'x'; 20_000]].concat();
        let many = [b"--BBB\r\n\r\n\r\n".repeat(201).as_slice(), b"--BBB--"].concat();
        for body in [
            &b""[..],
            b"no boundary at all",
            b"--BBB",
            b"--BBB-",
            b"--BBBx\r\n\r\n",
            b"--BBB\r\nContent-Disposition: form-data; name=file\r\n\r\nnever ends",
            b"--BBB\r\nContent-Disposition: form-data; name=file",
            &long,
            &many,
        ] {
            for size in [1, 1000] {
                let refused = parts_of(TYPE, body, size).map(drop).expect_err("a refusal");
                assert!(matches!(refused, Error::Invalid(_)), "{body:?}");
            }
        }
    }

    #[test]
    fn what_is_held_of_a_body_is_bounded() {
        let mut parser = Parser::new(TYPE).expect("a parser");
        parser.feed(b"--BBB\r\n\r\n");
        assert!(matches!(parser.step(), Ok(Step::Head(_))));
        for _ in 0..1_000 {
            parser.feed(&[b'\r'; 4096]);
            while parser.step().expect("data") != Step::Hungry {}
            assert!(parser.buffer.len() < parser.delimiter.len());
        }
    }

    /// Bodies that once were of interest, which the fuzz target starts from as well.
    fn seeds() -> Vec<Vec<u8>> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/multipart");
        let files = std::fs::read_dir(folder).expect("the seeds").flatten();
        let mut paths: Vec<_> = files.map(|file| file.path()).collect();
        // Folders are listed in any order, and a failure should come back.
        paths.sort();
        let seeds: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).expect("a seed")).collect();
        assert!(seeds.len() >= 5, "only {} seeds were found", seeds.len());
        seeds
    }

    #[test]
    fn any_bytes_are_read_alike_in_pieces_of_any_size() {
        /// Bytes that mean something to a parser of parts.
        const TELLING: &[u8] = b"\r\n-B\":;= \\";
        // A fixed sequence, so that a failure comes back.
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = move |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below.max(1) as u64) as usize
        };
        let seeds = seeds();
        for round in 0..20_000 {
            let mut body = seeds[round % seeds.len()].clone();
            for _ in 0..random(6) {
                let at = random(body.len() + 1);
                match random(4) {
                    0 => body.insert(at, TELLING[random(TELLING.len())]),
                    1 => body.truncate(at),
                    2 if at < body.len() => body[at] = random(256) as u8,
                    _ => {
                        let other = &seeds[random(seeds.len())];
                        let end = random(other.len() + 1);
                        body.splice(at..at, other[end / 2..end].iter().copied());
                    }
                }
            }
            let whole = parts_of(TYPE, &body, usize::MAX).ok();
            let size = 1 + random(40);
            assert_eq!(
                parts_of(TYPE, &body, size).ok(),
                whole,
                "{size} {:?}",
                String::from_utf8_lossy(&body)
            );
        }
    }
}
