//! Checks, backs up and restores an SQLite file.

mod check;
mod files;
mod restore;

use std::path::Path;

use self::files::{checkpoint, ensure_absent, rename, sync, with_ending};
pub(in crate::store) use self::{
    check::check,
    files::{TemporaryFile, remove},
    restore::{prepare, restore},
};
use super::schema;
use crate::store::maintenance::{CheckReport, MaintenanceError};

/// Copies a consistent state of the database into a new file. The server may be running.
///
/// # Errors
/// [`MaintenanceError`]; then there is no copy.
pub(in crate::store) fn back_up(file: &Path, copy: &Path) -> Result<CheckReport, MaintenanceError> {
    let partial = begin_copy(copy)?;
    let connection = schema::open_present(file)?;
    let name = partial.to_string_lossy().into_owned();
    connection.execute("VACUUM INTO ?1", [name])?;
    drop(connection);
    end_copy(partial, copy)
}

/// Creates an empty file under a temporary name, so that a file with the final name is always complete.
pub(in crate::store) fn begin_copy(copy: &Path) -> Result<TemporaryFile, MaintenanceError> {
    ensure_absent(copy)?;
    let partial = TemporaryFile::new(with_ending(copy, "partial"));
    remove(&partial)?;
    schema::make_private(&partial)?;
    Ok(partial)
}

/// Checks the temporary file, and renames it to its final name.
pub(in crate::store) fn end_copy(
    partial: TemporaryFile,
    copy: &Path,
) -> Result<CheckReport, MaintenanceError> {
    let report = check(&partial)?;
    checkpoint(&partial)?;
    sync(&partial)?;
    rename(&partial, copy)?;
    Ok(report)
}
