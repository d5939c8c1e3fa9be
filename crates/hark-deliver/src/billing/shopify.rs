//! Shopify: customers by address, and their orders (Admin REST API).

use serde_json::Value as Json;

use super::{CUSTOMERS_LIMIT, CUSTOMERS_MAX, Found, found, list};
use crate::secret::Secret;
use crate::service::{Service, ServiceError, array, id_text};

/// The version in the path; the service answers for a retired one with the oldest that it has.
const VERSION: &str = "2025-10";

pub(super) async fn find(
    service: Service<'_>,
    base: &str,
    access_token: &Secret,
    email: &str,
) -> Result<Option<Found>, ServiceError> {
    let read = async |path: &str, parameters: &[(&str, &str)], property| -> Result<Vec<Json>, ServiceError> {
        let request = list(base, &format!("/admin/api/{VERSION}/{path}.json"), parameters)?
            .header("X-Shopify-Access-Token", access_token.clone())
            .header("Accept", "application/json");
        array(service.name, &mut service.ask(request).await?, property)
    };
    // The search language knows quotes, so that nothing in an address is read as an operator.
    let query = format!("email:\"{}\"", email.replace('\\', "\\\\").replace('"', "\\\""));
    let mut customers =
        read("customers/search", &[("query", &query), ("limit", CUSTOMERS_LIMIT)], "customers").await?;
    // The search may find words of an address in others.
    customers
        .retain(|customer| customer["email"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(email)));
    customers.truncate(CUSTOMERS_MAX);
    let mut orders = Vec::new();
    for id in customers.iter().filter_map(|customer| id_text(&customer["id"])) {
        let parameters = [("customer_id", id.as_str()), ("status", "any"), ("limit", "50")];
        orders.extend(read("orders", &parameters, "orders").await?);
    }
    Ok(found(customers, [("orders", orders)]))
}
