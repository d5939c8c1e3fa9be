//! A strict S3: it checks each request's signature and body, and keeps one bucket in memory.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{HttpSink, ReceivedRequest, Reply, lock};

/// The smallest part of an upload that is not its last, as S3 has it.
const PART_BYTES_MIN: usize = 5 * 1024 * 1024;

/// A store with one bucket.
pub struct S3Sink {
    http: HttpSink,
    state: Arc<Mutex<State>>,
}

/// Who may do what, where.
#[derive(Clone, Debug)]
pub struct S3Access {
    /// The bucket.
    pub bucket: String,
    /// The region that signatures name.
    pub region: String,
    /// The id of the access key.
    pub access_key: String,
    /// Its secret.
    pub secret_key: String,
}

#[derive(Default)]
struct State {
    objects: BTreeMap<String, Vec<u8>>,
    uploads: BTreeMap<String, (String, BTreeMap<u32, Vec<u8>>)>,
    /// Answers with 503 instead of doing anything.
    down: bool,
}

impl S3Sink {
    /// Starts a store on 127.0.0.1.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub async fn start(access: S3Access) -> io::Result<S3Sink> {
        let state = Arc::new(Mutex::new(State::default()));
        let kept = Arc::clone(&state);
        let http = HttpSink::start(move |request| answer(&access, &mut lock(&kept), request)).await?;
        Ok(S3Sink { http, state })
    }

    /// The address of the store.
    pub fn endpoint(&self) -> String {
        self.http.url("")
    }

    /// The keys of the objects and their sizes.
    pub fn objects(&self) -> Vec<(String, usize)> {
        lock(&self.state).objects.iter().map(|(key, bytes)| (key.clone(), bytes.len())).collect()
    }

    /// Uploads that were neither completed nor taken back.
    pub fn open_uploads(&self) -> usize {
        lock(&self.state).uploads.len()
    }

    /// Lets the store fail, or work again.
    pub fn set_down(&self, down: bool) {
        lock(&self.state).down = down;
    }

    /// What has arrived until now.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.http.requests()
    }
}

fn answer(access: &S3Access, state: &mut State, request: &ReceivedRequest) -> Reply {
    if let Err(why) = check_signature(access, request) {
        return error(403, "SignatureDoesNotMatch", &why);
    }
    if state.down {
        return error(503, "SlowDown", "down");
    }
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let Some(key) = path.strip_prefix(&format!("/{}/", access.bucket)) else {
        return error(404, "NoSuchBucket", path);
    };
    let parameter = |name: &str| {
        query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
    };
    let begins = query.split('&').any(|part| part == "uploads" || part == "uploads=");
    match (request.method.as_str(), parameter("uploadId")) {
        ("POST", None) if begins => begin(state, key),
        ("PUT", Some(upload)) => part(state, &upload, parameter("partNumber"), &request.body),
        ("POST", Some(upload)) => complete(state, &upload, &request.body),
        ("DELETE", Some(upload)) => {
            state.uploads.remove(&upload);
            Reply::new(204, "")
        }
        ("PUT", None) => {
            state.objects.insert(key.to_owned(), request.body.clone());
            Reply::new(200, "").header("etag", &etag(&request.body))
        }
        ("GET", None) => get(state, key, request.header("range")),
        ("DELETE", None) => {
            state.objects.remove(key);
            Reply::new(204, "")
        }
        _ => error(501, "NotImplemented", &request.method),
    }
}

fn begin(state: &mut State, key: &str) -> Reply {
    let upload = format!("upload-{}", state.uploads.len() + 1);
    state.uploads.insert(upload.clone(), (key.to_owned(), BTreeMap::new()));
    Reply::new(
        200,
        format!(
            "<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
        ),
    )
}

fn part(state: &mut State, upload: &str, number: Option<String>, body: &[u8]) -> Reply {
    let number = number.and_then(|number| number.parse().ok()).filter(|number| (1..=10_000).contains(number));
    match (state.uploads.get_mut(upload), number) {
        (Some((_, parts)), Some(number)) => {
            parts.insert(number, body.to_vec());
            Reply::new(200, "").header("etag", &etag(body))
        }
        _ => error(404, "NoSuchUpload", upload),
    }
}

fn complete(state: &mut State, upload: &str, body: &[u8]) -> Reply {
    let Some((key, parts)) = state.uploads.get(upload) else { return error(404, "NoSuchUpload", upload) };
    let last = parts.keys().next_back().copied().unwrap_or_default();
    if parts.iter().any(|(number, part)| *number != last && part.len() < PART_BYTES_MIN) {
        return error(400, "EntityTooSmall", "a part is too small");
    }
    let named = String::from_utf8_lossy(body).replace("&quot;", "\"");
    if !parts.values().all(|part| named.contains(&etag(part))) {
        return error(400, "InvalidPart", "a part is not named");
    }
    let whole = parts.values().flatten().copied().collect::<Vec<u8>>();
    let (key, tag) = (key.clone(), etag(&whole));
    state.objects.insert(key, whole);
    state.uploads.remove(upload);
    Reply::new(
        200,
        format!("<CompleteMultipartUploadResult><ETag>{tag}</ETag></CompleteMultipartUploadResult>"),
    )
}

fn get(state: &State, key: &str, range: Option<&str>) -> Reply {
    let Some(object) = state.objects.get(key) else { return error(404, "NoSuchKey", key) };
    let bounds = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let bounds =
        bounds.and_then(|(start, end)| Some((start.parse::<usize>().ok()?, end.parse::<usize>().ok()?)));
    let reply = match bounds {
        Some((start, end)) if start <= end && end < object.len() => Reply::new(206, &object[start..=end])
            .header("content-range", &format!("bytes {start}-{end}/{}", object.len())),
        _ => Reply::new(200, object.as_slice()),
    };
    reply.header("etag", &etag(object)).header("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT")
}

fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", &hex::encode(Sha256::digest(bytes))[..32])
}

fn error(status: u16, code: &str, message: &str) -> Reply {
    Reply::new(status, format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>"))
}

/// Version 4 of the signature, as Amazon's reference describes it.
fn check_signature(access: &S3Access, request: &ReceivedRequest) -> Result<(), String> {
    let header = |name: &str| request.header(name).ok_or_else(|| format!("no header {name}"));
    let body_hash = header("x-amz-content-sha256")?;
    if body_hash != hex::encode(Sha256::digest(&request.body)) {
        return Err("the body has another hash".to_owned());
    }
    let time = header("x-amz-date")?;
    let date = time.get(..8).ok_or("a bad date")?;
    let scope = format!("{date}/{}/s3/aws4_request", access.region);
    let authorization = header("authorization")?;
    let field = |name: &str| {
        let fields = authorization.trim_start_matches("AWS4-HMAC-SHA256").split(',');
        fields
            .map(str::trim)
            .find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
            .unwrap_or_default()
    };
    if field("Credential") != format!("{}/{scope}", access.access_key) {
        return Err("another key, date or region".to_owned());
    }
    let signed: Vec<&str> = field("SignedHeaders").split(';').collect();
    for needed in ["host", "x-amz-content-sha256", "x-amz-date"] {
        if !signed.contains(&needed) {
            return Err(format!("{needed} is not signed"));
        }
    }
    let headers: String =
        signed.iter().map(|name| format!("{name}:{}\n", request.header(name).unwrap_or_default())).collect();
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let mut parameters: Vec<String> = query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| if part.contains('=') { part.to_owned() } else { format!("{part}=") })
        .collect();
    parameters.sort();
    let canonical = format!(
        "{}\n{path}\n{}\n{headers}\n{}\n{body_hash}",
        request.method,
        parameters.join("&"),
        signed.join(";")
    );
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
    let first = hmac(format!("AWS4{}", access.secret_key).as_bytes(), date);
    let key = [access.region.as_str(), "s3", "aws4_request"].iter().fold(first, |key, step| hmac(&key, step));
    if hex::encode(hmac(&key, &text)) == field("Signature") {
        Ok(())
    } else {
        Err("a bad signature".to_owned())
    }
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
