//! The lock under which a page creates or upgrades the database.

use std::time::Duration;

use super::StorageProblem;
use crate::web_lock::{WebLock, lock_within};

/// The name of the lock.
const LOCK: &str = "cruxboard/opening";
/// Timeout of the lock: longer than a page that holds the lock waits for the database itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for the lock. It is released when the returned value is dropped.
///
/// Chromium keeps a page in its back-forward cache even if the page is just creating the database.
/// The database then stays half created, and other pages wait for it forever. Chromium discards
/// such a frozen page and its unfinished work once another page requests a lock that it holds.
///
/// # Errors
/// [`StorageProblem::AnotherTabHangs`] if another page holds the lock for longer than a slow disk
/// takes. Saving reports that and keeps trying.
pub(super) async fn acquire() -> Result<WebLock, StorageProblem> {
    let lock = lock_within(LOCK, PATIENCE).await;
    lock.ok_or(StorageProblem::AnotherTabHangs)
}
