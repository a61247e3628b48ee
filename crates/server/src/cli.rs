//! The command line: arguments and subcommands.

mod board;
mod config;
mod maintenance;
mod serve;
mod token;
mod versions;

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use cruxboard_server::store::DatabaseUrl;

pub(crate) use self::config::arguments;

#[derive(Parser)]
#[command(
    version,
    about = "Serves the Cruxboard app, and syncs boards between devices and people",
    after_help = "Getting started:\n  \
        cruxboard serve                         prints the address, and on the first start an admin token\n  \
        cruxboard token create --rights write --board 01M83T4CM00000000000000000 --note Ana\n  \
        cruxboard backup boards-monday.sqlite   while the server runs\n\n\
        Do not copy the database file of a running server: the latest changes are in the file beside it that\n\
        ends in -wal. `cruxboard backup` makes a complete copy.\n\n\
        RUST_LOG sets the log level on standard error: warn, info (the default) or debug. With\n\
        RUST_LOG=info,cruxboard_server::requests=debug each request to boards is logged too.\n\n\
        Every option can also be set by an environment variable; `cruxboard <command> --help` lists them.\n\
        A file can set the options of `serve`: `cruxboard --config cruxboard.toml serve`, with lines like\n\
        `port = 8080` and `allow_origin = [\"https://board.example.org\"]`. The command line takes precedence\n\
        over the environment, and the environment over the file."
)]
pub(crate) struct Arguments {
    /// TOML file with options of `serve`, each under its name with _ instead of -
    #[arg(long, global = true, value_name = "FILE", env = "CRUXBOARD_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the built app, and boards to clients with a token
    Serve(serve::Serve),
    /// Create, list and revoke tokens; the server may be running
    Token(token::Tokens),
    /// List the boards: id, size, last write, title; the server may be running
    Boards(board::Boards),
    /// Delete or restore a board; stop the server first, unless the database is PostgreSQL
    Board(board::BoardCommand),
    /// Check the database for faults; the server may be running
    Check(maintenance::Check),
    /// Copy all boards, tokens and snapshots into a new file; the server may be running
    Backup(maintenance::Backup),
    /// List the versions of a board; the server may be running
    Versions(versions::Versions),
    /// Go back to a version of a board; stop the server first, unless the database is PostgreSQL
    Rewind(versions::Rewind),
    /// Replace the database by a backup; stop the server first, unless the database is PostgreSQL
    Restore(maintenance::Restore),
}

#[derive(Args)]
pub(crate) struct Database {
    /// SQLite file with boards and tokens; by default cruxboard.sqlite in this account's data folder.
    /// Or postgres://user:password@host/name, which several servers can share
    #[arg(
        long = "database",
        value_name = "DATABASE",
        env = "CRUXBOARD_DATABASE",
        hide_env_values = true
    )]
    url: Option<String>,
}

impl Database {
    fn url(&self) -> anyhow::Result<DatabaseUrl> {
        let Some(url) = &self.url else {
            let folder = data_folder(|name| env::var_os(name).map(PathBuf::from));
            let folder =
                folder.context("cannot find the home folder; name a file with --database")?;
            return Ok(DatabaseUrl::File(folder.join("cruxboard.sqlite")));
        };
        Ok(url.parse()?)
    }
}

/// Runs the async part of a command to completion.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().context("starting")?;
    runtime.block_on(work)
}

/// Returns the folder for this account's data: `%LOCALAPPDATA%` or `$XDG_DATA_HOME`, then `cruxboard`.
fn data_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let base = if cfg!(windows) {
        variable("LOCALAPPDATA")?
    } else {
        // The XDG specification says to ignore relative paths.
        let named = variable("XDG_DATA_HOME").filter(|folder| folder.is_absolute());
        named.or_else(|| Some(variable("HOME")?.join(".local/share")))?
    };
    Some(base.join(Path::new("cruxboard")))
}
