//! Who may open the database: one page at a time.

use super::StorageProblem;
use crate::edge::web_lock::{WebLock, lock_within};

/// The lock that whoever opens the database holds meanwhile.
const LOCK: &str = "cruxboard/opening";
/// Longer than a page may wait for the database itself while it has the turn.
const PATIENCE_MILLIS: u64 = 20_000;

/// Waits for this page's turn at opening the database; it is over when what this gives is dropped.
///
/// Chromium keeps a page that is left while it makes the database, frozen and with the database half
/// made, for the back button, and whoever opens the database next waits for ever. A frozen page
/// that holds a lock is thrown away as soon as somebody else asks for that lock, and what it had
/// begun with it.
///
/// # Errors
/// [`StorageProblem::AnotherTabHangs`] when another page has held the turn for longer than a slow disk
/// takes, as one that hangs does. Saving says so and goes on trying.
pub(super) async fn turn() -> Result<WebLock, StorageProblem> {
    let turn = lock_within(LOCK, PATIENCE_MILLIS).await;
    turn.ok_or(StorageProblem::AnotherTabHangs)
}
