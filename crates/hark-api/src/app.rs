//! Everything that the process has, passed in and never global.

use std::ops::Deref;
use std::sync::Arc;

use hark_store::Store;

use crate::demo::Demo;
use crate::ops::Ops;

/// Everything that handlers work with. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// The database.
    pub store: Store,
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
        }
    }
}

impl App {
    /// An app of these parts.
    pub fn new(parts: Parts) -> App {
        App(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
