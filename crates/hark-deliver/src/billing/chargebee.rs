//! Chargebee: customers by address, and their subscriptions (API version 2).

use serde_json::Value as Json;

use super::{CUSTOMERS_LIMIT, Found, found, list};
use crate::secret::Secret;
use crate::service::{Service, ServiceError, array};

pub(super) async fn find(
    service: Service<'_>,
    base: &str,
    api_key: &Secret,
    email: &str,
) -> Result<Option<Found>, ServiceError> {
    let customers = entries(service, base, api_key, "customer", ("email[is]", email)).await?;
    let ids: Vec<&str> = customers.iter().filter_map(|customer| customer["id"].as_str()).collect();
    if ids.is_empty() {
        return Ok(None);
    }
    let ids = Json::from(ids).to_string();
    let subscriptions = entries(service, base, api_key, "subscription", ("customer_id[in]", &ids)).await?;
    Ok(found(customers, [("subscriptions", subscriptions)]))
}

/// The list of a resource: its entries carry the resource under its name, beside related ones.
async fn entries(
    service: Service<'_>,
    base: &str,
    api_key: &Secret,
    resource: &str,
    filter: (&str, &str),
) -> Result<Vec<Json>, ServiceError> {
    let limit = if resource == "customer" { CUSTOMERS_LIMIT } else { "100" };
    let request = list(base, &format!("/api/v2/{resource}s"), &[filter, ("limit", limit)])?;
    // The key is the user, the password stays empty.
    let mut answer = service.ask(request.basic(api_key.expose(), &Secret::default())).await?;
    let entries = array(service.name, &mut answer, "list")?;
    Ok(entries.into_iter().filter_map(|mut entry| entry.get_mut(resource).map(Json::take)).collect())
}
