//! Captured pages: HTML of a customer's page, as a browser SDK sent it, shown so that it can do nothing.
//!
//! The page is served with a policy under which no script runs but one of ours, known by its hash, and
//! in a sandbox that gives it an origin of its own. The script puts values, scroll positions and the
//! pictures of canvases where the SDK marked them.
//!
//! Nothing is loaded from elsewhere unless whoever looks asks for it: what the page names would tell its
//! visitor who looks at it, and when. And it cannot lead away by itself.

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_DNS_PREFETCH_CONTROL,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use hark_store::{Bytestream, Doc, Result};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::app::App;
use crate::gzip::gunzip;

/// Honours the marks of the SDK in a captured page.
const SCRIPT: &str = include_str!("snapshot.js");

/// Takes the SDK's own frames out of sight: what is in them was not captured, so they would cover the page
/// with an empty box.
const STYLE: &str = "<style>.gleap-frame-container,.bb-feedback-button,.gleap-notification-container\
                     {display:none!important}</style>";

/// The view of a captured page for people.
pub(crate) async fn view(app: &App, file: &Doc, loads: Loads) -> Result<Answer> {
    let policy = policy(loads);
    let policy = format!("{policy}; sandbox allow-scripts; frame-ancestors {}", app.settings.public_url);
    let answer = Answer {
        status: StatusCode::OK,
        headers: Vec::new(),
        body: Body::from_stream(page(app, file, loads).await?),
    };
    Ok(answer
        .with(CONTENT_TYPE, "text/html; charset=utf-8")
        .with(CONTENT_SECURITY_POLICY, policy)
        .with(REFERRER_POLICY, "no-referrer")
        .with(X_DNS_PREFETCH_CONTROL, "off")
        .with(CACHE_CONTROL, "private, max-age=3600"))
}

/// What a captured page may load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loads {
    /// Nothing but what it carries.
    Nothing,
    /// Pictures, styles, fonts and films, which are often still at the customer's.
    Remote,
}

/// What a captured page may do: show pictures and styles, and run our script.
pub(crate) fn policy(loads: Loads) -> String {
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    let remote = if loads == Loads::Remote { "http: https: " } else { "" };
    format!(
        "default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline' {remote}data:; \
         img-src {remote}data: blob:; font-src {remote}data:; media-src {remote}data:; \
         form-action 'none'"
    )
}

/// The captured page with our style and script at its end.
pub(crate) async fn page(app: &App, file: &Doc, loads: Loads) -> Result<Bytestream> {
    let packed = app.files.get(file.text("key").unwrap_or_default(), None).await?.bytes;
    let details = file.body.get("details");
    let number =
        |name: &str| details.and_then(|details| details.get(name)).and_then(Json::as_i64).unwrap_or(0);
    let end =
        format!("{STYLE}<script data-x=\"{}\" data-y=\"{}\">{SCRIPT}</script>", number("x"), number("y"));
    let tamed = stream::unfold(Some((gunzip(packed), Tamer::new(loads))), |state| async {
        let (mut pieces, mut tamer) = state?;
        match pieces.next().await {
            Some(Ok(piece)) => Some((Ok(tamer.feed(&piece)), Some((pieces, tamer)))),
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Ok(Bytes::from(tamer.rest)), None)),
        }
    });
    Ok(tamed.chain(stream::once(async move { Ok(Bytes::from(end)) })).boxed())
}

/// Renames what a policy cannot forbid, whatever is around it: names of attributes and elements stand
/// in HTML as they are, so no parser is needed.
struct Tamer {
    words: &'static [(&'static [u8], &'static [u8])],
    /// The end of what was fed, in which a word may have begun.
    rest: Vec<u8>,
}

/// `http-equiv` leads to other pages, and sets policies and cookies.
const META: (&[u8], &[u8]) = (b"http-equiv", b"data-equiv");
/// `link` finds hosts and connects to them.
const LINK: (&[u8], &[u8]) = (b"<link", b"<span");
/// Bytes of the longest word, less one.
const REST: usize = META.0.len() - 1;

impl Tamer {
    fn new(loads: Loads) -> Tamer {
        let words: &[_] = if loads == Loads::Remote { &[META] } else { &[META, LINK] };
        Tamer { words, rest: Vec::new() }
    }

    fn feed(&mut self, piece: &[u8]) -> Bytes {
        let mut text = std::mem::take(&mut self.rest);
        text.extend_from_slice(piece);
        for (word, instead) in self.words {
            for start in 0..(text.len() + 1).saturating_sub(word.len()) {
                let found = &mut text[start..start + word.len()];
                if found.eq_ignore_ascii_case(word) {
                    found.copy_from_slice(instead);
                }
            }
        }
        self.rest = text.split_off(text.len().saturating_sub(REST));
        Bytes::from(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_tamed_wherever_it_is_cut() {
        let page = "<META HTTP-Equiv=refresh content='0;url=x'><Link rel=preconnect href=//x><p>http-equ";
        let wanted = "<META data-equiv=refresh content='0;url=x'><span rel=preconnect href=//x><p>http-equ";
        for size in 1..page.len() {
            let mut tamer = Tamer::new(Loads::Nothing);
            let mut tamed: Vec<u8> =
                page.as_bytes().chunks(size).flat_map(|piece| tamer.feed(piece)).collect();
            tamed.extend(&tamer.rest);
            assert_eq!(String::from_utf8_lossy(&tamed), wanted, "in pieces of {size}");
        }
    }

    #[test]
    fn only_who_asks_loads_from_elsewhere() {
        assert!(!policy(Loads::Nothing).contains("http"));
        assert!(policy(Loads::Remote).contains("img-src http: https:"));
    }
}
