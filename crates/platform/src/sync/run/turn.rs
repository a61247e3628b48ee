//! Leader election: one tab asks the endpoint for all tabs that show the board.

use super::Run;
use super::{MOST_SILENCES, POLL};
use crate::web_lock::{WebLock, lock};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::rc::Rc;

impl Run {
    /// Waits until this tab leads. If the leading tab does not answer, takes the lock from it.
    pub(super) async fn turn(self: &Rc<Self>) -> Option<WebLock> {
        let turn = Rc::new(RefCell::new(None));
        let mut steals = false;
        loop {
            let (run, its) = (self.clone(), turn.clone());
            spawn_local(async move { run.queue(steals, &its).await });
            while !self.is_over.get() && turn.borrow().is_none() {
                // A hidden tab shows nothing, so it does not ask.
                if !document().hidden() {
                    self.tabs.want_status(self.board, false);
                    self.silences.set(self.silences.get() + 1);
                }
                self.sleep(POLL).await;
                if self.silences.get() >= MOST_SILENCES && !steals {
                    break;
                }
            }
            let got = turn.take();
            if got.is_some() || self.is_over.get() {
                return got;
            }
            self.silences.set(0);
            steals = true;
        }
    }

    /// Requests the lock and stores it in `turn` once this tab has it.
    pub(super) async fn queue(self: Rc<Self>, steals: bool, turn: &RefCell<Option<WebLock>>) {
        let lost = self.clone();
        let on_end = move || {
            lost.leads.set(false);
            lost.break_off();
        };
        let lock = lock(&format!("cruxboard/sync/{}", self.board), steals, on_end).await;
        if !self.is_over.get() && !self.leads.get() {
            turn.replace(Some(lock));
            self.break_off();
        }
    }
}
