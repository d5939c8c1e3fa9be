//! What billing systems know about a customer, found by e-mail address.
//!
//! Customers and what belongs to them are returned as the system wrote them; nothing is added.

mod chargebee;
mod lemon_squeezy;
mod shopify;
mod stripe;

use std::time::Duration;

use serde_json::{Map, Value as Json};

use crate::egress::{Egress, OutgoingRequest};
use crate::secret::Secret;
use crate::service::{Service, ServiceError, ServiceUrls, address, base_of, usual_pause};

/// How long a lookup with all its requests may take.
const TIME_MAX: Duration = Duration::from_secs(10);
/// Customers with one address whose subscriptions are looked up.
const CUSTOMERS_MAX: usize = 10;
/// The same as a parameter.
const CUSTOMERS_LIMIT: &str = "10";

/// A billing system, and the right to read its customers.
#[derive(Clone, Debug)]
pub enum Billing {
    /// Stripe.
    Stripe {
        /// A secret or restricted key.
        api_key: Secret,
    },
    /// Chargebee.
    Chargebee {
        /// The name of the site: `acme-test`.
        site: String,
        /// A read-only key.
        api_key: Secret,
    },
    /// Lemon Squeezy.
    LemonSqueezy {
        /// An API key.
        api_key: Secret,
    },
    /// Shopify.
    Shopify {
        /// The name of the shop: `acme` or `acme.myshopify.com`.
        shop: String,
        /// The Admin API access token of a custom app.
        access_token: Secret,
    },
}

/// What a billing system knows: `customers` first, then lists of what belongs to them.
pub type Found = Map<String, Json>;

impl Billing {
    /// The system's name for people.
    pub fn name(&self) -> &'static str {
        match self {
            Billing::Stripe { .. } => "Stripe",
            Billing::Chargebee { .. } => "Chargebee",
            Billing::LemonSqueezy { .. } => "Lemon Squeezy",
            Billing::Shopify { .. } => "Shopify",
        }
    }

    /// Finds customers by their address, and what belongs to them; `None` when there is none.
    ///
    /// # Errors
    /// Everything in [`ServiceError`]; [`ServiceError::Failed`] after ten seconds.
    pub async fn find(
        &self,
        egress: &Egress,
        urls: &ServiceUrls,
        email: &str,
    ) -> Result<Option<Found>, ServiceError> {
        let name = self.name();
        // None of the four tells the end of a pause as a time of day.
        let service = Service { name, egress, now_s: 0, pause: usual_pause };
        let find = async {
            match self {
                Billing::Stripe { api_key } => stripe::find(service, &urls.stripe, api_key, email).await,
                Billing::Chargebee { site, api_key } => {
                    let base = base_of(&urls.chargebee, "site", site)?;
                    chargebee::find(service, &base, api_key, email).await
                }
                Billing::LemonSqueezy { api_key } => {
                    lemon_squeezy::find(service, &urls.lemon_squeezy, api_key, email).await
                }
                Billing::Shopify { shop, access_token } => {
                    let shop = shop.strip_suffix(".myshopify.com").unwrap_or(shop);
                    let base = base_of(&urls.shopify, "shop", shop)?;
                    shopify::find(service, &base, access_token, email).await
                }
            }
        };
        let late = || ServiceError::Failed(format!("{name} took longer than {} s", TIME_MAX.as_secs()));
        tokio::time::timeout(TIME_MAX, find).await.unwrap_or_else(|_| Err(late()))
    }
}

/// A request for a list.
fn list(base: &str, path: &str, parameters: &[(&str, &str)]) -> Result<OutgoingRequest, ServiceError> {
    Ok(OutgoingRequest::get(address(base, path, parameters)?, "billing"))
}

/// The lists of an answer, or `None` without a customer.
fn found(customers: Vec<Json>, others: impl IntoIterator<Item = (&'static str, Vec<Json>)>) -> Option<Found> {
    if customers.is_empty() {
        return None;
    }
    let lists = std::iter::once(("customers", customers)).chain(others);
    Some(lists.map(|(name, items)| (name.to_owned(), Json::Array(items))).collect())
}
