//! The `hark` program: reads the command line and the configuration, and runs a command.

mod cli;
mod commands;
mod config;
mod demo;
mod place;
mod serve;
mod settings;
mod telemetry;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;

/// Threads and SQLite allocate much and little at a time, which the C library's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Threads for blocking work besides one per connection to PostgreSQL; each may open the
/// embedded database once, so this also bounds its memory.
const BLOCKING_THREADS: usize = 32;

fn main() -> ExitCode {
    let matches = cli::command().get_matches();
    match run(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when the standard error output is closed.
            let _ = writeln!(std::io::stderr(), "hark: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(matches: &clap::ArgMatches) -> anyhow::Result<()> {
    let (name, arguments) = matches.subcommand().context("no command")?;
    let config = cli::config(arguments)?;
    // Whoever was first did the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS + config.database_connections)
        .build()
        .context("the threads cannot be started")?;
    let telemetry = {
        let _inside = runtime.enter();
        telemetry::start(&config)?
    };
    let done = runtime.block_on(async {
        match name {
            "serve" => serve::serve(&config).await,
            _ => commands::run(name, arguments, &config).await,
        }
    });
    telemetry.finish();
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    done
}
