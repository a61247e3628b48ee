//! What the program can be told to do.

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
use cruxboard_server::store::Place;

pub(crate) use self::config::arguments;

#[derive(Parser)]
#[command(
    version,
    about = "Serves the Cruxboard app, and keeps boards in step between devices and people",
    after_help = "A first evening with it:\n  \
        cruxboard serve                         prints the address, and once an admin token\n  \
        cruxboard token create --rights write --board 01M83T4CM00000000000000000 --note Ana\n  \
        cruxboard backup boards-monday.sqlite   while the server runs\n\n\
        A copy of the database file alone, made while a server runs, lacks what was written last: the rest\n\
        stands in the file beside it that ends in -wal. `cruxboard backup` makes a copy that is whole.\n\n\
        RUST_LOG says how much is logged on the standard error: warn, info (as without it) or debug. With\n\
        RUST_LOG=info,cruxboard_server::requests=debug each request to boards is logged too.\n\n\
        Every option can also be given as an environment variable; `cruxboard <command> --help` names them.\n\
        The options of `serve` can stand in a file, too: `cruxboard --config cruxboard.toml serve`, with lines\n\
        like `port = 8080` and `allow_origin = [\"https://board.example.org\"]`. What is typed goes before the\n\
        environment, and that before the file."
)]
pub(crate) struct Arguments {
    /// A file in TOML with options of `serve`, each under its name with _ for -
    #[arg(long, global = true, value_name = "FILE", env = "CRUXBOARD_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the built app, and boards to whoever holds a token
    Serve(serve::Serve),
    /// Make, list and revoke tokens; the server may be running
    Token(token::Tokens),
    /// List the boards: id, size, last write, title; the server may be running
    Boards(board::Boards),
    /// Delete a board or bring it back; a server must not have the file open
    Board(board::BoardCommand),
    /// Read every board and say whether all is well; the server may be running
    Check(maintenance::Check),
    /// Copy all boards and tokens into a new file; the server may be running
    Backup(maintenance::Backup),
    /// List the versions that a board has had; the server may be running
    Versions(versions::Versions),
    /// Make a board say again what it said at a version; a server must not have the file open
    Rewind(versions::Rewind),
    /// Put a backup in the place of the database; a server must not have the file open
    Restore(maintenance::Restore),
}

#[derive(Args)]
pub(crate) struct Database {
    /// The file that holds boards and tokens; by default cruxboard.sqlite in this account's data
    /// folder. Or postgres://user:password@host/name, which several servers can share
    #[arg(
        long = "database",
        value_name = "PLACE",
        env = "CRUXBOARD_DATABASE",
        hide_env_values = true
    )]
    place: Option<String>,
}

impl Database {
    fn place(&self) -> anyhow::Result<Place> {
        let Some(place) = &self.place else {
            let folder = data_folder(|name| env::var_os(name).map(PathBuf::from));
            let folder = folder.context("there is no home folder; name a file with --database")?;
            return Ok(Place::File(folder.join("cruxboard.sqlite")));
        };
        Ok(place.parse()?)
    }
}

/// Runs one command that has to wait for a database.
fn wait_for<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().context("starting")?;
    runtime.block_on(work)
}

/// Where programs of this account keep what they must not lose.
fn data_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let base = if cfg!(windows) {
        variable("LOCALAPPDATA")?
    } else {
        // A relative one is to be ignored, says the XDG specification.
        let named = variable("XDG_DATA_HOME").filter(|folder| folder.is_absolute());
        named.or_else(|| Some(variable("HOME")?.join(".local/share")))?
    };
    Some(base.join(Path::new("cruxboard")))
}
