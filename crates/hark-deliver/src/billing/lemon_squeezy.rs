//! Lemon Squeezy: customers by address, their subscriptions and orders (JSON:API, version 1).

use serde_json::Value as Json;

use super::{CUSTOMERS_LIMIT, Found, found, list};
use crate::secret::Secret;
use crate::service::{Service, ServiceError, array};

/// The media type that the service insists on.
const JSON_API: &str = "application/vnd.api+json";

pub(super) async fn find(
    service: Service<'_>,
    base: &str,
    api_key: &Secret,
    email: &str,
) -> Result<Option<Found>, ServiceError> {
    let read = async |path: &str, filter: &str, size: &str| -> Result<Vec<Json>, ServiceError> {
        let request = list(base, path, &[(filter, email), ("page[size]", size)])?
            .bearer(api_key)
            .header("Accept", JSON_API)
            .header("Content-Type", JSON_API);
        array(service.name, &mut service.ask(request).await?, "data")
    };
    let customers = read("/v1/customers", "filter[email]", CUSTOMERS_LIMIT).await?;
    if customers.is_empty() {
        return Ok(None);
    }
    let subscriptions = read("/v1/subscriptions", "filter[user_email]", "100").await?;
    let orders = read("/v1/orders", "filter[user_email]", "100").await?;
    Ok(found(customers, [("subscriptions", subscriptions), ("orders", orders)]))
}
