//! Reads a bug report piece by piece: what was captured goes compressed into files, an entry at a time,
//! and only the rest is held in memory.

mod pieces;
mod replay;

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use hark_core::contacts::without_nul;
use hark_core::files::Purpose;
use hark_core::reports::Secrets;
use hark_store::{Body, Error, FileStore, Result};
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess};
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use crate::mended::Mended;
use pieces::{Into, Pieces};
use replay::{Frames, Replay};

/// Entries of a log; SDKs send some hundred.
const ENTRIES_MAX: usize = 5_000;
/// Bytes of an entry as JSON; SDKs cut bodies at 150,000 characters.
const ENTRY_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a property that is no capture.
const PROPERTY_BYTES_MAX: usize = 256 * 1024;
/// Characters of an error that tell crashes apart.
const ERROR_CHARS_MAX: usize = 4_000;

/// What a report is besides its captures.
const PROPERTIES: &[&str] = &[
    "type",
    "priority",
    "customData",
    "metaData",
    "formData",
    "isSilent",
    "outbound",
    "tags",
    "attachments",
    "screenshotUrl",
    "screenRecordingUrl",
];

/// A report that was read.
#[derive(Default)]
pub(super) struct Read {
    /// What is no capture.
    pub(super) properties: Body,
    /// The captures.
    pub(super) captures: Vec<Capture>,
    /// The last error on the console.
    pub(super) last_error: Option<String>,
    /// The addresses of the frames of a replay.
    pub(super) frames: Vec<String>,
}

/// Something that was captured, in a file without a name.
pub(super) struct Capture {
    /// What it is.
    pub(super) purpose: Purpose,
    /// Its bytes as gzip.
    pub(super) file: File,
    /// When it begins, in unix milliseconds.
    pub(super) start: Option<i64>,
    /// What its readers need to know.
    pub(super) details: Json,
}

/// Reads a report. Blocks.
///
/// # Errors
/// [`Error::Invalid`] when it is no JSON object, otherwise faults of the disk.
pub(super) fn read(spooled: File, files: &FileStore, secrets: &Secrets) -> Result<Read> {
    let mut reading = Reading { files, secrets, read: Read::default(), object: false, fault: None };
    let mut reader =
        serde_json::Deserializer::from_reader(BufReader::new(Mended::new(BufReader::new(spooled))));
    let whole = Into(Top(&mut reading)).deserialize(&mut reader).and_then(|()| reader.end());
    match (reading.fault.take(), whole) {
        (Some(fault), _) => Err(fault),
        (None, Err(error)) => {
            Err(Error::Invalid(format!("the report is no JSON object that can be read: {error}")))
        }
        (None, Ok(())) if !reading.object => Err(Error::invalid("the report must be a JSON object")),
        (None, Ok(())) => Ok(reading.read),
    }
}

/// What is known in the middle of a report.
pub(super) struct Reading<'r> {
    files: &'r FileStore,
    secrets: &'r Secrets,
    read: Read,
    /// Whether it is an object.
    object: bool,
    /// A fault of ours that ended the reading.
    fault: Option<Error>,
}

impl Reading<'_> {
    /// Hands a fault of ours through the reader.
    fn ours<T, E: serde::de::Error>(&mut self, done: Result<T>) -> Result<T, E> {
        done.map_err(|error| {
            self.fault = Some(error);
            E::custom("a fault of ours")
        })
    }

    fn sink<E: serde::de::Error>(&mut self) -> Result<Sink, E> {
        let file = self.files.scratch();
        self.ours(file).map(Sink::new)
    }

    /// Takes a capture over; of two of a kind the later one stays.
    fn captured<E: serde::de::Error>(
        &mut self,
        purpose: Purpose,
        sink: Sink,
        start: Option<i64>,
        details: Json,
    ) -> Result<(), E> {
        let file = self.ours(sink.finish())?;
        self.read.captures.retain(|capture| capture.purpose != purpose);
        self.read.captures.push(Capture { purpose, file, start, details });
        Ok(())
    }
}

/// Bytes on their way into a compressed file.
pub(super) struct Sink(GzEncoder<BufWriter<File>>);

impl Sink {
    fn new(file: File) -> Sink {
        Sink(GzEncoder::new(BufWriter::new(file), Compression::default()))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.write_all(bytes).map_err(broken)
    }

    fn finish(self) -> Result<File> {
        let mut file =
            self.0.finish().map_err(broken)?.into_inner().map_err(|error| broken(error.into_error()))?;
        file.seek(SeekFrom::Start(0)).map_err(broken)?;
        Ok(file)
    }
}

fn broken(error: std::io::Error) -> Error {
    Error::Internal(error.into())
}

/// The report itself.
struct Top<'t, 'r>(&'t mut Reading<'r>);

impl<'de> Pieces<'de> for Top<'_, '_> {
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let reading = self.0;
        reading.object = true;
        while let Some(name) = object.next_key::<String>()? {
            match name.as_str() {
                "consoleLog" => object.next_value_seed(Into(Log(reading, Purpose::ConsoleLog)))?,
                "networkLogs" => object.next_value_seed(Into(Log(reading, Purpose::NetworkLogs)))?,
                "customEventLog" => object.next_value_seed(Into(Log(reading, Purpose::EventLog)))?,
                "webReplay" => object.next_value_seed(Into(Replay(reading)))?,
                "replay" => object.next_value_seed(Into(Frames(reading)))?,
                "screenshotData" => object.next_value_seed(Into(Snapshot(reading)))?,
                known if PROPERTIES.contains(&known) => {
                    if let Some(value) = small(&mut object, PROPERTY_BYTES_MAX)? {
                        reading.read.properties.insert(name, without_nul(value));
                    }
                }
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// A value of an object, `None` when it is null or too large.
fn small<'de, A: MapAccess<'de>>(object: &mut A, bytes_max: usize) -> Result<Option<Json>, A::Error> {
    let raw = object.next_value::<Box<RawValue>>()?;
    if raw.get().len() > bytes_max {
        return Ok(None);
    }
    let value: Json = serde_json::from_str(raw.get()).map_err(A::Error::custom)?;
    Ok((!value.is_null()).then_some(value))
}

/// A log: a list of objects.
struct Log<'t, 'r>(&'t mut Reading<'r>, Purpose);

impl<'de> Pieces<'de> for Log<'_, '_> {
    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Log(reading, purpose) = self;
        let mut sink = reading.sink()?;
        let mut entries = 0;
        while let Some(raw) = list.next_element::<Box<RawValue>>()? {
            // As values, an entry takes many times the memory of its text.
            if entries == ENTRIES_MAX || !raw.get().starts_with('{') || raw.get().len() > ENTRY_BYTES_MAX {
                continue;
            }
            // One that is nested too deeply.
            let Ok(mut entry) = serde_json::from_str::<Json>(raw.get()) else { continue };
            if purpose == Purpose::NetworkLogs {
                reading.secrets.strip(&mut entry);
            }
            if entry.get("priority").and_then(Json::as_str) == Some("ERROR") {
                let text = entry.get("log").and_then(Json::as_str).unwrap_or_default();
                reading.read.last_error = Some(text.chars().take(ERROR_CHARS_MAX).collect());
            }
            let text = entry.to_string();
            if text.len() > ENTRY_BYTES_MAX {
                continue;
            }
            let mark: &[u8] = if entries == 0 { b"[" } else { b"," };
            let written = sink.write(mark).and_then(|()| sink.write(text.as_bytes()));
            reading.ours(written)?;
            entries += 1;
        }
        if entries == 0 {
            return Ok(());
        }
        reading.ours(sink.write(b"]"))?;
        reading.captured(purpose, sink, None, Json::Null)
    }
}

/// A captured page.
struct Snapshot<'t, 'r>(&'t mut Reading<'r>);

impl<'de> Pieces<'de> for Snapshot<'_, '_> {
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let reading = self.0;
        let mut sink = reading.sink()?;
        let (mut page, mut details) = (false, Body::new());
        while let Some(name) = object.next_key::<String>()? {
            match name.as_str() {
                "html" => {
                    let raw = object.next_value::<Box<RawValue>>()?;
                    let Ok(html) = serde_json::from_str::<String>(raw.get()) else { continue };
                    let doctype = html.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
                    let mark: &[u8] = if doctype { b"" } else { b"<!DOCTYPE html>" };
                    reading.ours(sink.write(mark).and_then(|()| sink.write(html.as_bytes())))?;
                    page = !html.is_empty();
                }
                "width" | "height" | "x" | "y" => {
                    let number = small(&mut object, 64)?.and_then(|value| value.as_f64()).unwrap_or(0.0);
                    details.insert(name, json!(number.clamp(0.0, 1_000_000.0).round() as i64));
                }
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        if !page {
            return Ok(());
        }
        reading.captured(Purpose::Snapshot, sink, None, Json::Object(details))
    }
}
