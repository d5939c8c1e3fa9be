//! Stand-ins for billing systems: strict about their protocols, with one customer.

use serde_json::{Value as Json, json};

use super::sources::{parameters, refusal};
use super::{ReceivedRequest, Reply};

/// The address of the one customer, as the systems have stored it.
pub const CUSTOMER: &str = "ada@example.com";

/// Answers as Stripe does, for the key `sk_test_1`.
pub fn stripe(request: &ReceivedRequest) -> Reply {
    let version = request.header("stripe-version") == Some("2025-03-31.basil");
    if request.header("authorization") != Some("Bearer sk_test_1") || !version {
        return refusal(401, "Invalid API Key");
    }
    let list = |items: Vec<Json>| json!({"object": "list", "url": "/v1", "has_more": false, "data": items});
    // Upper and lower case matter to this filter.
    respond(
        request,
        &[
            (
                "/v1/customers",
                &[("email", CUSTOMER), ("limit", "10")],
                list(vec![json!({"id": "cus_1", "object": "customer", "email": CUSTOMER, "balance": 0})]),
            ),
            ("/v1/customers", &[("email", ""), ("limit", "10")], list(Vec::new())),
            (
                "/v1/subscriptions",
                &[("customer", "cus_1"), ("status", "all"), ("limit", "100")],
                list(vec![
                    json!({"id": "sub_1", "object": "subscription", "status": "active", "customer": "cus_1"}),
                ]),
            ),
        ],
    )
}

/// Answers as Chargebee does, for the key `live_1`.
pub fn chargebee(request: &ReceivedRequest) -> Reply {
    if request.header("authorization") != Some("Basic bGl2ZV8xOg==") {
        return refusal(401, "api_authentication_failed");
    }
    respond(
        request,
        &[
            (
                "/api/v2/customers",
                &[("email[is]", CUSTOMER), ("limit", "10")],
                json!({"list": [
                    {"customer": {"id": "c1", "email": CUSTOMER}, "card": {"last4": "4242"}},
                ]}),
            ),
            ("/api/v2/customers", &[("email[is]", ""), ("limit", "10")], json!({"list": []})),
            (
                "/api/v2/subscriptions",
                &[("customer_id[in]", r#"["c1"]"#), ("limit", "100")],
                json!({"list": [
                    {"subscription": {"id": "s1", "customer_id": "c1", "status": "in_trial"}, "customer": {"id": "c1"}},
                ]}),
            ),
        ],
    )
}

/// Answers as Lemon Squeezy does, for the key `eyJ1`.
pub fn lemon_squeezy(request: &ReceivedRequest) -> Reply {
    if request.header("authorization") != Some("Bearer eyJ1") {
        return refusal(401, "Unauthenticated.");
    }
    if request.header("accept") != Some("application/vnd.api+json") {
        return refusal(406, "Not Acceptable");
    }
    let data = |kind: &str, attributes: Json| json!({"jsonapi": {"version": "1.0"}, "data": [{"type": kind, "id": "1", "attributes": attributes}]});
    let customer = data("customers", json!({"email": CUSTOMER, "mrr": 1999}));
    let subscription = data("subscriptions", json!({"user_email": CUSTOMER, "status": "active"}));
    let order = data("orders", json!({"user_email": CUSTOMER, "total": 999}));
    respond(
        request,
        &[
            ("/v1/customers", &[("filter[email]", CUSTOMER), ("page[size]", "10")], customer),
            ("/v1/customers", &[("filter[email]", ""), ("page[size]", "10")], json!({"data": []})),
            ("/v1/subscriptions", &[("filter[user_email]", CUSTOMER), ("page[size]", "100")], subscription),
            ("/v1/orders", &[("filter[user_email]", CUSTOMER), ("page[size]", "100")], order),
        ],
    )
}

/// Answers as a shop of Shopify does, for the token `shpat_1`. Its search also finds similar words.
pub fn shopify(request: &ReceivedRequest) -> Reply {
    if request.header("x-shopify-access-token") != Some("shpat_1") {
        return refusal(401, "[API] Invalid API key or access token");
    }
    let query = format!("email:\"{CUSTOMER}\"");
    let similar = json!({"id": 2, "email": "ada@example.com.au"});
    respond(
        request,
        &[
            (
                "/admin/api/2025-10/customers/search.json",
                &[("query", &query), ("limit", "10")],
                json!({"customers": [
                    similar, {"id": 1, "email": CUSTOMER, "orders_count": 1},
                ]}),
            ),
            (
                "/admin/api/2025-10/customers/search.json",
                &[("query", ""), ("limit", "10")],
                json!({"customers": [similar]}),
            ),
            (
                "/admin/api/2025-10/orders.json",
                &[("customer_id", "1"), ("status", "any"), ("limit", "50")],
                json!({"orders": [
                    {"id": 7, "total_price": "12.00", "customer": {"id": 1}},
                ]}),
            ),
        ],
    )
}

/// A path, the parameters that a request must have, and the answer.
type Expected<'e> = (&'e str, &'e [(&'e str, &'e str)], Json);

/// The answer of the first row whose path and parameters fit exactly; an empty one fits any text.
fn respond(request: &ReceivedRequest, rows: &[Expected<'_>]) -> Reply {
    let path = request.path.split('?').next().unwrap_or_default();
    let sent = parameters(request);
    let fits = |known: &[(&str, &str)]| {
        let value_fits =
            |name: &str, value: &str| sent.get(name).is_some_and(|sent| value.is_empty() || sent == value);
        sent.len() == known.len() && known.iter().all(|(name, value)| value_fits(name, value))
    };
    match rows
        .iter()
        .find(|(known_path, known, _)| request.method == "GET" && path == *known_path && fits(known))
    {
        Some((_, _, answer)) => {
            Reply::new(200, answer.to_string()).header("content-type", "application/json")
        }
        None => refusal(400, "no such path or parameters"),
    }
}
