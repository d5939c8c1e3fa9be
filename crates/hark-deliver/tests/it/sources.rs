//! Reading contacts out of other products, against servers that are strict about their protocols.

use std::sync::atomic::{AtomicUsize, Ordering};

use hark_deliver::egress::{Egress, EgressPolicy};
use hark_deliver::secret::Secret;
use hark_deliver::service::{ServiceError, ServiceUrls};
use hark_deliver::sources::Source;
use hark_deliver::testing::{Account, HttpSink, ReceivedRequest, Reply};
use serde_json::{Value as Json, json};

use crate::support::{egress, policy};

type Answer = fn(&Account, &ReceivedRequest) -> Reply;

/// 2026-01-01T00:00:00Z.
const NOW_S: i64 = 1_767_225_600;

/// Every source with its stand-in and the header that opens it.
const SOURCES: [(&str, &str, Answer); 3] = [
    ("Intercom", "Bearer key", Account::intercom),
    ("HubSpot", "Bearer key", Account::hubspot),
    ("Zendesk", "Basic YWdlbnRAZXhhbXBsZS5jb20vdG9rZW46a2V5", Account::zendesk),
];

fn source(name: &str, url: &str, key: &str) -> Source {
    let key = Secret::new(key);
    let urls = ServiceUrls { hubspot: url.into(), ..ServiceUrls::default() };
    match name {
        "Intercom" => Source::intercom(&urls, Some(&format!("{url}/contacts/")), key),
        "HubSpot" => Source::hubspot(&urls, key),
        _ => Source::Zendesk { url: url.into(), email: "agent@example.com".into(), api_token: key },
    }
}

fn records(count: usize) -> Vec<Json> {
    (0..count)
        .map(|n| json!({"id": n, "properties": {"email": format!("{n}@example.com"), "secret": "x"}}))
        .collect()
}

fn failing(status: u16, body: &'static str, headers: &[(&str, &str)]) -> Reply {
    headers.iter().fold(Reply::new(status, body), |reply, (name, value)| reply.header(name, value))
}

#[tokio::test]
async fn every_record_is_read_once_and_in_order() {
    for (name, authorization, answer) in SOURCES {
        let account = Account { authorization: authorization.into(), records: records(7), page: 3 };
        let sink = HttpSink::start(move |request| answer(&account, request)).await.expect("a server");
        let source = source(name, &sink.url(""), "key");
        let (mut read, mut cursor, egress) = (Vec::new(), None::<String>, egress(policy()));
        loop {
            let page = source.page(&egress, cursor.as_deref(), NOW_S).await.expect(name);
            assert_eq!(page.total, (name == "Intercom").then_some(7), "{name}");
            read.extend(page.records.iter().map(|record| record["id"].as_u64().expect("an id")));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(read, (0..7).collect::<Vec<_>>(), "{name}");
        assert_eq!(sink.requests().len(), 3, "{name}");
    }
}

#[tokio::test]
async fn an_empty_account_is_one_page() {
    for (name, authorization, answer) in SOURCES {
        let account = Account { authorization: authorization.into(), records: Vec::new(), page: 3 };
        let sink = HttpSink::start(move |request| answer(&account, request)).await.expect("a server");
        let page = source(name, &sink.url(""), "key").page(&egress(policy()), None, NOW_S).await.expect(name);
        assert_eq!((page.records.len(), page.next), (0, None), "{name}");
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_without_the_key() {
    for (name, authorization, answer) in SOURCES {
        let account = Account { authorization: authorization.into(), records: records(1), page: 1 };
        let sink = HttpSink::start(move |request| answer(&account, request)).await.expect("a server");
        let source = source(name, &sink.url(""), "hunter2");
        let error = source.page(&egress(policy()), None, NOW_S).await.expect_err(name);
        let sentence = format!("{name} answered 401: the credentials are not accepted, check them");
        assert_eq!(error, ServiceError::Refused(sentence));
        assert!(!format!("{source:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn pauses_are_as_long_as_the_service_says() {
    let daily = r#"{"status":"error","errorType":"RATE_LIMIT","policyName":"DAILY"}"#;
    let rolling = r#"{"status":"error","errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING"}"#;
    for (name, body, headers, pause_s) in [
        ("Intercom", "{}", [("x-ratelimit-reset", "1767225607"), ("x-ratelimit-remaining", "0")], 7),
        ("Intercom", "{}", [("x-ratelimit-reset", "1767225500"), ("x-ratelimit-remaining", "0")], 1),
        ("Intercom", "{}", [("x-ratelimit-reset", "soon"), ("x-ratelimit-remaining", "0")], 10),
        ("HubSpot", daily, [("x-a", "1"), ("x-b", "1")], 3600),
        ("HubSpot", rolling, [("x-a", "1"), ("x-b", "1")], 10),
        ("HubSpot", "", [("retry-after", "4"), ("x-b", "1")], 4),
        ("Zendesk", "{}", [("retry-after", "93"), ("x-b", "1")], 93),
        ("Zendesk", "{}", [("retry-after", "99999999999"), ("x-b", "1")], 86_400),
        ("Zendesk", "{}", [("retry-after", "-1"), ("x-b", "1")], 30),
    ] {
        let sink = HttpSink::start(move |_| failing(429, body, &headers)).await.expect("a server");
        let error = source(name, &sink.url(""), "key").page(&egress(policy()), None, NOW_S).await;
        assert_eq!(
            error,
            Err(ServiceError::Busy { service: name, retry_after_s: pause_s }),
            "{name} {headers:?}"
        );
    }
}

#[tokio::test]
async fn faults_of_the_service_may_pass_and_other_answers_do_not() {
    for (status, body, passes) in [
        (500, "{}", true),
        (503, "", true),
        (400, "{}", false),
        (403, "{}", false),
        (404, "{}", false),
        (200, "<html>", false),
        (200, r#"{"unexpected":[]}"#, false),
        (200, r#"{"data":{},"results":{},"users":{}}"#, false),
    ] {
        let sink = HttpSink::start(move |_| Reply::new(status, body)).await.expect("a server");
        for (name, _, _) in SOURCES {
            let error = source(name, &sink.url(""), "key").page(&egress(policy()), None, NOW_S).await;
            let error = error.expect_err(name);
            assert_eq!(matches!(error, ServiceError::Failed(_)), passes, "{name} {status}: {error}");
            assert!(error.to_string().starts_with(name), "{error}");
        }
    }
}

#[tokio::test]
async fn a_cursor_that_leads_nowhere_ends_the_reading() {
    let body = json!({
        "data": [], "pages": {"next": {"starting_after": "same"}},
        "results": [], "paging": {"next": {"after": "same"}},
        "users": [], "meta": {"has_more": true, "after_cursor": "same"},
    });
    let sink = HttpSink::start(move |_| Reply::new(200, body.to_string())).await.expect("a server");
    for (name, _, _) in SOURCES {
        let error = source(name, &sink.url(""), "key").page(&egress(policy()), Some("same"), NOW_S).await;
        assert!(matches!(error, Err(ServiceError::Refused(_))), "{name}");
    }
}

#[tokio::test]
async fn an_endpoint_in_a_private_network_is_refused_before_anything_is_sent() {
    let guarded = Egress::new(EgressPolicy::default()).expect("a client");
    let asked = AtomicUsize::new(0);
    let sink = HttpSink::start(move |_| {
        asked.fetch_add(1, Ordering::SeqCst);
        Reply::new(200, "{}")
    })
    .await
    .expect("a server");
    for url in ["http://169.254.169.254/latest/meta-data", "http://2852039166", &sink.url("")] {
        let error = source("Intercom", url, "key").page(&guarded, None, NOW_S).await.expect_err(url);
        let ServiceError::Refused(sentence) = &error else { panic!("{error:?}") };
        assert!(sentence.contains("may not be contacted"), "{sentence}");
    }
    assert_eq!(sink.requests().len(), 0);
    for url in ["file:///etc/passwd", "not a url", "ftp://example.com", "http://a:b@example.com"] {
        let error = source("Intercom", url, "key").page(&guarded, None, NOW_S).await.expect_err(url);
        assert!(matches!(error, ServiceError::Refused(_)), "{error:?}");
    }
}

#[test]
fn a_subdomain_cannot_lead_elsewhere() {
    let zendesk = |subdomain: &str| {
        Source::zendesk(&ServiceUrls::default(), subdomain, "a@example.com".into(), Secret::new("key"))
    };
    let Ok(Source::Zendesk { url, .. }) = zendesk(" acme ") else { panic!("a subdomain") };
    assert_eq!(url, "https://acme.zendesk.com");
    for wrong in ["", "evil.example/", "169.254.169.254/", "a#", "a?b", "localhost:8080/"] {
        assert!(matches!(zendesk(wrong), Err(ServiceError::Refused(_))), "{wrong:?}");
    }
}
