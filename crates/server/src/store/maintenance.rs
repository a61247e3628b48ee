//! Looking after a place: verifying it, copying it, putting a copy in its place.
//!
//! A backup is an SQLite file, whatever it is a backup of; so one can be restored into the other.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use cruxboard_domain::text::counted;

use super::{Counts, DatabaseUrl, OpenError, PostgresError, postgres, sqlite};
use crate::token::RandomnessError;

/// Reads every log, and says what is wrong with it. The server may be running.
///
/// # Errors
/// [`MaintenanceError`] when it cannot be read at all.
pub async fn check(database: &DatabaseUrl) -> Result<CheckReport, MaintenanceError> {
    match database {
        DatabaseUrl::File(file) => sqlite::maintenance::check(file),
        DatabaseUrl::Postgres(address) => postgres::maintenance::check(address).await,
    }
}

/// Copies everything, as it stands at one moment, into a new file. The server may be running.
///
/// # Errors
/// [`MaintenanceError`] when there is no whole copy afterwards.
pub async fn back_up(database: &DatabaseUrl, copy: &Path) -> Result<CheckReport, MaintenanceError> {
    match database {
        DatabaseUrl::File(file) => sqlite::maintenance::back_up(file, copy),
        DatabaseUrl::Postgres(address) => postgres::maintenance::back_up(address, copy).await,
    }
}

/// Puts a backup in the place of what is there, which is kept under another name. A server must not
/// have the file open; those of a database may run, and go on with what has been restored.
///
/// What was erased, and which tokens were revoked, since the backup was made stays so. A copy that lacks its
/// `-wal` is taken only `without_wal`.
///
/// # Errors
/// [`MaintenanceError`]; then everything is as it was.
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

#[derive(Debug, thiserror::Error)]
pub enum MaintenanceError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database failed: {0}")]
    Postgres(#[from] PostgresError),
    #[error("{} is there already; name another file, or move it away first", file.display())]
    Exists { file: PathBuf },
    #[error("{}: {source}", file.display())]
    File { file: PathBuf, source: io::Error },
    #[error("{} does not pass `cruxboard check`, so nothing was changed:\n{faults}", file.display())]
    Faulty { file: PathBuf, faults: String },
    #[error(transparent)]
    RandomnessError(#[from] RandomnessError),
}

/// What a check found.
#[derive(Debug, Default)]
pub struct CheckReport {
    pub boards: usize,
    pub counts: Counts,
    /// Boards that are not among these: they were deleted, and can be brought back.
    pub deleted: i64,
    /// Sentences, one for each thing that is not as it should be.
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
                "\n1 board is deleted; `cruxboard board restore` brings it back"
            )?,
            deleted => write!(
                f,
                "\n{deleted} boards are deleted; `cruxboard board restore` brings one back"
            )?,
        }
        Ok(())
    }
}

/// What became of the database that was there before.
#[derive(Debug)]
pub struct RestoreReport {
    pub report: CheckReport,
    pub moved_to: Option<PathBuf>,
}
