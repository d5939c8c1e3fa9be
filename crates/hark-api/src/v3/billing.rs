//! Billing: what billing systems know about a contact, and the credentials to ask them.

use axum::http::Method;
use hark_core::billing::{self, BillingInput, BillingView, System};
use hark_core::contacts::CONTACT;
use hark_deliver::billing::Billing;
use hark_deliver::secret::Secret;
use hark_deliver::service::ServiceError;
use hark_store::{Error, Permission, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::answer::Reply;
use crate::call::Call;
use crate::operation::{Access, NoBody, Operation, Patch};

const READ: Access = Access::Project(Permission::BillingRead);
const MANAGE: Access = Access::Project(Permission::SettingsManage);

pub(super) const UPSTREAM: &[(u16, &str)] = &[(502, "the other system failed or refused")];

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::GET,
            "/v3/sessions/{sessionId}/stripe",
            "FindSessionStripeInfo",
            READ,
            async |call, _: NoBody| find(call, System::Stripe).await,
        )
        .summary("Look a contact up in Stripe: `customers` and `subscriptions`")
        .also_answers(UPSTREAM),
        Operation::new(
            Method::GET,
            "/v3/sessions/{sessionId}/chargebee",
            "FindSessionChargebeeInfo",
            READ,
            async |call, _: NoBody| find(call, System::Chargebee).await,
        )
        .summary("Look a contact up in Chargebee: `customers` and `subscriptions`")
        .also_answers(UPSTREAM),
        Operation::new(
            Method::GET,
            "/v3/sessions/{sessionId}/lemonsqueezy",
            "FindSessionLemonSqueezyInfo",
            READ,
            async |call, _: NoBody| find(call, System::LemonSqueezy).await,
        )
        .summary("Look a contact up in Lemon Squeezy: `customers`, `subscriptions` and `orders`")
        .also_answers(UPSTREAM),
        Operation::new(
            Method::GET,
            "/v3/sessions/{sessionId}/shopify",
            "FindSessionShopifyInfo",
            READ,
            async |call, _: NoBody| find(call, System::Shopify).await,
        )
        .summary("Look a contact up in Shopify: `customers` and `orders`")
        .also_answers(UPSTREAM),
        Operation::new(Method::GET, "/v3/projects/billing", "GetBilling", MANAGE, connections)
            .summary("Get which billing systems are connected"),
        Operation::new(Method::PUT, "/v3/projects/billing", "UpdateBilling", MANAGE, connect)
            .summary("Connect billing systems; null disconnects one, and no answer shows a key"),
    ]
}

/// What a billing system knows about a contact.
#[derive(Debug, Serialize, JsonSchema)]
struct BillingInfo {
    /// Whether the system has a customer with the contact's address.
    found: bool,
    /// The lists of the summary, with their entries as the system wrote them.
    #[serde(flatten)]
    lists: Map<String, Json>,
}

async fn find(call: Call, system: System) -> Result<Reply<BillingInfo>> {
    let id = call.path_id("sessionId", CONTACT.name)?;
    let (contact, credentials) =
        call.peek(move |tx| Ok((tx.get(&CONTACT, id)?, billing::credentials(tx, system)?))).await?;
    let email = contact.text("email").map(str::trim).filter(|email| !email.is_empty());
    let found = match email {
        Some(email) => {
            let billing = connection(system, &credentials);
            billing.find(&call.app.egress, &call.app.settings.services, email).await.map_err(upstream)?
        }
        // Without an address there is nobody to ask for.
        None => None,
    };
    Ok(Reply(BillingInfo { found: found.is_some(), lists: found.unwrap_or_default() }))
}

/// A refusal of ours to contact a server is the settings' fault as much as the server's.
pub(super) fn upstream(error: ServiceError) -> Error {
    match error {
        ServiceError::Busy { retry_after_s, .. } => {
            Error::TooMany { message: error.to_string(), retry_after_s }
        }
        ServiceError::Refused(_) | ServiceError::Failed(_) => Error::Upstream(error.to_string()),
    }
}

fn connection(system: System, credentials: &Json) -> Billing {
    let text = |property: &str| credentials[property].as_str().unwrap_or_default().to_owned();
    let secret = |property: &str| Secret::new(text(property));
    match system {
        System::Stripe => Billing::Stripe { api_key: secret("apiKey") },
        System::Chargebee => Billing::Chargebee { site: text("site"), api_key: secret("apiKey") },
        System::LemonSqueezy => Billing::LemonSqueezy { api_key: secret("apiKey") },
        System::Shopify => Billing::Shopify { shop: text("shop"), access_token: secret("accessToken") },
    }
}

async fn connections(call: Call, _: NoBody) -> Result<Reply<BillingView>> {
    Ok(Reply(call.peek(billing::connections).await?))
}

async fn connect(call: Call, input: Patch<BillingInput>) -> Result<Reply<BillingView>> {
    Ok(Reply(call.write(move |tx| billing::connect(tx, &input.changes)).await?))
}
