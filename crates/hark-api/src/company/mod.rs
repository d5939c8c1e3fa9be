//! `hark demo`: a made-up company with its customers and two weeks of work, to see everything at once.
//!
//! Everything is done in the order of time, with a clock that is set to the moment of each step: people
//! call the server's own API as SDKs and the dashboard do, and jobs run when they are due. So
//! nothing is there that could not have happened. Only contacts and what was long ago, of which there
//! may be very much, are made with the rules themselves, many in a transaction.

mod archive;
mod capture;
mod cast;
mod client;
mod furnish;
mod office;
mod picture;
mod play;
mod story;

use std::collections::BTreeMap;
use std::sync::Arc;

use hark_core::access::{Colleague, Owner, add_colleague, name_owner, sessions};
use hark_core::contacts::CONTACT;
use hark_core::tickets::TICKET;
use hark_query::Filter;
use hark_store::access::PROJECT;
use hark_store::credentials::{NewToken, TokenType};
use hark_store::{Doc, Error, Id, Millis, Result, Tx};
use serde::Serialize;

use crate::app::App;
use client::{Client, Who};
use play::Play;

/// The domain of the company, which is nobody's.
const DOMAIN: &str = "marrowby.example";
/// Agents besides the owner: short name, first and last name.
const AGENTS: &[(&str, &str, &str)] =
    &[("alder", "Alder", "Finchwick"), ("saffron", "Saffron", "Dewberry"), ("tansy", "Tansy", "Moorgate")];
/// The owner, unless the owner has a name.
const OWNER: (&str, &str, &str) = ("rosemary", "Rosemary", "Quillfeather");
const DAY: Millis = 24 * 60 * 60 * 1_000;
/// How long ago the company began.
const HISTORY: Millis = 300 * DAY;
/// Contacts at most, and tickets at most.
const COUNT_MAX: u32 = 1_000_000;

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The project, which must be empty.
    pub project: Id,
    /// How many contacts, 10 at least.
    pub contacts: u32,
    /// How many tickets.
    pub tickets: u32,
    /// The password of the agents who are added.
    pub password: String,
    /// The moment at which the story ends, in unix milliseconds. The clock of the app's store must be
    /// one that stands still, [`HISTORY_MS`] earlier.
    pub now: Millis,
}

/// How long before its end the story begins, in milliseconds.
pub const HISTORY_MS: Millis = HISTORY;

/// How many guests come beside so many contacts.
fn guests(contacts: u32) -> u32 {
    (contacts / 10).min(200)
}

/// What was made.
#[derive(Debug, Serialize)]
pub struct Made {
    /// The project.
    pub project: Id,
    /// How many contacts there are.
    pub contacts: u32,
    /// How many guests there are beside them, who never said who they are.
    pub guests: u32,
    /// How many tickets there are.
    pub tickets: u32,
    /// Who works there besides the owner, and how they sign in.
    pub agents: Vec<Agent>,
}

/// An agent of the made-up company.
#[derive(Debug, Serialize)]
pub struct Agent {
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Fills a project with the story of a made-up company.
///
/// # Errors
/// [`Error::Invalid`] when the project has contacts or tickets, or a count is out of its bounds.
pub async fn found(app: &App, wanted: &Wanted) -> Result<Made> {
    if !(10..=COUNT_MAX).contains(&wanted.contacts) || wanted.tickets > COUNT_MAX {
        return Err(Error::invalid(format!(
            "`contacts` is a number between 10 and {COUNT_MAX}, `tickets` one up to {COUNT_MAX}"
        )));
    }
    let operator = app.store.operator_of(wanted.project).await?;
    let used = |tx: &hark_store::ReadTx<'_>| {
        Ok(tx.count(&CONTACT, &Filter::everything())? + tx.count(&TICKET, &Filter::everything())?)
    };
    if app.store.read(&operator, used).await? > 0 {
        return Err(Error::invalid(format!(
            "the project {} has contacts or tickets already, make an empty one with `hark project create`",
            wanted.project
        )));
    }
    let project = wanted.project;
    let project = app.store.read(&app.store.operator(), move |tx| tx.get(&PROJECT, project)).await?;
    let sdk_key = project.text("sdkKey").unwrap_or_default();
    let client = Client::new(app, project.id, sdk_key);

    let staff = hire(app, wanted).await?;
    let agents = staff.iter().map(|one| (one.short, one.user)).collect();
    let by_name = |short: &str| staff.iter().find(|one| one.short == short).map(|one| one.who.clone());
    let admin = by_name(OWNER.0).ok_or_else(|| Error::internal("a company without an owner"))?;
    let teams = furnish::furnish(&client, &admin, &agents).await?;
    let voices: BTreeMap<&'static str, Who> = staff.iter().map(|one| (one.short, one.who.clone())).collect();
    let made = Play { app, client, operator, wanted, agents, voices, teams }.run().await;
    for one in staff {
        app.store.write(&app.store.operator(), move |tx| sessions::end(tx, one.token)).await?;
    }
    made?;
    let address = |short: &str| format!("{short}@{DOMAIN}");
    let agents =
        AGENTS.iter().map(|(short, ..)| Agent { email: address(short), password: wanted.password.clone() });
    Ok(Made {
        project: wanted.project,
        contacts: wanted.contacts,
        guests: guests(wanted.contacts),
        tickets: wanted.tickets,
        agents: agents.collect(),
    })
}

/// Somebody who works at the company, signed in.
struct Employee {
    short: &'static str,
    user: Id,
    token: Id,
    who: Who,
}

/// Adds the agents, and signs everybody in for as long as the story takes.
async fn hire(app: &App, wanted: &Wanted) -> Result<Vec<Employee>> {
    let password = wanted.password.clone();
    let colleague = move |(short, first, last): &(&str, &str, &str)| -> Result<Colleague> {
        let access = Owner::new(&format!("{short}@{DOMAIN}"), &password)?;
        Ok(Colleague { first_name: (*first).to_owned(), last_name: (*last).to_owned(), access })
    };
    // Hashing the passwords takes its time.
    let hashed =
        tokio::task::spawn_blocking(move || AGENTS.iter().map(colleague).collect::<Result<Vec<_>>>());
    let colleagues = Arc::new(hashed.await.map_err(|panic| Error::internal(panic.to_string()))??);
    let (project, expires_at) = (wanted.project, wanted.now + DAY);
    let hire = move |tx: &mut Tx<'_>| {
        let mut staff = vec![(OWNER.0, name_owner(tx, project, OWNER.1, OWNER.2)?)];
        for ((short, ..), colleague) in AGENTS.iter().zip(colleagues.iter()) {
            staff.push((short, add_colleague(tx, project, colleague)?));
        }
        staff.into_iter().map(|(short, user)| sign_in(tx, short, &user, expires_at)).collect()
    };
    app.store.write(&app.store.operator(), hire).await
}

fn sign_in(tx: &mut Tx<'_>, short: &'static str, user: &Doc, expires_at: Millis) -> Result<Employee> {
    let new = NewToken {
        user: user.id,
        token_type: TokenType::Session,
        name: "Session".to_owned(),
        project: None,
        organisation: None,
        expires_at: Some(expires_at),
    };
    let (row, token) = tx.issue_token(new)?;
    Ok(Employee { short, user: user.id, token: row.id, who: Who::Agent { token } })
}
