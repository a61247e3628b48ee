//! Waits for something new: a change made here, or an answer of the endpoint.

use cruxboard_domain::sync::{Pause, SyncRequest, listen_pause_millis};
use futures::future::{AbortHandle, Abortable};
use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{POLL_MILLIS, Run, chance};
use crate::clock;

/// Interval of polling in a hidden tab, in milliseconds.
const HIDDEN_POLL_MILLIS: u64 = 120_000;
/// Time to collect changes before sending, in milliseconds, for an endpoint that gets the whole document each
/// time.
const GATHER_MILLIS: u64 = 400;
/// A long-polling response that comes sooner than this, and has nothing new, came too early.
const EARLY_MILLIS: u64 = 20_000;
/// The first and the longest pause before asking again after somebody came or left. The pause doubles each
/// time.
const COMING_MILLIS: u64 = 50;
const MOST_COMING_MILLIS: u64 = 2_000;

impl Run {
    /// Pauses. Once the least time is over, a change made here ends the pause.
    pub(super) async fn pause(&self, pause: Pause) {
        self.has_changed.set(false);
        self.sleep(pause.least_millis).await;
        let rest = pause.millis.saturating_sub(pause.least_millis);
        if rest > 0 && !self.has_changed.get() && !self.is_over.get() && self.leads.get() {
            self.is_resting.set(true);
            self.sleep(rest).await;
            self.is_resting.set(false);
        }
    }

    /// Waits while both sides have the same changes, until a change is made here or the endpoint has
    /// something new.
    pub(super) async fn rest(&self) {
        self.is_resting.set(true);
        let listening = self.sync.borrow_mut().listen();
        if let Some(ask) = listening {
            self.listen(&ask).await;
            self.is_resting.set(false);
            return;
        }
        let is_hidden = document().hidden();
        self.is_polling.set(true);
        self.sleep(if is_hidden {
            HIDDEN_POLL_MILLIS
        } else {
            POLL_MILLIS
        })
        .await;
        self.is_polling.set(false);
        self.is_resting.set(false);
        if self.with_log(|sync, log| !sync.reads_only() && sync.waiting(log) > 0) {
            self.sleep(GATHER_MILLIS).await;
        }
        self.sync.borrow_mut().wake();
    }

    async fn listen(&self, ask: &SyncRequest) {
        let (abort, registration) = AbortHandle::new_pair();
        self.wake.replace(Some(Box::new(move || abort.abort())));
        let begun = clock::now_millis();
        let listening = self.endpoint.listen(ask, self.introduction());
        let reply = Abortable::new(listening, registration).await;
        self.wake.take();
        let Ok(reply) = reply else {
            self.sync.borrow_mut().called_off();
            return;
        };
        let is_nothing = reply.as_ref().is_some_and(|it| it.answer.status == 304);
        let before = self.session.read_untracked(|board| board.log().len());
        let is_answered = reply.is_some();
        let present = reply.as_ref().and_then(|reply| reply.present.clone());
        self.take(reply.map(|reply| reply.answer));
        let told_others = self.present.replace(present.clone()) != present;
        self.show_present(present.as_deref().unwrap_or_default());
        let took = clock::now_millis().saturating_sub(begun);
        if took >= MOST_COMING_MILLIS {
            self.comings.set(0);
        }
        if is_nothing && told_others {
            // A newcomer is shown at once. The growing pause keeps a crowd, or servers that know different
            // people, from causing endless requests.
            let comings = self.comings.get();
            self.comings.set(comings + 1);
            self.sleep((COMING_MILLIS << comings.min(8)).min(MOST_COMING_MILLIS))
                .await;
        } else if is_answered
            && took < EARLY_MILLIS
            && self.session.read_untracked(|board| board.log().len()) == before
        {
            // A server that stops ends all waits, and a server that cannot wait would be asked without pause.
            self.early.set(self.early.get() + 1);
            self.sleep(listen_pause_millis(self.early.get(), chance()))
                .await;
        } else {
            self.early.set(0);
        }
    }

    /// Sleeps for `millis`, or until the wait is broken off.
    pub(super) async fn sleep(&self, millis: u64) {
        let mut timer = None;
        let slept = Promise::new(&mut |resolve, _| {
            let wake = resolve.clone();
            let wake = move || drop(wake.call0(&JsValue::NULL));
            self.wake.replace(Some(Box::new(wake)));
            timer = Some(clock::after(millis, move || {
                drop(resolve.call0(&JsValue::NULL));
            }));
        });
        // The promise is never rejected.
        drop(slept.await);
        self.wake.take();
    }
}
