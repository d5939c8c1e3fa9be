//! Files under unguessable addresses, served so that nothing in them runs in an origin of ours.
//!
//! Addresses are on the media host. Every answer says `nosniff`, carries a policy that forbids
//! everything, and only content that is a picture, sound, film or plain text by its own first bytes is
//! shown in place; everything else is saved. A captured page is the one kind of HTML that is
//! served, see [`crate::snapshot`].

use std::ops::Range;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST, LOCATION, REFERRER_POLICY,
};
use axum::http::{HeaderName, Method, StatusCode};
use hark_core::files::{self, ContentKind};
use hark_store::{Doc, Error, Permission, ReadTx, Result, Scope};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{Schema, SchemaGenerator};

use crate::answer::{Answer, Output};
use crate::app::host_of;
use crate::call::Call;
use crate::dispatch::{bearer, text};
use crate::gzip::gunzip;
use crate::live::parameter;
use crate::operation::{Access, NoBody, Operation, group};
use crate::sdk::KnownProject;
use crate::snapshot::{self, Loads};

/// Nothing may be loaded, run, framed into or sent by what is opened by itself.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; sandbox";
/// Browsers may keep a file for a day; it never changes, but may be deleted.
const CACHE: &str = "private, max-age=86400";
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// What may stand in a name after `filename*=UTF-8''` as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

pub(crate) fn operations() -> Vec<Operation> {
    let read = Operation::new(Method::GET, "/media/{fileToken}/{fileName}", "ReadFile", Access::Public, read)
        .summary("Read a file under the address that an upload or a ticket named")
        .headers(&[
            ("range", "the part that is wanted: `bytes=0-1023`", false),
            ("if-none-match", "the `ETag` of the file that the caller has", false),
            ("x-file-session", "a file session, where the project wants one", false),
        ])
        .parameters(&[
            ("fileSession", "the same as `X-File-Session`, for pictures in pages"),
            ("remote", "`true` lets a captured page load pictures and styles from where the page was"),
        ])
        .also_answers(&[(401, "the project wants a file session or a member's token")]);
    group("Files", vec![read])
}

/// The bytes of a file.
struct Bytes(Answer);

impl Output for Bytes {
    const CONTENT_TYPE: &'static str = "application/octet-stream";
    const HEADERS: &'static [&'static str] = &["ETag"];

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<String>())
    }

    fn answer(self) -> Result<Answer> {
        Ok(self.0)
    }
}

async fn read(call: Call, _: NoBody) -> Result<Bytes> {
    let token = call.path("fileToken")?.to_owned();
    if let Some(address) = elsewhere(&call) {
        return Ok(Bytes(empty(StatusCode::TEMPORARY_REDIRECT).with(LOCATION, address)));
    }
    let none = || Error::not_found("file", "in this address");
    let project = files::project_of(&token).ok_or_else(none)?;
    let scope = call.app.store.operator_of(project).await?;
    let file = call.app.store.peek(&scope, move |tx| files::by_token(tx, &token)).await?.ok_or_else(none)?;
    may_read(&call, &scope, &file).await?;
    if file.text("purpose") == Some(files::Purpose::Snapshot.word()) {
        let remote = parameter(call.raw_query(), "remote") == Some("true");
        let loads = if remote { Loads::Remote } else { Loads::Nothing };
        return Ok(Bytes(snapshot::view(&call.app, &file, loads).await?));
    }
    answer(&call, &file).await.map(Bytes)
}

/// The address on the media host, for a request that came to another host of ours: what is stored
/// belongs into an origin where nobody is signed in.
fn elsewhere(call: &Call) -> Option<String> {
    let settings = &call.app.settings;
    let media = settings.media_url();
    let asked = text(&call.headers, HOST.as_str())?;
    // A host that is none of ours is a proxy's name for us; redirecting it could go on forever.
    let ours = asked != host_of(&media) && settings.own_hosts().iter().any(|host| host == asked);
    let (token, name) = (call.path("fileToken").ok()?, call.path("fileName").ok()?);
    let query = if call.raw_query().is_empty() { String::new() } else { format!("?{}", call.raw_query()) };
    ours.then(|| format!("{media}/media/{token}/{}{query}", utf8_percent_encode(name, PLAIN)))
}

/// Whoever knows the address may read, unless the project wants to know who it is. Files that belong
/// to nobody are the project's and public.
async fn may_read(call: &Call, scope: &Scope, file: &Doc) -> Result<()> {
    let owned = ["contact", "ticket", "message"].iter().any(|owner| file.text(owner).is_some());
    if !owned || !KnownProject::of(&call.app, scope).await?.config.has_authenticated_files() {
        return Ok(());
    }
    if call.header("authorization").is_some() {
        let caller = call.app.store.caller(bearer(&call.headers)?).await?;
        let project = scope.project().ok_or_else(|| Error::internal("a file without a project"))?;
        return call.app.store.enter(&caller, project).await?.need(Permission::TicketsRead);
    }
    let presented = text(&call.headers, "x-file-session");
    let may_read = match presented.or_else(|| parameter(call.raw_query(), "fileSession")) {
        Some(session) => opens(call, scope, session.to_owned(), file).await?,
        None => false,
    };
    if may_read {
        return Ok(());
    }
    Err(Error::Unauthenticated(
        "this file needs the file session of its owner, of the contact in whose conversation it is, or of a member"
            .to_owned(),
    ))
}

/// Whether this is a file session of a contact or of a member who may read the file.
async fn opens(call: &Call, scope: &Scope, session: String, file: &Doc) -> Result<bool> {
    let project = scope.project().ok_or_else(|| Error::internal("a file without a project"))?;
    let file = file.clone();
    let read = move |tx: &ReadTx<'_>| {
        let member = files::member_of(tx, &session, project)?;
        Ok((member, member.is_none() && files::may_read(tx, &session, &file)?))
    };
    let (member, is_contacts) = call.app.store.peek(scope, read).await?;
    let Some(pass) = member else { return Ok(is_contacts) };
    let scopes = call.app.store.reenter(vec![pass]).await?;
    Ok(scopes.iter().flatten().any(|scope| scope.need(Permission::TicketsRead).is_ok()))
}

async fn answer(call: &Call, file: &Doc) -> Result<Answer> {
    let etag = format!("\"{}\"", file.text("sha256").unwrap_or_default());
    if call.header("if-none-match").is_some_and(|known| known == "*" || known.contains(&etag)) {
        return Ok(headers(empty(StatusCode::NOT_MODIFIED), file, &etag));
    }
    if file.is_true("compressed") {
        let packed = call.app.files.get(file.text("key").unwrap_or_default(), None).await?;
        let mut answer = headers(empty(StatusCode::OK), file, &etag);
        // Parts of what is unpacked on the way cannot be found without unpacking the rest.
        answer.headers.retain(|(name, _)| *name != ACCEPT_RANGES);
        answer.body = Body::from_stream(gunzip(packed.bytes));
        return Ok(answer);
    }
    let size = file.body.get("size").and_then(|size| size.as_u64()).unwrap_or_default();
    let asked = call.header("range").filter(|_| call.header("if-range").is_none_or(|known| known == etag));
    let range = match asked.and_then(|asked| wanted(asked, size)) {
        Some(Some(range)) => Some(range),
        Some(None) => {
            let answer = headers(empty(StatusCode::RANGE_NOT_SATISFIABLE), file, &etag);
            return Ok(answer.with(CONTENT_RANGE, format!("bytes */{size}")));
        }
        None => None,
    };
    let length = range.as_ref().map_or(size, |range| range.end - range.start);
    let content = call.app.files.get(file.text("key").unwrap_or_default(), range.clone()).await?;
    let mut answer = empty(StatusCode::OK);
    if let Some(Range { start, end }) = range {
        answer.status = StatusCode::PARTIAL_CONTENT;
        answer = answer.with(CONTENT_RANGE, format!("bytes {start}-{}/{size}", end - 1));
    }
    answer.body = Body::from_stream(content.bytes);
    Ok(headers(answer, file, &etag).with(CONTENT_LENGTH, length))
}

fn headers(answer: Answer, file: &Doc, etag: &str) -> Answer {
    let media_type = file.text("contentType").unwrap_or("application/octet-stream");
    let content_type = match media_type {
        "text/plain" | "text/csv" => format!("{media_type}; charset=utf-8"),
        other => other.to_owned(),
    };
    answer
        .with(CONTENT_TYPE, content_type)
        .with(CONTENT_DISPOSITION, disposition(media_type, file.text("name").unwrap_or("file")))
        .with(CONTENT_SECURITY_POLICY, POLICY)
        .with(RESOURCE_POLICY, "cross-origin")
        // The address is a secret, and no referrer may carry it on.
        .with(REFERRER_POLICY, "no-referrer")
        .with(CACHE_CONTROL, CACHE)
        .with(ACCEPT_RANGES, "bytes")
        .with(ETAG, etag)
}

/// Whether a browser shows the file or saves it, and under which name.
fn disposition(media_type: &str, name: &str) -> String {
    let how = if ContentKind::is_inline(media_type) { "inline" } else { "attachment" };
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' })
        .collect();
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN))
}

/// The one range of a `Range` header: `Some(None)` when there is no such part, `None` when the header
/// asks for something that is answered with the whole.
fn wanted(header: &str, size: u64) -> Option<Option<Range<u64>>> {
    let (first, last) = header.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (first.trim(), last.trim()) {
        ("", "") => return None,
        ("", suffix) => size.saturating_sub(number(suffix)?)..size,
        (first, "") => number(first)?..size,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            first..last.saturating_add(1).min(size)
        }
    };
    Some((range.start < range.end).then_some(range))
}

fn empty(status: StatusCode) -> Answer {
    Answer { status, headers: Vec::new(), body: Body::empty() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_the_standard() {
        for (header, range) in [
            ("bytes=0-0", Some(Some(0..1))),
            ("bytes=2-", Some(Some(2..10))),
            ("bytes=-3", Some(Some(7..10))),
            ("bytes=-30", Some(Some(0..10))),
            ("bytes=4-99", Some(Some(4..10))),
            ("bytes=0-18446744073709551615", Some(Some(0..10))),
            ("bytes=10-", Some(None)),
            ("bytes=99-100", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=5-4", None),
            ("bytes=0-1,3-4", None),
            ("bytes=a-b", None),
            ("bytes=-", None),
            ("items=0-1", None),
            ("bytes=99999999999999999999-", None),
        ] {
            assert_eq!(wanted(header, 10), range, "{header}");
        }
        assert_eq!(wanted("bytes=0-", 0), Some(None));
    }

    #[test]
    fn names_cannot_leave_their_place_in_the_header() {
        let header = disposition("image/png", "a\"; filename=\"b\r\n.html ü");
        assert_eq!(
            header,
            "inline; filename=\"a__ filename__b__.html _\"; \
             filename*=UTF-8''a%22%3B%20filename%3D%22b%0D%0A.html%20%C3%BC"
        );
        assert!(disposition("image/svg+xml", "x").starts_with("attachment;"));
        assert!(disposition("text/html", "x").starts_with("attachment;"));
    }
}
