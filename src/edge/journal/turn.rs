//! Turns: one page of this browser at a time.

use crate::edge::web_lock::{WebLock, lock};

/// Waits for this page's turn at what `name` stands for; it is over when what this gives is dropped.
///
/// Opening the database needs one: Chromium keeps a page that is left while it makes the database,
/// frozen and with the database half made, for the back button, and whoever opens the database next
/// waits for ever. A frozen page that holds a lock is thrown away as soon as somebody else asks for
/// that lock, and what it had begun with it.
pub async fn turn(name: &str) -> WebLock {
    lock(name, false, || ()).await
}
