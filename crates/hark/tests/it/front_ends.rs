//! The front ends as browsers get them: hosts, addresses, caching, policies, and nothing else of the disk.

use std::fs;
use std::path::Path;

use axum::http::Method;
use hark_api::Settings;
use hark_test::{Answer, Scratch, TestApp, both};
use tempfile::TempDir;

const PUBLIC: &str = "localhost:8080";
const MESSENGER: &str = "messenger.localhost:8080";
const MEDIA: &str = "media.localhost:8080";

/// A server with front ends of one line a file.
async fn built(scratch: Scratch) -> (TempDir, TestApp) {
    let folder = tempfile::tempdir().expect("a folder");
    for (file, content) in [
        ("dashboard/dist/index.html", "<p>dashboard"),
        ("dashboard/dist/assets/app-1a2b.js", "dashboard()"),
        ("dashboard/dist/assets/app-1a2b.js.br", "packed with brotli"),
        ("dashboard/dist/assets/app-1a2b.js.gz", "packed with gzip"),
        ("messenger/dist/index.html", "<p>messenger"),
        ("messenger/dist/assets/app-3c4d.css", "messenger {}"),
        ("media/dist/banner.html", "<p>banner"),
        ("media/dist/modal.html", "<p>modal"),
        ("replay/dist/index.html", "<p>replay"),
        ("replay/dist/assets/app-5e6f.js", "replay()"),
        ("dashboard/secret.txt", "secret"),
    ] {
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        fs::write(file, content).expect("a file");
    }
    let app = served(scratch, folder.path()).await;
    (folder, app)
}

async fn served(scratch: Scratch, folder: &Path) -> TestApp {
    let settings = Settings { web_dir: Some(folder.to_owned()), ..Settings::default() };
    TestApp::with(scratch, settings).await
}

async fn get(app: &TestApp, host: &str, path: &str) -> Answer {
    app.request(Method::GET, path).header("Host", host).send().await
}

#[track_caller]
fn is_page(answer: &Answer, content: &str) {
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, content), "{answer:?}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'; "));
}

#[track_caller]
fn is_nothing(answer: &Answer) {
    let body = answer.expect(404);
    assert!(
        body["message"].as_str().is_some_and(|message| message.contains("nothing at this path")),
        "{body}"
    );
}

both! {
    async fn each_host_has_its_front_end(scratch: Scratch) {
        let (_folder, app) = built(scratch).await;
        for (host, path, content) in [
            (PUBLIC, "/", "<p>dashboard"),
            (MESSENGER, "/", "<p>messenger"),
            (MESSENGER, "/appnew", "<p>messenger"),
            (MESSENGER, "/?lang=en&gleapId=a", "<p>messenger"),
            (MEDIA, "/banner", "<p>banner"),
            (MEDIA, "/modal", "<p>modal"),
            (MEDIA, "/replay", "<p>replay"),
        ] {
            is_page(&get(&app, host, path).await, content);
        }
        for (host, path) in [(MEDIA, "/"), (PUBLIC, "/banner"), (PUBLIC, "/replay"), (PUBLIC, "/appnew"), (MESSENGER, "/replay")] {
            is_nothing(&get(&app, host, path).await);
        }
        // The API is the same under every name.
        for host in [PUBLIC, MESSENGER, MEDIA] {
            assert_eq!(get(&app, host, "/healthz").await.body, "ok\n");
            get(&app, host, "/v3/teams").await.expect(401);
        }
    }

    async fn addresses_of_the_dashboard_are_its_page_and_other_paths_stay_the_apis(scratch: Scratch) {
        let (_folder, app) = built(scratch).await;
        for path in [
            "/sign-in", "/sign-in/sso/0123456789abcdef01234567?code=a&state=b", "/sign-up", "/welcome", "/account", "/account/security", "/inbox", "/inbox/mine?q=a",
            "/invitations/abc", "/p/0123456789abcdef01234567/inbox/all", "/p/x/settings/teams", "/p/%2e%2e/inbox",
        ] {
            is_page(&get(&app, PUBLIC, path).await, "<p>dashboard");
        }
        for path in ["/v3/no-such-path", "/no-such-path", "/inboxes", "/p", "/assets", "/assets/gone-1a2b.js", "/index.htm"] {
            is_nothing(&get(&app, PUBLIC, path).await);
        }
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            is_nothing(&app.request(method, "/inbox").send().await);
        }
        // A path of the API for another method is no page.
        get(&app, PUBLIC, "/sessions").await.expect(405);
    }

    async fn browsers_keep_hashed_files_and_ask_for_the_others_again(scratch: Scratch) {
        let (folder, app) = built(scratch).await;
        let page = get(&app, PUBLIC, "/").await;
        let etag = page.header("etag").to_owned();
        assert!(etag.len() > 10 && etag.starts_with('"'), "{etag}");
        for known in [etag.clone(), format!("\"other\", {etag}"), format!("W/{etag}"), "*".to_owned()] {
            let again = app.request(Method::GET, "/inbox").header("If-None-Match", &known).send().await;
            assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""), "{known}");
            assert_eq!(again.header("etag"), etag);
            assert_eq!(again.header("cache-control"), "no-cache");
            assert_eq!(again.header("vary"), "accept-encoding");
        }
        fs::write(folder.path().join("dashboard/dist/index.html"), "<p>new").expect("a file");
        let changed = app.request(Method::GET, "/").header("If-None-Match", &etag).send().await;
        is_page(&changed, "<p>new");

        let asset = get(&app, MESSENGER, "/assets/app-3c4d.css").await;
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(asset.header("content-type"), "text/css; charset=utf-8");
        // SDK 16 writes the messenger into pages of other origins, which then load its files.
        assert_eq!(asset.header("access-control-allow-origin"), "*");
        assert_eq!(asset.header("cross-origin-resource-policy"), "cross-origin");

        let head = app.request(Method::HEAD, "/").send().await;
        assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
        assert_eq!(head.header("content-length"), "6");
        assert_eq!(head.header("content-type"), "text/html; charset=utf-8");
    }

    async fn files_come_packed_as_the_caller_can_unpack_them(scratch: Scratch) {
        let (_folder, app) = built(scratch).await;
        let mut etags = Vec::new();
        for (accepted, encoding, content) in [
            ("gzip, deflate, br, zstd", "br", "packed with brotli"),
            ("gzip", "gzip", "packed with gzip"),
            ("br;q=0, gzip;q=0", "", "dashboard()"),
            ("identity", "", "dashboard()"),
        ] {
            let asset =
                app.request(Method::GET, "/assets/app-1a2b.js").header("Accept-Encoding", accepted).send().await;
            assert_eq!((asset.header("content-encoding"), asset.body.as_str()), (encoding, content), "{accepted}");
            assert_eq!(asset.header("content-type"), "text/javascript; charset=utf-8");
            assert_eq!(asset.header("vary"), "accept-encoding");
            etags.push(asset.header("etag").to_owned());
        }
        etags.dedup();
        assert_eq!(etags.len(), 3, "different bytes have different tags: {etags:?}");
        // The packed files are no files of their own that a page could ask for with a wrong type.
        let packed = get(&app, PUBLIC, "/assets/app-1a2b.js.br").await;
        assert_eq!(packed.header("content-type"), "application/octet-stream");
    }

    async fn what_a_front_end_may_do_is_in_its_policy(scratch: Scratch) {
        let (_folder, app) = built(scratch).await;
        let dashboard = get(&app, PUBLIC, "/").await;
        let policy = dashboard.header("content-security-policy");
        for rule in [
            "style-src 'self';",
            "connect-src 'self' ws://localhost:8080 http://media.localhost:8080;",
            "frame-src http://media.localhost:8080 http://messenger.localhost:8080;",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(rule), "{rule} is not in {policy}");
        }
        assert_eq!(dashboard.header("x-frame-options"), "DENY");
        assert_eq!(dashboard.header("cross-origin-opener-policy"), "same-origin");

        for (host, path) in [(MESSENGER, "/"), (MEDIA, "/banner")] {
            let framed = get(&app, host, path).await;
            assert!(!framed.header("content-security-policy").contains("frame-ancestors"), "{framed:?}");
            assert_eq!(framed.header("x-frame-options"), "");
            assert_eq!(framed.header("access-control-allow-origin"), "*");
        }

        let replay = get(&app, MEDIA, "/replay").await;
        assert_eq!(
            replay.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
             font-src 'self' data:; media-src 'self' data: blob:; connect-src 'none'; form-action 'none'; \
             base-uri 'none'; frame-ancestors http://localhost:8080"
        );
        assert_eq!(replay.header("referrer-policy"), "no-referrer");
        assert_eq!(get(&app, MEDIA, "/replay/assets/app-5e6f.js").await.body, "replay()");
    }

    async fn nothing_but_built_files_is_reached(scratch: Scratch) {
        let (_folder, app) = built(scratch).await;
        for path in [
            "/../secret.txt",
            "/assets/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/assets/..%5c..%5csecret.txt",
            "//etc/passwd",
            "/etc/passwd",
            "/assets/%00",
            "/.git/config",
            "/replay/../../dashboard/secret.txt",
        ] {
            for host in [PUBLIC, MESSENGER, MEDIA] {
                is_nothing(&get(&app, host, path).await);
            }
        }
    }

    async fn a_server_without_front_ends_says_how_to_build_them(scratch: Scratch) {
        let folder = tempfile::tempdir().expect("a folder");
        let app = served(scratch, folder.path()).await;
        for (host, path) in [(PUBLIC, "/"), (PUBLIC, "/p/x/inbox"), (MESSENGER, "/"), (MEDIA, "/banner"), (MEDIA, "/replay")] {
            let answer = get(&app, host, path).await;
            assert_eq!(answer.status.as_u16(), 404);
            assert!(answer.body.contains("scripts/web"), "{answer:?}");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        is_nothing(&get(&app, PUBLIC, "/assets/app-1a2b.js").await);
    }
}
