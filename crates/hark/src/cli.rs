//! The command line: commands, their arguments, and the settings as flags.

use std::path::Path;

use anyhow::Context;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::config::{self, Config, Sources};
use crate::settings::{SETTINGS, Setting};

/// The configuration file that is read when it is there.
const CONFIG_FILE: &str = "./hark.toml";

/// Everything that the command line takes.
pub(crate) fn command() -> Command {
    let json = || Arg::new("json").long("json").action(ArgAction::SetTrue).help("print one JSON object");
    let named = |name: &'static str, shape: &'static str, help: &'static str| {
        Arg::new(name).long(Setting::flag_name(name)).value_name(shape).help(help)
    };
    let project_create = Command::new("create")
        .about("Create a project and print its keys")
        .arg(named("name", "NAME", "the project's name").required(true))
        .arg(named(
            "organisation",
            "ID",
            "whose project it is [default: the organisation of the first setup]",
        ))
        .arg(json());
    let token_create = Command::new("create")
        .about("Create an API token with all rights on one project and print it")
        .arg(named("project", "ID", "the project").required(true))
        .arg(named("name", "NAME", "what the token is for").required(true))
        .arg(
            named("expires_in_days", "DAYS", "when it stops working [default: never]")
                .value_parser(clap::value_parser!(u32)),
        )
        .arg(json());
    let reset = Command::new("reset-second-factor")
        .about("Take every second factor off the account of somebody who lost them, and sign it out")
        .arg(named("email", "ADDRESS", "the address with which the person signs in").required(true))
        .arg(json());
    let rotate = Command::new("rotate")
        .about(
            "Encrypt every secret in the database with the first key of `secrets_key` (or of the key file)",
        )
        .arg(json());
    let forget = Command::new("forget")
        .about("Give up the secrets whose key is lost, so that the server starts again; no server may run")
        .arg(json());
    let domain = |name: &'static str| {
        Command::new(name)
            .arg(Arg::new("domain").value_name("DOMAIN").required(true).help("such as example.com"))
            .arg(json())
    };
    let confirm = domain("confirm")
        .about("Confirm that a domain is an organisation's, so that its single sign-on speaks for the addresses there")
        .arg(named("organisation", "ID", "whose domain it is [default: the organisation of the first setup]"));
    let release = domain("release")
        .about("Take a domain away from the organisation that has it, and sign out who came through its single sign-on");
    let commands = [
        Command::new("serve")
            .about("Serve HTTP until SIGTERM or SIGINT")
            .args(flags(|setting| !setting.everywhere)),
        Command::new("init")
            .about("Create the first organisation, owner and project, once, and print the keys")
            .arg(named("email", "ADDRESS", "the owner's mail address").default_value("owner@example.com"))
            .arg(
                named("project_name", "NAME", "the name of organisation and project")
                    .default_value("My project"),
            )
            .arg(json()),
        Command::new("project")
            .about("Work with projects")
            .subcommand_required(true)
            .subcommand(project_create),
        Command::new("token")
            .about("Work with API tokens")
            .subcommand_required(true)
            .subcommand(token_create),
        Command::new("domain")
            .about("Work with the domains of organisations")
            .subcommand_required(true)
            .subcommand(confirm)
            .subcommand(release),
        Command::new("user").about("Work with people's accounts").subcommand_required(true).subcommand(reset),
        Command::new("secrets")
            .about("Work with the secrets that are encrypted in the database")
            .subcommand_required(true)
            .subcommand(rotate)
            .subcommand(forget),
        Command::new("migrate").about("Bring the database to this program's schema").arg(json()),
        Command::new("doctor").about("Check the configuration and the database").arg(json()),
        Command::new("backup")
            .about("Write everything into a new file, beside a running server")
            .arg(Arg::new("file").value_name("FILE").required(true).help("the file, which must not exist"))
            .arg(json()),
        Command::new("demo")
            .about(
                "Fill an empty project with a made-up company, while no server runs: customers, conversations, bug reports, rules",
            )
            .arg(named("project", "ID", "the project [default: the one of the first setup]"))
            .arg(
                named("contacts", "COUNT", "how many contacts")
                    .default_value("250")
                    .value_parser(clap::value_parser!(u32)),
            )
            .arg(
                named("tickets", "COUNT", "how many tickets")
                    .default_value("90")
                    .value_parser(clap::value_parser!(u32)),
            )
            .arg(json()),
        Command::new("restore")
            .about("Read a backup into a database that no server uses")
            .arg(Arg::new("file").value_name("FILE").required(true).help("the backup"))
            .arg(
                Arg::new("replace")
                    .long("replace")
                    .action(ArgAction::SetTrue)
                    .help("replace what is in the database"),
            )
            .arg(json()),
    ];
    Command::new("hark")
        .version(env!("CARGO_PKG_VERSION"))
        .about("A self-hosted customer platform")
        .after_help(
            "Each setting is a flag, an environment variable (--public-url is HARK_PUBLIC_URL) or a line of the \
             configuration file (public_url = \"...\"), in this order.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            named("config", "FILE", "the configuration file [env: HARK_CONFIG] [default: ./hark.toml, if it is there]")
                .global(true),
        )
        .args(flags(|setting| setting.everywhere).into_iter().map(|flag| flag.global(true)))
        .subcommands(commands)
}

/// The settings as flags.
fn flags(which: impl Fn(&Setting) -> bool) -> Vec<Arg> {
    let mut flags = Vec::new();
    for (place, setting) in SETTINGS.iter().enumerate().filter(|(_, setting)| which(setting)) {
        if setting.flag {
            flags.push(flag(setting, setting.name.to_owned(), setting.help.to_owned()).display_order(place));
        }
        if let Some(key) = setting.file_key() {
            let help = format!("a file with {}", setting.help);
            flags.push(flag(setting, key, help).value_name("FILE").display_order(place));
        }
    }
    flags
}

fn flag(setting: &Setting, name: String, help: String) -> Arg {
    let mut help = format!("{help} [env: {}]", Setting::variable(&name));
    if let Some(default) = setting.default {
        help = format!("{help} [default: {default}]");
    }
    let flag = Arg::new(name.clone()).long(Setting::flag_name(&name)).help(help);
    if setting.shape.is_empty() { flag.action(ArgAction::SetTrue) } else { flag.value_name(setting.shape) }
}

/// The configuration for a command: its flags, the environment and the file.
///
/// # Errors
/// Every mistake in them, together.
pub(crate) fn config(arguments: &ArgMatches) -> anyhow::Result<Config> {
    let file = config_file(arguments)?;
    let sources = Sources { flag: &|name| given(arguments, name), variable: &variable, file };
    Ok(config::read(&sources)?)
}

fn config_file(arguments: &ArgMatches) -> anyhow::Result<Option<(String, String)>> {
    let named = given(arguments, "config").or_else(|| variable("config").filter(|path| !path.is_empty()));
    let path = match named {
        Some(path) => path,
        None if Path::new(CONFIG_FILE).exists() => CONFIG_FILE.to_owned(),
        None => return Ok(None),
    };
    let text =
        config::read_file(&path).with_context(|| format!("the configuration file {path} cannot be read"))?;
    Ok(Some((path, text)))
}

#[expect(clippy::disallowed_methods, reason = "the one place that looks at the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(Setting::variable(name)).ok()
}

/// The value of a flag that stands on the command line; the arguments of `project create`
/// know the flags that `hark` takes everywhere.
fn given(arguments: &ArgMatches, name: &str) -> Option<String> {
    if let Some((_, inner)) = arguments.subcommand() {
        return given(inner, name);
    }
    let on_command_line = matches!(arguments.try_contains_id(name), Ok(true))
        && arguments.value_source(name) == Some(ValueSource::CommandLine);
    if !on_command_line {
        return None;
    }
    let switch = SETTINGS.iter().any(|setting| setting.name == name && setting.shape.is_empty());
    if switch {
        Some(arguments.get_flag(name).to_string())
    } else {
        arguments.get_one::<String>(name).cloned()
    }
}

/// Variables that look like settings and are none.
#[expect(clippy::disallowed_methods, reason = "the one place that looks at the environment")]
pub(crate) fn unknown_variables() -> Vec<String> {
    let known: Vec<String> = SETTINGS
        .iter()
        .flat_map(|setting| [Some(setting.name.to_owned()), setting.file_key()])
        .flatten()
        .chain(["config".to_owned()])
        .map(|name| Setting::variable(&name))
        .collect();
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter(|name| name.starts_with("HARK_") && !known.contains(name)).collect()
}
