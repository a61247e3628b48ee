//! The loop that keeps one board in step with one endpoint, for as long as both stay the same.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::prelude::*;
use cruxboard_domain::Stamp;
use cruxboard_domain::log::Entry;
use cruxboard_domain::sync::{Answer, Ask, Standing, Sync};
use js_sys::Promise;
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use super::endpoint::Endpoint;
use crate::edge::clock;
use crate::session::{Session, SyncRecord, SyncState};

/// How often an endpoint is asked that does not tell by itself; less often where nobody looks.
const POLL_MILLIS: u64 = 15_000;
const HIDDEN_POLL_MILLIS: u64 = 120_000;
/// So long a stopped loop waits for somebody to wake it: for ever, as far as timers go.
const LONG_MILLIS: u64 = 2_000_000_000;
/// What is done in one go is sent in one go, where everything is sent each time.
const GATHER_MILLIS: u64 = 400;

pub(super) struct Run {
    session: Session,
    board: Stamp,
    endpoint: Endpoint,
    sync: RefCell<Sync>,
    is_over: Cell<bool>,
    /// Whether something done here is worth breaking the wait off for.
    is_resting: Cell<bool>,
    /// Breaks off what is being waited for.
    wake: RefCell<Option<Box<dyn FnOnce()>>>,
}

impl Run {
    pub(super) fn new(session: Session, board: Stamp, endpoint: Endpoint) -> Rc<Self> {
        Rc::new(Self {
            session,
            board,
            endpoint,
            sync: RefCell::new(Sync::new(board)),
            is_over: Cell::new(false),
            is_resting: Cell::new(false),
            wake: RefCell::default(),
        })
    }

    /// Ends it after the answer that is being waited for, if any.
    pub(super) fn end(&self) {
        self.is_over.set(true);
        self.break_off();
    }

    /// Something was done on the board here.
    pub(super) fn on_change(&self) {
        if self.is_resting.get() {
            self.break_off();
        }
    }

    /// Looks again at once.
    pub(super) fn look_again(&self) {
        {
            let mut sync = self.sync.borrow_mut();
            sync.write_again();
            sync.wake();
        }
        self.break_off();
    }

    fn break_off(&self) {
        if let Some(wake) = self.wake.take() {
            wake();
        }
    }

    pub(super) async fn run(self: Rc<Self>) {
        self.show(SyncState::Connecting);
        while !self.is_over.get() {
            let ask = self.with_log(|sync, log| sync.next(log));
            match &ask {
                Ask::Pause(millis) => {
                    self.show_waiting();
                    self.sleep(*millis).await;
                }
                Ask::Rest => {
                    self.show_rest();
                    self.rest().await;
                }
                Ask::Stop(why) => {
                    self.show(SyncState::Refused(why.to_string()));
                    self.sleep(LONG_MILLIS).await;
                }
                Ask::Put { count, .. } | Ask::Patch { count, .. } => {
                    self.show(SyncState::Sending(*count));
                    self.send(&ask).await;
                }
                Ask::Get { .. } => self.send(&ask).await,
            }
        }
    }

    async fn send(&self, ask: &Ask) {
        let Ok(abort) = AbortController::new() else {
            return self.end();
        };
        let answer = self.endpoint.send(ask, &abort).await;
        if let Some(answer) = &answer {
            self.record(ask, answer);
        }
        self.take(answer);
    }

    fn take(&self, answer: Option<Answer>) {
        let chance = f64::from(clock::random_u32()) / f64::from(u32::MAX);
        if self.is_over.get() {
            return;
        }
        let Some(answer) = answer else {
            self.sync.borrow_mut().unanswered(chance);
            return;
        };
        let entries = self.sync.borrow_mut().answered(answer, chance);
        self.receive(entries);
    }

    /// What is new goes the way of everything new: onto the board, into storage, to the other tabs.
    fn receive(&self, entries: Vec<Entry>) {
        if self.session.open.get_untracked() != Some(self.board) {
            return;
        }
        let new: Vec<Entry> = self.session.with(|board| {
            let log = board.log();
            let new = entries
                .into_iter()
                .filter(|entry| log.entry(entry.id()) != Some(entry));
            new.collect()
        });
        if new.is_empty() {
            return;
        }
        let ids: Vec<Stamp> = new.iter().map(Entry::id).collect();
        self.session.receive(new);
        let held: Vec<Entry> = self.session.with(|board| {
            let held = ids.into_iter().filter_map(|id| board.log().entry(id));
            held.cloned().collect()
        });
        self.session.outbox.put(self.board, held);
    }

    /// Both sides have the same: until something is done here, or the endpoint tells of something.
    async fn rest(&self) {
        self.is_resting.set(true);
        let listening = self.sync.borrow_mut().listen();
        if let Some(ask) = listening {
            self.listen(&ask).await;
            self.is_resting.set(false);
            return;
        }
        let is_hidden = document().hidden();
        self.sleep(if is_hidden {
            HIDDEN_POLL_MILLIS
        } else {
            POLL_MILLIS
        })
        .await;
        self.is_resting.set(false);
        if self.with_log(|sync, log| !sync.reads_only() && sync.waiting(log) > 0) {
            self.sleep(GATHER_MILLIS).await;
        }
        self.sync.borrow_mut().wake();
    }

    async fn listen(&self, ask: &Ask) {
        let Ok(abort) = AbortController::new() else {
            return self.end();
        };
        let is_called_off = Rc::new(Cell::new(false));
        let call_off = {
            let (abort, is_called_off) = (abort.clone(), is_called_off.clone());
            move || {
                is_called_off.set(true);
                abort.abort();
            }
        };
        self.wake.replace(Some(Box::new(call_off)));
        let begun = clock::now_millis();
        let answer = self.endpoint.listen(ask, &abort).await;
        self.wake.take();
        if is_called_off.get() {
            self.sync.borrow_mut().called_off();
            return;
        }
        let is_nothing = answer.as_ref().is_some_and(|answer| answer.status == 304);
        self.take(answer);
        // An endpoint that does not wait would otherwise be asked without end.
        if is_nothing && clock::now_millis().saturating_sub(begun) < POLL_MILLIS {
            self.sleep(POLL_MILLIS).await;
        }
    }

    /// Waits so long, or until it is broken off.
    async fn sleep(&self, millis: u64) {
        let mut timer = None;
        let slept = Promise::new(&mut |resolve, _| {
            let wake = resolve.clone();
            let wake = move || drop(wake.call0(&JsValue::NULL));
            self.wake.replace(Some(Box::new(wake)));
            timer = Some(clock::after(millis, move || {
                drop(resolve.call0(&JsValue::NULL));
            }));
        });
        // It is only ever resolved.
        drop(slept.await);
        self.wake.take();
    }

    fn with_log<T>(&self, run: impl FnOnce(&mut Sync, &cruxboard_domain::log::Log) -> T) -> T {
        self.session
            .with(|board| run(&mut self.sync.borrow_mut(), board.log()))
    }

    fn show_rest(&self) {
        let (reads_only, waiting) =
            self.with_log(|sync, log| (sync.reads_only(), sync.waiting(log)));
        self.show(if reads_only {
            SyncState::ReadOnly(waiting)
        } else {
            SyncState::Synced(clock::now_millis())
        });
    }

    fn show_waiting(&self) {
        let (standing, waiting) =
            self.with_log(|sync, log| (sync.standing().clone(), sync.waiting(log)));
        match standing {
            Standing::Unreached => self.show(SyncState::Offline(waiting)),
            Standing::Struggling => self.show(SyncState::Struggling(waiting)),
            Standing::Unknown | Standing::Reached => {}
        }
    }

    fn show(&self, state: SyncState) {
        if !self.is_over.get() {
            self.session.sync.state.set(state);
        }
    }

    fn record(&self, ask: &Ask, answer: &Answer) {
        let (what, sent) = match ask {
            Ask::Get { .. } if answer.status == 304 => return,
            Ask::Get { .. } => ("Read".to_owned(), 0),
            Ask::Put { count, body, .. } | Ask::Patch { count, body } => {
                (format!("Sent {count}"), body.len())
            }
            Ask::Pause(_) | Ask::Rest | Ask::Stop(_) => return,
        };
        let result = match answer.status {
            200..=299 => String::new(),
            404 => ", nothing there yet".to_owned(),
            409 | 412 => ", somebody was quicker".to_owned(),
            status => format!(", refused with {status}"),
        };
        self.session.sync.record(SyncRecord {
            at: clock::now_millis(),
            what: what + &result,
            bytes: (sent, answer.body.len()),
        });
    }
}
