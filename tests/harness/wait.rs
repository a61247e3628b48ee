//! Waits for conditions.

use std::{
    env, thread,
    time::{Duration, Instant},
};

/// The longest wait. Generous, since a busy machine must not fail a test; a passing test never waits this
/// long.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(25);

/// Calls `ask` until it returns an answer.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    match within(PATIENCE, &mut ask) {
        Some(answer) => answer,
        None => panic!("waited in vain for {what}"),
    }
}

/// Returns the answer if it comes in time. For tests with a message of their own.
pub(crate) fn within_patience<T>(ask: impl FnMut() -> Option<T>) -> Option<T> {
    within(Duration::from_secs(20), ask)
}

/// Returns the answer if it comes within `patience`.
pub(crate) fn within<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if begun.elapsed() > patience {
            return None;
        }
        // Between two calls the browser gets the core.
        thread::sleep(PAUSE);
    }
}

/// Returns whether this is a long run, with many more repetitions.
pub(crate) fn is_long() -> bool {
    env::var_os("CRUXBOARD_LONG").is_some()
}
