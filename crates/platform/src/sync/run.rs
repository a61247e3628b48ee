//! The loop that syncs one board with one endpoint, until either is changed.

mod showing;
mod turn;
mod waiting;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use cruxboard_domain::log::Entry;
use cruxboard_domain::sync::{EndpointError, Sync, SyncRequest, SyncResponse, ahead_in_words};
use cruxboard_domain::{BoardId, ChangeId, Millis};
use leptos::prelude::*;

use super::endpoint::Endpoint;
use super::tab_channel::{TabChannel, TabStatus};
use crate::clock;
use crate::persistence::Persistence;
use cruxboard_session::{Session, SyncState};

/// Interval of polling an endpoint that cannot wait for changes.
const POLL: Duration = Duration::from_secs(15);
/// Size in bytes from which the progress of a response is shown.
const LONG_BYTES: usize = 200_000;
/// The presence of an endpoint that reports it, as long as this device does not announce itself.
const UNTOLD: &str = "-";
/// Number of unanswered messages in a row after which the syncing tab is taken for frozen.
const MOST_SILENCES: u32 = 3;

/// The state of syncing after joining has read the board once.
#[derive(Clone)]
pub(super) struct Seed {
    pub(super) sync: Sync,
    /// The others who have the board open, if the endpoint reports presence.
    pub(super) present: Option<String>,
}

/// One tab's part in syncing a board. Of the tabs that show the board, one asks the endpoint (it leads). The
/// others show the state that it reports, and one of them takes over when it ends.
pub(super) struct Run {
    session: Session,
    persistence: Persistence,
    board: BoardId,
    endpoint: Endpoint,
    tabs: Rc<TabChannel>,
    sync: RefCell<Sync>,
    /// The state left by joining, used once.
    seed: RefCell<Option<Seed>>,
    is_over: Cell<bool>,
    /// Whether this tab asks the endpoint.
    leads: Cell<bool>,
    /// Number of messages in a row that the leading tab has not answered.
    silences: Cell<u32>,
    /// The others who have the board open, as the endpoint last reported; `None` if it reports no presence.
    present: RefCell<Option<String>>,
    /// Number of responses in a row that came at once and reported only a change of presence.
    comings: Cell<u32>,
    /// Number of responses in a row that came too early and had nothing new.
    early: Cell<u32>,
    /// Whether a change was made here since the last pause began.
    has_changed: Cell<bool>,
    /// Whether the loop sleeps until the next poll.
    is_polling: Cell<bool>,
    /// Time of the endpoint's last response.
    looked_at: Cell<Millis>,
    /// Whether a change made here ends the present wait.
    is_resting: Cell<bool>,
    /// Ends the present wait.
    wake: RefCell<Option<Box<dyn FnOnce()>>>,
}

impl Run {
    pub(super) fn new(
        (session, persistence): (Session, Persistence),
        board: BoardId,
        endpoint: Endpoint,
        seed: Option<Seed>,
        tabs: Rc<TabChannel>,
    ) -> Rc<Self> {
        Rc::new(Self {
            session,
            persistence,
            board,
            endpoint,
            tabs,
            sync: RefCell::new(Sync::new(board)),
            seed: RefCell::new(seed),
            is_over: Cell::new(false),
            leads: Cell::new(false),
            silences: Cell::new(0),
            present: RefCell::default(),
            comings: Cell::new(0),
            early: Cell::new(0),
            has_changed: Cell::new(false),
            is_polling: Cell::new(false),
            looked_at: Cell::new(Millis(0)),
            is_resting: Cell::new(false),
            wake: RefCell::default(),
        })
    }

    /// Ends the run. A response that is being awaited is still processed.
    pub(super) fn end(&self) {
        self.is_over.set(true);
        self.break_off();
    }

    /// Notes that a change was made on the board here.
    pub(super) fn on_change(&self) {
        self.has_changed.set(true);
        if self.is_resting.get() {
            self.break_off();
        }
    }

    /// Syncs at once, or asks the leading tab to.
    pub(super) fn look_again(&self) {
        if !self.leads.get() {
            return self.tabs.want_status(self.board, true);
        }
        self.sync.borrow_mut().try_again();
        self.has_changed.set(true);
        self.break_off();
    }

    fn break_off(&self) {
        if let Some(wake) = self.wake.take() {
            wake();
        }
    }

    /// Handles the message of another tab that shows the board and wants the state of syncing.
    pub(super) fn on_status_wanted(&self, at_once: bool) {
        if !self.leads.get() {
            return;
        }
        self.tabs.send_status(self.board, self.session.sync);
        if at_once {
            self.look_again();
        } else if self.is_polling.get() && clock::now_millis().since(self.looked_at.get()) >= POLL {
            // This tab may be hidden and so polls rarely, but the other tab is visible.
            self.break_off();
        }
    }

    /// Shows the state of syncing that the leading tab reports.
    pub(super) fn on_status(&self, status: TabStatus) {
        if !self.leads.get() {
            self.silences.set(0);
            status.show(self.session.sync);
        }
    }

    /// Reports a changed state of syncing to the other tabs.
    pub(super) fn on_shown(&self) {
        if self.leads.get() {
            self.tabs.send_status(self.board, self.session.sync);
        }
    }

    pub(super) async fn run(self: Rc<Self>) {
        self.show(SyncState::Connecting);
        while !self.is_over.get() {
            let turn = self.turn().await;
            if self.is_over.get() {
                break;
            }
            // The state begins anew, since another tab may have synced meanwhile.
            let seed = self.seed.take();
            let (sync, present) = seed.map_or_else(
                || (Sync::new(self.board), None),
                |seed| (seed.sync, seed.present),
            );
            self.sync.replace(sync);
            self.present.replace(present);
            self.leads.set(true);
            self.lead().await;
            self.leads.set(false);
            drop(turn);
        }
    }

    async fn lead(&self) {
        while !self.is_over.get() && self.leads.get() {
            let ask = self.with_log(|sync, log| sync.next(log));
            match &ask {
                SyncRequest::Pause(pause) => {
                    self.show_waiting();
                    self.pause(*pause).await;
                }
                SyncRequest::Rest => {
                    self.show_rest();
                    self.rest().await;
                }
                SyncRequest::Put { .. } | SyncRequest::Patch { .. } => {
                    let waiting = self.with_log(|sync, log| sync.waiting(log));
                    self.show(SyncState::Sending(waiting));
                    self.send(&ask).await;
                }
                SyncRequest::Get { .. } => self.send(&ask).await,
            }
        }
    }

    fn in_words(&self, why: &EndpointError) -> String {
        let EndpointError::Ahead(change, _) = why else {
            return why.to_string();
        };
        let here = self.session.replica().device();
        self.session
            .read_untracked(|board| ahead_in_words(board, *change, here, clock::now_millis()))
    }

    async fn send(&self, ask: &SyncRequest) {
        let on_progress = |bytes: usize| {
            if bytes > LONG_BYTES {
                self.show(SyncState::Receiving(bytes));
            }
        };
        let reply = self.endpoint.send(ask, &on_progress).await;
        if let Some(reply) = &reply {
            self.record(ask, &reply.answer);
            // Only long-polling responses report who is present; this response tells whether the endpoint
            // reports presence at all.
            let mut present = self.present.borrow_mut();
            if present.is_none() || reply.present.is_none() {
                present.clone_from(&reply.present);
            }
        }
        self.take(reply.map(|reply| reply.answer));
    }

    fn take(&self, answer: Option<SyncResponse>) {
        let chance = chance();
        if self.is_over.get() {
            return;
        }
        let is_welcome = answer.as_ref().is_some_and(|answer| answer.status < 400);
        if !is_welcome {
            self.show_present("");
        }
        let Some(answer) = answer else {
            self.sync.borrow_mut().unanswered(chance);
            return;
        };
        self.looked_at.set(clock::now_millis());
        let entries = self.sync.borrow_mut().answered(answer, chance);
        self.show_clock();
        if self.session.open.get_untracked() != Some(self.board) {
            return;
        }
        if let Some(pardon) = self.with_log(|sync, log| sync.unredact(log, &entries)) {
            self.tabs.send_unredacted(self.board, &pardon);
            self.persistence.unredact(self.board, pardon);
        }
        self.receive(entries);
    }

    /// Adds new entries to the board, to the outbox, and so to the other tabs.
    fn receive(&self, entries: Vec<Entry>) {
        let new: Vec<Entry> = self.session.read_untracked(|board| {
            let log = board.log();
            let new = entries
                .into_iter()
                .filter(|entry| log.entry(entry.id()) != Some(entry));
            new.collect()
        });
        if new.is_empty() || !self.with_log(|sync, log| sync.has_room(log, new.len())) {
            return;
        }
        let ids: Vec<ChangeId> = new.iter().map(Entry::id).collect();
        self.session.receive(new);
        let held: Vec<Entry> = self.session.read_untracked(|board| {
            let held = ids.into_iter().filter_map(|id| board.log().entry(id));
            held.cloned().collect()
        });
        self.session.outbox.put(self.board, held);
    }

    fn with_log<T>(&self, run: impl FnOnce(&mut Sync, &cruxboard_domain::log::Log) -> T) -> T {
        self.session
            .read_untracked(|board| run(&mut self.sync.borrow_mut(), board.log()))
    }
}

/// Returns a random number from 0 to 1.
fn chance() -> f64 {
    f64::from(clock::random_u32()) / f64::from(u32::MAX)
}
