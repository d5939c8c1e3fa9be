//! Secrets at rest: which kinds have some, and what takes the place of those whose key is lost.

use hark_store::access::{PROJECT, USER};
use hark_store::credentials::random_secret;
use hark_store::{Kind, Result, SecretsReport, Store, forget_secrets};
use serde_json::{Value as Json, json};

use crate::access::SSO;
use crate::billing::BILLING;
use crate::channels::CHANNEL;
use crate::imports::IMPORT_PART;
use crate::webhooks::{self, WEBHOOK};

/// Every kind with sealed properties.
pub const KINDS: &[&Kind] = &[&PROJECT, &USER, &SSO, &BILLING, &CHANNEL, &WEBHOOK, &IMPORT_PART];

/// Takes away all secrets that no key opens, and puts new ones where there must be some.
///
/// # Errors
/// When the database fails.
pub async fn forget(store: &Store) -> Result<SecretsReport> {
    forget_secrets(store, KINDS, renew).await
}

fn renew(kind: &Kind, property: &str) -> Option<Json> {
    match (kind.table, property) {
        ("project", "identitySecret") => Some(json!(random_secret())),
        ("webhook", "secret") => Some(json!(webhooks::new_secret())),
        // Without one the account would need no second factor any more; no code fits a secret that nobody
        // knows, so recovery codes and passkeys remain.
        ("account", "totp") => Some(json!({"secret": random_secret(), "last": 0})),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_with_sealed_properties_is_known() {
        let all = crate::KINDS.iter().chain(hark_store::access::KINDS);
        for kind in all.filter(|kind| !kind.sealed.is_empty()) {
            assert!(KINDS.iter().any(|known| known.table == kind.table), "{}", kind.table);
        }
    }

    #[test]
    fn what_is_sealed_is_shown_to_nobody_or_guarded() {
        for kind in KINDS {
            for property in kind.sealed {
                let guarded = kind.guarded.iter().any(|(name, _)| name == property);
                assert!(guarded || kind.hidden.contains(property), "{} {property}", kind.name);
                assert!(kind.column(property).is_none(), "{} {property} has a column", kind.name);
            }
        }
    }

    #[test]
    fn what_must_be_there_is_made_anew() {
        for (kind, property) in [(&PROJECT, "identitySecret"), (&WEBHOOK, "secret"), (&USER, "totp")] {
            assert!(kind.sealed.contains(&property) && renew(kind, property).is_some(), "{property}");
        }
        assert_eq!(renew(&BILLING, "stripe"), None);
    }
}
