//! Checks, backs up and restores a database.
//!
//! A backup is always an SQLite file, so a backup of one kind of database can be restored into the other.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use cruxboard_domain::text::counted;

use super::{Counts, DatabaseUrl, OpenError, PostgresError, postgres, sqlite};
use crate::token::RandomnessError;

/// Checks every log for faults. The server may be running.
///
/// # Errors
/// [`MaintenanceError`] when the database cannot be read at all.
pub async fn check(database: &DatabaseUrl) -> Result<CheckReport, MaintenanceError> {
    match database {
        DatabaseUrl::File(file) => sqlite::maintenance::check(file),
        DatabaseUrl::Postgres(address) => postgres::maintenance::check(address).await,
    }
}

/// Copies a consistent state of the database into a new file. The server may be running.
///
/// # Errors
/// [`MaintenanceError`]; then there is no copy.
pub async fn back_up(database: &DatabaseUrl, copy: &Path) -> Result<CheckReport, MaintenanceError> {
    match database {
        DatabaseUrl::File(file) => sqlite::maintenance::back_up(file, copy),
        DatabaseUrl::Postgres(address) => postgres::maintenance::back_up(address, copy).await,
    }
}

/// Replaces the database by a backup. The previous one is kept as a file under another name.
///
/// A server must not have the file open; servers of a PostgreSQL database may run. Texts erased and tokens
/// revoked since the backup stay so. A copy that lacks its `-wal` is accepted only with `without_wal`.
///
/// # Errors
/// [`MaintenanceError`]; then nothing has changed.
pub async fn restore(
    database: &DatabaseUrl,
    copy: &Path,
    without_wal: bool,
) -> Result<RestoreReport, MaintenanceError> {
    match database {
        DatabaseUrl::File(file) => sqlite::maintenance::restore(file, copy, without_wal),
        DatabaseUrl::Postgres(address) => {
            postgres::maintenance::restore(address, copy, without_wal).await
        }
    }
}

/// Why a check, a backup or a restore failed.
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
