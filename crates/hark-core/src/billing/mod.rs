//! Billing: the credentials with which a project looks its customers up in billing systems.

use hark_store::{Body, Doc, Error, Kind, ReadTx, Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// A project's credentials for billing systems: one document, whose id is the project's.
pub const BILLING: Kind = Kind {
    hidden: &["stripe", "chargebee", "lemonSqueezy", "shopify"],
    sealed: &["stripe", "chargebee", "lemonSqueezy", "shopify"],
    ..Kind::new("billing settings", "billing", &[])
};

/// Characters of a credential at most.
const CREDENTIAL_MAX: usize = 500;
/// Characters of the name of a site or shop at most.
const NAME_MAX: usize = 80;

/// Billing systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Stripe.
    Stripe,
    /// Chargebee.
    Chargebee,
    /// Lemon Squeezy.
    LemonSqueezy,
    /// Shopify.
    Shopify,
}

/// Every system.
pub const SYSTEMS: &[System] = &[System::Stripe, System::Chargebee, System::LemonSqueezy, System::Shopify];

impl System {
    /// The property of the settings that is about it.
    pub fn property(self) -> &'static str {
        match self {
            System::Stripe => "stripe",
            System::Chargebee => "chargebee",
            System::LemonSqueezy => "lemonSqueezy",
            System::Shopify => "shopify",
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            System::Stripe => "Stripe",
            System::Chargebee => "Chargebee",
            System::LemonSqueezy => "Lemon Squeezy",
            System::Shopify => "Shopify",
        }
    }

    /// The properties that its settings must have, and whether each is a secret.
    fn needs(self) -> &'static [(&'static str, bool)] {
        match self {
            System::Stripe | System::LemonSqueezy => &[("apiKey", true)],
            System::Chargebee => &[("site", false), ("apiKey", true)],
            System::Shopify => &[("shop", false), ("accessToken", true)],
        }
    }
}

/// Credentials to be set; a system that is null is disconnected, one that is left out stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct BillingInput {
    /// Stripe: `{"apiKey": "rk_live_…"}`.
    pub stripe: Option<KeyInput>,
    /// Chargebee: `{"site": "acme", "apiKey": "live_…"}`.
    pub chargebee: Option<SiteInput>,
    /// Lemon Squeezy: `{"apiKey": "…"}`.
    pub lemon_squeezy: Option<KeyInput>,
    /// Shopify: `{"shop": "acme.myshopify.com", "accessToken": "shpat_…"}`.
    pub shopify: Option<ShopInput>,
}

/// The key of a system.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyInput {
    /// The key; it is never answered.
    pub api_key: String,
}

/// A site and its key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SiteInput {
    /// The name of the site.
    pub site: String,
    /// The key; it is never answered.
    pub api_key: String,
}

/// A shop and its token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShopInput {
    /// The name of the shop.
    pub shop: String,
    /// The token of the Admin API; it is never answered.
    pub access_token: String,
}

/// Which systems are connected.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BillingView {
    /// Stripe.
    pub stripe: Connection,
    /// Chargebee.
    pub chargebee: Connection,
    /// Lemon Squeezy.
    pub lemon_squeezy: Connection,
    /// Shopify.
    pub shopify: Connection,
}

/// Whether a system is connected; secrets are not answered.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Connection {
    /// Whether there are credentials.
    pub configured: bool,
    /// The name of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The name of the shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
}

/// Which systems are connected.
pub fn connections(tx: &ReadTx<'_>) -> Result<BillingView> {
    let settings = settings(tx)?.map(|settings| tx.unsealed(&BILLING, settings).body).unwrap_or_default();
    let connection = |system: System| {
        let known = settings.get(system.property());
        let name = |property: &str| known.and_then(|known| known[property].as_str()).map(str::to_owned);
        Connection { configured: known.is_some(), site: name("site"), shop: name("shop") }
    };
    Ok(BillingView {
        stripe: connection(System::Stripe),
        chargebee: connection(System::Chargebee),
        lemon_squeezy: connection(System::LemonSqueezy),
        shopify: connection(System::Shopify),
    })
}

/// Connects and disconnects systems.
///
/// # Errors
/// [`Error::Invalid`] when something of a system's credentials is missing.
pub fn connect(tx: &mut Tx<'_>, changes: &Body) -> Result<BillingView> {
    let project =
        tx.scope().project().ok_or_else(|| Error::internal("billing settings without a project"))?;
    let mut checked = Body::new();
    for system in SYSTEMS {
        if let Some(change) = changes.get(system.property()) {
            checked.insert(system.property().to_owned(), check(*system, change)?);
        }
    }
    let systems: Vec<&String> = checked.keys().collect();
    tx.audit("billing.changed", None, json!({"systems": systems}))?;
    // Two who connect the first systems at once would both insert the settings.
    tx.lock_name("billing")?;
    match tx.find_locked(&BILLING, project)? {
        Some(mut settings) => {
            for (property, value) in checked {
                settings.set(&property, value);
            }
            tx.save(&BILLING, settings)?;
        }
        None => {
            tx.insert_as(&BILLING, project, checked)?;
        }
    }
    connections(tx)
}

/// The credentials for a system.
///
/// # Errors
/// [`Error::NotConfigured`] when there are none.
pub fn credentials(tx: &ReadTx<'_>, system: System) -> Result<Json> {
    let known = settings(tx)?.map(|settings| tx.unseal(&BILLING, &settings, system.property()));
    known.transpose()?.flatten().ok_or_else(|| {
        Error::NotConfigured(format!(
            "{} is not connected to this project: set `{}` with PUT /v3/projects/billing",
            system.name(),
            system.property()
        ))
    })
}

fn settings(tx: &ReadTx<'_>) -> Result<Option<Doc>> {
    match tx.scope().project() {
        Some(project) => tx.find(&BILLING, project),
        None => Ok(None),
    }
}

/// The credentials of a system, trimmed; null is null.
fn check(system: System, change: &Json) -> Result<Json> {
    if change.is_null() {
        return Ok(Json::Null);
    }
    let mut checked = json!({});
    for (property, secret) in system.needs() {
        let place = format!("`{}.{property}`", system.property());
        let text = change[*property].as_str().unwrap_or_default().trim();
        let max = if *secret { CREDENTIAL_MAX } else { NAME_MAX };
        if text.is_empty() || text.len() > max {
            return Err(Error::invalid(format!("{place} is missing or longer than {max} characters")));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::invalid(format!("{place} has spaces or characters that no such value has")));
        }
        checked[*property] = text.into();
    }
    Ok(checked)
}
