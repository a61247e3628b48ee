//! `cruxboard check`, `backup` and `restore`

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::Args;
use cruxboard_server::store;

use super::{Database, wait_for};

#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    database: Database,
    /// The file to write; it must not be there yet
    to: PathBuf,
}

#[derive(Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    database: Database,
    /// The backup
    from: PathBuf,
    /// Take a file that was copied while a server had it open and lacks its -wal, with what it holds
    #[arg(long)]
    without_wal: bool,
}

impl Check {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let place = self.database.place()?;
        let verdict = wait_for(async { Ok(store::check(&place).await?) })?;
        writeln!(std::io::stdout(), "{verdict}")?;
        Ok(if verdict.faults.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

impl Backup {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let place = self.database.place()?;
        let verdict = wait_for(async { Ok(store::back_up(&place, &self.to).await?) })?;
        writeln!(
            std::io::stdout(),
            "{verdict}\n{} is a whole copy; it holds the hashes of tokens and every board, so guard it.",
            self.to.display()
        )?;
        Ok(if verdict.faults.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

impl Restore {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let place = self.database.place()?;
        let restored =
            wait_for(async { Ok(store::restore(&place, &self.from, self.without_wal).await?) })?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", restored.verdict)?;
        if let Some(kept) = restored.moved_to {
            writeln!(out, "What was there before is in {}.", kept.display())?;
        }
        writeln!(
            out,
            "{place} holds the backup. What devices wrote since comes back from them as they connect."
        )?;
        Ok(ExitCode::SUCCESS)
    }
}
