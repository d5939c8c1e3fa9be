//! Stripe: customers by address, and their subscriptions (API version 2025-03-31.basil).

use serde_json::Value as Json;

use super::{CUSTOMERS_LIMIT, CUSTOMERS_MAX, Found, found, list};
use crate::egress::OutgoingRequest;
use crate::secret::Secret;
use crate::service::{Service, ServiceError, array};

/// The version whose objects are passed on; without it they depend on the account's age.
const VERSION: &str = "2025-03-31.basil";

pub(super) async fn find(
    service: Service<'_>,
    base: &str,
    api_key: &Secret,
    email: &str,
) -> Result<Option<Found>, ServiceError> {
    let signed = |request: OutgoingRequest| request.bearer(api_key).header("Stripe-Version", VERSION);
    let mut customers = Vec::new();
    // The filter minds upper and lower case, and shops store addresses either way.
    let lower = email.to_lowercase();
    for spelling in [Some(email), (lower != email).then_some(lower.as_str())].into_iter().flatten() {
        let parameters = [("email", spelling), ("limit", CUSTOMERS_LIMIT)];
        let mut answer = service.ask(signed(list(base, "/v1/customers", &parameters)?)).await?;
        customers.extend(array(service.name, &mut answer, "data")?);
    }
    customers.truncate(CUSTOMERS_MAX);
    let mut subscriptions = Vec::new();
    for id in customers.iter().filter_map(|customer| customer.get("id").and_then(Json::as_str)) {
        let parameters = [("customer", id), ("status", "all"), ("limit", "100")];
        let mut answer = service.ask(signed(list(base, "/v1/subscriptions", &parameters)?)).await?;
        subscriptions.extend(array(service.name, &mut answer, "data")?);
    }
    Ok(found(customers, [("subscriptions", subscriptions)]))
}
