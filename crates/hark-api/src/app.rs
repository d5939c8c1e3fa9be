//! Everything that the process has, passed in and never global.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use hark_core::access::Passwords;
use hark_deliver::egress::Egress;
use hark_deliver::mail::Mailer;
use hark_deliver::service::ServiceUrls;
use hark_store::credentials::Memory;
use hark_store::{FileStore, Id, Limits, Store};
use hark_web::WebFiles;
use tokio::sync::Semaphore;

use crate::demo::Demo;
use crate::forwarded::Forwarded;
use crate::live::{Hub, SocketLimits};
use crate::ops::Ops;
use crate::sdk::{KnownProject, Noted};

/// Everything that handlers work with. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: Parts,
    limits: Limits,
    passwords: Passwords,
    projects: Memory<Arc<KnownProject>, Id>,
    reports: Semaphore,
    pictures: Semaphore,
    sdks: Noted,
    web: WebFiles,
    forwarded: Forwarded,
}

/// Bug reports that are read at once; each may hold its largest part in memory.
const REPORTS_AT_ONCE: usize = 4;

/// The parts of an [`App`].
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Where files are.
    pub files: FileStore,
    /// The operator's mail server, if there is one.
    pub mailer: Mailer,
    /// The way out to servers that callers name.
    pub egress: Egress,
    /// What the operator decided.
    pub settings: Settings,
    /// What the operator sees of the process.
    pub ops: Ops,
    /// The sockets of SDKs.
    pub hub: Hub,
}

/// What the operator decided about the HTTP face.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which browsers reach the server, without a slash at the end.
    pub public_url: String,
    /// The address under which browsers get files, an origin of its own and without a slash at the
    /// end; `None` is the public one with `media.` before its host.
    pub media_url: Option<String>,
    /// The address of the messenger, an origin of its own and without a slash at the end; `None` is the
    /// public one with `messenger.` before its host.
    pub messenger_url: Option<String>,
    /// A folder like `web` in the repository, from which front ends are served instead of those in
    /// the program.
    pub web_dir: Option<PathBuf>,
    /// Bytes of an upload at most.
    pub upload_bytes_max: u64,
    /// Bytes of a bug report at most.
    pub report_bytes_max: u64,
    /// The Chromium that makes pictures of captured pages, if there is one.
    pub chromium: Option<PathBuf>,
    /// Other host names under which SDKs and pages reach the server: socket, messenger, media.
    pub other_hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed, as address ranges.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// REST calls per minute and project.
    pub rest_calls_per_minute: u32,
    /// SDK calls per minute and project.
    pub sdk_calls_per_minute: u32,
    /// Server-side tracking calls per minute and project.
    pub server_calls_per_minute: u32,
    /// Calls per minute and network that may fail for want of good credentials. An SDK whose
    /// contact is gone tries every five seconds, and offices share an address.
    pub failed_calls_per_minute: u32,
    /// How many sockets one network and one contact may have.
    pub sockets: SocketLimits,
    /// Whether people sign up without an invitation.
    pub open_sign_up: bool,
    /// Whether `/metrics` is served beside everything else.
    pub public_metrics: bool,
    /// Whether requests are exported as spans.
    pub traces: bool,
    /// The demo page, when it is wanted.
    pub demo: Option<Demo>,
    /// Where the services are that contacts are imported from and customers are looked up in.
    pub services: ServiceUrls,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            public_url: "http://localhost:8080".to_owned(),
            media_url: None,
            messenger_url: None,
            web_dir: None,
            upload_bytes_max: 100 * 1024 * 1024,
            report_bytes_max: 32 * 1024 * 1024,
            chromium: None,
            other_hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            rest_calls_per_minute: 60_000,
            sdk_calls_per_minute: 600_000,
            server_calls_per_minute: 60_000,
            failed_calls_per_minute: 3_000,
            sockets: SocketLimits::default(),
            open_sign_up: true,
            public_metrics: true,
            traces: false,
            demo: None,
            services: ServiceUrls::default(),
        }
    }
}

impl Settings {
    /// The hosts of this server as they stand in addresses, with their ports.
    pub fn own_hosts(&self) -> Vec<String> {
        let host = host_of(&self.public_url);
        let named = ["ws", "messenger", "media"].map(|name| format!("{name}.{host}"));
        let mut hosts = vec![host.to_owned()];
        hosts.extend(named);
        hosts.extend(self.other_hosts.iter().cloned());
        for url in [self.media_url(), self.messenger_url()] {
            let host = host_of(&url).to_owned();
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        hosts
    }

    /// The address under which browsers get files.
    pub fn media_url(&self) -> String {
        self.media_url.clone().unwrap_or_else(|| self.beside("media"))
    }

    /// The address under which the messenger is.
    pub fn messenger_url(&self) -> String {
        self.messenger_url.clone().unwrap_or_else(|| self.beside("messenger"))
    }

    /// The public address with a name before its host.
    fn beside(&self, name: &str) -> String {
        match self.public_url.split_once("://") {
            Some((scheme, host)) => format!("{scheme}://{name}.{}", host.split('/').next().unwrap_or(host)),
            None => self.public_url.clone(),
        }
    }
}

/// The host in an address, with its port.
pub(crate) fn host_of(url: &str) -> &str {
    let address = url.split_once("://").map_or(url, |(_, rest)| rest);
    address.split('/').next().unwrap_or_default()
}

impl App {
    /// An app of these parts.
    pub fn new(parts: Parts) -> App {
        let limits = Limits::new(parts.store.clone());
        let web = WebFiles::new(parts.settings.web_dir.clone());
        App(Arc::new(Inner {
            parts,
            limits,
            passwords: Passwords::default(),
            projects: Memory::default(),
            reports: Semaphore::new(REPORTS_AT_ONCE),
            pictures: Semaphore::new(1),
            sdks: Noted::default(),
            web,
            forwarded: Forwarded::default(),
        }))
    }

    /// The budgets of callers.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Checks passwords.
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// A turn for each bug report that is read.
    pub(crate) fn reports(&self) -> &Semaphore {
        &self.0.reports
    }

    /// A turn for each picture of a page: a browser takes a lot of memory.
    pub(crate) fn pictures(&self) -> &Semaphore {
        &self.0.pictures
    }

    /// The built front ends.
    pub(crate) fn web(&self) -> &WebFiles {
        &self.0.web
    }

    /// Who sends `X-Forwarded-For` although no proxy is trusted.
    pub(crate) fn forwarded(&self) -> &Forwarded {
        &self.0.forwarded
    }

    /// When SDKs were noted.
    pub(crate) fn sdks(&self) -> &Noted {
        &self.0.sdks
    }

    /// What SDK calls need to know about projects.
    pub(crate) fn projects(&self) -> &Memory<Arc<KnownProject>, Id> {
        &self.0.projects
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}
