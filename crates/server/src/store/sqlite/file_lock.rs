//! A lock of the database file.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use crate::store::OpenError;

/// An exclusive lock of the database, for a server or a command that needs it alone. The operating system
/// releases it when the process ends.
///
/// The locked file is beside the database (`.lock`), since locks on the database itself would interfere with
/// those of SQLite. That file holds the number of boards, so that a server notices when they are gone.
pub(super) struct FileLock(File);

impl FileLock {
    pub(super) fn take(file: &Path) -> Result<Self, OpenError> {
        /// Time to wait for a server that is stopping.
        const TIMEOUT: Duration = Duration::from_secs(2);
        if let Some(folder) = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|source| OpenError::Folder {
                folder: folder.to_owned(),
                source,
            })?;
        }
        let mut path = file.as_os_str().to_owned();
        path.push(".lock");
        let failed = |source| OpenError::Lock {
            file: file.to_owned(),
            source,
        };
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path);
        let lock = lock.map_err(failed)?;
        let begun = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Self(lock)),
                Err(TryLockError::WouldBlock) if begun.elapsed() < TIMEOUT => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(OpenError::InUse {
                        file: file.to_owned(),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
    }

    /// Reads the noted number of boards; 0 when there is none.
    pub(super) fn boards(&mut self) -> usize {
        let mut text = String::new();
        let read = self
            .0
            .rewind()
            .and_then(|()| self.0.read_to_string(&mut text));
        read.map_or(0, |_| text.trim().parse().unwrap_or(0))
    }

    /// Notes the number of boards.
    pub(super) fn note_boards(&mut self, boards: usize) {
        let text = format!("{boards}\n");
        let noted = self
            .0
            .set_len(0)
            .and_then(|()| self.0.rewind())
            .and_then(|()| self.0.write_all(text.as_bytes()));
        if let Err(error) = noted {
            // Only a warning at a later start depends on it.
            tracing::warn!(%error, "could not note the number of boards");
        }
    }
}
