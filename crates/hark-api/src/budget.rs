//! Budgets of attempts at secrets and of mail that strangers can cause.

use std::net::IpAddr;

use hark_store::Result;
use hark_store::credentials::hash;

use crate::address::network;
use crate::app::App;

/// How often something may be tried.
pub(crate) struct Budget {
    /// What is counted.
    pub(crate) name: &'static str,
    /// How often in a window.
    pub(crate) max: u32,
    /// The length of the window, in seconds.
    pub(crate) per_s: u32,
}

impl Budget {
    /// Counts an attempt by or at somebody.
    ///
    /// # Errors
    /// [`hark_store::Error::TooMany`] when nothing is left.
    pub(crate) async fn spend(&self, app: &App, who: &str) -> Result<()> {
        let allowance = app.limits().attempt(&self.key(who), self.max, self.per_s).await?;
        allowance.need("too many attempts, wait before the next one")
    }

    /// Forgets the attempts by or at somebody, after one that succeeded.
    pub(crate) async fn forgive(&self, app: &App, who: &str) -> Result<()> {
        app.limits().forgive(&self.key(who)).await
    }

    /// Counts an attempt from a network.
    pub(crate) async fn spend_from(&self, app: &App, ip: IpAddr) -> Result<()> {
        self.spend(app, &network(ip).to_string()).await
    }

    /// Counts an attempt at somebody from a network, which has this budget for itself.
    pub(crate) async fn spend_near(&self, app: &App, who: &str, ip: IpAddr) -> Result<()> {
        self.spend(app, &near(who, ip)).await
    }

    /// Counts an attempt at somebody from a network: that network has this budget, and all
    /// networks together `wide` times as much, so that one stranger cannot lock the owner out.
    pub(crate) async fn spend_at(&self, app: &App, who: &str, ip: IpAddr, wide: u32) -> Result<()> {
        self.spend_near(app, who, ip).await?;
        Budget { max: self.max * wide, ..*self }.spend(app, who).await
    }

    /// Forgets the attempts at somebody from this network and those of all together, after one
    /// that succeeded.
    pub(crate) async fn forgive_at(&self, app: &App, who: &str, ip: IpAddr) -> Result<()> {
        self.forgive(app, &near(who, ip)).await?;
        self.forgive(app, who).await
    }

    /// Hashed, so that the table of budgets is no list of addresses.
    fn key(&self, who: &str) -> String {
        format!("{}:{}", self.name, hash(who))
    }
}

fn near(who: &str, ip: IpAddr) -> String {
    format!("{who} from {}", network(ip))
}
