//! `hark serve`: what operators see of it, its limits, and its end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use hark_deliver::egress::{Method, OutgoingRequest};
use hark_deliver::testing::{HttpSink, Reply};
use hark_test::{Engine, Scratch, both};
use serde_json::{Value as Json, json};

use crate::process::{Server, WAIT, hark, json};

both! {
    async fn operators_see_health_readiness_and_measurements(scratch: Scratch) {
        let server = Server::start(&scratch);
        assert_eq!(server.get("/healthz").await, (200, "ok\n".to_owned()));
        assert_eq!(server.get("/readyz").await, (200, "ready\n".to_owned()));
        server.get("/no-such-path").await;
        let (status, metrics) = server.get("/metrics").await;
        assert_eq!(status, 200);
        for line in [
            "hark_http_requests_total{method=\"GET\",route=\"/readyz\",status=\"200\"} 1",
            "hark_http_request_seconds_bucket{route=\"/healthz\",le=\"10\"} 1",
            "hark_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1",
            "process_resident_memory_bytes ",
        ] {
            assert!(metrics.contains(line), "{line} is not in {metrics}");
        }
    }

    async fn no_secret_is_ever_logged(scratch: Scratch) {
        let setup = json(&scratch, &["init"]);
        let mut command = hark(&scratch, &["serve", "--log-format", "json", "--log-level", "debug"]);
        command.env("HARK_SMTP_HOST", "127.0.0.1").env("HARK_SMTP_FROM", "a@example.com");
        command.env("HARK_SMTP_USERNAME", "hark").env("HARK_SMTP_PASSWORD", "smtp-hunter2");
        let server = Server::spawn(command);
        let text = |value: &Json| value.as_str().expect("a text").to_owned();
        let secrets = [
            text(&setup["apiToken"]),
            text(&setup["secretApiToken"]),
            text(&setup["identitySecret"]),
            text(&setup["owner"]["password"]),
            "smtp-hunter2".to_owned(),
            "body-hunter2".to_owned(),
            "wrong-hunter2".to_owned(),
            "c0ffee00".repeat(8),
        ];
        server.expect(Method::POST, "/v3/teams", &setup, Some(&json!({"name": "A", "password": "body-hunter2"}))).await;
        server.call(Method::POST, "/v3/teams", &setup, Some(&json!("body-hunter2"))).await.expect("an answer");
        for (at, secret) in secrets.iter().enumerate() {
            let url = format!("{}/v3/teams?token={secret}&gleapHash={secret}", server.url);
            let wrong = OutgoingRequest::get(url, "test")
                .header("Authorization", format!("Bearer {secret}"))
                .header("Project", secret.as_str())
                .header("Api-Token", secret.as_str())
                .header("Gleap-Hash", secret.as_str())
                .header("Cookie", format!("session={secret}"))
                .header("X-Request-Id", format!("request-{at}"));
            server.poke(wrong).await;
            let body = json!({"email": "a@example.com", "password": secret, "apiKey": secret});
            server.poke(OutgoingRequest::post(format!("{}/v3/users/signin", server.url), "test").json(&body)).await;
            for path in ["/v3/invitations/links", "/config", "/no-such-path"] {
                server.poke(OutgoingRequest::get(format!("{}{path}/{secret}", server.url), "test")).await;
            }
            let hash = format!("{}/sessions", server.url);
            server.poke(OutgoingRequest::post(hash, "test").header("Api-Token", secret.as_str()).header("Gleap-Id", "a").header("Gleap-Hash", secret.as_str()).json(&body)).await;
        }
        let log = server.stop();
        // The requests are there, so their secrets would be as well.
        assert!(log.contains("request-0") && log.contains("/v3/teams"), "{log}");
        for line in log.lines() {
            let line: Json = serde_json::from_str(line).expect("each line is a JSON object");
            assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
        }
        for secret in secrets {
            assert!(!log.contains(&secret), "{secret} is in the log");
        }
    }

    async fn a_request_that_runs_is_answered_although_the_server_stops(scratch: Scratch) {
        let keys = json(&scratch, &["init"]);
        let server = Server::start(&scratch);
        let body = json!({"name": "Slow"}).to_string();
        let (begin, rest) = body.split_at(4);
        let mut slow = TcpStream::connect(server.address()).expect("a connection");
        slow.set_read_timeout(Some(WAIT)).expect("a time limit");
        let head = format!(
            "POST /v3/teams HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nProject: {}\r\nContent-Length: {}\r\n\r\n{begin}",
            keys["apiToken"].as_str().expect("a token"), keys["project"]["id"].as_str().expect("an id"), body.len(),
        );
        slow.write_all(head.as_bytes()).expect("a request");
        let idle = TcpStream::connect(server.address()).expect("a connection");
        // Both connections are served once a later one is.
        server.get("/healthz").await;

        server.terminate();
        let deadline = Instant::now() + WAIT;
        while TcpStream::connect(server.address()).is_ok() {
            assert!(Instant::now() < deadline, "the server goes on taking connections");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        slow.write_all(rest.as_bytes()).expect("the rest of the request");
        let mut answer = String::new();
        slow.read_to_string(&mut answer).expect("an answer and the end of the connection");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"Slow\""), "{answer}");
        let (status, log) = server.ended();
        assert_eq!(status.code(), Some(0), "{log}");
        drop(idle);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_are_dropped_without_a_farewell_when_the_server_stops() {
    use futures_util::StreamExt;
    let scratch = Scratch::new(Engine::Sqlite).await;
    let keys = json(&scratch, &["init"]);
    let server = Server::start(&scratch);
    let key = keys["sdkKey"].as_str().expect("a key");
    let session = server
        .answer(
            OutgoingRequest::post(format!("{}/sessions", server.url), "test")
                .header("Api-Token", key)
                .json(&json!({})),
        )
        .await;
    let address = format!(
        "ws://{}/ws?gleapId={}&gleapHash={}&apiKey={key}&sdkVersion=16.4.0",
        server.address(),
        session["gleapId"].as_str().expect("an id"),
        session["gleapHash"].as_str().expect("a hash"),
    );
    let (mut socket, _) = tokio_tungstenite::connect_async(address).await.expect("a socket");
    server.terminate();
    // Old SDKs never reconnect after a Close frame, and do after a broken connection.
    let end = async {
        while let Some(message) = socket.next().await {
            match message {
                Ok(message) => assert!(!message.is_close(), "a Close frame was sent"),
                Err(_) => break,
            }
        }
    };
    tokio::time::timeout(WAIT, end).await.expect("the socket ends");
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_postgresql_are_one_system() {
    let scratch = Scratch::new(Engine::Postgres).await;
    let keys = json(&scratch, &["init"]);
    let (one, other) = (Server::start(&scratch), Server::start(&scratch));
    let (mut made_by, mut read_by) = (&one, &other);
    for round in 0..10 {
        let name = format!("team {round}");
        let team = made_by.expect(Method::POST, "/v3/teams", &keys, Some(&json!({"name": name}))).await;
        let path = format!("/v3/teams/{}", team["id"].as_str().expect("an id"));
        assert_eq!(read_by.team(&keys, &team["id"]).await.expect("the team")["name"], json!(name));
        read_by.expect(Method::PUT, &path, &keys, Some(&json!({"name": "changed"}))).await;
        assert_eq!(made_by.team(&keys, &team["id"]).await.expect("the team")["name"], "changed");
        made_by.expect(Method::DELETE, &path, &keys, None).await;
        assert_eq!(read_by.team(&keys, &team["id"]).await, None);
        std::mem::swap(&mut made_by, &mut read_by);
    }
    one.stop();
    other.expect(Method::GET, "/v3/teams", &keys, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn measurements_can_have_a_listener_of_their_own() {
    let scratch = Scratch::new(Engine::Sqlite).await;
    let server = Server::spawn(hark(&scratch, &["serve", "--metrics-listen", "127.0.0.1:0"]));
    assert_eq!(server.get("/metrics").await.0, 404);
    let url = server.metrics_url.clone().expect("the address of the measurements");
    let (status, metrics) = server.get_url(&url).await;
    assert_eq!(status, 200);
    assert!(metrics.contains("process_resident_memory_bytes"), "{metrics}");
    assert_eq!(server.get_url(&url.replace("/metrics", "/healthz")).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_reach_the_collector_with_the_request_id() {
    let sink = HttpSink::start(|_| Reply::new(200, "")).await.expect("a collector");
    let scratch = Scratch::new(Engine::Sqlite).await;
    let server = Server::spawn(hark(&scratch, &["serve", "--otlp-endpoint", &sink.url("")]));
    let url = format!("{}/readyz", server.url);
    server.poke(OutgoingRequest::get(url, "test").header("X-Request-Id", "trace-me-42")).await;
    // What has not been sent is sent before the end.
    server.stop();
    let requests = sink.requests();
    let contains = |body: &[u8], text: &str| body.windows(text.len()).any(|window| window == text.as_bytes());
    let export = requests.iter().find(|request| contains(&request.body, "trace-me-42"));
    let export = export.unwrap_or_else(|| panic!("no span of the request among {} exports", requests.len()));
    assert_eq!((export.method.as_str(), export.path.as_str()), ("POST", "/v1/traces"));
    assert_eq!(export.header("content-type"), Some("application/x-protobuf"));
    for text in ["GET /readyz", "http.response.status_code", "hark"] {
        assert!(contains(&export.body, text), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_are_bounded() {
    let scratch = Scratch::new(Engine::Sqlite).await;
    let server = Server::start(&scratch);
    for headers in [format!("X-Long: {}\r\n", "x".repeat(64 * 1024)), "X-Many: x\r\n".repeat(150)] {
        let mut stream = TcpStream::connect(server.address()).expect("a connection");
        stream.set_read_timeout(Some(WAIT)).expect("a time limit");
        // The server may hang up before it has read everything.
        let _ = stream.write_all(format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{headers}\r\n").as_bytes());
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 431");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_page_is_there_when_it_is_asked_for() {
    let scratch = Scratch::new(Engine::Sqlite).await;
    let plain = Server::start(&scratch);
    assert_eq!((plain.get("/demo").await.0, plain.get("/demo/sdk.js").await.0), (404, 404));
    plain.stop();

    let folder = tempfile::tempdir().expect("a temporary folder");
    let sdk = folder.path().join("sdk.js");
    std::fs::write(&sdk, "window.Gleap = {};").expect("a file");
    let mut command = hark(&scratch, &["serve", "--demo", "--demo-sdk"]);
    command.arg(&sdk);
    let server = Server::spawn(command);
    assert!(server.get("/demo").await.1.contains("data-sdk-key=\"\""));
    let keys = json(&scratch, &["init"]);
    let (status, page) = server.get("/demo").await;
    let expected = format!("data-sdk-key=\"{}\"", keys["sdkKey"].as_str().expect("a key"));
    assert!(status == 200 && page.contains(&expected) && !page.contains("{{"), "{page}");
    assert_eq!(server.get("/demo/sdk.js").await, (200, "window.Gleap = {};".to_owned()));
    std::fs::remove_file(&sdk).expect("a file");
    assert_eq!(server.get("/demo/sdk.js").await.0, 404);
}
