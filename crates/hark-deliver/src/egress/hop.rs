//! One request on the wire, and what becomes of it when the answer redirects.

use bytes::Bytes;
use reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE, COOKIE, HeaderMap,
    HeaderName, HeaderValue,
};
use reqwest::{Method, StatusCode, Url};

use super::EgressError;
use super::policy::{Refusal, parse_url};
use super::request::{HeaderText, OutgoingRequest};

/// How many headers a request may have.
const HEADERS_MAX: usize = 64;
/// Names and values of all headers together, in bytes.
const HEADER_BYTES_MAX: usize = 32 * 1024;

/// Headers that frame the message or the connection. Whoever sets them could hide a second
/// request in the first, or reach another virtual host than the one that was checked.
const FRAMING: [&str; 13] = [
    "host",
    "connection",
    "content-length",
    "expect",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "trailers",
    "transfer-encoding",
    "upgrade",
];

/// Headers that describe the body and go when it goes.
const ABOUT_BODY: [HeaderName; 4] = [CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION];

/// A request to one address.
pub(super) struct Hop {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Names of the headers that belong to the present origin only.
    sensitive: Vec<HeaderName>,
}

impl Hop {
    /// Checks and takes over what the caller asked for.
    pub(super) fn first(request: OutgoingRequest) -> Result<Self, EgressError> {
        let url = parse_url(&request.url, None).map_err(EgressError::BadUrl)?;
        let mut hop = Self {
            method: request.method,
            url,
            headers: HeaderMap::new(),
            body: request.body.into(),
            sensitive: vec![AUTHORIZATION, COOKIE],
        };
        hop.add_headers(request.headers)?;
        Ok(hop)
    }

    fn add_headers(&mut self, headers: Vec<(String, HeaderText)>) -> Result<(), EgressError> {
        if headers.len() > HEADERS_MAX {
            return Err(EgressError::TooManyHeaders);
        }
        let mut total_bytes = 0;
        for (name, text) in headers {
            let (value, secret) = match &text {
                HeaderText::Plain(value) => (value.as_str(), false),
                HeaderText::Secret(value) => (value.expose(), true),
            };
            total_bytes += name.len() + value.len();
            if total_bytes > HEADER_BYTES_MAX {
                return Err(EgressError::TooManyHeaders);
            }
            let (Ok(known), Ok(mut value)) =
                (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value))
            else {
                return Err(EgressError::BadHeader(name));
            };
            if FRAMING.contains(&known.as_str()) {
                return Err(EgressError::BadHeader(name));
            }
            if secret {
                value.set_sensitive(true);
                self.sensitive.push(known.clone());
            }
            self.headers.append(known, value);
        }
        Ok(())
    }

    /// The request that follows the answer `status` with `Location: target`.
    pub(super) fn redirected(mut self, status: StatusCode, target: &str) -> Result<Self, Refusal> {
        let target = parse_url(target, Some(&self.url)).map_err(Refusal::Redirect)?;
        if self.url.scheme() == "https" && target.scheme() == "http" {
            return Err(Refusal::Downgrade);
        }
        if becomes_get(status, &self.method) {
            self.method = Method::GET;
            self.body = Bytes::new();
            for name in &ABOUT_BODY {
                self.headers.remove(name);
            }
        }
        if self.url.origin() != target.origin() {
            for name in &self.sensitive {
                self.headers.remove(name);
            }
        }
        self.url = target;
        Ok(self)
    }
}

/// Whether `status` is a redirect that this client follows.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// RFC 9110, 15.4: 303 always asks for a GET, 301 and 302 do so after a POST by custom.
fn becomes_get(status: StatusCode, method: &Method) -> bool {
    match status.as_u16() {
        303 => *method != Method::HEAD,
        301 | 302 => *method == Method::POST,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn hop(method: Method, url: &str) -> Hop {
        let request = OutgoingRequest::new(method, url, "test")
            .bearer(&Secret::new("token"))
            .header("cookie", "a=b")
            .header("x-key", Secret::new("key"))
            .header("x-plain", "plain")
            .body("text/plain", "hello");
        Hop::first(request).expect("a good request")
    }

    fn names(hop: &Hop) -> Vec<&str> {
        hop.headers.keys().map(HeaderName::as_str).collect()
    }

    #[test]
    fn method_and_body_follow_the_status() {
        let cases = [
            (301, Method::POST, Method::GET),
            (302, Method::POST, Method::GET),
            (303, Method::POST, Method::GET),
            (303, Method::PUT, Method::GET),
            (303, Method::HEAD, Method::HEAD),
            (301, Method::PUT, Method::PUT),
            (302, Method::DELETE, Method::DELETE),
            (307, Method::POST, Method::POST),
            (308, Method::POST, Method::POST),
        ];
        for (status, before, after) in cases {
            let code = StatusCode::from_u16(status).expect("a status");
            let next = hop(before.clone(), "https://a.example/x").redirected(code, "/y");
            let next = next.expect("a good redirect");
            assert_eq!(next.method, after, "{status} {before}");
            let keeps_body = before == after;
            assert_eq!(!next.body.is_empty(), keeps_body, "{status} {before}");
            assert_eq!(next.headers.contains_key(CONTENT_TYPE), keeps_body, "{status} {before}");
        }
    }

    #[test]
    fn credentials_stay_with_their_origin() {
        let all = ["authorization", "cookie", "x-key", "x-plain", "content-type"];
        let open = ["x-plain", "content-type"];
        let cases: [(&str, &[&str]); 6] = [
            ("/same", &all),
            ("https://a.example:443/same", &all),
            ("https://A.EXAMPLE/same", &all),
            ("https://b.example/", &open),
            ("https://a.example:8443/", &open),
            ("//sub.a.example/", &open),
        ];
        for (target, expected) in cases {
            let next = hop(Method::POST, "https://a.example/x")
                .redirected(StatusCode::TEMPORARY_REDIRECT, target)
                .expect(target);
            let mut found = names(&next);
            found.sort_unstable();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected, "{target}");
        }
    }

    #[test]
    fn credentials_do_not_come_back() {
        let there = hop(Method::GET, "https://a.example/x")
            .redirected(StatusCode::FOUND, "https://b.example/")
            .expect("there");
        let back = there.redirected(StatusCode::FOUND, "https://a.example/x").expect("back");
        assert!(!names(&back).contains(&"authorization"));
    }

    #[test]
    fn redirects_cannot_do_what_requests_cannot() {
        let cases = [
            ("http://a.example/", Refusal::Downgrade),
            ("ftp://a.example/", Refusal::Redirect("must begin with http:// or https://")),
            ("file:///etc/passwd", Refusal::Redirect("must begin with http:// or https://")),
            ("https://u:p@a.example/", Refusal::Redirect("must not contain a user name or password")),
            ("https://a.example:0/", Refusal::Redirect("must not name port 0")),
        ];
        for (target, expected) in cases {
            let refused = hop(Method::GET, "https://a.example/x").redirected(StatusCode::FOUND, target);
            assert_eq!(refused.err(), Some(expected), "{target}");
        }
    }

    #[test]
    fn framing_and_broken_headers_are_refused() {
        let cases = [
            ("Host", "internal"),
            ("Transfer-Encoding", "chunked"),
            ("content-length", "3"),
            ("x-a", "b\r\nx-c: d"),
            ("x-a", "b\nc"),
            ("x a", "b"),
            ("x-a:", "b"),
            ("", "b"),
        ];
        for (name, value) in cases {
            let request = OutgoingRequest::get("https://a.example/", "test").header(name, value);
            let refused = Hop::first(request).err();
            assert!(matches!(refused, Some(EgressError::BadHeader(_))), "{name}: {value}");
        }
    }

    #[test]
    fn headers_are_bounded() {
        let mut many = OutgoingRequest::get("https://a.example/", "test");
        for _ in 0..=HEADERS_MAX {
            many = many.header("x-a", "b");
        }
        assert!(matches!(Hop::first(many).err(), Some(EgressError::TooManyHeaders)));

        let long = "x".repeat(HEADER_BYTES_MAX);
        let long = OutgoingRequest::get("https://a.example/", "test").header("x-a", long);
        assert!(matches!(Hop::first(long).err(), Some(EgressError::TooManyHeaders)));
    }
}
