//! `cruxboard check`, `backup` and `restore`

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::Args;
use cruxboard_server::store;

use super::{Database, block_on};

#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    database: Database,
    /// The file to write; it must not exist yet
    to: PathBuf,
}

#[derive(Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    database: Database,
    /// The backup file
    from: PathBuf,
    /// Accept a file that was copied from a running server without its -wal; it may lack the latest changes
    #[arg(long)]
    without_wal: bool,
}

impl Check {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.url()?;
        let report = block_on(async { Ok(store::check(&database).await?) })?;
        writeln!(std::io::stdout(), "{report}")?;
        Ok(if report.faults.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

impl Backup {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.url()?;
        let report = block_on(async { Ok(store::back_up(&database, &self.to).await?) })?;
        writeln!(
            std::io::stdout(),
            "{report}\n{} is a complete copy. Keep it private: it holds every board, and the hashes of all tokens.",
            self.to.display()
        )?;
        Ok(if report.faults.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

impl Restore {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.url()?;
        let restored =
            block_on(async { Ok(store::restore(&database, &self.from, self.without_wal).await?) })?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", restored.report)?;
        if let Some(kept) = restored.moved_to {
            writeln!(out, "The previous database is in {}.", kept.display())?;
        }
        writeln!(
            out,
            "Restored the backup to {database}. Devices send the changes made since the backup when they connect."
        )?;
        Ok(ExitCode::SUCCESS)
    }
}
