//! Waits for something new: a change made here, or an answer of the endpoint.

use std::time::Duration;

use cruxboard_domain::sync::{Pause, SyncRequest, listen_pause};
use futures::future::{AbortHandle, Abortable};
use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{POLL, Run, chance};
use crate::clock;

/// Interval of polling in a hidden tab.
const HIDDEN_POLL: Duration = Duration::from_secs(120);
/// Time to collect changes before sending, for an endpoint that gets the whole document each time.
const GATHER: Duration = Duration::from_millis(400);
/// A long-polling response that comes sooner than this, and has nothing new, came too early.
const EARLY: Duration = Duration::from_secs(20);
/// The first and the longest pause before asking again after somebody came or left. The pause doubles each
/// time.
const COMING: Duration = Duration::from_millis(50);
const MOST_COMING: Duration = Duration::from_secs(2);

impl Run {
    /// Pauses. Once the least time is over, a change made here ends the pause.
    pub(super) async fn pause(&self, pause: Pause) {
        self.has_changed.set(false);
        self.sleep(pause.least).await;
        let rest = pause.full.saturating_sub(pause.least);
        if !rest.is_zero() && !self.has_changed.get() && !self.is_over.get() && self.leads.get() {
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
        self.sleep(if is_hidden { HIDDEN_POLL } else { POLL }).await;
        self.is_polling.set(false);
        self.is_resting.set(false);
        if self.with_log(|sync, log| !sync.reads_only() && sync.waiting(log) > 0) {
            self.sleep(GATHER).await;
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
        let took = clock::now_millis().since(begun);
        if took >= MOST_COMING {
            self.comings.set(0);
        }
        if is_nothing && told_others {
            // A newcomer is shown at once. The growing pause keeps a crowd, or servers that know different
            // people, from causing endless requests.
            let comings = self.comings.get();
            self.comings.set(comings + 1);
            self.sleep((COMING * (1 << comings.min(8))).min(MOST_COMING))
                .await;
        } else if is_answered
            && took < EARLY
            && self.session.read_untracked(|board| board.log().len()) == before
        {
            // A server that stops ends all waits, and a server that cannot wait would be asked without pause.
            self.early.set(self.early.get() + 1);
            self.sleep(listen_pause(self.early.get(), chance())).await;
        } else {
            self.early.set(0);
        }
    }

    /// Sleeps for `delay`, or until the wait is broken off.
    pub(super) async fn sleep(&self, delay: Duration) {
        let mut timer = None;
        let slept = Promise::new(&mut |resolve, _| {
            let wake = resolve.clone();
            let wake = move || drop(wake.call0(&JsValue::NULL));
            self.wake.replace(Some(Box::new(wake)));
            timer = Some(clock::after(delay, move || {
                drop(resolve.call0(&JsValue::NULL));
            }));
        });
        // The promise is never rejected.
        drop(slept.await);
        self.wake.take();
    }
}
