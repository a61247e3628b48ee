//! The copy of the open board for the first paint.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;

use super::Persistence;
use crate::clock;
use crate::mirror::{self, MAX_LENGTH};

/// Delay of a copy in milliseconds. It is counted from the first change after the last copy, so
/// that steady work does not postpone the copy forever.
const DELAY_MILLIS: usize = 1_000;
/// Characters per millisecond of further delay. The largest board that is copied waits five
/// seconds, since its copy takes about a frame.
const LENGTH_PER_MILLI: usize = MAX_LENGTH / 4_000;

impl Persistence {
    /// Schedules a copy of the open board.
    pub(super) fn mirror_soon(self) {
        if self.state.with_value(|state| state.mirror_timer.is_some()) {
            return;
        }
        let length = self.state.with_value(|state| state.length);
        let delay = DELAY_MILLIS + length.min(MAX_LENGTH) / LENGTH_PER_MILLI;
        let timer = clock::after(Duration::from_millis(delay as u64), move || {
            clock::on_idle(move || self.mirror_if_due())
        });
        self.state
            .update_value(|state| state.mirror_timer = Some(timer));
    }

    fn mirror_if_due(self) {
        let is_due = self
            .state
            .try_update_value(|state| state.mirror_timer.take().is_some());
        if is_due == Some(true) {
            self.mirror_now();
        }
    }

    fn mirror_now(self) {
        let Some(board) = self.session.open.get_untracked() else {
            return;
        };
        // The length is known beforehand, so that a large board need not be serialized just to be
        // measured.
        if self.state.with_value(|state| state.length) > MAX_LENGTH {
            return;
        }
        if let Some(document) = self
            .session
            .document()
            .filter(|text| text.len() <= MAX_LENGTH)
        {
            self.state.update_value(|state| {
                state.mirror.write(board, &document, clock::now_millis());
            });
        }
    }

    /// Writes the copy when the page is left. The journal may not get to store the last changes,
    /// such as the text of a field that was committed only by leaving; local storage takes them at
    /// once.
    pub(super) fn mirror_before_leaving(self) {
        let leave = move || {
            if untrack(|| self.session.outbox.is_empty()) {
                self.mirror_if_due();
            } else {
                self.mirror_now();
            }
        };
        std::mem::forget(window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                leave();
            }
        }));
        // Browsers differ in which of the two events comes first.
        std::mem::forget(window_event_listener(ev::pagehide, move |_| leave()));
    }

    /// Erases the copies of redacted content at once.
    pub(super) fn erase_copies_of_what_is_put_again(self) {
        Effect::new(move |before: Option<u32>| {
            let times = self.session.outbox.times_put_again();
            if before.is_some_and(|before| before != times)
                && let Some(board) = self.session.open.get_untracked()
            {
                mirror::erase(board);
                self.mirror_now();
            }
            times
        });
    }
}
