//! Errors of the store.

use std::{io, path::PathBuf};

use tokio_postgres::error::SqlState;

use crate::token::RandomnessError;

/// The reason why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot create the folder {}: {source}", folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error(
        "{} is in use by another Cruxboard server; stop that server, or name another file with --database",
        file.display()
    )]
    InUse { file: PathBuf },
    #[error("cannot create {}: {source}", file.display())]
    Create { file: PathBuf, source: io::Error },
    #[error("cannot lock {}: {source}", file.display())]
    Lock { file: PathBuf, source: io::Error },
    #[error("{} is not a Cruxboard database", file.display())]
    NotOurs { file: PathBuf },
    #[error("{} was written by a newer Cruxboard; update this server", file.display())]
    TooNew { file: PathBuf },
    #[error("there is no database at {}", file.display())]
    Missing { file: PathBuf },
    #[error("cannot read {}: {source}", file.display())]
    Read { file: PathBuf, source: io::Error },
    #[error(
        "{at} was in use when it was copied, and may lack the changes in {at}-wal: copy both files, or use `cruxboard backup`. \
         If there is no other copy, `cruxboard restore --without-wal {at}` restores this one",
        at = file.display()
    )]
    WithoutWal { file: PathBuf },
    #[error(
        "{at}-wal exists, but {at} is missing or empty: put both files back, or move {at}-wal away",
        at = file.display()
    )]
    OnlyWal { file: PathBuf },
    #[error("cannot open the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("{database}: {source}")]
    Postgres {
        database: String,
        source: PostgresError,
    },
    #[error(transparent)]
    RandomnessError(#[from] RandomnessError),
    #[error("cannot start the writer thread: {0}")]
    Thread(io::Error),
}

/// The reason why an operation of the store failed: a full or failing disk, an unreachable database, or a
/// stopping server.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database failed: {0}")]
    Postgres(#[from] PostgresError),
    /// The store logged the cause where it occurred.
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("the writer has stopped")]
    WriterStopped,
    #[error("the disk is nearly full")]
    DiskLow,
    #[error(transparent)]
    RandomnessError(#[from] RandomnessError),
}

/// The reason why the database did not accept a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("the disk is full")]
    DiskFull,
    #[error("the database is read-only")]
    ReadOnly,
    /// Any other cause, such as a failing disk or an unreachable database.
    #[error("the database does not accept writes")]
    Failed,
}

impl From<&rusqlite::Error> for WriteError {
    fn from(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            Some(rusqlite::ErrorCode::ReadOnly) => Self::ReadOnly,
            _ => Self::Failed,
        }
    }
}

impl StoreError {
    /// Returns the cause of a failed write; `None` for other errors.
    pub(crate) fn write_error(&self) -> Option<WriteError> {
        match self {
            Self::Sqlite(error) => Some(error.into()),
            Self::Postgres(error) => Some(error.into()),
            Self::Write(error) => Some(*error),
            Self::WriterStopped | Self::DiskLow | Self::RandomnessError(_) => None,
        }
    }
}

/// The reason why a PostgreSQL operation failed.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    #[error(transparent)]
    Driver(#[from] tokio_postgres::Error),
    #[error("the database did not answer in time")]
    TimedOut,
    #[error("this machine has no trusted certificates; name a file with them in SSL_CERT_FILE")]
    NoCertificates,
    #[error(
        "the database acknowledges writes before they are on disk; set `ALTER DATABASE … SET synchronous_commit = on`"
    )]
    AsynchronousCommit,
    #[error("the database was written by a newer Cruxboard; update this server")]
    TooNew,
    #[error("the connection pool has no runtime")]
    NoRuntime,
    #[error("the {0} in the database cannot be read")]
    Unreadable(&'static str),
}

impl From<&PostgresError> for WriteError {
    fn from(error: &PostgresError) -> Self {
        let code = match error {
            PostgresError::Driver(error) => error.code(),
            _ => None,
        };
        if code == Some(&SqlState::DISK_FULL) {
            Self::DiskFull
        } else if code == Some(&SqlState::READ_ONLY_SQL_TRANSACTION) {
            Self::ReadOnly
        } else {
            Self::Failed
        }
    }
}
