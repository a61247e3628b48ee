//! Copies, renames and deletes database files durably.

use std::{
    fs, io,
    ops::Deref,
    path::{Path, PathBuf},
};

use crate::store::{maintenance::MaintenanceError, sqlite::schema};

/// A temporary database file, deleted on drop also after errors, since it holds every board in plain text.
pub(in crate::store) struct TemporaryFile(PathBuf);

impl TemporaryFile {
    pub(in crate::store) fn new(file: PathBuf) -> Self {
        Self(file)
    }
}

impl Deref for TemporaryFile {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        for file in [&self.0, &schema::wal_of(&self.0)] {
            if let Err(error) = remove(file) {
                tracing::warn!(%error, "could not delete a temporary copy of the database");
            }
        }
    }
}

/// Copies a file with mode 0600. `fs::copy` would keep the mode of the original.
pub(super) fn copy_privately(from: &Path, to: &Path) -> Result<(), MaintenanceError> {
    remove(to)?;
    schema::make_private(to)?;
    let copied = fs::File::open(from).and_then(|mut from| {
        let mut to = fs::OpenOptions::new().write(true).open(to)?;
        io::copy(&mut from, &mut to)
    });
    copied.map(drop).map_err(|source| MaintenanceError::File {
        file: from.to_owned(),
        source,
    })
}

/// Checkpoints the WAL, so that the database file is complete by itself.
pub(super) fn checkpoint(file: &Path) -> Result<(), MaintenanceError> {
    schema::leave_wal(&schema::open_present(file)?)?;
    Ok(())
}

/// Fails if the file exists.
pub(super) fn ensure_absent(file: &Path) -> Result<(), MaintenanceError> {
    if file.exists() {
        return Err(MaintenanceError::Exists {
            file: file.to_owned(),
        });
    }
    Ok(())
}

/// Returns the path with another ending appended.
pub(super) fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Deletes a file, if it exists.
pub(in crate::store) fn remove(file: &Path) -> Result<(), MaintenanceError> {
    match fs::remove_file(file) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(MaintenanceError::File {
            file: file.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}

pub(super) fn sync(file: &Path) -> Result<(), MaintenanceError> {
    let synced = fs::File::open(file).and_then(|open| open.sync_all());
    synced.map_err(|source| MaintenanceError::File {
        file: file.to_owned(),
        source,
    })
}

/// Renames a file durably: syncs the folder too.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), MaintenanceError> {
    let failed = |source| MaintenanceError::File {
        file: to.to_owned(),
        source,
    };
    fs::rename(from, to).map_err(failed)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    #[cfg(unix)]
    fs::File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(failed)?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
