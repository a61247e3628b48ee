//! Waiting for what a test needs, and no longer.

use std::{
    env, thread,
    time::{Duration, Instant},
};

/// Generous, since a busy machine must not fail a test; a test that passes never waits this long.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(25);

/// Asks again and again until there is an answer.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    match within(PATIENCE, &mut ask) {
        Some(answer) => answer,
        None => panic!("waited in vain for {what}"),
    }
}

/// The answer, if it comes before patience ends, for tests that say themselves what was missing.
pub(crate) fn within_patience<T>(ask: impl FnMut() -> Option<T>) -> Option<T> {
    within(Duration::from_secs(20), ask)
}

/// The answer, if it comes in time.
pub(crate) fn within<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if begun.elapsed() > patience {
            return None;
        }
        // Between two questions, not instead of one: the browser gets the core meanwhile.
        thread::sleep(PAUSE);
    }
}

/// For a night rather than for a coffee: many more repetitions.
pub(crate) fn is_long() -> bool {
    env::var_os("CRUXBOARD_LONG").is_some()
}
