//! Commands on a database, for the command line: lists, checks, backups, rewinds.
//!
//! A backup is always an SQLite file, so a backup of one kind of database can be restored into the other.

use std::path::Path;

use cruxboard_domain::BoardId;

use super::{
    BoardError, BoardState, BoardSummary, CheckReport, Cursor, DatabaseUrl, MaintenanceError,
    RestoreReport, RewindError, RewindOptions, RewindReport, Version, postgres, sqlite,
};

/// Lists all boards, deleted ones too. The server may be running.
///
/// # Errors
/// When the database cannot be read.
pub async fn boards(database: &DatabaseUrl) -> Result<Vec<BoardSummary>, BoardError> {
    match database {
        DatabaseUrl::File(file) => sqlite::boards::list(file),
        DatabaseUrl::Postgres(url) => postgres::boards::list(url).await,
    }
}

/// Deletes a board, and returns its previous state. A server must not have the file open; servers of a
/// PostgreSQL database may run.
///
/// # Errors
/// When it may not be deleted.
pub async fn delete_board(
    database: &DatabaseUrl,
    board: BoardId,
) -> Result<BoardState, BoardError> {
    match database {
        DatabaseUrl::File(file) => sqlite::boards::set_deleted(file, board, true),
        DatabaseUrl::Postgres(url) => postgres::boards::set_deleted(url, board, true).await,
    }
}

/// Restores a deleted board, and returns its previous state. A server must not have the file open; servers
/// of a PostgreSQL database may run.
///
/// # Errors
/// When it may still be deleted.
pub async fn restore_board(
    database: &DatabaseUrl,
    board: BoardId,
) -> Result<BoardState, BoardError> {
    match database {
        DatabaseUrl::File(file) => sqlite::boards::set_deleted(file, board, false),
        DatabaseUrl::Postgres(url) => postgres::boards::set_deleted(url, board, false).await,
    }
}

/// Checks every log for faults. The server may be running.
///
/// # Errors
/// [`MaintenanceError`] when the database cannot be read at all.
pub async fn check(database: &DatabaseUrl) -> Result<CheckReport, MaintenanceError> {
    match database {
        DatabaseUrl::File(file) => sqlite::maintenance::check(file),
        DatabaseUrl::Postgres(url) => postgres::maintenance::check(url).await,
    }
}

/// Copies a consistent state of the database into a new file. The server may be running.
///
/// # Errors
/// [`MaintenanceError`]; then there is no copy.
pub async fn back_up(database: &DatabaseUrl, copy: &Path) -> Result<CheckReport, MaintenanceError> {
    match database {
        DatabaseUrl::File(file) => sqlite::maintenance::back_up(file, copy),
        DatabaseUrl::Postgres(url) => postgres::maintenance::back_up(url, copy).await,
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
        DatabaseUrl::Postgres(url) => postgres::maintenance::restore(url, copy, without_wal).await,
    }
}

/// Returns the versions of a board, latest first; `None` when there is no such board.
///
/// # Errors
/// When the database cannot be read.
pub async fn versions(
    database: &DatabaseUrl,
    board: BoardId,
) -> Result<Option<Vec<Version>>, RewindError> {
    match database {
        DatabaseUrl::File(file) => sqlite::versions::list(file, board),
        DatabaseUrl::Postgres(url) => postgres::versions::list(url, board).await,
    }
}

/// Rewinds a board to a version. A server must not have the file open; servers of a PostgreSQL database may
/// run.
///
/// # Errors
/// [`RewindError`]; then nothing has changed.
pub async fn rewind(
    database: &DatabaseUrl,
    board: BoardId,
    to: Cursor,
    options: &RewindOptions,
) -> Result<RewindReport, RewindError> {
    match database {
        DatabaseUrl::File(file) => sqlite::versions::rewind(file, board, to, options),
        DatabaseUrl::Postgres(url) => postgres::versions::rewind(url, board, to, options).await,
    }
}
