//! `cruxboard check`, `backup` and `restore`

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::Args;
use cruxboard_server::store;

use super::Database;

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
}

impl Check {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let verdict = store::check(&self.database.file()?)?;
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
        let verdict = store::back_up(&self.database.file()?, &self.to)?;
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
        let file = self.database.file()?;
        let restored = store::restore(&file, &self.from)?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", restored.verdict)?;
        if let Some(kept) = restored.moved_to {
            writeln!(out, "What was there before is in {}.", kept.display())?;
        }
        writeln!(
            out,
            "{} is in its place. What devices wrote since the backup comes back from them as they connect.",
            file.display()
        )?;
        Ok(ExitCode::SUCCESS)
    }
}
