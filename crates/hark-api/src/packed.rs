//! Answers in fewer bytes, for callers that take them packed: a page of an inbox becomes a tenth.
//!
//! What a packed answer weighs tells of what is in it: a visitor's text that repeats the beginning of a secret
//! beside it, such as the share token of somebody else's ticket, makes it a byte lighter for each character that
//! is right. No other site can have a browser ask for answers, but pages of agents ask anew whenever a visitor
//! writes, so whoever writes as a visitor and listens on an agent's line could try one character after the other.
//! Therefore each packed answer is longer by a random number of bytes, the sum of [`NOISES`] throws of up to
//! [`NOISE_MAX`] each: the shortest and the longest, which would give the true size away, come once in many millions
//! of millions, and the average tells a byte only after some ten thousand answers, for each of the sixty characters
//! tried for each place of a token. Every one costs a message, of which the budgets of visitors and projects leave
//! hundreds a minute, not millions. That is a hurdle and no wall.

use std::io::Write;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::{Compression, GzBuilder};
use hark_web::Packing;

use crate::answer::DOCUMENT_TYPES;
use crate::front_ends::packings;

/// Answers that fit into one packet of the network stay as they are.
const BYTES_MIN: u64 = 1_400;
/// What is packed where it stands, which takes well under a millisecond; more goes to a thread for it.
const AT_ONCE_MAX: usize = 64 * 1024;
/// Throws whose sum is the number of bytes by which a packed answer is longer than it had to be …
const NOISES: usize = 8;
/// … and how much each is at most.
const NOISE_MAX: usize = 63;
/// Larger answers are sent as they are.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Whether a caller takes answers packed.
pub(crate) fn takes(headers: &HeaderMap) -> bool {
    packings(headers).contains(&Packing::Gzip)
}

/// The answer, packed when that is worth it and the caller takes it. Streams stay as they are.
pub(crate) async fn packed(mut answer: Response, takes: bool) -> Response {
    let size = answer.body().size_hint().exact().unwrap_or(0);
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    if !(BYTES_MIN..=BYTES_MAX).contains(&size) || !DOCUMENT_TYPES.contains(&kind) {
        return answer;
    }
    answer.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    if !takes {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    let Ok(whole) = axum::body::to_bytes(body, BYTES_MAX as usize).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let packed = if whole.len() <= AT_ONCE_MAX {
        gzip(&whole)
    } else {
        let source = whole.clone();
        tokio::task::spawn_blocking(move || gzip(&source)).await.ok().flatten()
    };
    let Some(packed) = packed else { return Response::from_parts(head, Body::from(whole)) };
    head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from(packed))
}

fn gzip(bytes: &Bytes) -> Option<Vec<u8>> {
    // The name of the file that was packed, which nobody reads.
    let noise: usize = (0..NOISES).map(|_| rand::random_range(0..=NOISE_MAX)).sum();
    let noise = vec![b'-'; noise];
    let packed = Vec::with_capacity(bytes.len() / 4 + noise.len());
    let mut encoder = GzBuilder::new().filename(noise).write(packed, Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn json(text: String) -> Response {
        let mut answer = Response::new(Body::from(text));
        answer
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        answer
    }

    async fn sent(answer: Response, takes: bool) -> (Option<HeaderValue>, Vec<u8>) {
        let answer = packed(answer, takes).await;
        let encoding = answer.headers().get(CONTENT_ENCODING).cloned();
        (encoding, axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body").to_vec())
    }

    #[tokio::test]
    async fn large_answers_become_smaller_and_stay_what_they_are() {
        for size in [20_000, AT_ONCE_MAX + 1] {
            let text = format!("[\"{}\"]", "word ".repeat(size / 5));
            let (encoding, bytes) = sent(json(text.clone()), true).await;
            assert_eq!(encoding.expect("an encoding"), "gzip");
            assert!(bytes.len() * 10 < text.len(), "{} of {}", bytes.len(), text.len());
            let mut unpacked = String::new();
            flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut unpacked).expect("gzip");
            assert_eq!(unpacked, text);
            assert_eq!(sent(json(text.clone()), false).await, (None, text.into_bytes()));
        }
    }

    #[tokio::test]
    async fn what_an_answer_weighs_is_noise() {
        let text = format!("[\"{}\"]", "word ".repeat(1_000));
        let mut sizes = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let (_, bytes) = sent(json(text.clone()), true).await;
            let mut unpacked = String::new();
            flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut unpacked).expect("gzip");
            assert_eq!(unpacked, text);
            sizes.insert(bytes.len());
        }
        let spread = sizes.last().expect("a size") - sizes.first().expect("a size");
        assert!(sizes.len() > 50 && spread <= NOISES * NOISE_MAX, "{sizes:?}");
    }

    #[tokio::test]
    async fn small_answers_streams_and_files_stay_as_they_are() {
        assert_eq!(sent(json("[1]".to_owned()), true).await, (None, b"[1]".to_vec()));
        let text = "word ".repeat(1_000);
        let mut picture = json(text.clone());
        picture.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("image/png"));
        assert_eq!(sent(picture, true).await.0, None);
        let mut stream = json(String::new());
        let parts = futures_util::stream::iter([Ok::<_, std::io::Error>(text.clone())]);
        *stream.body_mut() = Body::from_stream(parts);
        assert_eq!(sent(stream, true).await, (None, text.into_bytes()));
    }

    #[test]
    fn callers_say_whether_they_unpack() {
        let takes = |accepted: &'static str| {
            takes(&HeaderMap::from_iter([(
                axum::http::header::ACCEPT_ENCODING,
                HeaderValue::from_static(accepted),
            )]))
        };
        assert!(takes("gzip, deflate, br"));
        assert!(!takes("br, gzip;q=0"));
        assert!(!super::takes(&HeaderMap::new()));
    }
}
