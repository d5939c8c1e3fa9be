//! The commands beside `serve`: each opens the database, which a server may be using
//! at the same time, does one thing and prints the result on the standard output.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use clap::ArgMatches;
use hark_core::access::{
    Address, FirstSetup, Owner, another_project, create_program_token, factors, first_setup, sso,
};
use hark_core::secrets;
use hark_store::{
    BackupReport, Clock, FilesReport, Id, Level, Location, LostSecrets, SCHEMA_VERSION, Store, Tx,
    examine_proxies, examine_secrets, look_at_secrets, reseal_secrets,
};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::config::Config;
use crate::demo;

/// Letters and digits that cannot be mistaken for each other.
const PASSWORD_ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of a generated password: about 116 bits.
const PASSWORD_LENGTH: usize = 20;

/// Runs the command of this name.
pub(crate) async fn run(name: &str, arguments: &ArgMatches, config: &Config) -> anyhow::Result<()> {
    if name == "restore" {
        // It replaces the database, so nothing may have it open.
        return restore(arguments, config).await;
    }
    if name == "demo" {
        // It has a clock of its own.
        return print(arguments, &demo::demo(arguments, config).await?);
    }
    let store = match (name, arguments.subcommand()) {
        ("secrets", Some(("forget", _))) => {
            let keys = config.secrets.clone().for_any_database();
            Store::open(&config.location(), Clock::real(), &keys).await?
        }
        _ => config.open(Clock::real()).await?,
    };
    let done = in_store(name, arguments, &store, config).await;
    store.close().await;
    done
}

async fn in_store(name: &str, arguments: &ArgMatches, store: &Store, config: &Config) -> anyhow::Result<()> {
    match (name, arguments.subcommand()) {
        ("init", _) => init(arguments, store).await,
        ("project", Some(("create", arguments))) => project_create(arguments, store).await,
        ("token", Some(("create", arguments))) => token_create(arguments, store).await,
        ("user", Some(("reset-second-factor", arguments))) => reset_second_factor(arguments, store).await,
        ("domain", Some(("confirm", arguments))) => confirm_domain(arguments, store).await,
        ("domain", Some(("release", arguments))) => release_domain(arguments, store).await,
        ("migrate", _) => print(arguments, &json!({"schema": SCHEMA_VERSION})),
        ("doctor", _) => doctor(arguments, store, config).await,
        ("secrets", Some(("rotate", arguments))) => {
            print(arguments, &reseal_secrets(store, secrets::KINDS).await?)
        }
        ("secrets", Some(("forget", arguments))) => print(arguments, &secrets::forget(store).await?),
        ("backup", _) => backup(arguments, store, config).await,
        _ => anyhow::bail!("there is no command {name}"),
    }
}

async fn init(arguments: &ArgMatches, store: &Store) -> anyhow::Result<()> {
    let owner = Owner::new(&text(arguments, "email")?, &new_password())?;
    let project = text(arguments, "project_name")?;
    let setup = store.write(&store.operator(), move |tx| first_setup(tx, &owner, &project)).await?;
    if let (FirstSetup::AlreadyMade { .. }, false) = (&setup, arguments.get_flag("json")) {
        tracing::info!(
            "the first setup was made before; its secrets are stored as hashes and cannot be shown again"
        );
    }
    print(arguments, &setup)
}

/// The organisation in the arguments, if one is named.
fn organisation(arguments: &ArgMatches) -> anyhow::Result<Option<Id>> {
    arguments.get_one::<String>("organisation").map(|text| id(text)).transpose()
}

async fn project_create(arguments: &ArgMatches, store: &Store) -> anyhow::Result<()> {
    let (name, organisation) = (text(arguments, "name")?, organisation(arguments)?);
    let made = store.write(&store.operator(), move |tx| another_project(tx, organisation, &name)).await?;
    print(arguments, &made)
}

async fn token_create(arguments: &ArgMatches, store: &Store) -> anyhow::Result<()> {
    let project = id(&text(arguments, "project")?)?;
    let name = text(arguments, "name")?;
    let days = arguments.get_one::<u32>("expires_in_days").copied();
    let token =
        store.write(&store.operator(), move |tx| create_program_token(tx, project, &name, days)).await?;
    print(arguments, &token)
}

async fn reset_second_factor(arguments: &ArgMatches, store: &Store) -> anyhow::Result<()> {
    let address = Address::parse(&text(arguments, "email")?)?;
    let user = store.write(&store.operator(), move |tx| factors::reset(tx, &address)).await?;
    print(arguments, &json!({"user": user}))
}

async fn confirm_domain(arguments: &ArgMatches, store: &Store) -> anyhow::Result<()> {
    let (domain, organisation) = (text(arguments, "domain")?, organisation(arguments)?);
    let confirm = move |tx: &mut Tx<'_>| sso::confirm_domain(tx, &domain, organisation);
    print(arguments, &store.write(&store.operator(), confirm).await?)
}

async fn release_domain(arguments: &ArgMatches, store: &Store) -> anyhow::Result<()> {
    let domain = text(arguments, "domain")?;
    let release = move |tx: &mut Tx<'_>| sso::release_domain(tx, &domain);
    print(arguments, &store.write(&store.operator(), release).await?)
}

/// Prints what is wrong; errors among it make the command fail. That the configuration can
/// be used and the database be opened has been seen already.
async fn doctor(arguments: &ArgMatches, store: &Store, config: &Config) -> anyhow::Result<()> {
    let mut findings = hark_store::doctor(store).await?;
    findings.extend(examine_secrets(store, secrets::KINDS).await?);
    if config.trusted_proxies.is_empty() {
        findings.extend(examine_proxies(store).await?);
    }
    let errors = findings.iter().filter(|finding| finding.level == Level::Error).count();
    print(arguments, &json!({"healthy": errors == 0, "schema": SCHEMA_VERSION, "findings": findings}))?;
    anyhow::ensure!(errors == 0, "the doctor found {errors} errors");
    Ok(())
}

async fn backup(arguments: &ArgMatches, store: &Store, config: &Config) -> anyhow::Result<()> {
    let file = text(arguments, "file")?;
    let report = hark_store::backup(store, Path::new(&file)).await?;
    let files = match config.s3 {
        Some(_) => None,
        None => Some(hark_store::backup_files(Path::new(&file), &config.data).await?),
    };
    tracing::warn!(
        file = %config.secrets.file().display(),
        "the backup does not hold the key of its secrets: keep that apart, without it a restore loses them"
    );
    print(arguments, &told(report, files))
}

/// What a backup or restore did; files in a bucket are no part of it.
fn told(report: BackupReport, files: Option<FilesReport>) -> Json {
    let mut told = json!({"bytes": report.bytes, "documents": report.documents});
    if let Some(files) = files {
        told["files"] = json!(files.files);
        if files.missing > 0 {
            tracing::warn!(missing = files.missing, "files that the database names are not there");
        }
    }
    told
}

async fn restore(arguments: &ArgMatches, config: &Config) -> anyhow::Result<()> {
    let file = text(arguments, "file")?;
    let replace = arguments.get_flag("replace");
    let location = config.location();
    let report = hark_store::restore(Path::new(&file), &location, replace, &Clock::real()).await?;
    if matches!(location, Location::Postgres { .. }) {
        tracing::warn!("servers that ran on this database during the restore must be started anew");
    }
    let files = match config.s3 {
        Some(_) => None,
        None => Some(hark_store::restore_files(Path::new(&file), &config.data).await?),
    };
    let mut told = told(report, files);
    let lost = lost_secrets(config).await?;
    if !lost.is_empty() {
        told["lostSecrets"] = json!(lost);
        tracing::error!(
            file = %config.secrets.file().display(),
            "the backup's secrets have another key: put that one into the file or `secrets_key` before the server \
             starts; if it is gone, `hark secrets forget` gives up what `lostSecrets` lists: everybody signs in \
             again, API tokens, provider, billing and channel credentials are set anew, webhooks and identity \
             verification get new secrets, and codes of authenticator apps do not count any more"
        );
    }
    print(arguments, &told)
}

/// The secrets in a restored database that none of our keys opens.
async fn lost_secrets(config: &Config) -> anyhow::Result<Vec<LostSecrets>> {
    let keys = config.secrets.clone().for_any_database();
    let store = Store::open(&config.location(), Clock::real(), &keys).await?;
    let report = look_at_secrets(&store, secrets::KINDS).await;
    store.close().await;
    Ok(report?.lost)
}

fn text(arguments: &ArgMatches, name: &str) -> anyhow::Result<String> {
    arguments.get_one::<String>(name).cloned().with_context(|| format!("--{name} is missing"))
}

/// The id in an argument.
pub(crate) fn id(text: &str) -> anyhow::Result<Id> {
    Id::parse(text).with_context(|| format!("{text:?} is not an id, which has 24 hexadecimal digits"))
}

/// A password that nobody can guess.
pub(crate) fn new_password() -> String {
    use rand::Rng;
    let mut random = rand::rng();
    let mut character = || PASSWORD_ALPHABET[random.random_range(0..PASSWORD_ALPHABET.len())];
    (0..PASSWORD_LENGTH).map(|_| char::from(character())).collect()
}

/// Prints a result: one JSON object, or a line for each value.
fn print(arguments: &ArgMatches, result: &impl Serialize) -> anyhow::Result<()> {
    let result = serde_json::to_value(result)?;
    let mut text = String::new();
    if arguments.get_flag("json") {
        text = format!("{result}\n");
    } else {
        lines("", &result, &mut text);
    }
    std::io::stdout().write_all(text.as_bytes()).context("the result cannot be printed")
}

fn lines(name: &str, value: &Json, text: &mut String) {
    match value {
        Json::Object(properties) => {
            for (property, value) in properties {
                let dot = if name.is_empty() { "" } else { "." };
                lines(&format!("{name}{dot}{property}"), value, text);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| lines(name, item, text)),
        Json::String(string) => text.push_str(&format!("{name:<20} {string}\n")),
        other => text.push_str(&format!("{name:<20} {other}\n")),
    }
}
