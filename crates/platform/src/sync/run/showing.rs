//! Shows the state of syncing in the session.

use super::{Run, UNTOLD};
use crate::clock;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::sync::{Standing, SyncRequest, SyncResponse, clock_skew_in_words};
use cruxboard_domain::{t, tn};
use cruxboard_session::{SyncRecord, SyncState};
use leptos::prelude::*;

impl Run {
    /// Returns the announcement of this person, with the others known so far, for an endpoint that
    /// reports presence.
    pub(super) fn introduction(&self) -> Option<String> {
        if !self.session.sync.shows_presence.get_untracked() {
            // When presence is turned on again, the endpoint reports everybody anew.
            if let Some(told) = self.present.borrow_mut().as_mut() {
                UNTOLD.clone_into(told);
            }
            self.show_present("");
            return None;
        }
        let seen = self.present.borrow().clone()?;
        let device = self.session.replica().device();
        let me = self.session.me.get_untracked();
        let me = me.map_or_else(|| "-".to_owned(), |me| me.to_string());
        Some(format!("{device:x} {me} {seen}"))
    }

    /// Shows the presence reported by an endpoint: a count, and then the people. A person with two
    /// devices counts once.
    pub(super) fn show_present(&self, told: &str) {
        let mut present: Vec<Option<PersonId>> = Vec::new();
        for one in told.split(' ').skip(1).map(|one| one.parse().ok()) {
            if one.is_none() || !present.contains(&one) {
                present.push(one);
            }
        }
        let shown = self.session.sync.present;
        if !self.is_over.get() && shown.with_untracked(|shown| *shown != present) {
            shown.set(present);
        }
    }

    pub(super) fn show_rest(&self) {
        let (reads_only, waiting, left_out) =
            self.with_log(|sync, log| (sync.reads_only(), sync.waiting(log), sync.left_out(log)));
        self.show(match left_out.first() {
            _ if reads_only => SyncState::ReadOnly(waiting),
            Some((_, why)) => SyncState::LeftOut(left_out.len(), self.in_words(why)),
            None => SyncState::Synced(clock::now_millis()),
        });
    }

    pub(super) fn show_waiting(&self) {
        let (standing, waiting) =
            self.with_log(|sync, log| (sync.standing().clone(), sync.waiting(log)));
        match standing {
            Standing::Unreached => self.show(SyncState::Offline(waiting)),
            Standing::Struggling => self.show(SyncState::Struggling(waiting)),
            Standing::Refused(why) => self.show(SyncState::Refused(self.in_words(&why))),
            Standing::Unknown | Standing::Reached => {}
        }
    }

    /// Shows a warning if this device's clock is wrong, or if changes at the endpoint are dated too
    /// far ahead.
    pub(super) fn show_clock(&self) {
        let sync = self.sync.borrow();
        let skew = sync.clock_skew_millis().and_then(clock_skew_in_words);
        let ahead = match sync.ahead() {
            0 => None,
            count => Some(tn!(
                count,
                "One change at the endpoint is dated more than 30 days ahead of the clocks here and there: it stays there, and is taken in when its day comes.",
                "{count} changes at the endpoint are dated more than 30 days ahead of the clocks here and there: they stay there, and are taken in when their day comes."
            )),
        };
        drop(sync);
        let said: Vec<String> = skew.into_iter().chain(ahead).collect();
        let shown = self.session.sync.clock;
        if !self.is_over.get() && shown.with_untracked(|shown| *shown != said) {
            shown.set(said);
        }
    }

    pub(super) fn show(&self, state: SyncState) {
        if !self.is_over.get() {
            self.session.sync.state.set(state);
        }
    }

    pub(super) fn record(&self, ask: &SyncRequest, answer: &SyncResponse) {
        let (what, sent) = match ask {
            SyncRequest::Get { .. } if answer.status == 304 => return,
            SyncRequest::Get { .. } => (t!("exchange" => "Read").to_owned(), 0),
            SyncRequest::Put { count, body, .. } | SyncRequest::Patch { count, body } => {
                (t!("Sent {count}", count), body.len())
            }
            SyncRequest::Pause(_) | SyncRequest::Rest => return,
        };
        let what = match answer.status {
            200..=299 => what,
            404 => t!("{what}, nothing there yet", what),
            409 | 412 => t!("{what}, somebody was quicker", what),
            status => t!("{what}, refused with {status}", what, status),
        };
        self.session.sync.record(SyncRecord {
            at: clock::now_millis(),
            what,
            bytes: (sent, answer.body.len()),
        });
    }
}
