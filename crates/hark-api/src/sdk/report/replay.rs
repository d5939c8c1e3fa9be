//! Replays: recordings of a page, whose newer form packs each event, and frames of an app.

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use hark_core::files::Purpose;
use hark_query::dates::{format_date, parse_date};
use hark_store::{Body, Result, to_body};
use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use super::pieces::{Into, Pieces};
use super::{Reading, Sink, small};

/// Bytes of an unpacked event.
const EVENT_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Bytes of all events together, unpacked. What comes behind is left out.
const EVENTS_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Bytes of a property of a replay.
const PROPERTY_BYTES_MAX: usize = 8 * 1024;
/// Bytes of the frames of an app, which are addresses and what was touched.
const FRAMES_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Frames of an app; one a second, and apps keep a minute.
const FRAMES_MAX: usize = 500;

/// A recording of a page.
pub(super) struct Replay<'t, 'r>(pub(super) &'t mut Reading<'r>);

impl<'de> Pieces<'de> for Replay<'_, '_> {
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let reading = self.0;
        let mut sink = reading.sink()?;
        let mut events = Events { sink: &mut sink, count: 0, left_out: 0, bytes: 0 };
        let mut about = Body::new();
        while let Some(name) = object.next_key::<String>()? {
            match name.as_str() {
                "events" if events.count == 0 => {
                    object.next_value_seed(Into(List { reading, events: &mut events }))?
                }
                "startDate" | "baseUrl" | "width" | "height" | "isMobile" | "type" => {
                    about.extend(small(&mut object, PROPERTY_BYTES_MAX)?.map(|value| (name, value)));
                }
                // Events are stored unpacked, so that it is no longer true.
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        let Events { count, left_out, .. } = events;
        if count == 0 {
            return Ok(());
        }
        if left_out > 0 {
            about.insert("eventsLeftOut".to_owned(), json!(left_out));
        }
        about.entry("type").or_insert_with(|| json!("rrweb"));
        let start = about.get("startDate").and_then(Json::as_f64).map(|ms| ms as i64);
        let rest = Json::Object(about).to_string();
        reading.ours(sink.write(b"],").and_then(|()| sink.write(&rest.as_bytes()[1..])))?;
        reading.captured(Purpose::Replay, sink, start, Json::Null)
    }
}

/// The events of a recording on their way into the file.
struct Events<'s> {
    sink: &'s mut Sink,
    count: usize,
    /// Events that could not be unpacked or were too much.
    left_out: usize,
    bytes: u64,
}

struct List<'l, 't, 'r, 's> {
    reading: &'t mut Reading<'r>,
    events: &'l mut Events<'s>,
}

impl<'de> Pieces<'de> for List<'_, '_, '_, '_> {
    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let List { reading, events } = self;
        while let Some(raw) = list.next_element::<Box<RawValue>>()? {
            let left = EVENTS_BYTES_MAX.saturating_sub(events.bytes);
            let unpacked = if raw.get().starts_with('"') { unpack(raw.get(), left) } else { None };
            // What is unpacked and left out has cost its time as well.
            let unpacked = unpacked.and_then(|bytes| {
                events.bytes += bytes.len() as u64;
                event_of(bytes, left)
            });
            let event = unpacked.as_deref().or(raw.get().starts_with('{').then_some(raw.get()));
            let Some(event) = event.filter(|event| event.len() as u64 <= left) else {
                events.left_out += 1;
                continue;
            };
            let mark: &[u8] = if events.count == 0 { b"{\"events\":[" } else { b"," };
            let written = events.sink.write(mark).and_then(|()| events.sink.write(event.as_bytes()));
            reading.ours(written)?;
            events.count += 1;
            if unpacked.is_none() {
                events.bytes += event.len() as u64;
            }
        }
        Ok(())
    }
}

/// What is in a packed event, as far as it can be unpacked and one byte further than it may go: a text
/// with a character for each byte of zlib's output.
fn unpack(raw: &str, left: u64) -> Option<Vec<u8>> {
    let packed: String = serde_json::from_str(raw).ok()?;
    let bytes: Vec<u8> = packed.chars().map(u8::try_from).collect::<Result<_, _>>().ok()?;
    let mut event = Vec::new();
    let limit = EVENT_BYTES_MAX.min(left);
    // One that breaks off is no JSON and left out for that.
    let _ = ZlibDecoder::new(bytes.as_slice()).take(limit + 1).read_to_end(&mut event);
    Some(event)
}

/// The JSON of an event that was unpacked.
fn event_of(bytes: Vec<u8>, left: u64) -> Option<String> {
    let event =
        String::from_utf8(bytes).ok().filter(|event| event.len() as u64 <= EVENT_BYTES_MAX.min(left))?;
    let is_object = event.starts_with('{') && serde_json::from_str::<IgnoredAny>(&event).is_ok();
    is_object.then_some(event)
}

/// The frames of an app.
pub(super) struct Frames<'t, 'r>(pub(super) &'t mut Reading<'r>);

impl<'de> Pieces<'de> for Frames<'_, '_> {
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let reading = self.0;
        let (mut interval, mut frames) = (None, Vec::new());
        while let Some(name) = object.next_key::<String>()? {
            match name.as_str() {
                "interval" => interval = small(&mut object, 64)?.filter(Json::is_number),
                "frames" => frames = ordered(small(&mut object, FRAMES_BYTES_MAX)?),
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        if frames.is_empty() {
            return Ok(());
        }
        reading.read.frames =
            frames.iter().filter_map(|frame| frame["url"].as_str()).map(str::to_owned).collect();
        let start = frames.first().and_then(|frame| parse_date(frame["date"].as_str()?));
        let mut replay = to_body(json!({"type": "frames", "frames": frames}));
        replay.extend(interval.map(|interval| ("interval".to_owned(), interval)));
        if let Some(start) = start {
            replay.insert("startDate".to_owned(), json!(start));
        }
        let mut sink = reading.sink()?;
        reading.ours(sink.write(Json::Object(replay).to_string().as_bytes()))?;
        reading.captured(Purpose::Replay, sink, start, Json::Null)
    }
}

/// The frames that are ones, the oldest first: one SDK sends the newest first.
fn ordered(sent: Option<Json>) -> Vec<Json> {
    let Some(Json::Array(sent)) = sent else { return Vec::new() };
    let is_frame = |frame: &Json| {
        let url = frame.get("url").and_then(Json::as_str).unwrap_or_default();
        url.starts_with("https://") || url.starts_with("http://")
    };
    let mut frames: Vec<(Option<i64>, Json)> = Vec::new();
    for mut frame in sent.into_iter().filter(is_frame).take(FRAMES_MAX) {
        let at = frame.get("date").and_then(Json::as_str).and_then(parse_date);
        if let Some(at) = at {
            frame["date"] = json!(format_date(at));
        }
        frames.push((at, frame));
    }
    frames.sort_by_key(|(at, _)| *at);
    frames.into_iter().map(|(_, frame)| frame).collect()
}
