//! Finding customers in billing systems, against servers that are strict about their protocols.

use hark_deliver::billing::Billing;
use hark_deliver::secret::Secret;
use hark_deliver::service::{ServiceError, ServiceUrls};
use hark_deliver::testing::billing::{self, CUSTOMER};
use hark_deliver::testing::{HttpSink, ReceivedRequest, Reply};
use serde_json::{Value as Json, json};

use crate::support::{egress, policy};

type Answer = fn(&ReceivedRequest) -> Reply;

/// Every system with its key, its stand-in, and what it knows of the customer.
fn systems() -> [(Billing, Answer, Json); 4] {
    let key = Secret::new;
    [
        (
            Billing::Stripe { api_key: key("sk_test_1") },
            billing::stripe,
            json!({
                "customers": [{"id": "cus_1", "object": "customer", "email": CUSTOMER, "balance": 0}],
                "subscriptions": [{"id": "sub_1", "object": "subscription", "status": "active", "customer": "cus_1"}],
            }),
        ),
        (
            Billing::Chargebee { site: "acme".into(), api_key: key("live_1") },
            billing::chargebee,
            json!({
                "customers": [{"id": "c1", "email": CUSTOMER}],
                "subscriptions": [{"id": "s1", "customer_id": "c1", "status": "in_trial"}],
            }),
        ),
        (
            Billing::LemonSqueezy { api_key: key("eyJ1") },
            billing::lemon_squeezy,
            json!({
                "customers": [{"type": "customers", "id": "1", "attributes": {"email": CUSTOMER, "mrr": 1999}}],
                "subscriptions": [
                    {"type": "subscriptions", "id": "1", "attributes": {"user_email": CUSTOMER, "status": "active"}},
                ],
                "orders": [{"type": "orders", "id": "1", "attributes": {"user_email": CUSTOMER, "total": 999}}],
            }),
        ),
        (
            Billing::Shopify { shop: "acme.myshopify.com".into(), access_token: key("shpat_1") },
            billing::shopify,
            json!({
                "customers": [{"id": 1, "email": CUSTOMER, "orders_count": 1}],
                "orders": [{"id": 7, "total_price": "12.00", "customer": {"id": 1}}],
            }),
        ),
    ]
}

fn urls(sink: &HttpSink) -> ServiceUrls {
    let url = sink.url("");
    // The stand-in listens on a number and has no names, so the patterns leave the account out.
    let (stripe, lemon_squeezy, chargebee, shopify) = (url.clone(), url.clone(), url.clone(), url);
    ServiceUrls { stripe, lemon_squeezy, chargebee, shopify, ..ServiceUrls::default() }
}

#[tokio::test]
async fn a_customer_is_found_with_all_that_belongs_to_it() {
    for (system, answer, expected) in systems() {
        let sink = HttpSink::start(answer).await.expect("a server");
        let found = system.find(&egress(policy()), &urls(&sink), CUSTOMER).await;
        assert_eq!(found.map(|found| found.map(Json::Object)), Ok(Some(expected)), "{}", system.name());
    }
}

#[tokio::test]
async fn nobody_is_found_where_nobody_is() {
    for (system, answer, _) in systems() {
        let sink = HttpSink::start(answer).await.expect("a server");
        let found = system.find(&egress(policy()), &urls(&sink), "o'brien+\"x\"@example.com").await;
        assert_eq!(found, Ok(None), "{}", system.name());
    }
}

#[tokio::test]
async fn stripe_is_asked_for_both_spellings_of_an_address() {
    let sink = HttpSink::start(billing::stripe).await.expect("a server");
    let stripe = Billing::Stripe { api_key: Secret::new("sk_test_1") };
    let found = stripe.find(&egress(policy()), &urls(&sink), "Ada@Example.com").await.expect("an answer");
    assert_eq!(found.expect("the customer")["customers"][0]["id"], "cus_1");
}

#[tokio::test]
async fn failures_name_the_system_and_its_status_and_no_secret() {
    let stripe = Billing::Stripe { api_key: Secret::new("sk_wrong") };
    let sink = HttpSink::start(billing::stripe).await.expect("a server");
    let error = stripe.find(&egress(policy()), &urls(&sink), CUSTOMER).await.expect_err("a wrong key");
    assert_eq!(error.to_string(), "Stripe answered 401: the credentials are not accepted, check them");

    let sink = HttpSink::start(|_| Reply::new(502, "<html>")).await.expect("a server");
    let error = stripe.find(&egress(policy()), &urls(&sink), CUSTOMER).await.expect_err("a fault");
    assert_eq!(error.to_string(), "Stripe answered 502, a fault on its side");

    let sink = HttpSink::start(|_| Reply::new(429, "{}").header("retry-after", "3")).await.expect("a server");
    let error = stripe.find(&egress(policy()), &urls(&sink), CUSTOMER).await;
    assert_eq!(error, Err(ServiceError::Busy { service: "Stripe", retry_after_s: 3 }));
}

#[tokio::test]
async fn a_site_or_shop_cannot_lead_elsewhere() {
    let egress = egress(policy());
    for name in ["evil.example/", "a.b", "", "x@127.0.0.1", "x\r\n"] {
        let chargebee = Billing::Chargebee { site: name.into(), api_key: Secret::new("k") };
        let shopify = Billing::Shopify { shop: name.into(), access_token: Secret::new("k") };
        for system in [chargebee, shopify] {
            let error = system.find(&egress, &ServiceUrls::default(), CUSTOMER).await.expect_err(name);
            assert!(matches!(error, ServiceError::Refused(_)), "{error:?}");
        }
    }
}
