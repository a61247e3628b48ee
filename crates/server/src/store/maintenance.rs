//! Results and errors of checks, backups and restores.

use std::{fmt, io, path::PathBuf};

use cruxboard_domain::text::counted;

use super::{Counts, OpenError, PostgresError};
use crate::token::RandomnessError;

/// The reason why a check, a backup or a restore failed.
#[derive(Debug, thiserror::Error)]
pub enum MaintenanceError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database failed: {0}")]
    Postgres(#[from] PostgresError),
    #[error("{} exists already; name another file, or move it away first", file.display())]
    Exists { file: PathBuf },
    #[error("{}: {source}", file.display())]
    File { file: PathBuf, source: io::Error },
    #[error("{} does not pass `cruxboard check`, so nothing was changed:\n{faults}", file.display())]
    Faulty { file: PathBuf, faults: String },
    #[error(transparent)]
    RandomnessError(#[from] RandomnessError),
}

/// The result of a check.
#[derive(Debug, Default)]
pub struct CheckReport {
    pub boards: usize,
    pub counts: Counts,
    /// Number of deleted boards, which can be restored; not included in `boards`.
    pub deleted: i64,
    /// One sentence for each fault.
    pub faults: Vec<String>,
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.faults {
            writeln!(f, "{fault}")?;
        }
        let changes = usize::try_from(self.counts.changes).unwrap_or(0);
        let boards = counted(self.boards, "board", "boards");
        let changes = counted(changes, "change", "changes");
        let faults = counted(self.faults.len(), "fault", "faults");
        let bytes = self.counts.bytes;
        write!(f, "{boards}, {changes}, {bytes} bytes of them, {faults}")?;
        match self.deleted {
            0 => {}
            1 => write!(
                f,
                "\n1 board is deleted; `cruxboard board restore` restores it"
            )?,
            deleted => write!(
                f,
                "\n{deleted} boards are deleted; `cruxboard board restore` restores one"
            )?,
        }
        Ok(())
    }
}

/// The result of a restore.
#[derive(Debug)]
pub struct RestoreReport {
    pub report: CheckReport,
    /// The file that holds the previous database.
    pub moved_to: Option<PathBuf>,
}
