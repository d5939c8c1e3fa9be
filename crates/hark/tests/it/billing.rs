//! Billing: looking contacts up in billing systems, with servers that are strict about their protocols.

use hark_api::Settings;
use hark_deliver::service::ServiceUrls;
use hark_deliver::testing::billing::{self, CUSTOMER};
use hark_deliver::testing::{HttpSink, Reply};
use hark_test::{Project, TestApp, both};
use serde_json::{Value as Json, json};

/// Every system: its path, its property, and credentials that its stand-in takes.
const SYSTEMS: [&str; 4] = ["stripe", "chargebee", "lemonsqueezy", "shopify"];

fn credentials() -> Json {
    json!({
        "stripe": {"apiKey": " sk_test_1 "},
        "chargebee": {"site": "acme", "apiKey": "live_1"},
        "lemonSqueezy": {"apiKey": "eyJ1"},
        "shopify": {"shop": "acme.myshopify.com", "accessToken": "shpat_1"},
    })
}

/// A server that is all four systems.
async fn systems() -> (HttpSink, ServiceUrls) {
    let sink = HttpSink::start(|request| match request.path.as_str() {
        path if path.starts_with("/api/v2/") => billing::chargebee(request),
        path if path.starts_with("/admin/") => billing::shopify(request),
        _ if request.header("stripe-version").is_some() => billing::stripe(request),
        _ => billing::lemon_squeezy(request),
    })
    .await
    .expect("a server");
    let url = sink.url("");
    let (stripe, chargebee, lemon_squeezy, shopify) = (url.clone(), url.clone(), url.clone(), url);
    (sink, ServiceUrls { stripe, chargebee, lemon_squeezy, shopify, ..ServiceUrls::default() })
}

async fn contact(app: &TestApp, project: &Project, contact: Json) -> String {
    let ids = app.post(project, "/v3/sessions/importer", json!([contact])).send().await.expect(200);
    ids[0].as_str().expect("an id").to_owned()
}

both! {
    async fn a_contact_is_looked_up_in_every_system(scratch: Scratch) {
        let (_sink, services) = systems().await;
        let app = TestApp::with(scratch, Settings { services, ..Settings::default() }).await;
        let project = app.project().await;
        app.put(&project, "/v3/projects/billing", credentials()).send().await.expect(200);
        let known = contact(&app, &project, json!({"email": CUSTOMER})).await;
        let stranger = contact(&app, &project, json!({"email": "nobody@example.com"})).await;
        let nameless = contact(&app, &project, json!({"userId": "1"})).await;
        for (system, list, pointer, value) in [
            ("stripe", "subscriptions", "/0/status", json!("active")),
            ("chargebee", "subscriptions", "/0/status", json!("in_trial")),
            ("lemonsqueezy", "orders", "/0/attributes/total", json!(999)),
            ("shopify", "orders", "/0/total_price", json!("12.00")),
        ] {
            let info = app.get(&project, &format!("/v3/sessions/{known}/{system}")).send().await.expect(200);
            assert_eq!((&info["found"], info["customers"].as_array().map(Vec::len)), (&json!(true), Some(1)), "{system}");
            assert_eq!(info[list].pointer(pointer), Some(&value), "{system}: {info}");
            for unknown in [&stranger, &nameless] {
                let info = app.get(&project, &format!("/v3/sessions/{unknown}/{system}")).send().await.expect(200);
                assert_eq!(info, json!({"found": false}), "{system}");
            }
            let nobody = format!("/v3/sessions/ffffffffffffffffffffffff/{system}");
            app.get(&project, &nobody).send().await.expect(404);
        }
    }

    async fn a_system_that_is_not_connected_says_so(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let contact = contact(&app, &project, json!({"email": CUSTOMER})).await;
        for system in SYSTEMS {
            let answer = app.get(&project, &format!("/v3/sessions/{contact}/{system}")).send().await.expect(400);
            let message = answer["message"].as_str().unwrap_or_default();
            assert!(message.contains("is not connected to this project"), "{message}");
        }
    }

    async fn keys_are_written_and_never_read(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, other) = (app.project().await, app.project().await);
        let path = "/v3/projects/billing";
        let none = json!({"configured": false});
        let empty = json!({"stripe": none, "chargebee": none, "lemonSqueezy": none, "shopify": none});
        assert_eq!(app.get(&project, path).send().await.expect(200), empty);
        let answer = app.put(&project, path, credentials()).send().await;
        let all = json!({
            "stripe": {"configured": true}, "chargebee": {"configured": true, "site": "acme"},
            "lemonSqueezy": {"configured": true}, "shopify": {"configured": true, "shop": "acme.myshopify.com"},
        });
        assert_eq!(answer.expect(200), all);
        let read = app.get(&project, path).send().await;
        assert_eq!(read.expect(200), all);
        for secret in ["sk_test_1", "live_1", "eyJ1", "shpat_1"] {
            assert!(!answer.body.contains(secret) && !read.body.contains(secret));
        }
        let left = app.put(&project, path, json!({"stripe": null})).send().await.expect(200);
        assert_eq!((&left["stripe"], &left["chargebee"]["configured"]), (&none, &json!(true)));
        assert_eq!(app.get(&other, path).send().await.expect(200), empty);
    }

    async fn systems_that_are_connected_at_once_are_all_connected(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        // Several first times, since a race is not lost each time.
        for _ in 0..8 {
            let project = app.project().await;
            let connect = async |(system, value): (&String, &Json)| {
                app.put(&project, "/v3/projects/billing", json!({system: value})).send().await.expect(200);
            };
            let credentials = hark_store::to_body(credentials());
            let twice = credentials.iter().chain(&credentials);
            futures_util::future::join_all(twice.map(connect)).await;
            let view = app.get(&project, "/v3/projects/billing").send().await.expect(200);
            for system in credentials.keys() {
                assert_eq!(view[system]["configured"], true, "{view}");
            }
        }
    }

    async fn wrong_credentials_are_told_before_they_are_stored(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (body, sentence) in [
            (json!({"stripe": {"apiKey": ""}}), "`stripe.apiKey` is missing"),
            (json!({"stripe": {"apiKey": "a b"}}), "has spaces"),
            (json!({"stripe": {"apiKey": "a\r\nHost: x"}}), "has spaces"),
            (json!({"chargebee": {"apiKey": "k"}}), "site"),
            (json!({"shopify": {"shop": "x".repeat(100), "accessToken": "k"}}), "`shopify.shop` is missing or longer"),
        ] {
            let answer = app.put(&project, "/v3/projects/billing", body).send().await.expect(400);
            assert!(answer["message"].as_str().is_some_and(|text| text.contains(sentence)), "{answer}");
        }
    }

    async fn faults_of_a_system_are_told_with_its_status(scratch: Scratch) {
        for (status, answered, sentence) in [
            (401, 502, "Stripe answered 401: the credentials are not accepted, check them"),
            (500, 502, "Stripe answered 500, a fault on its side"),
            (429, 429, "Stripe takes no more calls for now, the next one is due in 7 s"),
        ] {
            let sink = HttpSink::start(move |_| Reply::new(status, "{}").header("retry-after", "7")).await.expect("a server");
            let services = ServiceUrls { stripe: sink.url(""), ..ServiceUrls::default() };
            let app = TestApp::with(hark_store::testing::Scratch::new(scratch.engine).await, Settings { services, ..Settings::default() }).await;
            let project = app.project().await;
            app.put(&project, "/v3/projects/billing", credentials()).send().await.expect(200);
            let contact = contact(&app, &project, json!({"email": CUSTOMER})).await;
            let answer = app.get(&project, &format!("/v3/sessions/{contact}/stripe")).send().await.expect(answered);
            assert_eq!(answer["message"], sentence);
        }
    }
}
