//! `hark demo`: fills an empty project with a made-up company, while no server runs: its clock would be another.

use anyhow::Context;
use clap::ArgMatches;
use hark_api::company::{self, HISTORY_MS, Made, Wanted};
use hark_api::{App, Hub, Ops, Parts, Timing};
use hark_core::access::first_project;
use hark_deliver::egress::{Egress, EgressPolicy};
use hark_deliver::mail::Mailer;
use hark_store::{Clock, Store};

use crate::commands::{id, new_password};
use crate::config::Config;
use crate::serve::settings;

/// Fills the project, and tells what is in it now.
pub(crate) async fn demo(arguments: &ArgMatches, config: &Config) -> anyhow::Result<Made> {
    let now = Clock::real().now();
    let clock = Clock::fixed(now - HISTORY_MS);
    let store = config.open(clock).await?;
    let done = fill(arguments, config, &store, now).await;
    store.close().await;
    done
}

async fn fill(arguments: &ArgMatches, config: &Config, store: &Store, now: i64) -> anyhow::Result<Made> {
    let count = |name: &str| arguments.get_one::<u32>(name).copied().unwrap_or_default();
    let project = match arguments.get_one::<String>("project") {
        Some(text) => id(text)?,
        None => {
            let first = store.read(&store.operator(), first_project).await?;
            first.context("there is no project yet, run `hark init` first")?.id
        }
    };
    let settings = settings(config, config.listen);
    let app = App::new(Parts {
        store: store.clone(),
        files: config.files().context("the place for files cannot be used")?,
        // Nobody in the story can read mail.
        mailer: Mailer::unconfigured(),
        egress: Egress::new(EgressPolicy::default())?,
        hub: Hub::new(store.clone(), Timing::default(), &settings),
        settings,
        ops: Ops::default(),
    });
    let (contacts, tickets) = (count("contacts"), count("tickets"));
    let wanted = Wanted { project, contacts, tickets, password: new_password(), now };
    Ok(company::found(&app, &wanted).await?)
}
