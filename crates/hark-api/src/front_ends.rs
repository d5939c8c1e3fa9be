//! The front ends: which one a host and a path mean, how long browsers keep it, and what it may do.
//!
//! Three origins keep apart what must not have the rights of the other: the dashboard, where
//! agents are signed in; the messenger, which pages of customers frame; and the media host with
//! banners, replays and files. Calls of the API are answered on all of them, so only a
//! path that nothing else serves gets here.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST,
    IF_NONE_MATCH, VARY, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use hark_web::{File, FrontEnd, Packing};

use crate::app::{App, Settings, host_of};
use crate::dispatch::{no_such_path, text};
use crate::edge::Served;

/// A name with a hash in it never means other content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Everything else is asked for again, and answered with 304 while it is the same.
const ASK_AGAIN: &str = "no-cache";
/// What the log and the measurements call these requests.
const ROUTE: &str = "front end";
/// Addresses of the dashboard, which its script understands. Ends with a slash: and everything below.
const DASHBOARD_ADDRESSES: &[&str] = &[
    "sign-in",
    "sign-in/",
    "sign-up",
    "sign-up/",
    "welcome",
    "welcome/",
    "account",
    "account/",
    "inbox",
    "inbox/",
    "invitations/",
    "p/",
];
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Answers what no route serves: with a file of the front end that host and path mean, or with 404.
pub(crate) async fn answer(State(app): State<App>, request: Request) -> Response {
    let place = [Method::GET, Method::HEAD]
        .contains(request.method())
        .then(|| Place::of(&app.settings, host(&request), request.uri().path()))
        .flatten();
    let Some(place) = place else { return no_such_path().await };
    let packings = packings(request.headers());
    let Some(file) = app.web().file(place.front_end, &place.file, &packings).await else {
        return match place.is_page {
            true => not_built(),
            false => no_such_path().await,
        };
    };
    let known = text(request.headers(), IF_NONE_MATCH.as_str()).unwrap_or_default();
    let is_known = known == "*" || known.contains(&file.etag);
    let served = Served::new(&app.settings, &request, ROUTE.into());
    let is_head = request.method() == Method::HEAD;
    served.around(async { send(&app.settings, &place, file, is_known, is_head) }).await
}

/// The host that a request came to, as a browser writes it.
fn host(request: &Request) -> &str {
    text(request.headers(), HOST.as_str())
        .or(request.uri().authority().map(|host| host.as_str()))
        .unwrap_or("")
}

/// A file of a front end.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    front_end: FrontEnd,
    /// Its path there.
    file: String,
    /// Whether it is a page, which has to be there in any build.
    is_page: bool,
}

impl Place {
    fn of(settings: &Settings, host: &str, path: &str) -> Option<Place> {
        let path = path.strip_prefix('/')?;
        let page = |front_end, file: &str| Some(Place { front_end, file: file.to_owned(), is_page: true });
        let other = |front_end, file: &str| Some(Place { front_end, file: file.to_owned(), is_page: false });
        match Host::of(settings, host) {
            Host::Public if path.is_empty() || is_of_dashboard(path) => {
                page(FrontEnd::Dashboard, "index.html")
            }
            Host::Public => other(FrontEnd::Dashboard, path),
            Host::Messenger => match path {
                "" | "appnew" | "appnew/" => page(FrontEnd::Messenger, "index.html"),
                _ => other(FrontEnd::Messenger, path),
            },
            Host::Media => match path.strip_prefix("replay/") {
                None if path == "replay" => page(FrontEnd::Replay, "index.html"),
                None if ["banner", "modal"].contains(&path) => page(FrontEnd::Media, &format!("{path}.html")),
                None => other(FrontEnd::Media, path),
                Some(file) => other(FrontEnd::Replay, file),
            },
        }
    }
}

fn is_of_dashboard(path: &str) -> bool {
    DASHBOARD_ADDRESSES.iter().any(|address| match address.ends_with('/') {
        true => path.starts_with(address),
        false => path == *address,
    })
}

/// What a host name of ours is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Host {
    Public,
    Messenger,
    Media,
}

impl Host {
    /// A host under a name that nobody configured is told by its first word, as are the hosts beside the
    /// public one: a server is also reached under names that only a proxy or a test knows.
    fn of(settings: &Settings, host: &str) -> Host {
        let is = |url: &str| host_of(url).eq_ignore_ascii_case(host);
        let first = host.split('.').next().unwrap_or_default();
        match first {
            _ if is(&settings.public_url) => Host::Public,
            _ if settings.messenger_url.as_deref().is_some_and(is) => Host::Messenger,
            _ if settings.media_url.as_deref().is_some_and(is) => Host::Media,
            _ if first.eq_ignore_ascii_case("messenger") => Host::Messenger,
            _ if first.eq_ignore_ascii_case("media") => Host::Media,
            _ => Host::Public,
        }
    }
}

/// How the caller can unpack: the names in `Accept-Encoding` without those that it weighs with zero.
pub(crate) fn packings(headers: &HeaderMap) -> Vec<Packing> {
    let accepted = text(headers, ACCEPT_ENCODING.as_str()).unwrap_or_default();
    let takes = |packing: &Packing| {
        accepted.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            let is_named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(packing.word()));
            let weight = words.find_map(|word| word.strip_prefix("q=")).unwrap_or("1");
            is_named && weight.trim().parse::<f32>().is_ok_and(|weight| weight > 0.0)
        })
    };
    Packing::ALL.into_iter().filter(takes).collect()
}

fn send(settings: &Settings, place: &Place, file: File, is_known: bool, is_head: bool) -> Response {
    let length = file.bytes.len();
    let body = if is_known || is_head { Body::empty() } else { Body::from(file.bytes) };
    let mut response = Response::new(body);
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(ETAG, &file.etag);
    set(VARY, "accept-encoding");
    set(CACHE_CONTROL, if file.is_immutable { FOR_EVER } else { ASK_AGAIN });
    if !is_known {
        set(CONTENT_TYPE, file.content_type);
        if let Some(packing) = file.packing {
            set(CONTENT_ENCODING, packing.word());
        }
        if is_head {
            set(axum::http::header::CONTENT_LENGTH, &length.to_string());
        }
    }
    set(CONTENT_SECURITY_POLICY, &policy(settings, place.front_end));
    match place.front_end {
        FrontEnd::Dashboard => {
            set(OPENER_POLICY, "same-origin");
            set(X_FRAME_OPTIONS, "DENY");
        }
        FrontEnd::Replay => set(axum::http::header::REFERRER_POLICY, "no-referrer"),
        // Pages that shut themselves off from other origins may frame these all the same.
        FrontEnd::Messenger | FrontEnd::Media => set(RESOURCE_POLICY, "cross-origin"),
    }
    response
}

/// What a front end may load, call, show and be shown in. None has scripts or styles in its pages.
fn policy(settings: &Settings, front_end: FrontEnd) -> String {
    let (media, messenger) = (settings.media_url(), settings.messenger_url());
    let public = &settings.public_url;
    match front_end {
        FrontEnd::Dashboard => format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; manifest-src 'self'; \
             worker-src 'self' blob:; img-src 'self' data: blob: https: {media}; media-src 'self' blob: {media}; \
             frame-src {media} {messenger}; connect-src 'self' {} {media}; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
            socket_of(public)
        ),
        // Anybody's page may frame these two, also pages of apps with schemes of their own. Pictures
        // are those that the project chose.
        FrontEnd::Messenger | FrontEnd::Media => format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
             img-src 'self' data: blob: https: {public} {media}; media-src 'self' blob: https: {media}; \
             connect-src 'self' {}; form-action 'none'; base-uri 'none'",
            callable(settings)
        ),
        // A recorded page is rebuilt in a frame that has the policy of this one: nothing is loaded
        // from where it was recorded, and no script runs.
        FrontEnd::Replay => format!(
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
             font-src 'self' data:; media-src 'self' data: blob:; connect-src 'none'; form-action 'none'; \
             base-uri 'none'; frame-ancestors {public}"
        ),
    }
}

/// The hosts of ours under which an SDK may have been told to find the API and its socket.
fn callable(settings: &Settings) -> String {
    let scheme = settings.public_url.split_once("://").map_or("http", |(scheme, _)| scheme);
    let both = settings.own_hosts().into_iter().map(|host| {
        let url = format!("{scheme}://{host}");
        format!("{url} {}", socket_of(&url))
    });
    both.collect::<Vec<_>>().join(" ")
}

/// The origin of sockets for an origin of pages.
fn socket_of(url: &str) -> String {
    url.replacen("http", "ws", 1)
}

fn not_built() -> Response {
    const PAGE: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
        <meta name=\"viewport\" content=\"width=device-width\"><title>Hark</title></head>\
        <body><h1>This page is not built yet</h1>\
        <p>The server runs, and its <a href=\"/docs\">API</a> answers. This program was built without the front \
        ends: run <code>scripts/web</code> in the repository, which needs Node.js, and build the program \
        again. A debug build shows them at once.</p></body></html>";
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'none'"),
    ];
    (StatusCode::NOT_FOUND, headers, PAGE).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_paths_mean_front_ends() {
        let usual = Settings::default();
        let named = Settings {
            public_url: "https://media.example.com".to_owned(),
            media_url: Some("https://files.example.com".to_owned()),
            messenger_url: Some("https://chat.example.com".to_owned()),
            ..Settings::default()
        };
        use FrontEnd::{Dashboard, Media, Messenger, Replay};
        for (settings, host, path, front_end, file) in [
            (&usual, "localhost:8080", "/", Dashboard, "index.html"),
            (&usual, "", "/", Dashboard, "index.html"),
            (&usual, "127.0.0.1:8080", "/p/0123/inbox/all", Dashboard, "index.html"),
            (&usual, "localhost:8080", "/sign-in", Dashboard, "index.html"),
            (&usual, "localhost:8080", "/inbox", Dashboard, "index.html"),
            (&usual, "localhost:8080", "/invitations/abc", Dashboard, "index.html"),
            (&usual, "localhost:8080", "/assets/a.js", Dashboard, "assets/a.js"),
            (&usual, "localhost:8080", "/banner", Dashboard, "banner"),
            (&usual, "messenger.localhost:8080", "/", Messenger, "index.html"),
            (&usual, "messenger.localhost:8080", "/appnew", Messenger, "index.html"),
            (&usual, "Messenger.example.net", "/assets/a.js", Messenger, "assets/a.js"),
            (&usual, "messenger.localhost:8080", "/sign-in", Messenger, "sign-in"),
            (&usual, "media.localhost:8080", "/banner", Media, "banner.html"),
            (&usual, "media.localhost:8080", "/modal", Media, "modal.html"),
            (&usual, "media.localhost:8080", "/assets/a.js", Media, "assets/a.js"),
            (&usual, "media.localhost:8080", "/replay", Replay, "index.html"),
            (&usual, "media.localhost:8080", "/replay/assets/a.js", Replay, "assets/a.js"),
            (&named, "media.example.com", "/", Dashboard, "index.html"),
            (&named, "files.example.com", "/banner", Media, "banner.html"),
            (&named, "CHAT.example.com", "/", Messenger, "index.html"),
        ] {
            let place = Place::of(settings, host, path).expect("a place");
            assert_eq!((place.front_end, place.file.as_str()), (front_end, file), "{host}{path}");
        }
    }

    #[test]
    fn the_ways_of_packing_are_those_that_the_caller_weighs_above_zero() {
        for (accepted, packings_there) in [
            ("gzip, deflate, br, zstd", &Packing::ALL[..]),
            ("GZIP", &[Packing::Gzip]),
            ("br;q=0, gzip;q=0.5", &[Packing::Gzip]),
            ("br; q=1.0", &[Packing::Brotli]),
            ("identity", &[]),
            ("br;q=x", &[]),
            ("bread", &[]),
            ("", &[]),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
            assert_eq!(packings(&headers), packings_there, "{accepted}");
        }
    }

    #[test]
    fn no_policy_lets_foreign_or_inline_scripts_run() {
        let settings = Settings::default();
        for front_end in [FrontEnd::Dashboard, FrontEnd::Messenger, FrontEnd::Media, FrontEnd::Replay] {
            let policy = policy(&settings, front_end);
            assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
            assert!(!policy.contains("unsafe-eval") && policy.contains("base-uri 'none'"), "{policy}");
            assert_eq!(policy.contains("unsafe-inline"), front_end == FrontEnd::Replay, "{policy}");
        }
        assert!(policy(&settings, FrontEnd::Dashboard).contains("frame-ancestors 'none'"));
        assert!(!policy(&settings, FrontEnd::Messenger).contains("frame-ancestors"));
        let messenger = policy(&settings, FrontEnd::Messenger);
        for url in ["http://localhost:8080", "ws://localhost:8080", "ws://ws.localhost:8080"] {
            assert!(messenger.contains(&format!(" {url} ")), "{url} is not in {messenger}");
        }
        assert_eq!(socket_of("https://http.example.com"), "wss://http.example.com");
    }
}
