//! The benchmark: the real server under load, beside the limits of the same machine in the same run.
//!
//! Every figure is read beside a baseline that was measured minutes before it:
//! a hello-world on the same HTTP stack, and raw statements on the same engine.
//! Figures of different runs say little, ratios within a run say much.

mod data;
mod load;
mod raw;
mod report;
mod rows;
mod server;
mod sockets;
mod steps;
mod visitors;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures hark beside the limits of the machine it runs on")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs everything and prints a table.
    Run {
        /// The program under test.
        #[arg(long, default_value = "target/release/hark")]
        hark: PathBuf,
        /// A PostgreSQL in which schemas may be created; without it only SQLite is measured.
        #[arg(long, env = "HARK_TEST_POSTGRES")]
        postgres: Option<String>,
        /// Contacts in the database when lists and searches are measured.
        #[arg(long, default_value_t = 100_000)]
        contacts: usize,
        /// Seconds of each measurement.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Connections that send at the same time.
        #[arg(long, default_value_t = 16)]
        connections: usize,
        /// Where the databases are put; the disk that is measured.
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// Opens sockets of visitors and prints how soon answers reach them, and what idle ones cost.
    Sockets {
        /// The program under test.
        #[arg(long, default_value = "target/release/hark")]
        hark: PathBuf,
        /// A PostgreSQL in which schemas may be created; without it SQLite is measured.
        #[arg(long, env = "HARK_TEST_POSTGRES")]
        postgres: Option<String>,
        /// Sockets that are open while answers are sent; with 0 only idle ones are measured.
        #[arg(long, default_value_t = 1_000)]
        open: usize,
        /// Idle sockets whose memory is measured.
        #[arg(long, default_value_t = 10_000)]
        idle: usize,
        /// Seconds for which answers are sent.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// Serves one answer: the limit of the HTTP stack.
    Hello {
        /// Bytes of the answer.
        #[arg(long)]
        bytes: usize,
        /// Lines of headers of the answer.
        #[arg(long, default_value = "")]
        headers: String,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Hello { bytes, headers } => server::hello(bytes, &headers).await,
        Command::Sockets { hark, postgres, open, idle, seconds } => {
            let plan = visitors::Plan { hark, postgres, open, idle, seconds };
            report::print(&visitors::run(&plan).await?);
            Ok(())
        }
        Command::Run { hark, postgres, contacts, seconds, connections, folder } => {
            let plan = steps::Plan { hark, postgres, contacts, seconds, connections, folder };
            report::print(&steps::run(&plan).await?);
            Ok(())
        }
    }
}
