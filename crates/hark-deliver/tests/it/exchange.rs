//! What an allowed request sends, and the bounds of what comes back.

use std::io;
use std::io::Write;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{BoxFuture, pending};
use hark_deliver::egress::{Egress, EgressError, EgressPolicy, OutgoingRequest, Refusal, Resolver};
use hark_deliver::secret::Secret;
use hark_deliver::testing::{HttpSink, Reply};

use crate::support::{HostileResolver, egress, policy};

async fn sink(reply: Reply) -> HttpSink {
    HttpSink::start(move |_| reply.clone()).await.expect("a server")
}

fn gzip(plain: &[u8]) -> Reply {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(plain).expect("memory is writable");
    let packed = encoder.finish().expect("memory is writable");
    Reply::new(200, packed).header("content-encoding", "gzip")
}

#[tokio::test]
async fn a_request_arrives_as_written_and_the_answer_comes_back() {
    let reply = Reply::new(201, r#"{"ok":true}"#).header("X-Mark", "one").header("X-Mark", "two");
    let sink = sink(reply).await;
    let request = OutgoingRequest::post(sink.url("/hook?a=1#part"), "test")
        .basic("user", &Secret::new("pass"))
        .header("x-key", Secret::new("key"))
        .json(&serde_json::json!({ "hello": "wörld" }));
    let answer = egress(policy()).send(request).await.expect("an answer");

    assert_eq!((answer.status, answer.is_success()), (201, true));
    assert_eq!(answer.header("x-mark"), Some("one"));
    assert_eq!(answer.headers.iter().filter(|(name, _)| name == "x-mark").count(), 2);
    let value: serde_json::Value = answer.json().expect("JSON");
    assert_eq!(value["ok"], true);

    let requests = sink.requests();
    let [received] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((received.method.as_str(), received.path.as_str()), ("POST", "/hook?a=1"));
    assert_eq!(received.body, r#"{"hello":"wörld"}"#.as_bytes());
    assert_eq!(received.header("host"), Some(sink.address().to_string().as_str()));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("authorization"), Some("Basic dXNlcjpwYXNz"));
    assert_eq!(received.header("x-key"), Some("key"));
    assert!(received.header("user-agent").is_some_and(|agent| agent.starts_with("Hark/")));
}

#[tokio::test]
async fn a_body_that_is_not_json_is_told_without_its_content() {
    let sink = sink(Reply::new(200, "{\"a\":\n \"secret-word\"")).await;
    let answer = egress(policy()).send(OutgoingRequest::get(sink.url("/"), "test")).await.expect("an answer");
    let error = answer.json::<serde_json::Value>().expect_err("not JSON");
    assert!(matches!(error, EgressError::BadAnswer { line: 2, .. }), "{error:?}");
    assert!(!format!("{error} {answer:?}").contains("secret-word"));
}

#[tokio::test]
async fn long_answers_are_cut_off() {
    let limits = EgressPolicy { body_bytes_max: 10_000, ..policy() };
    let egress = egress(limits);
    let too_large = EgressError::TooLarge { body_bytes_max: 10_000 };
    let bomb = gzip(&vec![0; 20 * 1024 * 1024]);

    for (name, reply, fits) in [
        ("announced, at the limit", Reply::new(200, vec![b'x'; 10_000]), true),
        ("announced, one more", Reply::new(200, vec![b'x'; 10_001]), false),
        ("never ending", Reply::endless(), false),
        ("packed, at the limit", gzip(&[b'x'; 10_000]), true),
        ("packed, one more", gzip(&[b'x'; 10_001]), false),
        ("bomb", bomb, false),
    ] {
        let sink = sink(reply).await;
        let result = egress.send(OutgoingRequest::get(sink.url("/"), "test")).await;
        match fits {
            true => assert_eq!(result.expect(name).body.len(), 10_000, "{name}"),
            false => assert_eq!(result.expect_err(name), too_large, "{name}"),
        }
    }

    let sink = sink(Reply::new(200, vec![b'x'; 10_001])).await;
    let request = OutgoingRequest::get(sink.url("/"), "test").body_bytes_max(10_001);
    assert_eq!(egress.send(request).await.expect("a limit of its own").body.len(), 10_001);
}

/// A name server that never answers.
struct SilentResolver;

impl Resolver for SilentResolver {
    fn resolve<'a>(&'a self, _: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(pending())
    }
}

#[tokio::test]
async fn slow_answers_are_given_up() {
    let silence = sink(Reply::silence()).await;
    let request = OutgoingRequest::get(silence.url("/"), "test").timeout_ms(150);
    let error = egress(policy()).send(request).await.expect_err("silence");
    assert_eq!(error, EgressError::Timeout { timeout_ms: 150 });

    let limits = EgressPolicy { timeout_ms: 150, ..policy() };
    let egress = Egress::with_resolver(limits, Arc::new(SilentResolver)).expect("a client");
    let error = egress.send(OutgoingRequest::get("http://silent.example/", "test")).await;
    assert_eq!(error.expect_err("no name"), EgressError::Timeout { timeout_ms: 150 });
}

#[tokio::test]
async fn the_time_limit_covers_all_redirects_together() {
    // Each answer is quick enough alone; only their sum can exceed the limit.
    let limits = EgressPolicy { timeout_ms: 500, redirects_max: usize::MAX, ..policy() };
    let round = sink(Reply::redirect(302, "/")).await;
    let error = egress(limits).send(OutgoingRequest::get(round.url("/"), "test")).await;
    assert_eq!(error.expect_err("a circle"), EgressError::Timeout { timeout_ms: 500 });
    assert!(round.requests().len() > 1);
}

#[tokio::test]
async fn redirects_are_followed_up_to_the_limit() {
    let count = AtomicUsize::new(0);
    let chain = HttpSink::start(move |_| match count.fetch_add(1, Ordering::SeqCst) % 4 {
        3 => Reply::new(200, "end"),
        _ => Reply::redirect(302, "next"),
    })
    .await
    .expect("a server");
    let ask = || OutgoingRequest::get(chain.url("/a/start"), "test");

    let enough = EgressPolicy { redirects_max: 3, ..policy() };
    let answer = egress(enough).send(ask()).await.expect("three redirects");
    assert_eq!(answer.body, b"end");
    assert_eq!(chain.requests()[3].path, "/a/next");

    let too_few = EgressPolicy { redirects_max: 2, ..policy() };
    let error = egress(too_few).send(ask()).await.expect_err("two are not enough");
    let reason = Refusal::TooManyRedirects(2);
    assert_eq!(error, EgressError::Refused { host: "127.0.0.1".into(), reason });

    let own = sink(Reply::redirect(302, "http://10.0.0.1/")).await;
    let request = OutgoingRequest::get(own.url("/"), "test").without_redirects();
    let answer = egress(policy()).send(request).await.expect("the redirect itself");
    assert_eq!((answer.status, answer.header("location")), (302, Some("http://10.0.0.1/")));
}

#[tokio::test]
async fn credentials_do_not_travel_to_another_origin() {
    let other = sink(Reply::new(200, "")).await;
    let target = other.url("/");
    let first = HttpSink::start(move |request| match request.path.as_str() {
        "/same" => Reply::redirect(307, "/away"),
        _ => Reply::redirect(307, &target),
    })
    .await
    .expect("a server");
    let request = OutgoingRequest::post(first.url("/same"), "test")
        .bearer(&Secret::new("token"))
        .header("Cookie", "session=1")
        .header("X-Api-Key", Secret::new("key"))
        .header("X-Plain", "plain")
        .body("text/plain", "hello");
    egress(policy()).send(request).await.expect("an answer");

    let credentials = ["authorization", "cookie", "x-api-key"];
    let requests = first.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert!(credentials.iter().all(|name| request.header(name).is_some()), "{request:?}");
    }
    let received = other.requests().remove(0);
    assert!(credentials.iter().all(|name| received.header(name).is_none()), "{received:?}");
    assert_eq!((received.method.as_str(), received.body.as_slice()), ("POST", b"hello".as_slice()));
    assert_eq!(received.header("x-plain"), Some("plain"));
    assert_eq!(received.header("referer"), None);
}

#[tokio::test]
async fn a_redirect_after_303_is_a_get_without_body() {
    let sink = HttpSink::start(|request| match request.path.as_str() {
        "/form" => Reply::redirect(303, "/done"),
        _ => Reply::new(200, "done"),
    })
    .await
    .expect("a server");
    let request = OutgoingRequest::post(sink.url("/form"), "test").body("text/plain", "hello");
    egress(policy()).send(request).await.expect("an answer");
    let received = sink.requests().remove(1);
    assert_eq!((received.method.as_str(), received.path.as_str()), ("GET", "/done"));
    assert_eq!((received.body.len(), received.header("content-type")), (0, None));
}

#[tokio::test]
async fn failures_name_the_host_and_the_cause_but_not_the_query() {
    let closed = sink(Reply::new(200, "")).await;
    let url = closed.url("/path-word?key=query-word");
    drop(closed);
    // The port is free as soon as the server's task is gone.
    let resolver = HostileResolver::new(&[("empty.example", &[&[]])]);
    let egress = Egress::with_resolver(policy(), resolver).expect("a client");
    for (url, host) in [
        (url.as_str(), "127.0.0.1"),
        ("http://unknown.example/path-word?key=query-word", "unknown.example"),
        ("http://empty.example/path-word?key=query-word", "empty.example"),
    ] {
        let error = egress.send(OutgoingRequest::get(url, "test")).await.expect_err(url);
        let EgressError::Unreachable { host: named, problem } = &error else { panic!("{error:?}") };
        assert_eq!(named, host);
        assert!(!problem.is_empty());
        assert!(!format!("{error} {error:?}").contains("-word"), "{error:?}");
    }
}
