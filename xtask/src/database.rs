//! PostgreSQL. The server's tests start an instance of their own.

use std::{env, fs, path::PathBuf};

use anyhow::{Result, bail};

use crate::apt;

/// The package in the distribution's own version.
const PACKAGE: &str = "postgresql";

/// Finds PostgreSQL where the tests look, or installs it by apt.
pub(crate) fn ready() -> Result<()> {
    if is_there() {
        return Ok(());
    }
    println!("PostgreSQL is missing; installing {PACKAGE}");
    let installed = apt::install(&[PACKAGE]);
    if installed.is_ok() && is_there() {
        return Ok(());
    }
    let why = installed.err().map_or_else(
        || "it is installed, and not where it was looked for".to_owned(),
        |error| format!("{error:#}"),
    );
    bail!(
        "the server's tests need PostgreSQL's programs, and they could not be installed ({why}). \
         On Debian: `sudo apt-get install {PACKAGE}`; elsewhere put `initdb` and `pg_ctl` on the PATH, \
         or name their folder in CRUXBOARD_POSTGRES"
    )
}

fn is_there() -> bool {
    let mut folders: Vec<PathBuf> = Vec::new();
    folders.extend(env::var_os("CRUXBOARD_POSTGRES").map(PathBuf::from));
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    folders
        .iter()
        .any(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}
