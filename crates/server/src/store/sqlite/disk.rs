//! The disk on which the file is: how much room it still has.

use std::path::{Path, PathBuf};

/// Of which some bytes are to be left free.
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

    /// Whether less is free than is to be left. False where that cannot be told.
    pub(super) fn is_low(&self) -> bool {
        self.keep_free > 0 && free(&self.folder).is_some_and(|free| free < self.keep_free)
    }
}

/// Bytes that this account may still write there.
#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free(_folder: &Path) -> Option<u64> {
    None
}
