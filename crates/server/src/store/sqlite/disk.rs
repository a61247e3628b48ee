//! Checks the free space of the disk with the database file.

use std::path::{Path, PathBuf};

/// A disk on which `keep_free` bytes are to stay free.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    folder: PathBuf,
    keep_free: u64,
}

impl Disk {
    pub(super) fn of(file: &Path, keep_free: u64) -> Self {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        Self {
            folder: folder.unwrap_or(Path::new(".")).to_owned(),
            keep_free,
        }
    }

    /// Returns whether less than `keep_free` bytes are free. False when that is unknown.
    pub(super) fn is_low(&self) -> bool {
        self.keep_free > 0 && free(&self.folder).is_some_and(|free| free < self.keep_free)
    }
}

/// Returns the bytes that this account can still write.
#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free(_folder: &Path) -> Option<u64> {
    None
}
