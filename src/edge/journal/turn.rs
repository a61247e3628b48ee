//! Who may open the database: one page at a time.

use crate::edge::web_lock::{WebLock, lock};

/// The lock that whoever opens the database holds meanwhile.
const LOCK: &str = "cruxboard/opening";

/// Waits for this page's turn at opening the database; it is over when what this gives is dropped.
///
/// Chromium keeps a page that is left while it makes the database, frozen and with the database half
/// made, for the back button, and whoever opens the database next waits for ever. A frozen page
/// that holds a lock is thrown away as soon as somebody else asks for that lock, and what it had
/// begun with it.
pub(super) async fn turn() -> WebLock {
    lock(LOCK, false, || ()).await
}
