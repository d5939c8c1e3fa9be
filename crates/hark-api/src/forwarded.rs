//! Tells the operator of a proxy that nobody trusts: everybody behind it counts as one caller.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::HeaderMap;
use hark_store::FORWARDED_SEEN;

use crate::app::App;

/// How often it is told.
const TELL_EVERY_MS: i64 = 60 * 60 * 1_000;

/// When it was told last.
pub(crate) struct Forwarded(AtomicI64);

impl Default for Forwarded {
    fn default() -> Forwarded {
        Forwarded(AtomicI64::new(i64::MIN))
    }
}

impl Forwarded {
    /// Looks at a call, which came from this address. When it says for whom it is forwarded and no proxy is
    /// trusted, that goes to the log, and into the database for the doctor.
    pub(crate) fn look(&self, app: &App, headers: &HeaderMap, ip: IpAddr) {
        if !app.settings.trusted_proxies.is_empty() || !headers.contains_key("x-forwarded-for") {
            return;
        }
        let (now, last) = (app.store.clock().now(), self.0.load(Ordering::Relaxed));
        let is_ours = now.saturating_sub(last) >= TELL_EVERY_MS
            && self.0.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if !is_ours {
            return;
        }
        tracing::warn!(
            %ip,
            "calls carry X-Forwarded-For and `trusted_proxies` is empty: if this address is your proxy, set it, or all \
             your visitors share the limits of one; if it is not, somebody only pretends"
        );
        let store = app.store.clone();
        tokio::spawn(async move {
            let note = move |tx: &mut hark_store::Tx<'_>| {
                tx.set_instance_setting(FORWARDED_SEEN, &format!("{now} {ip}"))
            };
            if let Err(error) = store.write(&store.operator(), note).await {
                tracing::warn!(?error, "the doctor could not be told of a proxy");
            }
        });
    }
}
