//! Everything that the process has, passed in and never global.

use std::ops::Deref;
use std::sync::Arc;

use hark_core::access::Passwords;
use hark_deliver::egress::Egress;
use hark_deliver::mail::Mailer;
use hark_deliver::service::ServiceUrls;
use hark_store::{Limits, Store};

use crate::demo::Demo;
use crate::ops::Ops;

/// Everything that handlers work with. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: Parts,
    limits: Limits,
    passwords: Passwords,
}

/// The parts of an [`App`].
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The operator's mail server, if there is one.
    pub mailer: Mailer,
    /// The way out to servers that callers name.
    pub egress: Egress,
    /// What the operator decided.
    pub settings: Settings,
    /// What the operator sees of the process.
    pub ops: Ops,
}

/// What the operator decided about the HTTP face.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which browsers reach the server, without a slash at the end.
    pub public_url: String,
    /// Proxies whose `X-Forwarded-For` is believed, as address ranges.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// REST calls per minute and project.
    pub rest_calls_per_minute: u32,
    /// SDK calls per minute and project.
    pub sdk_calls_per_minute: u32,
    /// Server-side tracking calls per minute and project.
    pub server_calls_per_minute: u32,
    /// Whether `/metrics` is served beside everything else.
    pub public_metrics: bool,
    /// The demo page, when it is wanted.
    pub demo: Option<Demo>,
    /// Where the services are that contacts are imported from and customers are looked up in.
    pub services: ServiceUrls,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            public_url: "http://localhost:8080".to_owned(),
            trusted_proxies: Vec::new(),
            rest_calls_per_minute: 60_000,
            sdk_calls_per_minute: 600_000,
            server_calls_per_minute: 60_000,
            public_metrics: true,
            demo: None,
            services: ServiceUrls::default(),
        }
    }
}

impl App {
    /// An app of these parts.
    pub fn new(parts: Parts) -> App {
        let limits = Limits::new(parts.store.clone());
        App(Arc::new(Inner { parts, limits, passwords: Passwords::default() }))
    }

    /// The budgets of callers.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Checks passwords.
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
